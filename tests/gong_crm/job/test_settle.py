"""What becomes of lines when Gong's numbers are missing, odd or contradict each other."""

import asyncio
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gong_crm import AsyncGongCrm, Budget, GongCrm, Integration
from gong_crm.errors import BalanceError, CallError, JournalError, RejectedError, SourceChangedError
from gong_crm.job.outcome import TypeOutcome
from gong_crm.job.settle import verdict
from gong_crm.journal import FileRow, FileState
from gong_crm.wire.answers import LineError, Status
from gong_crm_emulator import RunningEmulator
from tests.gong_crm.records import TIME, account, contact, write

SECOND_IS_BAD = {
    "requestId": "a",
    "status": "FAILED",
    "errors": [{"line": 2, "description": "Bad"}],
    "totalErrorCount": 1,
    "totalSuccessCount": 1,
}


def settled(status: str, *lines: int, good: int | None = None, bad: int | None = None) -> FileRow:
    """Give a file of ten lines with what Gong said of it."""
    errors = tuple(LineError(line=line, description=f"line {line} is bad") for line in lines)
    result = Status(status=status, errors=errors, total_errors=bad, total_successes=good)
    return FileRow(
        number=0, object_type="ACCOUNT", client_request_id="a", lines=10, state=FileState.SETTLED, result=result
    )


@pytest.mark.parametrize(
    ("row", "accepted", "is_odd"),
    [
        (settled("DONE"), 10, False),
        (settled("DONE", good=10, bad=0), 10, False),
        (settled("DONE", good=9, bad=1), 9, True),
        (settled("DONE", good=12, bad=0), 10, True),
        (settled("FAILED", 3, bad=1), 9, False),
        (settled("FAILED", 3, bad=12), 0, False),
        (settled("FAILED", 3, 4), 8, False),
        (settled("FAILED"), 0, False),
        (settled("FAILED", good=10, bad=0), 10, True),
        (settled("FAILED", 0, good=10, bad=1), 10, True),
        (settled("FAILED", 0), 0, False),
        (settled("FAILED", 0, bad=1), 0, False),
        (settled("FAILED", 3, 4, good=9, bad=1), 8, True),
        (settled("FAILED", 99, good=9, bad=1), 9, False),
    ],
)
def test_where_numbers_contradict_each_other_the_smaller_counts(row: FileRow, *, accepted: int, is_odd: bool) -> None:
    """No line is called accepted that Gong may have refused, and no line is lost from the sum."""
    found = verdict(row)
    assert (accepted, 10 - accepted, is_odd) == (found.accepted, found.rejected, bool(found.discrepancy))


@pytest.mark.parametrize(
    ("row", "rest"),
    [
        (settled("FAILED"), "Gong does not say why; it lists 20 errors a file"),
        (settled("FAILED", 3, 0, good=0, bad=10), "line 0 is bad"),
    ],
)
def test_every_line_of_a_refused_file_is_known(row: FileRow, rest: str) -> None:
    """Those that Gong lists with their own reason, the others with that of the file."""
    found = verdict(row)
    assert (list(range(1, 11)), rest) == (list(found.known), found.rest)
    assert set(found.reasons.items()) <= {(3, "line 3 is bad")}


def test_what_gong_says_of_a_whole_file_is_not_lost() -> None:
    """A failure without a bad line is reported with its reason."""
    assert "FAILED with 10 good and 1 bad: line 0 is bad" in verdict(settled("FAILED", 0, good=10, bad=1)).discrepancy


def test_numbers_that_do_not_add_up_are_a_fault_of_ours() -> None:
    """A sum that loses a line is never handed out."""
    with pytest.raises(BalanceError, match="3 lines read, but 1 accepted, 1 rejected and 0 duplicates"):
        TypeOutcome(object_type="ACCOUNT", read=3, accepted=1, rejected=1, duplicates=0, files=1, bytes=9)


def test_many_rejects_are_said_in_three(integration: Integration) -> None:
    """The error names the first three lines, however many there are, and a type without rejects has no file."""
    outcome = integration.push({"ACCOUNT": [{"objectId": f"a{n}"} for n in range(5)], "CONTACT": [contact(1)]}).outcome
    assert 5 == len({one.object_id for one in outcome.rejections()})
    with pytest.raises(RejectedError, match="5 of 6 lines were rejected") as caught:
        outcome.raise_for_rejects()
    assert 3 == str(caught.value).count("modifiedDate")


def test_what_gong_refused_elsewhere_is_known_by_its_line(
    integration: Integration, make_door: Callable[..., GongCrm], gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """On another machine, without the lines, a refused line has the name of its request and its number."""
    job = integration.push({"ACCOUNT": [account(1), account(2)]}, wait=False)
    gong_emulator.faults.add("getCrmRequestStatus", *[{"kind": "answer", "status": 200, "body": SECOND_IS_BAD}] * 3)
    outcome = make_door(journal=tmp_path / "elsewhere").job(job.token).wait().outcome
    assert [(2, "gong", "Bad", None)] == [
        (one.origin.line, one.judge, one.message, one.object_id) for one in outcome.rejections()
    ]
    assert [job.files[0].client_request_id] == [one.origin.source for one in outcome.rejections()]


def test_lines_of_a_source_that_changed_cannot_be_given_back(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """The outcome counts them all the same, and says why the reject file lacks them."""
    source = write(tmp_path / "accounts.ldjson", [account(1), account(2)])
    job = integration.push({"ACCOUNT": source}, wait=False)
    source.unlink()
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "answer", "status": 200, "body": SECOND_IS_BAD})
    outcome = job.wait().outcome
    assert (1, 1) == (outcome.accepted, outcome.rejected)
    assert "cannot be written out" in str(outcome)


def test_reject_files_that_cannot_be_written_are_tried_again(
    integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the end loses nothing: the job stays open, and the next wait writes them."""
    job = integration.push({"ACCOUNT": [account(1)]}, wait=False)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", full)
        with pytest.raises(JournalError, match=r"the reject files cannot be written to .*: No space left"):
            job.wait()
    assert 1 == job.wait().outcome.accepted


def full(*_: object, **__: object) -> None:
    """Fail as the system does on a full disk."""
    raise OSError(28, "No space left on device")


def test_rows_of_a_csv_that_cannot_be_read_again_are_reported(
    integration: Integration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines are there, and a note says why their rows are not."""
    source = tmp_path / "accounts.csv"
    source.write_text("objectId,name\na1,One\n", encoding="utf-8")
    monkeypatch.setattr("gong_crm.job.reject_rows.RejectRows._write", full)
    outcome = integration.push({"ACCOUNT": source}).outcome
    assert 1 == outcome.rejected
    assert f"the rejected rows of {source} cannot be written out: No space left on device" in str(outcome)


def first_removed(content: bytes) -> bytes:
    """Give what is left when a line is lost."""
    return content.partition(b"\n")[2]


def emptied(_: bytes) -> bytes:
    """Give what a full disk may leave."""
    return b""


def overwritten(content: bytes) -> bytes:
    """Give as much of something else."""
    return b"\x7f" * len(content)


@pytest.mark.parametrize(
    ("damaged", "damage"),
    [
        (("held/ACCOUNT.findings.ldjson", "lines of ACCOUNT that were held back"), overwritten),
        (("held/ACCOUNT.findings.ldjson", "lines of ACCOUNT that were held back"), first_removed),
        (("held/ACCOUNT.ldjson", "lines of ACCOUNT that were held back"), first_removed),
        (("files/ACCOUNT-1-1.map", "the lines that Gong refused of account-.*"), emptied),
        (("sources/0.places", "the rejected rows of .*"), overwritten),
        (("sources/0.places", "the rejected rows of .*"), emptied),
    ],
)
def test_what_a_disk_altered_is_reported_and_the_job_ends(
    integration: Integration,
    gong_emulator: RunningEmulator,
    tmp_path: Path,
    damaged: tuple[str, str],
    damage: Callable[[bytes], bytes],
) -> None:
    """The numbers are Gong's and the plan's, whatever became of the files from which rejects are written."""
    source = tmp_path / "accounts.csv"
    source.write_text(f"objectId,modifiedDate\na2,{TIME}\na1,2020-01-01T00:00:00Z\na3,now\n", encoding="utf-8")
    job = integration.push({"ACCOUNT": source}, wait=False)
    name, words = damaged
    (path,) = tmp_path.glob(f"journal/jobs/*/{name}")
    path.write_bytes(damage(path.read_bytes()))
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "answer", "status": 200, "body": SECOND_IS_BAD})
    outcome = job.wait().outcome
    assert (3, 1, 2) == (outcome.read, outcome.accepted, outcome.rejected)
    assert re.search(f"{words} cannot be written out: .* damaged", str(outcome))


def test_a_file_that_never_arrives_ends_the_wait(
    integration: Integration, gong_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When answers are lost beyond all patience and Gong does not know the file, the error is the caller's."""
    clock = iter(range(0, 10**9, 10_000))
    monkeypatch.setattr("gong_crm.job.course.time", SimpleNamespace(monotonic=lambda: next(clock)))
    gong_emulator.faults.add("uploadCrmEntities", {"kind": "answer", "status": 502, "body": "<h1>", "times": 50})
    with pytest.raises(CallError, match="uploadCrmEntities"):
        integration.push({"ACCOUNT": [account(1)]})


def test_a_refused_question_about_a_file_is_no_answer(integration: Integration, gong_emulator: RunningEmulator) -> None:
    """Whoever may not ask for the status does not learn that a file is unknown, and nothing is sent twice."""
    refused = {"kind": "answer", "status": 403, "body": {"requestId": "a", "errors": ["no"]}, "times": 50}
    gong_emulator.faults.add("uploadCrmEntities", {"kind": "answer", "status": 502, "body": "<h1>"})
    gong_emulator.faults.add("getCrmRequestStatus", refused)
    with pytest.raises(CallError, match="getCrmRequestStatus"):
        integration.push({"ACCOUNT": [account(1)]})


def test_the_awaited_door_takes_up_each_job_and_reports_the_first_failure(
    integration: Integration, gong_emulator: RunningEmulator, tmp_path: Path
) -> None:
    """One job that fails does not keep the next from its end."""
    gone = write(tmp_path / "contacts.ldjson", [contact(1)])
    integration.push({"ACCOUNT": [account(1)], "CONTACT": gone}, wait=False)
    integration.push({"ACCOUNT": [account(2)]}, wait=False)
    gone.unlink()
    caller = gong_emulator.principals["admin"]

    async def resume() -> int:
        async with AsyncGongCrm(
            base_url=gong_emulator.url,
            access_key=caller.access_key,
            access_key_secret=caller.access_key_secret,
            journal=tmp_path / "journal",
            budget=Budget(per_second=None, per_day=None),
        ) as door:
            assert [integration.id] == [one.id for one in await door.integrations()]
            with pytest.raises(SourceChangedError, match="contacts"):
                await door.resume()
            return len(door.jobs())

    assert 1 == asyncio.run(resume())
