"""The second stage of storage, Gong's main database: objects as they can be read back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.lines.fields import OBJECT_TYPES, Family
from gong_crm_emulator.store.tables.raw_lines import JOIN, LINE, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS object (
    object_type TEXT NOT NULL, object_id TEXT NOT NULL, raw INTEGER NOT NULL,
    modified INTEGER NOT NULL, deleted INTEGER NOT NULL, body BLOB,
    PRIMARY KEY (object_type, object_id)
) STRICT, WITHOUT ROWID;
"""

# An older version of an object is history and never hides a newer one (C-26).
UPSERT: Final = """
    ON CONFLICT (object_type, object_id) DO UPDATE
    SET raw = excluded.raw, modified = excluded.modified, deleted = excluded.deleted, body = excluded.body
    WHERE (excluded.modified, excluded.raw) > (object.modified, object.raw)
"""
_AT_A_TIME: Final = 32
_INSERT: Final = "INSERT INTO object VALUES "
_ROW: Final = "(?, ?, ?, ?, ?, NULL)"
_INSERT_ONE: Final = _INSERT + _ROW + UPSERT
_INSERT_MANY: Final = _INSERT + ", ".join([_ROW] * _AT_A_TIME) + UPSERT

_INSERT_MERGED: Final = f"INSERT INTO object VALUES (?, ?, ?, ?, ?, ?){UPSERT}"  # noqa: S608  (our own constant)

_BODY: Final = f"coalesce(object.body, {LINE})"
"""What an object is read from: the line that brought it, or several laid over each other."""

# Rows that hold the text anywhere are found first; only their lines are then cut apart.
_SEARCH: Final = f"""
    SELECT object.object_id, object.deleted, {_BODY} AS body, raw.request, {NUMBER} AS line
    FROM object {JOIN}
    WHERE object_type = ? AND (
        ? = '%%' OR object.object_id LIKE ? ESCAPE '\\' OR CAST(object.body AS TEXT) LIKE ? ESCAPE '\\'
        OR object.body IS NULL
        AND raw.id IN (SELECT id FROM raw WHERE CAST(body AS TEXT) LIKE ? ESCAPE '\\')
        AND CAST({LINE} AS TEXT) LIKE ? ESCAPE '\\'
    )
    ORDER BY object.object_id LIMIT ? OFFSET ?
"""  # noqa: S608  (our own constants)
_PATTERNS: Final = 5
"""How often the pattern stands in the search, since Python 3.14 takes no numbered parameters in order."""


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """An object as it was uploaded.

    Attributes:
        members: What was sent.
        raw: Number of the line that brought it.
        family: Family of the path by which it came.
    """

    members: dict[str, Any]
    raw: int
    family: Family


@dataclass(frozen=True, kw_only=True)
class ListedObject:
    """An object in a list for people.

    Attributes:
        object_id: Its id.
        deleted: Whether it was deleted.
        members: What was sent last.
        request: Place of the request that brought it, 0 for stages that came in one call.
        line: Its line in the file, from 1.
    """

    object_id: str
    deleted: bool
    members: dict[str, Any]
    request: int
    line: int


def insert(database: Database, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert objects, many to a statement, which takes a third less than one at a time."""
    whole = len(rows) - len(rows) % _AT_A_TIME
    for first in range(0, whole, _AT_A_TIME):
        database.write(_INSERT_MANY, *chain.from_iterable(rows[first : first + _AT_A_TIME]))
    database.write_many(_INSERT_ONE, rows[whole:])


@dataclass(frozen=True, kw_only=True)
class _Merged:
    """An object while lines are laid over it; it is read and written once, however many there are."""

    modified: int
    raw: int
    deleted: int
    members: dict[str, Any]


def insert_merged(
    database: Database, object_type: str, lines: Iterable[tuple[str, int, int, int, dict[str, Any]]]
) -> None:
    """Lay members over those of the objects that are stored.

    Each line is object id, number in raw storage, modified, deleted and members.
    """
    found: dict[str, _Merged | None] = {}
    changed: set[str] = set()
    for object_id, raw, modified, deleted, members in lines:
        if object_id not in found:
            found[object_id] = _stored(database, object_type, object_id)
        before = found[object_id]
        if before is not None and (modified, raw) <= (before.modified, before.raw):
            continue  # history, as in UPSERT
        merged = {} if before is None or before.deleted else before.members
        merged.update(members)
        found[object_id] = _Merged(modified=modified, raw=raw, deleted=deleted, members=merged)
        changed.add(object_id)
    database.write_many(
        _INSERT_MERGED,
        [
            (object_type, object_id, one.raw, one.modified, one.deleted, orjson.dumps(one.members))
            for object_id, one in found.items()
            if one is not None and object_id in changed
        ],
    )


def _stored(database: Database, object_type: str, object_id: str) -> _Merged | None:
    row = database.row(
        f"SELECT object.modified, object.raw, object.deleted, {_BODY} AS body FROM object {JOIN}"  # noqa: S608  (our own constants)
        " WHERE object.object_type = ? AND object_id = ?",
        object_type,
        object_id,
    )
    if row is None:
        return None
    return _Merged(modified=row["modified"], raw=row["raw"], deleted=row["deleted"], members=orjson.loads(row["body"]))


def read(database: Database, object_type: str, object_id: str) -> StoredObject | None:
    """Read an object, or None when there is none or it was deleted."""
    row = database.row(
        f"SELECT {_BODY} AS body, object.raw, request.family FROM object {JOIN}"  # noqa: S608  (our own constants)
        " LEFT JOIN request ON request.seq = raw.request"
        " WHERE object.object_type = ? AND object_id = ? AND NOT object.deleted",
        object_type,
        object_id,
    )
    if row is None:
        return None
    # Stages that came in one call have no request; their path is of the legacy family.
    family = Family(row["family"] or Family.LEGACY)
    return StoredObject(members=orjson.loads(row["body"]), raw=row["raw"], family=family)


def counts(database: Database) -> dict[str, int]:
    """Count the objects that can be read, by type."""
    rows = database.rows("SELECT object_type, count(*) AS n FROM object WHERE NOT deleted GROUP BY object_type")
    return {**dict.fromkeys(OBJECT_TYPES, 0), **{row["object_type"]: row["n"] for row in rows}}


def search(database: Database, object_type: str, text: str, *, offset: int, limit: int) -> list[ListedObject]:
    """List objects with a text in the id or the line, in any case, in the order of their ids; "" finds all."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = database.rows(_SEARCH, object_type, *[pattern] * _PATTERNS, limit, offset)
    return [
        ListedObject(
            object_id=row["object_id"],
            deleted=bool(row["deleted"]),
            members=orjson.loads(row["body"]),
            request=row["request"],
            line=row["line"],
        )
        for row in rows
    ]


def remove_all(database: Database) -> None:
    """Forget every object."""
    database.write("DELETE FROM object")
