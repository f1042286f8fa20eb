"""What the journal keeps, for whom, and from whom."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import stat
import threading
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from gong_crm.errors import JournalBusyError, JournalError, SetupError
from gong_crm.journal import FileRow, FileState, JobRow, Journal
from gong_crm.journal.database import default_folder
from gong_crm.wire.answers import LineError, Registration, Status

FILE = FileRow(number=0, object_type="ACCOUNT", client_request_id="account-1", lines=3, state=FileState.PLANNED)


def job(name: str, *, created: float = 1.0, outcome: dict[str, object] | None = None) -> JobRow:
    """Make a job."""
    return JobRow(
        id=name,
        created=created,
        base_url="https://gong.example",
        integration=5517027188234205706,
        legacy=False,
        fields={"ACCOUNT": []},
        adopted=False,
        outcome=outcome,
    )


def hold(folder: Path, held: Event) -> None:
    """Push for ever."""
    with Journal(folder).exclusive():
        held.set()
        time.sleep(600)


def test_what_is_written_is_read_by_the_next(tmp_path: Path) -> None:
    """Jobs, files and their states are there for whoever opens the folder next."""
    journal = Journal(tmp_path)
    journal.add(job("one"), [FILE])
    status = Status(status="FAILED", errors=(LineError(line=2, description="bad"),), total_errors=1, total_successes=2)
    journal.sending("one", 0)
    journal.accepted("one", 0, repeated=True)
    journal.settled("one", 0, status)
    read = Journal(tmp_path)
    assert [job("one")] == read.unfinished()
    settled = FileRow(
        number=0,
        object_type="ACCOUNT",
        client_request_id="account-1",
        lines=3,
        state=FileState.SETTLED,
        repeated=True,
        result=status,
    )
    assert [settled] == read.files("one")
    read.finish("one", {"token": "t"})
    assert [] == journal.unfinished()
    assert job("one", outcome={"token": "t"}) == journal.job("one")
    assert journal.job("two") is None


def test_a_second_process_is_refused_and_a_killed_one_frees_the_journal(tmp_path: Path) -> None:
    """One process pushes at a time; others may read; after kill -9 the next may push at once."""
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    other = context.Process(target=hold, args=(tmp_path, held))
    other.start()
    assert held.wait(60)
    journal = Journal(tmp_path)
    with pytest.raises(JournalBusyError, match="another process is pushing with the journal"), journal.exclusive():
        pass
    journal.add(job("one"), [FILE])
    assert [FILE] == journal.files("one")
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join()
    with journal.exclusive():
        pass


def test_threads_of_one_process_share_it(tmp_path: Path) -> None:
    """Two threads push side by side, and the journal is free when the last is done."""
    journal, inside, leave = Journal(tmp_path), threading.Event(), threading.Event()

    def push() -> None:
        with Journal(tmp_path).exclusive():
            inside.set()
            leave.wait(60)

    thread = threading.Thread(target=push)
    with journal.exclusive():
        thread.start()
        assert inside.wait(60)
    with journal.exclusive():
        leave.set()
    thread.join()


def test_what_a_killed_plan_left_is_removed_and_what_belongs_to_a_job_stays(tmp_path: Path) -> None:
    """A folder that no job owns goes when the next push begins; those of jobs stay."""
    journal = Journal(tmp_path)
    left, kept = journal.new_folder(), journal.new_folder()
    (left / "spool.ldjson").write_bytes(b"{}")
    journal.add(job(kept.name), [FILE])
    with journal.exclusive():
        assert [kept] == list((tmp_path / "jobs").iterdir())


def test_jobs_of_long_ago_are_forgotten_when_they_are_finished(tmp_path: Path) -> None:
    """After 90 days a finished job goes with its files; an unfinished one never does."""
    journal = Journal(tmp_path)
    for name in ("old", "open", "new"):
        journal.add(job(name, created=time.time() if name == "new" else 1.0), [FILE])
    journal.finish("old", {})
    journal.finish("new", {})
    with journal.exclusive():
        pass
    assert [None, True, True] == [journal.job("old")] + [journal.job(name) is not None for name in ("open", "new")]
    assert [] == journal.files("old")


def test_integrations_are_remembered_for_their_host(tmp_path: Path) -> None:
    """An integration is ours on the host where it was registered or named."""
    journal = Journal(tmp_path)
    journal.remember("https://a.example", Registration(id=2**62, name="A", owner_email="o@a.co"))
    assert (True, False, False) == (
        journal.knows("https://a.example", 2**62),
        journal.knows("https://b.example", 2**62),
        journal.knows("https://a.example", 1),
    )


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("PRAGMA user_version = 7", "was written by another version of gong-crm"),
        ("PRAGMA application_id = 7", "was written by another program"),
    ],
)
def test_a_journal_of_others_is_refused(tmp_path: Path, statement: str, sentence: str) -> None:
    """A journal of another version or another program is left alone."""
    Journal(tmp_path)
    with sqlite3.connect(tmp_path / "journal.db") as database:
        database.execute(statement)
    database.close()
    with pytest.raises(JournalError, match=sentence):
        Journal(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """What is no journal is named, and left alone."""
    (tmp_path / "journal.db").write_bytes(b"nothing that SQLite knows" * 50)
    with pytest.raises(
        JournalError, match=r"journal\.db cannot be used: file is not a database; take it away or name another folder"
    ):
        Journal(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder ends in a sentence."""
    (tmp_path / "state").write_text("")
    with pytest.raises(JournalError, match=r"the journal folder .*state cannot be made"):
        Journal(tmp_path / "state")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    """A folder that may not be written ends in a sentence."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(JournalError, match="cannot be"):
        Journal(tmp_path / "state")


def test_a_folder_that_went_cannot_take_a_job(tmp_path: Path) -> None:
    """A journal whose folder was removed under it says so, for a plan and for the lock."""
    journal = Journal(tmp_path / "state")
    shutil.rmtree(tmp_path / "state")
    with pytest.raises(JournalError, match=r"the journal folder .*state cannot be written: No such file"):
        journal.new_folder()
    with pytest.raises(JournalError, match=r"the journal folder .*state cannot be used"), journal.exclusive():
        pass


def test_without_a_home_the_folder_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home learns which argument names the folder."""

    def homeless(*_: object, **__: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    assert "gong-crm" == default_folder().name
    monkeypatch.setattr("platformdirs.user_state_dir", homeless)
    with pytest.raises(SetupError, match=r"no home for the journal: name its folder, journal=\.\.\."):
        default_folder()


def test_of_a_finished_job_the_reject_files_stay(tmp_path: Path) -> None:
    """The next start removes what a finished job spooled, and leaves what people correct."""
    journal = Journal(tmp_path)
    folder = journal.new_folder()
    journal.add(job(folder.name, created=time.time()), [])
    journal.finish(folder.name, {})
    for name in ("rejects", "spool"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "plan.json").write_text("{}")
    with Journal(tmp_path).exclusive():
        assert ["rejects"] == [path.name for path in folder.iterdir()]
