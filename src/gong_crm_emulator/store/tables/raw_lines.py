"""The first stage of storage: the good lines of uploaded files, some dozens to a row.

A row for each line would cost more than parsing and checking the line.
A line has one number: its row and the byte of the row at which it begins; a later line has a higher one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS raw (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL, lines INTEGER NOT NULL,
    lengths TEXT NOT NULL, numbers TEXT NOT NULL, object_ids TEXT NOT NULL, modified TEXT NOT NULL,
    deleted TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS raw_of_request ON raw (request);
"""

_OFFSET_BITS: Final = 32

MOST_LINES: Final = 128
"""Lines that a row holds at most, so that a few rows are a small step."""

_START: Final = f"object.raw & {(1 << _OFFSET_BITS) - 1}"

LINE: Final = f"line_of(raw.body, {_START})"
"""SQL for the line that an object was read from, where `raw` is joined by JOIN."""

NUMBER: Final = f"json_extract(raw.numbers, '$[' || place_of(raw.body, {_START}) || ']')"
"""SQL for the line's place in its file, from 1."""

JOIN: Final = f"JOIN raw ON raw.id = object.raw >> {_OFFSET_BITS}"
"""SQL that brings the row of an object's line."""

LAST: Final = f"((coalesce(max(raw.id), 0) + 1) << {_OFFSET_BITS}) - 1"
"""SQL for the highest number that a line of the present rows can have."""


@dataclass(frozen=True, kw_only=True)
class GoodLines:
    """Some good lines of one file, in its order, one entry a line in each member.

    Attributes:
        bodies: The lines without their newlines.
        numbers: Their places in the file, from 1, with lines that were refused counted too.
        object_ids: What their objects are called.
        modified: Seconds since 1970.
        deleted: 1 for a line that deletes its object, else 0.
    """

    bodies: Sequence[bytes]
    numbers: Sequence[int]
    object_ids: Sequence[str]
    modified: Sequence[int]
    deleted: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class StoredLine:
    """One line of an object's history.

    Attributes:
        client_request_id: The request that brought it.
        number: Its place in the file, from 1.
        deleted: Whether it deletes the object.
        members: What stands in it.
    """

    client_request_id: str
    number: int
    deleted: bool
    members: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """One row of raw storage, without the lines themselves.

    Attributes:
        id: The row.
        lengths: Bytes of each line, without its newline.
        object_ids: What the lines' objects are called.
        modified: Seconds since 1970, for each line.
        deleted: 1 for a line that deletes its object, else 0, for each line.
    """

    id: int
    lengths: Sequence[int]
    object_ids: Sequence[str]
    modified: Sequence[int]
    deleted: Sequence[int]

    def entries(self) -> list[tuple[int, str, int, int]]:
        """List the lines."""
        first = self.id << _OFFSET_BITS
        ends = accumulate(self.lengths, initial=first)
        # Each line before is followed by a newline.
        numbers = map(add, ends, range(len(self.lengths)))
        return list(zip(numbers, self.object_ids, self.modified, self.deleted, strict=True))


def store(database: Database, seq: int, lines: GoodLines) -> RawRow:
    """Store lines in one row."""
    lengths = list(map(len, lines.bodies))
    columns = (lengths, list(lines.numbers), lines.object_ids, lines.modified, lines.deleted)
    packed = [orjson.dumps(column).decode() for column in columns]
    row = database.write(
        "INSERT INTO raw VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", seq, len(lengths), *packed, b"\n".join(lines.bodies)
    )
    return RawRow(id=row, lengths=lengths, object_ids=lines.object_ids, modified=lines.modified, deleted=lines.deleted)


def rows_after(database: Database, seq: int, row: int, *, lines: int) -> tuple[list[RawRow], bool]:
    """Read the rows of a request from where an earlier step left off."""
    found: list[RawRow] = []
    query = "SELECT id, lengths, object_ids, modified, deleted FROM raw WHERE request = ? AND id > ? ORDER BY id"
    for number, *packed in database.each(query, seq, row):
        if lines <= 0:
            return found, False
        lengths, object_ids, modified, deleted = map(orjson.loads, packed)
        found.append(RawRow(id=number, lengths=lengths, object_ids=object_ids, modified=modified, deleted=deleted))
        lines -= len(object_ids)
    return found, True


def bodies(database: Database, row: RawRow) -> list[bytes]:
    """Read the lines of a row."""
    found = database.row("SELECT body FROM raw WHERE id = ?", row.id)
    return [] if found is None else list(found["body"].split(b"\n"))


def count(database: Database) -> int:
    """Count the lines in raw storage."""
    row = database.row("SELECT coalesce(sum(lines), 0) AS n FROM raw")
    return 0 if row is None else int(row["n"])


def remove_all(database: Database) -> None:
    """Empty raw storage."""
    database.write("DELETE FROM raw")


def history(database: Database, object_type: str, object_id: str, *, limit: int) -> list[StoredLine]:
    """List the lines of an object, oldest upload first."""
    rows = database.rows(
        "SELECT client_request_id, object_ids, numbers, raw.deleted, body FROM raw"
        " JOIN request ON request.seq = raw.request"
        " WHERE object_type = ? AND instr(object_ids, ?) ORDER BY raw.id LIMIT ?",
        *(object_type, orjson.dumps(object_id).decode(), limit),
    )
    return [line for row in rows for line in _lines_of(object_id, row)][:limit]


def _lines_of(object_id: str, row: sqlite3.Row) -> Iterator[StoredLine]:
    object_ids, numbers, deleted = (orjson.loads(row[name]) for name in ("object_ids", "numbers", "deleted"))
    for place, body in enumerate(row["body"].split(b"\n")):
        if object_ids[place] == object_id:
            yield StoredLine(
                client_request_id=row["client_request_id"],
                number=numbers[place],
                deleted=bool(deleted[place]),
                members=orjson.loads(body),
            )


def add_functions(connection: sqlite3.Connection) -> None:
    """Teach a connection the functions that stand in LINE and NUMBER."""
    connection.create_function("line_of", 2, line_of, deterministic=True)
    connection.create_function("place_of", 2, _place_of, deterministic=True)


def _place_of(body: bytes, start: int) -> int:
    return body.count(b"\n", 0, start)


def line_of(body: bytes, start: int) -> bytes:
    """Cut one line out of a row."""
    end = body.find(b"\n", start)
    return body[start:] if end < 0 else body[start:end]
