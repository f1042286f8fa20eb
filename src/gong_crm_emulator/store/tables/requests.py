"""The asynchronous requests that Gong remembers by client request id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from gong_crm_emulator.lines.fields import Family
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS request (
    seq INTEGER PRIMARY KEY, integration_id INTEGER NOT NULL, client_request_id TEXT NOT NULL,
    kind TEXT NOT NULL, object_type TEXT, family TEXT NOT NULL, received REAL NOT NULL,
    file TEXT, bytes INTEGER NOT NULL DEFAULT 0,
    read_bytes INTEGER NOT NULL DEFAULT 0, read_lines INTEGER NOT NULL DEFAULT 0,
    errors TEXT NOT NULL DEFAULT '[]', error_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0, parsed REAL,
    polls INTEGER NOT NULL DEFAULT 0, moved INTEGER NOT NULL DEFAULT 0, ended REAL,
    applied_up_to INTEGER NOT NULL DEFAULT 0, applied INTEGER NOT NULL DEFAULT 0,
    custom_members TEXT NOT NULL DEFAULT '{}', trouble TEXT,
    UNIQUE (integration_id, client_request_id)
) STRICT;
CREATE INDEX IF NOT EXISTS request_not_applied ON request (seq) WHERE applied = 0;
"""

SHOWN_ERRORS: Final = 20
"""Line errors that an answer carries at most; the counts are of all."""

MOST_MEMBERS: Final = 100
"""Names of members that are kept for a request."""


class Work(StrEnum):
    """What a request asks to be done in the background."""

    UPLOAD = "upload"
    MAP_USERS = "map-users"
    DELETE = "delete"


class Status(StrEnum):
    """Gong's states of a request; DONE and FAILED are final."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A data file on disk.

    Attributes:
        name: Name in the database's folder.
        bytes: Size.
    """

    name: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """A request as it comes in.

    Attributes:
        kind: What it asks for.
        integration_id: The integration it belongs to.
        client_request_id: The caller's name for it.
        family: Family of the path it came by.
        object_type: Type of the lines of its file, USER_MAPPING for user mappings.
        file: Its data file, on disk.
    """

    kind: Work
    integration_id: int
    client_request_id: str
    family: Family
    object_type: str | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, kw_only=True)
class TrackedRequest:
    """One asynchronous request.

    Attributes:
        seq: Place in the order of arrival, from 1.
        integration_id: The integration it belongs to.
        client_request_id: The caller's name for it.
        kind: What it asks for.
        object_type: Object type of an upload, USER_MAPPING of a user mapping, else None.
        family: Family of the path it came by.
        received: Clock time of its arrival.
        file: Name of the data file that waits to be read, or None.
        bytes: Size of the data file.
        read_bytes: Bytes of the file read so far.
        read_lines: Lines of the file read so far, blank ones included.
        errors: The first line errors, each with line, description and, for people, the beginning of the line's text.
        error_count: Refused lines.
        success_count: Good lines.
        parsed: Clock time at which the file had been read, or None.
        polls: Status calls so far.
        moved: Steps made by hand.
        ended: Clock time at which the caller could first see the end, or None.
        applied_up_to: Row of raw storage up to which its lines reached the main database.
        applied: Whether all of it reached the main database.
        custom_members: Members of its lines that Gong does not define, each with the first line that has it.
        trouble: Why its lines could not be brought into the main database, or None.
    """

    seq: int
    integration_id: int
    client_request_id: str
    kind: Work
    object_type: str | None
    family: str
    received: float
    file: str | None
    bytes: int
    read_bytes: int
    read_lines: int
    errors: list[dict[str, Any]]
    error_count: int
    success_count: int
    parsed: float | None
    polls: int
    moved: int
    ended: float | None
    applied_up_to: int
    applied: bool
    custom_members: dict[str, int]
    trouble: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> TrackedRequest:
        """Read a row of the request table."""
        columns = dict(row)
        columns["kind"] = Work(columns["kind"])
        columns["errors"] = orjson.loads(columns["errors"])
        columns["custom_members"] = orjson.loads(columns["custom_members"])
        columns["applied"] = bool(columns["applied"])
        return cls(**columns)

    def may_show(self, settings: EmulatorSettings, *, now: float) -> Status:
        """Say how far a caller may see this request, whatever the machine has done already.

        Returns:
            PENDING, IN_PROGRESS, or the final state (DONE or FAILED) as the counts say.
        """
        end = Status.FAILED if self.error_count else Status.DONE
        if self.ended is not None or settings.processing == "at-once":
            return end
        reached, pending, in_progress = {
            "polls": (self.polls - 1, settings.pending_polls, settings.in_progress_polls),
            "time": (now - self.received, settings.pending_seconds, settings.in_progress_seconds),
            "by-hand": (self.moved, 1, 1),
        }[settings.processing]
        if reached < pending:
            return Status.PENDING
        return Status.IN_PROGRESS if reached < pending + in_progress else end

    def outcome(self, status: Status) -> dict[str, Any]:
        """Write the members of a status answer (U-10)."""
        if status in {Status.PENDING, Status.IN_PROGRESS} or self.kind is Work.DELETE:
            return {"status": status}
        return {
            "status": status,
            "errors": [{"line": error["line"], "description": error["description"]} for error in self.errors],
            "totalErrorCount": self.error_count,
            "totalSuccessCount": self.success_count,
        }


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the reading of a file has come, and what the last piece brought.

    Attributes:
        read_bytes: Bytes read so far.
        read_lines: Lines read so far.
        errors: Errors of the piece, at most SHOWN_ERRORS.
        error_count: Refused lines of the piece.
        success_count: Good lines of the piece.
        custom_members: As in TrackedRequest, of the piece.
    """

    read_bytes: int
    read_lines: int
    errors: list[dict[str, Any]]
    error_count: int
    success_count: int
    custom_members: Mapping[str, int]


def insert(database: Database, new: NewRequest, *, now: float) -> TrackedRequest | None:
    """Take a request in, or return None when the integration has one of that name (U-11)."""
    row = database.row(
        "INSERT INTO request (integration_id, client_request_id, kind, object_type, family, received, file,"
        " bytes, parsed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *",
        *(new.integration_id, new.client_request_id, new.kind, new.object_type, new.family, now),
        *((new.file.name, new.file.bytes, None) if new.file else (None, 0, now)),
    )
    return None if row is None else TrackedRequest.of(row)


def find(database: Database, seq: int) -> TrackedRequest | None:
    """Find a request by its place in the order of arrival."""
    row = database.row("SELECT * FROM request WHERE seq = ?", seq)
    return None if row is None else TrackedRequest.of(row)


def find_named(database: Database, integration_id: int, client_request_id: str) -> TrackedRequest | None:
    """Find a request by the caller's name for it."""
    row = database.row(
        "SELECT * FROM request WHERE integration_id = ? AND client_request_id = ?", integration_id, client_request_id
    )
    return None if row is None else TrackedRequest.of(row)


def listed(database: Database, *, limit: int, offset: int = 0, search: str = "") -> list[TrackedRequest]:
    """List requests, newest first."""
    rows = database.rows(
        "SELECT * FROM request WHERE instr(client_request_id, ?) ORDER BY seq DESC LIMIT ? OFFSET ?",
        *(search, limit, offset),
    )
    return [TrackedRequest.of(row) for row in rows]


def unread(database: Database) -> list[TrackedRequest]:
    """List requests whose files have not been read to the end, oldest first."""
    rows = database.rows("SELECT * FROM request WHERE parsed IS NULL ORDER BY seq")
    return [TrackedRequest.of(row) for row in rows]


def ended_by(database: Database, moment: float, *, main_seconds: float) -> list[TrackedRequest]:
    """List requests whose lines should be in the main database by some moment, in the order of their ends."""
    rows = database.rows(
        "SELECT * FROM request WHERE applied = 0 AND ended + CASE kind WHEN 'delete' THEN 0 ELSE ? END <= ?"
        " ORDER BY ended, seq",
        *(main_seconds, moment),
    )
    return [TrackedRequest.of(row) for row in rows]


def end_by_time(database: Database, moment: float, *, seconds: float) -> None:
    """End the requests that have been read and whose time is over, each at its own moment."""
    due = "applied = 0 AND ended IS NULL AND parsed IS NOT NULL AND max(parsed, received + ?) <= ?"
    if database.row(f"SELECT 1 FROM request WHERE {due}", seconds, moment):  # noqa: S608  (our own constant)
        database.write(
            f"UPDATE request SET ended = max(parsed, received + ?) WHERE {due}",  # noqa: S608  (our own constant)
            *(seconds, seconds, moment),
        )


def end(database: Database, seq: int, *, at: float) -> None:
    """Note the moment at which a request ended for its caller; the first one counts."""
    database.write("UPDATE request SET ended = ? WHERE seq = ? AND ended IS NULL", at, seq)


def count_poll(database: Database, seq: int) -> None:
    """Note a status call."""
    database.write("UPDATE request SET polls = polls + 1 WHERE seq = ?", seq)


def move(database: Database, seq: int) -> None:
    """Note a step made by hand."""
    database.write("UPDATE request SET moved = moved + 1 WHERE seq = ?", seq)


def keep_progress(database: Database, seq: int, progress: Progress) -> None:
    """Add to a request what a piece of its file brought."""
    request = find(database, seq)
    if request is None:
        return
    errors = (request.errors + progress.errors)[:SHOWN_ERRORS]
    members = dict([*progress.custom_members.items(), *request.custom_members.items()][-MOST_MEMBERS:])
    database.write(
        "UPDATE request SET read_bytes = ?, read_lines = ?, errors = ?, error_count = error_count + ?,"
        " success_count = success_count + ?, custom_members = ? WHERE seq = ?",
        *(progress.read_bytes, progress.read_lines, orjson.dumps(errors).decode(), progress.error_count),
        *(progress.success_count, orjson.dumps(members).decode(), seq),
    )


def fail(database: Database, seq: int, description: str) -> None:
    """Give a request one general error, line 0."""
    errors = orjson.dumps([{"line": 0, "description": description}]).decode()
    database.write("UPDATE request SET errors = ?, error_count = 1 WHERE seq = ?", errors, seq)


def finish_reading(database: Database, seq: int, *, at: float) -> None:
    """Note that a file has been read to its end, or as far as it ever will be."""
    database.write("UPDATE request SET parsed = ?, file = NULL WHERE seq = ? AND parsed IS NULL", at, seq)


def keep_applied(database: Database, seq: int, *, up_to: int, done: bool, trouble: str | None = None) -> None:
    """Note how far the lines of a request have come into the main database."""
    database.write(
        "UPDATE request SET applied_up_to = ?, applied = ?, trouble = ? WHERE seq = ?", up_to, done, trouble, seq
    )


def end_all_of(database: Database, integration_id: int, *, at: float | None) -> None:
    """End what an integration still had on its way, since it is deleted (U-6)."""
    gone = orjson.dumps([{"line": 0, "description": "The integration was deleted before the file was read"}])
    database.write(
        "UPDATE request SET parsed = ?, errors = ?, error_count = 1 WHERE integration_id = ? AND parsed IS NULL",
        *(at, gone.decode(), integration_id),
    )
    database.write("UPDATE request SET applied = 1 WHERE integration_id = ?", integration_id)


def count(database: Database) -> int:
    """Count the requests."""
    row = database.row("SELECT count(*) AS n FROM request")
    return 0 if row is None else int(row["n"])
