"""A door that was asked for evidence holds each answer against the contract, and tells at its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from evidence import main
from gong_crm import AsyncGongCrm, Field, GongCrm
from gong_crm.errors import GongCrmError, SetupError
from gong_crm.events import EvidenceWritten
from gong_crm.evidence.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gong_crm.events import Event
    from gong_crm_emulator import RunningEmulator

ROOT = Path(__file__).parents[3]
GOOD = {"objectId": "planted-1", "modifiedDate": "2026-11-22T08:00:00Z", "name": "Planted Name"}


def written(events: list[Event]) -> EvidenceWritten:
    """Give what was said at the end."""
    (found,) = (one for one in events if isinstance(one, EvidenceWritten))
    return found


@contextlib.contextmanager
def drifted(name: str) -> Iterator[dict[str, str]]:
    """Serve a drift of the emulator, and give what a door needs to call it."""
    command = [sys.executable, "-m", "contract_tests.drifts", "serve", name]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        found: dict[str, str] = {}
        while len(found) < 3:
            line = running.stdout.readline()
            assert line, "the drift is not served"
            key, equals, value = line.strip().partition("=")
            if equals:
                found[key.removeprefix("GONG_").lower()] = value
        try:
            yield found
        finally:
            running.kill()


def test_the_emulator_differs_in_nothing(
    make_door: Callable[..., GongCrm], tmp_path: Path, events: list[Event], capsys: pytest.CaptureFixture[str]
) -> None:
    """A push with bad lines, fields, a read and a refusal keeps to the contract, and the file can be taken in."""
    path = tmp_path / "evidence.yaml"
    with make_door(evidence=path) as gong:
        integration = gong.register(name="Planted Corp", owner_email="jane@planted.example.org")
        tier = Field(unique_name="plantedTier", label="Planted Tier", type="PICKLIST", ordered_value_list=("gold",))
        integration.describe_fields("ACCOUNT", [tier])
        integration.push({"ACCOUNT": [{**GOOD, "plantedTier": "gold"}], "DEAL": [{**GOOD, "accountId": "planted-1"}]})
        integration.read("ACCOUNT", ["planted-1", "planted-2"])
        with contextlib.suppress(GongCrmError):
            gong.register(name="Planted Corp", owner_email="jane@planted.example.org")
    assert ((), str(path)) == (written(events).differences, written(events).path)
    text = path.read_text(encoding="utf-8")
    assert "planted" not in text.casefold()
    assert written(events).exchanges == len(yaml.safe_load(text)["exchanges"]) > 8
    if os.name == "posix":
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 0 == main([str(path), "--take-in", "planted-use", "--into", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "0 differ" in shown
    assert "upload.success" in shown
    assert (tmp_path / "planted-use.yaml").exists()


def test_a_server_that_drifted_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where an answer breaks the contract, the event says so, and so does the script that reads the file."""
    events: list[Event] = []
    path = tmp_path / "evidence.yaml"
    with drifted("anonymous-without-envelope") as settings:
        who = {**settings, "access_key_secret": "wrong"}
        gong = GongCrm(**who, journal=tmp_path / "j", on_event=events.append, evidence=path)  # type: ignore[arg-type]  # texts
        with gong, pytest.raises(GongCrmError):
            gong.integrations()
    assert ("listCrmIntegrations answered 401: the body is no JSON",) == written(events).differences
    assert 1 == main([str(path)])
    assert "differs: GET /v2/crm/integrations answered 401: the body is no JSON" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"requestId": "lwxw274rfxgljjm35wi", "integrations": [{"name": "P"}]},
            "/integrations/0 breaks required",
        ),
        ({"requestId": "lwxw274rfxgljjm35wi", "integrations": None}, "/integrations breaks type"),
        ({"requestId": 7, "integrations": []}, "/requestId breaks type"),
    ],
)
def test_a_difference_names_place_and_rule_and_no_value(tmp_path: Path, body: object, expected: str) -> None:
    """What is wrong with an answer is reported without a word of it."""
    recorder = Recorder(tmp_path / "e.yaml", caller="bearer")
    recorder.saw("listCrmIntegrations", {}, status=200, headers={}, content=json.dumps(body).encode())
    assert [f"listCrmIntegrations answered 200: {expected}"] == recorder.differences
    recorder.close()


def test_alike_answers_do_not_fill_the_disk(tmp_path: Path) -> None:
    """Of a thousand polls with the same answer some are kept, and none of a body that is too large."""
    recorder = Recorder(tmp_path / "e.yaml", caller="bearer")
    for _ in range(1_000):
        recorder.saw("getCrmRequestStatus", {}, status=200, headers={}, content=b'{"requestId": "a" }')
    recorder.saw("getCrmRequestStatus", {}, status=200, headers={}, content=b" " * 1_000_000)
    assert 20 == recorder.close().exchanges
    assert 20_000 > (tmp_path / "e.yaml").stat().st_size


def test_differences_do_not_fill_the_memory(tmp_path: Path) -> None:
    """Of a server that breaks the contract anew in each answer a hundred sentences are kept."""
    recorder = Recorder(tmp_path / "e.yaml", caller="bearer")
    for number in range(200):
        broken = [{"integrationId": 1, "name": "n", "ownerEmail": "o"}] * number + [7]
        content = json.dumps({"requestId": "a", "integrations": broken}).encode()
        recorder.saw("listCrmIntegrations", {}, status=200, headers={}, content=content)
    assert 100 == len(recorder.close().differences)


def test_evidence_is_collected_awaited_too(gong_emulator: RunningEmulator, tmp_path: Path, events: list[Event]) -> None:
    """The awaited door writes the same."""

    async def ask() -> None:
        who = gong_emulator.principals["admin"]
        settings = {"access_key": who.access_key, "access_key_secret": who.access_key_secret}
        async with AsyncGongCrm(
            base_url=gong_emulator.url,
            journal=tmp_path / "journal",
            on_event=events.append,
            evidence=tmp_path / "e.yaml",
            **settings,  # type: ignore[arg-type]  # texts
        ) as gong:
            assert [] == await gong.integrations()

    asyncio.run(ask())
    assert (1, ()) == (written(events).exchanges, written(events).differences)


def test_what_lies_there_is_never_written_over(make_door: Callable[..., GongCrm], tmp_path: Path) -> None:
    """A file, and a link to one, are refused; a folder that is not there is named."""
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    for name in ("mine", "link"):
        with pytest.raises(SetupError, match="is there already; name a file that is not"):
            make_door(evidence=tmp_path / name)
    with pytest.raises(SetupError, match="cannot be written: No such file"):
        make_door(evidence=tmp_path / "nowhere" / "e.yaml")
    assert "mine" == (tmp_path / "mine").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("called: me\n", "gong-crm did not write it"),
        ("# Recorded by gong-crm 9.0. x\n", "whose files this version does not know"),
        ('# Recorded by gong-crm 0.1.0. x\nexchanges:\n- {"id": ', "it is damaged"),
        ("# Recorded by gong-crm 0.1.0. x\n# jane@acme.org\n", "it shows what should be scrubbed"),
        ("# Recorded by gong-crm 0.1.0. x\n\n\n\n\n\n\nexchanges:\n# Jane was here\n", "it is damaged"),
        ("# Recorded by gong-crm 0.1.0. x\n# Basic a2V5OnNlY3JldA==\n", "it shows what should be scrubbed"),
    ],
)
def test_what_is_no_evidence_is_refused(
    tmp_path: Path, text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another, of another version, damaged or not scrubbed is not taken in."""
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    assert 2 == main([str(path), "--take-in", "x", "--into", str(tmp_path)])
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "x.yaml").exists()


def test_a_large_answer_is_judged_and_not_written_down(tmp_path: Path) -> None:
    """A hundred objects with many members are no difference, and what is wrong in them is reported."""
    recorder = Recorder(tmp_path / "e.yaml", caller="bearer")
    objects = {f"a{number}": {"name": "n" * 5_000} for number in range(100)}
    for found in (objects, {**objects, "a7": "no object"}):
        content = json.dumps({"requestId": "r1", "crmObjectsMap": found}).encode()
        recorder.saw("getCrmEntities", {}, status=200, headers={}, content=content)
    assert 0 == recorder.close().exchanges
    assert ["getCrmEntities answered 200: /crmObjectsMap/x1 breaks oneOf"] == recorder.differences


@pytest.mark.parametrize(
    ("put", "place"),
    [
        (lambda one: one["answer"]["body"].update(requestId="Jane Doe"), "answer/body/requestId"),
        (lambda one: one["answer"]["body"].update(requestId="15551234567"), "answer/body/requestId"),
        (lambda one: one["answer"]["body"].update(requestId=5517027188234205706), "answer/body/requestId"),
        (lambda one: one["answer"]["body"].update(jane=None), "answer/body/a name that is no placeholder"),
        (lambda one: one["answer"]["body"].update(errors=["Jane was here"]), "answer/body/errors/0"),
        (lambda one: one["answer"]["headers"].update(allow="Jane"), "answer/headers/allow"),
        (lambda one: one["request"].update(query={"objectType": "Jane"}), "request/query/objectType"),
        (lambda one: one["request"].update(query={"Jane": "x1"}), "request/query/a name that is no placeholder"),
        (lambda one: one["answer"]["headers"].update(jane="x1"), "answer/headers/a name that is no placeholder"),
        (lambda one: one.update(Jane=1), "exchange/a name that is no placeholder"),
        (lambda one: one.update(what="listCrmIntegrations is answered 200 to Jane."), "exchange"),
        (lambda one: one.update(what="listCrmIntegrations is answered 200; /Jane breaks type."), "exchange"),
        (lambda one: one.update(id="use.Jane Doe-1"), "exchange"),
    ],
)
def test_a_value_that_is_no_placeholder_is_not_taken_in(
    tmp_path: Path, put: Callable[[dict[str, Any]], None], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that somebody edited, or a scrubber left something in, is refused with the place and without the value."""
    path = tmp_path / "e.yaml"
    recorder = Recorder(path, caller="bearer")
    content = b'{"requestId": "lwxw274rfxgljjm35wi", "integrations": []}'
    recorder.saw("listCrmIntegrations", {}, status=200, headers={}, content=content)
    recorder.close()
    assert 0 == main([str(path)])
    head, _, line = path.read_text(encoding="utf-8").partition("- ")
    exchange = json.loads(line)
    put(exchange)
    path.write_text(f"{head}- {json.dumps(exchange)}\n", encoding="utf-8")
    assert 2 == main([str(path), "--take-in", "x", "--into", str(tmp_path)])
    shown = capsys.readouterr().err
    assert f"it shows what is no placeholder: {place}; do not share it" in shown
    assert "Jane" not in shown
