"""What the control API and OAuth answer when something is wrong with the caller, the state or the emulator."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.control import inspection
from gong_crm_emulator.store.database import Database
from gong_crm_emulator.store.tables import clock
from tests.gong_crm_emulator.caller import connect, http, ldjson, line
from tests.gong_crm_emulator.test_robustness import raw

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gong_crm_emulator.caller import Caller


@pytest.mark.parametrize(
    ("problem", "status", "sentence"),
    [
        (sqlite3.OperationalError("database or disk is full"), 507, "database or disk is full. Free space"),
        (OSError(28, "No space left on device"), 507, "No space left on device. Free space"),
        (ZeroDivisionError("division by zero"), 500, "ZeroDivisionError('division by zero')"),
    ],
)
def test_a_failure_is_answered_in_the_same_shape(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, sentence: str
) -> None:
    """Whatever fails inside, the control API answers with JSON of its versioned shape and says what happened."""

    def broken(*_: object) -> None:
        raise problem

    monkeypatch.setattr(inspection, "overview", broken)
    answer = http.get(caller.emulator.url + "/_emulator/api/state")
    assert (status, 1) == (answer.status_code, answer.json()["version"])
    assert sentence in answer.json()["error"]


def test_a_failure_of_the_api_is_in_gongs_envelope(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails inside, the API answers 500 in Gong's own words."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gong_crm_emulator.store.tables.integrations.registered", broken)
    answer = caller.http.get("/v2/crm/integrations")
    assert (500, ["Internal server error occurred"]) == (answer.status_code, answer.json()["errors"])


def test_a_full_disk_is_logged_in_a_sentence(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A call that finds no space is 500, and the log says why, without a traceback of code that is right."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("gong_crm_emulator.store.tables.integrations.registered", full)
    assert 500 == caller.http.get("/v2/crm/integrations").status_code
    said = "The state cannot be read or written (database or disk is full): GET is answered with 500"
    assert [(said, None)] == [(record.getMessage(), record.exc_info) for record in caplog.records]


def test_a_reset_whose_seed_is_gone_says_so(tmp_path: Path) -> None:
    """When the seed file cannot be planted any more a reset leaves the state empty and says why."""
    seed = tmp_path / "seed.json"
    seed.write_text('{"integration": {"name": "n", "ownerEmail": "o@example.com"}}', encoding="utf-8")
    with running_emulator(settings=EmulatorSettings(seed_file=seed)) as emulator:
        seed.write_text("{", encoding="utf-8")
        answer = http.post(emulator.url + "/_emulator/api/reset")
        assert (409, 1) == (answer.status_code, answer.json()["version"])
        assert "is not valid JSON" in answer.json()["error"]
        assert [] == emulator.control("GET", "state")["integrations"]


def test_a_snapshot_waits_for_files_that_are_read(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a large file is being read a snapshot is refused with a sentence, and taken afterwards."""
    monkeypatch.setattr("gong_crm_emulator.store.tenant.Tenant.read_file", lambda *_, **__: None)
    caller.upload("LEAD", ldjson(line("l1")))
    answer = http.put(caller.emulator.url + "/_emulator/api/snapshots/one")
    assert (409, 1) == (answer.status_code, answer.json()["version"])
    assert "A file is still being read" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/_emulator/api/seed", "/oauth2/generate-customer-token"])
def test_a_caller_who_falls_silent_is_not_borne_for_ever(path: str) -> None:
    """A body that stops in its middle is given up after the time of patience, for control and OAuth too."""
    with running_emulator(settings=EmulatorSettings(idle_seconds=0.3)) as emulator:
        login = "Authorization: Basic Y2xpZW50LWVtdWxhdG9yOnNlY3JldC1jbGllbnQtZW11bGF0b3I="
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", login, "Content-Length: 100", "", "half"]
        assert raw(emulator, "\r\n".join(lines).encode()).startswith(b"HTTP/1.1 400")


def test_a_large_control_body_is_refused(newcomer: Caller) -> None:
    """A control body above 50,000,000 bytes is 413, before it is held."""
    answer = http.post(newcomer.emulator.url + "/_emulator/api/seed", content=b" " * 50_000_001)
    assert (413, "The body is larger than 50,000,000 bytes.") == (answer.status_code, answer.json()["error"])


def test_long_lists_of_requests_are_filtered() -> None:
    """A status is found behind hundreds of requests that have another."""
    with running_emulator(settings=EmulatorSettings(processing="at-once")) as emulator, connect(emulator) as many:
        many.upload("LEAD", b"bad\n", name="failed")
        for number in range(inspection.MOST_ROWS + 5):
            many.upload("LEAD", b"", name=f"r{number}")
        found = emulator.control("GET", "requests?status=FAILED")
        assert (["failed"], False) == ([one["clientRequestId"] for one in found["requests"]], found["more"])
        first = emulator.control("GET", "requests?limit=2")
        assert (2, True) == (len(first["requests"]), first["more"])
        users = many.upload(
            "BUSINESS_USER", b'{"crmUserId": "u", "emailAddress": "u@example.com"}', path=MAPPING, name="m"
        )
        assert 201 == users.status_code
        assert [] == emulator.control("GET", "requests?search=m")["requests"][0]["notShown"]


MAPPING = "/v2/crm/map/users"
EMPTY = EmulatorSettings(empty_list_status=404)


def test_no_integration_may_be_404() -> None:
    """By a switch the list without an integration is 404."""
    with running_emulator(settings=EMPTY) as emulator, connect(emulator, register=False) as caller:
        answer = caller.http.get("/v2/crm/integrations")
        assert (404, ["No integrations found"]) == (answer.status_code, answer.json()["errors"])


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{}", "The request body must be a JSON array of stages"),
        (b"[5]", "[0]: must be a JSON object"),
        (b"[{}]", "[0].internalName: must not be null"),
    ],
)
def test_wrong_stages_are_refused(caller: Caller, body: bytes, sentence: str) -> None:
    """Stages of another form are refused with the place of each mistake."""
    headers = {"Content-Type": "application/json"}
    answer = caller.http.post("/v2/crm/stages", params=caller.params(), content=body, headers=headers)
    assert (400, sentence) == (answer.status_code, answer.json()["errors"][0])


def test_strict_order_makes_line_errors() -> None:
    """By a switch an unsorted file and a repeated object are line errors, as the legacy text asks."""
    with running_emulator(settings=EmulatorSettings(strict_order=True)) as emulator, connect(emulator) as caller:
        early = line("l2") | {"modifiedDate": "2020-01-02T03:04:05Z"}
        end = caller.outcome("LEAD", ldjson(line("l1"), early, line("l1"), line("l3")))
        assert [
            "Lines must be sorted by modifiedDate ascending",
            "Object [l1] is contained more than once in the file",
        ] == [error["description"] for error in end["errors"]]
        assert 2 == end["totalSuccessCount"]


def test_a_damaged_snapshot_is_409(tmp_path: Path) -> None:
    """A snapshot that is no state of ours is refused with what to do, and the present state stays."""
    with (
        running_emulator(settings=EmulatorSettings(data=tmp_path / "state.db")) as emulator,
        connect(emulator) as caller,
    ):
        (tmp_path / "state.db.files" / "bad.snapshot").write_bytes(b"no database" * 500)
        answer = http.post(emulator.url + "/_emulator/api/snapshots/bad/restore")
        assert (409, True) == (answer.status_code, answer.json()["error"].startswith("Snapshot bad is of no use"))
        assert 1 == len(caller.http.get("/v2/crm/integrations").json()["integrations"])


def test_a_call_with_an_id_beyond_64_bits_is_listed(caller: Caller) -> None:
    """The list of calls shows one whose integration id no database can hold."""
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "answer", "status": 201})
    caller.http.get("/v2/crm/integrations", params={"integrationId": 2**63})
    assert [] == caller.emulator.control("GET", "journal?limit=1")["calls"][0]["notShown"]


def test_a_deal_that_names_nobody_says_so() -> None:
    """A deal that waits without naming an account or an owner is listed with that reason."""
    with running_emulator(settings=EmulatorSettings(deals_wait="always")) as emulator, connect(emulator) as caller:
        caller.outcome("DEAL", ldjson(line("d1"), line("d2", accountId=None, ownerId="")))
        deals = emulator.control("GET", "waiting")["deals"]
        assert [["it names no account", "it names no owner"]] * 2 == [deal["waitsFor"] for deal in deals]


def test_a_step_that_cannot_be_kept_is_not_made(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clock cannot be written down it stands where it stood, so that a second try does not step twice."""

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    caller.emulator.clock.freeze()
    before = caller.emulator.clock.now()
    monkeypatch.setattr(clock, "keep", full)
    assert 507 == http.post(caller.emulator.url + "/_emulator/api/clock", json={"step": 60}).status_code
    monkeypatch.undo()
    assert before == caller.emulator.clock.now()


def test_a_restore_on_a_full_disk_says_nothing_of_the_snapshot(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for the state of a snapshot, that is said, and the snapshot is kept for a second try."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    caller.emulator.control("PUT", "snapshots/one")
    monkeypatch.setattr(Database, "copy_from", full)
    assert 507 == http.post(caller.emulator.url + "/_emulator/api/snapshots/one/restore").status_code
    monkeypatch.undo()
    assert 200 == http.post(caller.emulator.url + "/_emulator/api/snapshots/one/restore").status_code
