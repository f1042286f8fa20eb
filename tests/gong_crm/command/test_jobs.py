"""What `status` and `resume` say of jobs."""

from pathlib import Path

import pytest

from tests.gong_crm.command.conftest import Run
from tests.gong_crm.records import account, contact, write

pytestmark = pytest.mark.usefixtures("registered")


def test_an_unfinished_job_has_no_rejects_yet(run: Run, tmp_path: Path) -> None:
    """Its status is shown with 0, and its rejects are refused with what to do."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    token = run("push", "ACCOUNT=accounts.ldjson", "--no-wait").stdout.strip()
    shown = run("status", token)
    assert (0, True) == (shown.returncode, "1 accepted" in shown.stdout)
    asked = run("status", token, "--rejects", "out.ldjson")
    assert (1, True) == (asked.returncode, "gong-crm resume" in asked.stderr)


def test_rejects_of_a_type_without_any_are_nothing(run: Run, tmp_path: Path) -> None:
    """Of two types, one with a bad line, the file has that line only."""
    write(tmp_path / "accounts.ldjson", [account(1)])
    bad = b'{"objectId": "c1"}'
    write(tmp_path / "contacts.ldjson", [bad])
    token = run("push", "ACCOUNT=accounts.ldjson", "CONTACT=contacts.ldjson", "--no-wait").stdout.strip()
    assert 4 == run("resume").returncode
    assert 4 == run("status", token, "--rejects", "out.ldjson").returncode
    assert bad + b"\n" == (tmp_path / "out.ldjson").read_bytes()


def test_a_finished_job_is_asked_for_without_its_rejects(run: Run, tmp_path: Path) -> None:
    """The token of a job whose lines were all accepted gives its table again, with 0."""
    write(tmp_path / "contacts.ldjson", [contact(1)])
    token = run("push", "CONTACT=contacts.ldjson", "--no-wait").stdout.strip()
    assert 0 == run("resume", token).returncode
    shown = run("status", token)
    assert (0, True) == (shown.returncode, "finished" in shown.stdout)


def test_nothing_is_unfinished(run: Run) -> None:
    """Without an unfinished job `resume` has nothing to do, and says so."""
    resumed = run("resume")
    assert (0, "", "no job is unfinished\n") == (resumed.returncode, resumed.stdout, resumed.stderr)


def test_a_file_that_cannot_be_written_is_exit_1(run: Run, tmp_path: Path) -> None:
    """A folder that is not there is a sentence of the system, and no traceback."""
    write(tmp_path / "contacts.ldjson", [b"{}"])
    token = run("push", "CONTACT=contacts.ldjson", "--no-wait").stdout.strip()
    run("resume", token)
    refused = run("status", token, "--rejects", "nowhere/out.ldjson")
    assert (1, True) == (refused.returncode, "No such file or directory" in refused.stderr)


def test_many_kinds_of_faults_are_summed_up(run: Run, tmp_path: Path) -> None:
    """The ten commonest faults have a line each, and one line counts the others."""
    wrong: list[dict[str, object] | bytes] = [
        {**contact(number), f"member{number}": 1, "modifiedDate": "x" * number} for number in range(1, 3)
    ]
    members = ("emailAddress", "firstName", "lastName", "title", "phoneNumber", "accountId", "url", "isDeleted")
    wrong += [contact(10 + number, **{name: [1]}) for number, name in enumerate(members)]
    wrong += [{"objectId": 5}, {"modifiedDate": "2026-01-02T03:04:05Z"}, b"[1]"]
    write(tmp_path / "contacts.ldjson", wrong)
    pushed = run("push", "CONTACT=contacts.ldjson")
    assert 4 == pushed.returncode
    assert 10 == pushed.stderr.count(" x CONTACT ")
    assert "other faults; the reject files have all lines" in pushed.stderr
