"""The target of Singer: the SDK's own suite, a tap in a process of its own, and a state that is emitted last."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm import GongCrm
from gong_crm.errors import GongCrmError
from gong_crm_emulator import running_emulator
from tests.gong_crm.conftest import FAST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator

sdk = pytest.importorskip("singer_sdk")
testing = pytest.importorskip("singer_sdk.testing")
TargetGongCrm = pytest.importorskip("gong_crm.adapters.singer").TargetGongCrm

# The SDK says of each Python when its support will end.
pytestmark = pytest.mark.filterwarnings("ignore:Python 3")
FILES = [path for path in files("singer_sdk.testing.target_test_streams").iterdir() if path.name.endswith(".singer")]
STREAMS = {json.loads(line)["stream"] for path in FILES for line in path.read_text().splitlines() if '"stream"' in line}
Suite = testing.get_target_test_class(
    target_class=TargetGongCrm,
    config={
        "tables": dict.fromkeys(STREAMS, "ACCOUNT"),
        "journal": "state",
        "integration": "Acme CRM",
        "owner_email": "ops@acme.example",
    },
)


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a target in this process call as often as it likes; no configuration can."""
    monkeypatch.setattr("gong_crm.front.Budget", lambda: FAST)


class TestStandard(Suite):  # type: ignore[misc, valid-type]  # the SDK makes it
    """The SDK's standard tests: their records are none of Gong's, so each is rejected, and none breaks the target."""

    @pytest.fixture(autouse=True)
    def _emulator(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with running_emulator() as emulator:
            caller = emulator.principals["admin"]
            monkeypatch.setenv("GONG_BASE_URL", emulator.url)
            monkeypatch.setenv("GONG_ACCESS_KEY", caller.access_key)
            monkeypatch.setenv("GONG_ACCESS_KEY_SECRET", caller.access_key_secret)
            monkeypatch.chdir(tmp_path)
            yield


@pytest.fixture
def config(gong_emulator: RunningEmulator, tmp_path: Path) -> dict[str, Any]:
    """Give a configuration that registers its integration."""
    caller = gong_emulator.principals["admin"]
    return {
        "base_url": gong_emulator.url,
        "access_key": caller.access_key,
        "access_key_secret": caller.access_key_secret,
        "journal": str(tmp_path / "journal"),
        "integration": "Acme CRM",
        "owner_email": "ops@acme.example",
    }


def schema(stream: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """Make a SCHEMA message."""
    known = {"object_id": {"type": "string"}, "modified_date": {"type": "string", "format": "date-time"}}
    return {
        "type": "SCHEMA",
        "stream": stream,
        "schema": {"type": "object", "properties": {**known, **properties}},
        "key_properties": ["object_id"],
    }


def record(stream: str, object_id: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    """Make a RECORD message."""
    known = {"object_id": object_id, "modified_date": "2026-01-02T03:04:05.678Z"}
    return {"type": "RECORD", "stream": stream, "record": {**known, **more}}


def state(number: int) -> dict[str, Any]:
    """Make a STATE message."""
    return {"type": "STATE", "value": {"read": number}}


def load(config: Mapping[str, Any], *messages: dict[str, Any]) -> None:
    """Give messages to a target in this process."""
    target = TargetGongCrm(config=dict(config))
    target.process_lines(io.StringIO("\n".join(map(json.dumps, messages)) + "\n"))
    target.process_endofpipe()


def read(config: Mapping[str, Any], object_type: str, *ids: str) -> dict[str, dict[str, Any] | None]:
    """Read objects back."""
    names = ("base_url", "access_key", "access_key_secret", "journal")
    with GongCrm(**{name: config[name] for name in names}, budget=FAST) as door:
        integration = door.integration()
        assert integration is not None
        return integration.read(object_type, ids)


def test_streams_are_pushed_together_and_the_state_is_emitted_last(
    config: dict[str, Any], gong_emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """Contacts that come before their accounts find them; one state, the last, is emitted."""
    messages = [
        *(schema("contacts", email={"type": "string"}), schema("accounts", name={"type": "string"})),
        *(record("contacts", "c1", email="ann@acme.example", account_id="a1"), state(1)),
        *(record("accounts", "a1", name="Acme"), state(2)),
    ]
    load({**config, "columns": {"contacts": {"email": "emailAddress"}}}, *messages)
    assert '{"read": 2}\n' == capsys.readouterr().out
    contact = read(config, "CONTACT", "c1")["c1"]
    assert contact is not None
    assert {"emailAddress": "ann@acme.example", "accountId": "a1"}.items() <= contact.items()
    kinds = [one["query"] for one in reversed(gong_emulator.journal()) if one["status"] == 201 and one["query"]]
    assert ["account", "contact"] == [
        kind.partition("clientRequestId=")[2].partition("-")[0] for kind in kinds if "clientRequestId" in kind
    ]


def test_no_state_is_emitted_when_gong_could_not_be_asked(
    config: dict[str, Any], gong_emulator: RunningEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """The push fails, no state is emitted, and the next run sends the same records once."""
    messages = [schema("accounts", name={"type": "string"}), record("accounts", "a1", name="Acme"), state(1)]
    with pytest.raises(GongCrmError):
        load({**config, "access_key_secret": "wrong"}, *messages)
    assert "" == capsys.readouterr().out
    for _ in range(2):
        load(config, *messages)
    assert '{"read": 1}\n{"read": 1}\n' == capsys.readouterr().out
    sent = [
        one
        for one in gong_emulator.journal()
        if "clientRequestId=account" in one["query"] and one["method"] in ("PUT", "POST")
    ]
    assert [201] == [one["status"] for one in sent]


def test_rejected_records_are_reported_and_settle_the_state(
    config: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A time without a zone and a missing id are refused by name; the others are in Gong, and the state is emitted."""
    messages = [
        schema("accounts", name={"type": "string"}),
        record("accounts", "a1", name="Acme"),
        record("accounts", "a2", name="Bolt", modified_date="2026-01-02 03:04:05"),
        record("accounts", "", name="Cord"),
        state(3),
    ]
    load({**config, "rejects": str(tmp_path / "rejects")}, *messages)
    assert '{"read": 3}\n' == capsys.readouterr().out
    (file,) = (tmp_path / "rejects").iterdir()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [("a2", "modifiedDate"), ("", "objectId")] == [(one["objectId"], one["member"]) for one in lines]
    assert "names no time zone" in lines[0]["message"]
    assert None not in read(config, "ACCOUNT", "a1").values()


def test_properties_become_custom_fields_on_request(config: dict[str, Any]) -> None:
    """Each type of JSON Schema has its type of field; a list has none, because Gong keeps that type to itself."""
    properties: dict[str, dict[str, Any]] = {
        "tier": {"type": ["null", "string"]},
        "seats": {"type": "integer"},
        "renews": {"type": "boolean"},
        "renewed": {"type": ["string", "null"], "format": "date-time"},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "odd": {"type": ["string", "integer"]},
    }
    load({**config, "describe_fields": True}, schema("accounts", **properties), record("accounts", "a1", name="A"))
    names = ("base_url", "access_key", "access_key_secret", "journal")
    with GongCrm(**{name: config[name] for name in names}, budget=FAST) as door:
        integration = door.integration()
        assert integration is not None
        found = {one.unique_name: one.type for one in integration.fields("ACCOUNT")}
    assert {
        "tier": "STRING",
        "seats": "NUMBER",
        "renews": "BOOLEAN",
        "renewed": "DATETIME",
        "born": "DATE",
    } == found


TAP = """
import sys
from singer_sdk import Stream, Tap, typing as th

class Accounts(Stream):
    name = "accounts"
    primary_keys = ("object_id",)
    replication_key = "modified_date"
    schema = th.PropertiesList(
        th.Property("object_id", th.StringType), th.Property("modified_date", th.DateTimeType),
        th.Property("name", th.StringType), th.Property("private", th.StringType)).to_dict()

    def get_records(self, context):
        for number in range(200):
            yield {"object_id": f"a{number}", "modified_date": f"2026-01-02T03:{number // 60:02}:{number % 60:02}Z",
                   "name": f"Account {number}"}

class TapCrm(Tap):
    name = "tap-crm"
    config_jsonschema = th.PropertiesList().to_dict()
    def discover_streams(self):
        return [Accounts(self)]

TapCrm.cli()
"""


def test_a_tap_and_the_target_are_two_processes(config: dict[str, Any], tmp_path: Path) -> None:
    """A tap of the SDK is piped into the command; its last state comes out, and every record is in Gong."""
    tap = [sys.executable, "-W", "ignore", "-c", TAP]
    target = [sys.executable, "-W", "ignore", "-c", "from gong_crm.adapters.singer_command import main; main()"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    messages = subprocess.run(tap, capture_output=True, check=True, timeout=60).stdout
    done = subprocess.run(
        [*target, "--config", str(tmp_path / "config.json")],
        input=messages,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert 0 == done.returncode, done.stderr.decode()[-2000:]
    (last,) = done.stdout.splitlines()
    assert "2026-01-02T03:03:19" in json.loads(last)["bookmarks"]["accounts"]["replication_key_value"]
    found = read(config, "ACCOUNT", *(f"a{number}" for number in range(200)))
    assert {f"a{number}": f"Account {number}" for number in range(200)} == {
        one: account and account["name"] for one, account in found.items()
    }
    assert str(config["access_key_secret"]).encode() not in done.stderr


def test_a_stream_without_object_type_is_refused_in_one_sentence(config: dict[str, Any], tmp_path: Path) -> None:
    """The command says which stream and what to write, without a traceback; a stream can be left out."""
    (tmp_path / "config.json").write_text(json.dumps(config))
    program = "from gong_crm.adapters.singer_command import main; main()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, "--config", str(tmp_path / "config.json")],
        input=json.dumps(schema("firms")) + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ},
    )
    assert 1 == done.returncode
    assert done.stderr.splitlines()[-1].startswith("target-gong-crm: the table 'firms' is no object type of Gong;")
    load({**config, "tables": {"firms": None}}, schema("firms"), record("firms", "f1"))


def test_a_missing_extra_is_one_sentence() -> None:
    """Who lacks the SDK reads what to install."""
    program = """
import sys
sys.modules["singer_sdk"] = None
from gong_crm.adapters.singer_command import main
main()
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    sentence = "target-gong-crm: gong_crm.adapters.singer needs singer-sdk: pip install 'gong-crm[singer]'\n"
    assert (1, sentence) == (run.returncode, run.stderr)
