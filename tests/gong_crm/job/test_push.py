"""A push, from sources to outcomes."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gong_crm import AsyncGongCrm, Budget, CsvOptions, Field, GongCrm, Integration
from gong_crm.errors import (
    DeadlineError,
    IntegrationError,
    JournalBusyError,
    RefusedError,
    RejectedError,
    SetupError,
    SourceChangedError,
    SourceError,
    TooManyErrorsError,
)
from gong_crm.events import Accepted, Event, Finished, Planned, Settled, Waiting
from gong_crm.findings import Origin
from gong_crm.journal import FileState
from gong_crm_emulator import RunningEmulator
from tests.gong_crm.records import TIME, account, contact, write

SLOW = {"kind": "answer", "status": 200, "body": {"requestId": "a", "status": "PENDING"}, "times": 1000}


def uploads(emulator: RunningEmulator) -> list[dict[str, Any]]:
    """List what the emulator took, the oldest first."""
    found: list[dict[str, Any]] = emulator.faults.control("GET", "requests?limit=100")["requests"]
    return [one for one in reversed(found) if one["kind"] != "DELETE"] if found and "kind" in found[0] else found[::-1]


def test_types_go_in_the_order_that_gong_asks_for(integration: Integration, events: list[Event]) -> None:
    """Users and stages first, then accounts, then contacts and deals, then leads, however they were given."""
    job = integration.push(
        {
            "LEAD": [{"objectId": "l1", "modifiedDate": TIME}],
            "DEAL": [{"objectId": "d1", "modifiedDate": TIME, "accountId": "a1"}],
            "CONTACT": [contact(1)],
            "ACCOUNT": [account(1)],
            "STAGE": [{"objectId": "s1", "name": "Discovery"}],
            "BUSINESS_USER": [{"objectId": "u1", "modifiedDate": TIME, "emailAddress": "u@acme.example"}],
        }
    )
    accepted = [event.object_type for event in events if isinstance(event, Accepted)]
    assert ["BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD"] == accepted
    turns = [type(event).__name__ for event in events if isinstance(event, (Accepted, Settled))]
    assert ["Accepted"] * 2 + ["Settled"] * 2 + ["Accepted", "Settled"] + ["Accepted"] * 2 == turns[:8]
    assert (6, 6, 0, 0) == (job.outcome.read, job.outcome.accepted, job.outcome.rejected, job.outcome.duplicates)
    assert isinstance(events[-1], Finished)


def test_what_was_pushed_can_be_read(integration: Integration) -> None:
    """The objects are in Gong with the values of their lines."""
    integration.describe_fields("ACCOUNT", [Field(unique_name="tier", label="Tier", type="STRING")])
    integration.push({"ACCOUNT": [account(1, tier="gold"), account(2)]}).raise_for_rejects()
    read = integration.read("ACCOUNT", ["a1", "a2", "a3"])
    assert ("gold", "Account 2", None) == (read["a1"]["tier"], read["a2"]["name"], read["a3"])  # type: ignore[index]


def test_a_wave_is_settled_before_the_next_is_sent(integration: Integration, events: list[Event]) -> None:
    """Two versions of one object go in two files, the older first, and the second waits for the first."""
    old, new = contact(1, title="old"), contact(1, title="new", modifiedDate="2026-01-03T00:00:00+14:00")
    integration.push({"CONTACT": [new, old, contact(2)]})
    assert ["Accepted", "Settled"] * 2 == [
        type(event).__name__ for event in events if isinstance(event, (Accepted, Settled))
    ]
    assert "new" == integration.read("CONTACT", ["c1"])["c1"]["title"]  # type: ignore[index]


def test_an_object_that_changes_back_ends_as_it_began(integration: Integration, events: list[Event]) -> None:
    """The third file has the bytes of the first, and is sent all the same."""
    integration.push({"CONTACT": [contact(1, title=title) for title in ("old", "new", "old")]})
    assert [False] * 3 == [event.repeated for event in events if isinstance(event, Accepted)]
    assert "old" == integration.read("CONTACT", ["c1"])["c1"]["title"]  # type: ignore[index]


def test_gong_has_time_to_process_accounts(
    make_door: Callable[..., GongCrm], integration: Integration, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute passes between accounts and what refers to them, except on this machine."""
    slept: list[float] = []
    monkeypatch.setattr("gong_crm.wire.steps.time.sleep", slept.append)
    door = make_door(account_pause=60.0)
    mine = door.integration()
    assert mine is not None
    mine.push({"CONTACT": [contact(1)], "ACCOUNT": [account(1)]})
    assert 1 == slept.count(60.0)
    assert [60.0] == [event.seconds for event in events if isinstance(event, Waiting)]
    slept.clear()
    integration.push({"CONTACT": [contact(2)], "ACCOUNT": [account(2)]})
    assert 60.0 not in slept


def test_bad_lines_are_held_back_and_reported_to_the_byte(integration: Integration, tmp_path: Path) -> None:
    """Bad lines are not sent; the reject file holds them byte by byte, and each has its reasons and its place."""
    bad = [b'{"objectId": "a9", "modifiedDate": "yesterday"}  ', b"{{", b'{"objectId":"a8"}\r']
    source = write(tmp_path / "accounts.ldjson", [account(1), bad[0], b"", bad[1], account(2), bad[2]])
    outcome = integration.push({"ACCOUNT": source}).outcome
    assert (5, 2, 3, 0) == (outcome.read, outcome.accepted, outcome.rejected, outcome.duplicates)
    path = outcome.reject_file("ACCOUNT")
    assert path is not None
    assert b"\n".join([*bad, b""]) == path.read_bytes()
    found = list(outcome.rejections())
    assert [2, 4, 6] == [one.origin.line for one in found]
    assert {"check"} == {one.judge for one in found}
    data = source.read_bytes()
    places = [(one.origin.offset or 0, one.origin.length or 0) for one in found]
    assert [b.rstrip(b"\r") for b in bad] == [data[start : start + length].rstrip(b"\r") for start, length in places]
    with pytest.raises(
        RejectedError, match=r"3 of 5 lines were rejected; .*accounts\.ldjson:2: modifiedDate"
    ) as caught:
        outcome.raise_for_rejects()
    assert (3, 5, (path,)) == (caught.value.rejected, caught.value.read, caught.value.reject_files)


def test_the_reject_file_can_be_pushed_after_correction(integration: Integration, tmp_path: Path) -> None:
    """What was corrected goes up as any other source."""
    source = write(tmp_path / "accounts.ldjson", [account(1), b'{"objectId": "a2"}'])
    rejects = integration.push({"ACCOUNT": source}).outcome.reject_file("ACCOUNT")
    assert rejects is not None
    rejects.write_bytes(rejects.read_bytes().replace(b"}", b', "modifiedDate": "%s"}' % TIME.encode()))
    integration.push({"ACCOUNT": rejects}).raise_for_rejects()
    assert None not in integration.read("ACCOUNT", ["a1", "a2"]).values()


def test_lines_that_only_gong_refuses_are_mapped_back(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """Gong's line numbers are those of the file sent; they come back as file and line of the source, with its bytes."""
    source = write(
        tmp_path / "contacts.ldjson", [contact(3, modifiedDate="2026-03-01T00:00:00Z"), contact(1), contact(2)]
    )
    answer = {
        "requestId": "a",
        "status": "FAILED",
        "errors": [{"line": 3, "description": "Gong does not like it"}],
        "totalErrorCount": 1,
        "totalSuccessCount": 2,
    }
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "answer", "status": 200, "body": answer})
    outcome = integration.push({"CONTACT": source}).outcome
    assert (3, 2, 1) == (outcome.read, outcome.accepted, outcome.rejected)
    (only,) = outcome.rejections()
    assert ("gong", 1, "Gong does not like it") == (only.judge, only.origin.line, only.message)
    path = outcome.reject_file("CONTACT")
    assert path is not None
    assert source.read_bytes().splitlines(keepends=True)[0] == path.read_bytes()


def test_the_same_push_again_is_harmless(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """The same bytes are accepted once; a second push tells their first outcome, and costs no second upload."""
    source = write(tmp_path / "accounts.ldjson", [account(1)])
    first = integration.push({"ACCOUNT": source}).outcome
    gong_emulator.faults.add("uploadCrmEntities", {"kind": "answer", "status": 400})
    second = integration.push({"ACCOUNT": source}).outcome
    assert not gong_emulator.faults.consumed()
    assert first.types == second.types
    assert "1 of 1 files was accepted before" in second.notes[0]
    assert 1 == len(uploads(gong_emulator))
    gong_emulator.faults.clear()
    assert 1 == integration.push({"ACCOUNT": source}, again=True).outcome.accepted
    assert 2 == len(uploads(gong_emulator))


def test_another_journal_finds_what_gong_has(
    integration: Integration, make_door: Callable[..., GongCrm], gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """Without a journal the request's name tells: Gong refuses it with 409, and its outcome is fetched."""
    source = write(tmp_path / "accounts.ldjson", [account(1)])
    integration.push({"ACCOUNT": source})
    other = make_door(journal=tmp_path / "other").integration("Acme CRM")
    assert other is not None
    assert 1 == other.push({"ACCOUNT": source}).outcome.accepted
    assert 1 == len(uploads(gong_emulator))


def test_an_empty_file_is_a_sign_of_life_each_night(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """Gong asks for an empty list when nothing changed; it is sent anew each time."""
    source = write(tmp_path / "accounts.ldjson", [])
    for _ in range(2):
        outcome = integration.push({"ACCOUNT": source}).outcome
        assert (0, 0, 0) == (outcome.read, outcome.accepted, outcome.rejected)
    assert 2 == len(uploads(gong_emulator))


def test_too_many_bad_lines_stop_everything(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """With more bad lines than allowed nothing is sent, and nothing is left behind."""
    source = write(tmp_path / "accounts.ldjson", [account(1), b"{}", b"{}"])
    with pytest.raises(TooManyErrorsError, match="more than 1 lines are bad"):
        integration.push({"ACCOUNT": source}, max_errors=1)
    assert [] == uploads(gong_emulator)
    assert [] == list((tmp_path / "journal" / "jobs").iterdir())


@pytest.mark.parametrize(
    ("sources", "kind", "sentence"),
    [
        ({"ACOUNT": []}, SetupError, "no object type 'ACOUNT'; did you mean ACCOUNT"),
        ({"account": []}, SetupError, "did you mean ACCOUNT"),
        ({"XYZ": []}, SetupError, "there are BUSINESS_USER, STAGE, ACCOUNT"),
        ({}, SetupError, "there is no source"),
        ({"ACCOUNT": "nowhere.ldjson"}, SourceError, "nowhere.ldjson"),
    ],
)
def test_what_cannot_be_pushed_is_reported_before_anything_is_sent(
    integration: Integration,
    gong_emulator: RunningEmulator,
    sources: dict[str, Any],
    kind: type[SetupError],
    sentence: str,
) -> None:
    """A mistake in what is asked for costs one sentence."""
    with pytest.raises(kind, match=sentence):
        integration.push(sources)
    assert [] == uploads(gong_emulator)


def test_what_can_be_read_once_is_given_once(integration: Integration, tmp_path: Path) -> None:
    """The second time it would be empty, and an empty file is legitimate."""
    records = iter([account(1)])
    with write(tmp_path / "a.ldjson", [account(1)]).open("rb") as handle:
        for sources in (
            {"ACCOUNT": records, "CONTACT": records},
            {"ACCOUNT": [handle, handle]},
            {"ACCOUNT": "-", "CONTACT": "/dev/stdin"},
        ):
            with pytest.raises(SetupError, match=r"is given twice, for .* at last, and can be read once only"):
                integration.push(sources)
    twice = [account(1)]
    assert 2 == integration.push({"ACCOUNT": twice, "LEAD": twice}).outcome.read


@pytest.mark.parametrize("operation", ["uploadCrmEntities", "getCrmRequestStatus"])
def test_a_deadline_says_what_failed_last(
    integration: Integration, gong_emulator: RunningEmulator, operation: str
) -> None:
    """Who reads the log in the morning sees whether Gong was slow or broken."""
    gong_emulator.faults.add(operation, {"kind": "answer", "status": 502, "times": 99})
    with pytest.raises(DeadlineError, match=rf"not done in 0\.6 s; .*; what failed last: {operation}.* 502"):
        integration.push({"ACCOUNT": [account(1)]}, deadline=0.6)


def test_a_request_that_gong_forgot_says_what_to_do(integration: Integration, gong_emulator: RunningEmulator) -> None:
    """A file that Gong took and no longer knows is not waited for."""
    unknown = {"requestId": "a", "errors": ["Client request id was not found"]}
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "answer", "status": 400, "body": unknown})
    with pytest.raises(RefusedError, match=r"was not found; if Gong no longer knows .* push the sources again"):
        integration.push({"ACCOUNT": [account(1)]})


def test_two_threads_cannot_drive_one_job(
    integration: Integration, door: GongCrm, make_door: Callable[..., GongCrm], gong_emulator: RunningEmulator
) -> None:
    """The second that waits for a job learns that somebody does already, and nobody gives it up meanwhile."""
    job = integration.push({"ACCOUNT": [account(1)]}, wait=False)
    gong_emulator.faults.add("getCrmRequestStatus", SLOW)

    def wait() -> None:
        with pytest.raises(DeadlineError):
            job.wait(deadline=2.0)

    thread = threading.Thread(target=wait)
    thread.start()
    while not gong_emulator.faults.control("GET", "faults")["plans"][0]["faults"][0]["met"]:
        pass
    other = make_door().job(job.token)
    for use in (door.job(job.token).wait, other.wait, other.discard):
        with pytest.raises(JournalBusyError, match="is being waited for already"):
            use()
    thread.join()
    other.discard()
    with pytest.raises(IntegrationError, match=r"no longer knows the job .* it was given up"):
        _ = job.outcome


def test_a_source_that_changes_before_it_is_sent_stops_the_job(integration: Integration, tmp_path: Path) -> None:
    """A later wave reads the source anew; when it is another file by then, nothing of it is sent."""
    accounts = write(tmp_path / "accounts.ldjson", [account(1)])
    contacts = write(tmp_path / "contacts.ldjson", [contact(1)])
    job = integration.push({"ACCOUNT": accounts, "CONTACT": contacts}, wait=False)
    write(contacts, [contact(2)])
    os.utime(contacts, ns=(1, 1))
    with pytest.raises(SourceChangedError, match=r"contacts\.ldjson changed after it was planned"):
        job.wait()
    assert [FileState.SETTLED, FileState.SENDING] == [one.state for one in job.files]
    integration.push({"ACCOUNT": accounts, "CONTACT": contacts}).raise_for_rejects()
    assert None not in integration.read("CONTACT", ["c2"]).values()


def test_fields_that_changed_meanwhile_stop_a_job_that_is_taken_up(
    integration: Integration, door: GongCrm, tmp_path: Path
) -> None:
    """Lines that were checked with other fields are not sent; a label alone stops nothing."""
    tier = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("A", "B"))
    integration.describe_fields("CONTACT", [tier])
    contacts = write(tmp_path / "contacts.ldjson", [contact(1, tier="B")])
    integration.push({"ACCOUNT": [account(1)], "CONTACT": contacts}, wait=False)
    shorter = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("A",))
    integration.describe_fields("CONTACT", [shorter])
    with pytest.raises(SetupError, match="the fields tier of CONTACT changed since this job was planned"):
        door.resume()
    relabelled = Field(unique_name="tier", label="Level", type="PICKLIST", ordered_value_list=("A", "B"))
    integration.describe_fields("CONTACT", [relabelled])
    assert [2] == [job.outcome.accepted for job in door.resume()]


def test_an_integration_that_was_deleted_meanwhile_is_reported(integration: Integration, door: GongCrm) -> None:
    """When somebody deletes the integration in the middle, the sentence says so."""
    job = integration.push({"ACCOUNT": [account(1)], "CONTACT": [contact(1)]}, wait=False)
    integration.delete()
    with pytest.raises(IntegrationError, match="is gone: somebody deleted it"):
        door.job(job.token).wait()


def test_csv_is_read_as_the_options_say(integration: Integration, tmp_path: Path) -> None:
    """A CSV with the members as columns goes up with typed cells."""
    (tmp_path / "deals.csv").write_text("objectId,modifiedDate,amount,name\nd1,2026-01-02T03:04:05Z,1200.5,Big\n")
    integration.push({"DEAL": tmp_path / "deals.csv"}, csv=CsvOptions()).raise_for_rejects()
    deal = integration.read("DEAL", ["d1"])["d1"]
    assert (1200.5, "Big") == (deal["amount"], deal["name"])  # type: ignore[index]


def test_the_plan_can_be_looked_at_without_sending(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """A plan tells files, lines and calls, and sends nothing."""
    plan = integration.plan({"ACCOUNT": [account(1)]})
    assert [("ACCOUNT", 1)] == [(one.object_type, one.lines) for one in plan.files]
    plan.discard()
    assert [] == uploads(gong_emulator)
    assert [] == list((tmp_path / "journal" / "jobs").iterdir())


def test_the_awaited_door_does_the_same(gong_emulator: RunningEmulator, tmp_path: Path, events: list[Event]) -> None:
    """Each awaited operation gives what the blocking one gives."""
    caller = gong_emulator.principals["admin"]

    async def life() -> None:
        settings: dict[str, Any] = {
            "base_url": gong_emulator.url,
            "access_token": caller.access_token,
            "budget": Budget(per_second=None),
        }
        async with AsyncGongCrm(journal=tmp_path / "journal", on_event=events.append, **settings) as gong:
            assert await gong.integration() is None
            made = await gong.register(name="Acme CRM", owner_email="ops@acme.example")
            assert made == await gong.integration()
            tier = Field(unique_name="tier", label="Tier", type="STRING")
            assert (tier,) == (await made.describe_fields("ACCOUNT", [tier])).added
            assert (tier,) == await made.fields("ACCOUNT")
            plan = await made.plan({"ACCOUNT": [account(1, tier="A")]})
            plan.discard()
            job = await made.push({"ACCOUNT": [account(1, tier="A")], "CONTACT": [contact(1)]}, wait=False)
            assert [job.token] == [one.token for one in gong.jobs()]
            assert 2 == (await gong.job(job.token).wait()).outcome.accepted
            assert [] == await gong.resume()
            assert "A" == (await made.read("ACCOUNT", ["a1"]))["a1"]["tier"]  # type: ignore[index]
            assert "DONE" == (await made.status(job.files[0].client_request_id)).status
            await made.delete()
            assert await gong.integration() is None

    asyncio.run(life())
    assert isinstance(events[-1], Finished)


def test_events_can_be_written_as_json(integration: Integration, events: list[Event]) -> None:
    """Each event is data: its kind and its values."""
    job = integration.push({"ACCOUNT": [account(1)]})
    planned = next(event for event in events if isinstance(event, Planned))
    assert {
        "event": "planned",
        "token": job.token,
        "files": 1,
        "lines": 1,
        "bytes": planned.bytes,
        "held_back": 0,
        "duplicates": 0,
    } == planned.to_dict()


def test_an_origin_names_the_row_of_a_record(integration: Integration) -> None:
    """What has no bytes is named by its row and its object."""
    (rejection,) = integration.push({"ACCOUNT": [account(1), {"objectId": "a2"}]}).outcome.rejections()
    assert (Origin(source="<records>", line=2, is_row=True), "a2") == (rejection.origin, rejection.object_id)
    assert str(rejection).startswith("<records> row 2 (a2): modifiedDate ")


def test_a_job_that_cannot_be_finished_is_given_up(integration: Integration, door: GongCrm, tmp_path: Path) -> None:
    """A job whose source is gone keeps nobody from the others, and goes when it is given up."""
    contacts = write(tmp_path / "contacts.ldjson", [contact(1)])
    stuck = integration.push({"ACCOUNT": [account(1)], "CONTACT": contacts}, wait=False)
    fine = integration.push({"ACCOUNT": [account(2)]}, wait=False)
    contacts.unlink()
    with pytest.raises(SourceChangedError, match=r"contacts\.ldjson was planned and is gone or out of reach"):
        door.resume()
    assert [stuck.token] == [one.token for one in door.jobs()]
    assert fine.is_finished
    stuck.discard()
    assert [] == door.jobs()
    assert [fine.id] == [folder.name for folder in (tmp_path / "journal" / "jobs").iterdir()]


def test_rejected_rows_come_back_as_csv(integration: Integration, tmp_path: Path) -> None:
    """What came as CSV comes back as CSV, row by row as it was, below its header, to be corrected where it was made."""
    rows = ["c1;2026-01-02T03:04:05Z;Ann", 'c2;tomorrow;"Bea;\nBär"', "c3;2026-01-02T03:04:05Z;Cy", "c4;;Di"]
    source = tmp_path / "contacts.csv"
    source.write_bytes("\r\n".join(["objectId;modifiedDate;firstName", *rows]).encode())
    outcome = integration.push({"CONTACT": source}).outcome
    assert (4, 2, 2) == (outcome.read, outcome.accepted, outcome.rejected)
    (path,) = outcome.reject_rows("CONTACT")
    assert "\r\n".join(["objectId;modifiedDate;firstName", rows[1], rows[3], ""]).encode() == path.read_bytes()
    assert [3, 6] == [one.origin.line for one in outcome.rejections()]
    assert f"rejected: {path}" in str(outcome)


def test_rejected_rows_of_a_file_that_was_written_anew_are_reported(integration: Integration, tmp_path: Path) -> None:
    """A CSV that is another file by the end is not read for rows; the lines are there all the same."""
    source = tmp_path / "contacts.csv"
    source.write_text("objectId,modifiedDate\nc1,2026-01-02T03:04:05Z\nc2,tomorrow\n")
    job = integration.push({"CONTACT": source}, wait=False)
    source.write_text("objectId,modifiedDate\n")
    os.utime(source, (2**31, 2**31))
    outcome = job.wait().outcome
    assert () == outcome.reject_rows("CONTACT")
    assert ["it was written anew meanwhile"] == [note.split(": ")[-1] for note in outcome.notes]
    assert outcome.reject_file("CONTACT") is not None


def test_an_outcome_reads_as_a_table(integration: Integration) -> None:
    """What became of the lines can be printed as it is."""
    outcome = integration.push({"ACCOUNT": [account(1), account(1), account(2), {"objectId": "a3"}]}).outcome
    assert [
        "type     read  accepted  rejected  duplicates  files  bytes",
        f"ACCOUNT     4         2         1           1      1    {outcome.types[0].bytes}",
        f"rejected: {outcome.reject_file('ACCOUNT')}",
    ] == str(outcome).splitlines()
