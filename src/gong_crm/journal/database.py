"""The journal on disk, so that nothing is sent twice and nothing is forgotten."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import JournalError, SetupError
from gong_crm.journal.lock import Lock
from gong_crm.journal.rows import FileRow, FileState, JobRow, read_status, write_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gong_crm.wire.answers import Registration, Status


_APPLICATION: Final = 0x476F6E67


_VERSION: Final = 1


_KEPT_SECONDS: Final = 90 * 24 * 3600


_TABLES: Final = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, created REAL NOT NULL, base_url TEXT NOT NULL, integration INTEGER NOT NULL,
    legacy INTEGER NOT NULL, fields TEXT NOT NULL, adopted INTEGER NOT NULL, outcome TEXT
) STRICT;
CREATE TABLE files (
    job TEXT NOT NULL, number INTEGER NOT NULL, object_type TEXT NOT NULL, client_request_id TEXT NOT NULL,
    lines INTEGER NOT NULL, state TEXT NOT NULL, repeated INTEGER NOT NULL, result TEXT,
    PRIMARY KEY (job, number)
) STRICT;
CREATE INDEX requests ON files (client_request_id);
CREATE TABLE integrations (
    base_url TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, owner_email TEXT NOT NULL,
    PRIMARY KEY (base_url, id)
) STRICT;
"""


class Journal:
    """The journal in a folder, for many readers and one process that pushes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._database = folder / "journal.db"
        try:
            (folder / "jobs").mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise JournalError(f"the journal folder {folder} cannot be made: {problem.strerror}") from problem
        self._prepare()

    def _prepare(self) -> None:
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with _transaction(connection):
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                application = connection.execute("PRAGMA application_id").fetchone()[0]
                tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
                if (application, version) == (_APPLICATION, _VERSION):
                    return
                if tables or application or version:
                    whose = "another version of gong-crm" if application == _APPLICATION else "another program"
                    raise JournalError(
                        f"{self._database} was written by {whose}; name another folder,"
                        " or finish its jobs with the version that began them"
                    )
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the database for one thing; a connection of its own is safe in any thread and after a fork."""
        try:
            with closing(sqlite3.connect(self._database, timeout=30, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as problem:
            hint = "; take it away or name another folder, and push again: what Gong has is not sent twice"
            damaged = getattr(problem, "sqlite_errorcode", None) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
            raise JournalError(
                f"the journal {self._database} cannot be used: {problem}{hint if damaged else ''}"
            ) from problem

    @contextmanager
    def exclusive(self, job: str | None = None) -> Iterator[None]:
        """Keep all other processes from pushing with this journal; threads of this one may share.

        Args:
            job: A job that no other thread may share.

        Raises:
            JournalBusyError: If another process is pushing, or another thread has the job.
        """
        lock = Lock.of(self.folder / "lock.db")
        with lock.held(when_first=self._sweep), nullcontext() if job is None else lock.alone(job):
            yield

    def _sweep(self) -> None:
        """Remove what killed processes left of plans, and what became of jobs long ago."""
        with self._open() as connection:
            old = time.time() - _KEPT_SECONDS
            with _transaction(connection):
                connection.execute("DELETE FROM jobs WHERE outcome IS NOT NULL AND created < ?", (old,))
                connection.execute("DELETE FROM files WHERE job NOT IN (SELECT id FROM jobs)")
            known = {row[0] for row in connection.execute("SELECT id FROM jobs")}
            finished = {row[0] for row in connection.execute("SELECT id FROM jobs WHERE outcome IS NOT NULL")}
        for folder in (self.folder / "jobs").iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
            elif folder.name in finished:
                _keep_only(folder, "rejects")

    # Jobs

    def new_folder(self) -> Path:
        """Make the folder of a job that is going to be planned; `add` makes it last."""
        name = f"{datetime.now(UTC):%Y%m%d}-{token_hex(6)}"
        folder = self.folder / "jobs" / name
        try:
            folder.mkdir()
        except OSError as problem:
            raise JournalError(f"the journal folder {self.folder} cannot be written: {problem.strerror}") from problem
        return folder

    def job_folder(self, job: str) -> Path:
        """Name the folder of a job."""
        return self.folder / "jobs" / job

    def add(self, job: JobRow, files: Sequence[FileRow]) -> None:
        """Add a job with its files; from here on it can be taken up again."""
        with self._open() as connection, _transaction(connection):
            connection.execute(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    *(job.id, job.created, job.base_url, job.integration, job.legacy),
                    *(json.dumps(job.fields, sort_keys=True), job.adopted),
                ),
            )
            connection.executemany(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, 0, NULL)",
                [(job.id, one.number, one.object_type, one.client_request_id, one.lines, one.state) for one in files],
            )

    def job(self, name: str) -> JobRow | None:
        """Give a job, or None when it is not known here."""
        found = self._jobs("WHERE id = ?", name)
        return found[0] if found else None

    def unfinished(self) -> list[JobRow]:
        """Give the jobs whose outcome is not known yet, the oldest first."""
        return self._jobs("WHERE outcome IS NULL ORDER BY created, id")

    def _jobs(self, condition: str, *values: object) -> list[JobRow]:
        with self._open() as connection:
            rows = connection.execute(f"SELECT * FROM jobs {condition}", values).fetchall()  # noqa: S608  (our own words)
        return [
            JobRow(
                id=row[0],
                created=row[1],
                base_url=row[2],
                integration=row[3],
                legacy=bool(row[4]),
                fields=json.loads(row[5]),
                adopted=bool(row[6]),
                outcome=json.loads(row[7]) if row[7] else None,
            )
            for row in rows
        ]

    def finish(self, job: str, outcome: dict[str, Any]) -> None:
        """Keep what became of a job."""
        with self._open() as connection, _transaction(connection):
            connection.execute("UPDATE jobs SET outcome = ? WHERE id = ?", (json.dumps(outcome), job))

    def discard(self, job: str) -> None:
        """Forget a job, with what it keeps in its folder."""
        with self._open() as connection, _transaction(connection):
            connection.execute("DELETE FROM files WHERE job = ?", (job,))
            connection.execute("DELETE FROM jobs WHERE id = ?", (job,))
        shutil.rmtree(self.job_folder(job), ignore_errors=True)

    # Files

    def files(self, job: str) -> list[FileRow]:
        """Give the files of a job, in the order of its plan."""
        query = "SELECT * FROM files WHERE job = ? ORDER BY number"
        with self._open() as connection:
            rows = connection.execute(query, (job,)).fetchall()
        return [
            FileRow(
                number=row[1],
                object_type=row[2],
                client_request_id=row[3],
                lines=row[4],
                state=FileState(row[5]),
                repeated=bool(row[6]),
                result=read_status(row[7]),
            )
            for row in rows
        ]

    def was_accepted(self, client_request_id: str) -> bool:
        """Return whether Gong took this request, for this job or another."""
        query = "SELECT count(*) FROM files WHERE client_request_id = ? AND state IN (?, ?)"
        with self._open() as connection:
            row = connection.execute(query, (client_request_id, FileState.ACCEPTED, FileState.SETTLED)).fetchone()
        return bool(row[0])

    def last_accepted(self, base_url: str, integration: int, object_type: str) -> tuple[str, ...]:
        """Name the requests by which Gong took lines of an object type last, all of one job; none if it never did."""
        query = (
            "WITH taken AS (SELECT jobs.rowid AS place, client_request_id FROM files JOIN jobs ON jobs.id = files.job"
            " WHERE base_url = ? AND integration = ? AND object_type = ? AND state IN (?, ?))"
            " SELECT client_request_id FROM taken WHERE place = (SELECT max(place) FROM taken)"
        )
        with self._open() as connection:
            states = FileState.ACCEPTED, FileState.SETTLED
            return tuple(row[0] for row in connection.execute(query, (base_url, integration, object_type, *states)))

    def sending(self, job: str, number: int) -> None:
        """Say that a file is about to be sent."""
        self._set(job, number, "state = ?", FileState.SENDING)

    def accepted(self, job: str, number: int, *, repeated: bool) -> None:
        """Say that Gong has a file."""
        self._set(job, number, "state = ?, repeated = ?", FileState.ACCEPTED, repeated)

    def settled(self, job: str, number: int, status: Status) -> None:
        """Say what Gong made of a file."""
        self._set(job, number, "state = ?, result = ?", FileState.SETTLED, write_status(status))

    def _set(self, job: str, number: int, change: str, *values: object) -> None:
        with self._open() as connection:
            connection.execute(f"UPDATE files SET {change} WHERE job = ? AND number = ?", (*values, job, number))  # noqa: S608  (our own words)

    # Integrations

    def remember(self, base_url: str, integration: Registration) -> None:
        """Remember an integration as ours."""
        row = (base_url, integration.id, integration.name, integration.owner_email)
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO integrations VALUES (?, ?, ?, ?)", row)

    def knows(self, base_url: str, integration: int) -> bool:
        """Return whether an integration is remembered as ours."""
        query = "SELECT count(*) FROM integrations WHERE base_url = ? AND id = ?"
        with self._open() as connection:
            return bool(connection.execute(query, (base_url, integration)).fetchone()[0])


def _keep_only(folder: Path, name: str) -> None:
    for one in folder.iterdir():
        if one.name != name:
            shutil.rmtree(one, ignore_errors=True) if one.is_dir() else one.unlink(missing_ok=True)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def default_folder() -> Path:
    """Name the folder of the journal for those who name none.

    Raises:
        SetupError: If there is no home to put it in.
    """
    import platformdirs  # noqa: PLC0415  (only for those who name no folder)

    try:
        return Path(platformdirs.user_state_dir("gong-crm", appauthor=False))
    except (RuntimeError, KeyError, OSError) as problem:
        raise SetupError(f"there is no home for the journal: name its folder, journal=... ({problem})") from problem
