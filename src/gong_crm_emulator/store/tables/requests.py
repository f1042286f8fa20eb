"""The table of asynchronous requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from gong_crm_emulator.store.tracking import MOST_MEMBERS, SHOWN_ERRORS, TrackedRequest

if TYPE_CHECKING:
    from gong_crm_emulator.store.database import Database
    from gong_crm_emulator.store.tracking import NewRequest, Progress

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


def insert(database: Database, new: NewRequest, *, now: float) -> TrackedRequest | None:
    """Take a request in, or return None when the integration has one of that name."""
    # U-11 in docs/emulator-differences.md.
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
    """End what an integration still had on its way, since it is deleted."""
    # U-6 in docs/emulator-differences.md.
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
