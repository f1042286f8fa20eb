"""The second stage of storage: objects as they can be read back."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.lines.fields import SCHEMA_TYPES, SHOWN, USER_MAPPING
from gong_crm_emulator.lines.rules import check_of
from gong_crm_emulator.store import raw_lines, schema
from gong_crm_emulator.store.raw_lines import MOST_LINES, GoodLines
from gong_crm_emulator.store.requests import TrackedRequest, Work

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.database import Database
    from gong_crm_emulator.store.raw_lines import RawRow

_STEP: Final = 2_000
"""Lines moved in one transaction, or a few more: some milliseconds of work."""

_REST: Final = 0.001
"""Seconds between two steps, in which calls that wait for the lock come through."""

# An older version of an object is history and never hides a newer one (C-26).
_UPSERT: Final = """
    ON CONFLICT (object_type, object_id) DO UPDATE
    SET raw = excluded.raw, modified = excluded.modified, deleted = excluded.deleted, body = excluded.body
    WHERE (excluded.modified, excluded.raw) > (object.modified, object.raw)
"""
_AT_A_TIME: Final = 32
_INSERT: Final = "INSERT INTO object VALUES "
_ROW: Final = "(?, ?, ?, ?, ?, NULL)"
_INSERT_ONE: Final = _INSERT + _ROW + _UPSERT
_INSERT_MANY: Final = _INSERT + ", ".join([_ROW] * _AT_A_TIME) + _UPSERT

_BODY: Final = f"coalesce(object.body, {raw_lines.LINE})"
"""What an object is read from: the line that brought it, or several laid over each other."""

_DEFAULTS: Final[dict[str, dict[str, Callable[[str], Any]]]] = {
    "ACCOUNT": {"name": lambda object_id: f"Account_#{object_id}"},
    "DEAL": {
        "name": lambda object_id: f"Deal_#{object_id}",
        "status": lambda _: "OPEN",
        "amount": lambda _: 0,
    },
}


def apply(database: Database, seq: int, *, settings: EmulatorSettings) -> None:
    """Bring the lines of one ended request into the main database, a step at a time."""
    while _apply_step(database, seq, settings=settings):
        time.sleep(_REST)


def _apply_step(database: Database, seq: int, *, settings: EmulatorSettings) -> bool:
    with database.transaction() as connection:
        row = connection.execute("SELECT * FROM request WHERE seq = ? AND applied = 0", (seq,)).fetchone()
        if row is None:
            return False
        request = TrackedRequest.of(row)
        if request.kind is Work.DELETE:
            _delete_integration(connection, request)
            return False
        rows, last = raw_lines.rows_after(connection, seq, request.applied_up_to, lines=_STEP)
        for one in rows:
            _move(connection, request, one, settings=settings)
        if last:
            _release_waiting(connection)
        up_to = rows[-1].id if rows else request.applied_up_to
        connection.execute("UPDATE request SET applied_up_to = ?, applied = ? WHERE seq = ?", (up_to, last, seq))
        return not last


def _move(connection: sqlite3.Connection, request: TrackedRequest, row: RawRow, *, settings: EmulatorSettings) -> None:
    object_type = request.object_type
    if object_type in {"BUSINESS_USER", USER_MAPPING}:
        _map_users(connection, row, gong_users=settings.gong_users)
    if object_type == USER_MAPPING:
        return
    waits = object_type == "DEAL" and settings.deals_wait in {"always", request.family}
    if waits:
        _let_wait(connection, row)
    if settings.update == "merge":
        _merge(connection, str(object_type), row, deletions_only=waits)
        return
    _insert(
        connection,
        [
            (object_type, object_id, number, modified, deleted)
            for number, object_id, modified, deleted in row.entries()
            if deleted or not waits
        ],
    )


def _insert(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    """Insert objects, many to a statement, which takes a third less than one at a time."""
    whole = len(rows) - len(rows) % _AT_A_TIME
    for first in range(0, whole, _AT_A_TIME):
        connection.execute(_INSERT_MANY, tuple(chain.from_iterable(rows[first : first + _AT_A_TIME])))
    connection.executemany(_INSERT_ONE, rows[whole:])


def _let_wait(connection: sqlite3.Connection, row: RawRow) -> None:
    """Keep deals in raw storage, with the account and the owner that they wait for."""
    deals = zip(row.entries(), raw_lines.bodies(connection, row), strict=True)
    waiting = [
        (number, object_id, modified, orjson.loads(body))
        for (number, object_id, modified, deleted), body in deals
        if not deleted
    ]
    connection.executemany(
        "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)",
        [(*entry, deal.get("accountId"), deal.get("ownerId")) for *entry, deal in waiting],
    )


def _merge(connection: sqlite3.Connection, object_type: str, row: RawRow, *, deletions_only: bool) -> None:
    """Lay each line over what is stored, member by member (the other reading of U-9)."""
    for (number, object_id, *rest), body in zip(row.entries(), raw_lines.bodies(connection, row), strict=True):
        modified, deleted = rest
        if deleted or not deletions_only:
            merged = orjson.dumps({**_stored(connection, object_type, object_id), **orjson.loads(body)})
            connection.execute(
                f"INSERT INTO object VALUES (?, ?, ?, ?, ?, ?){_UPSERT}",  # noqa: S608  (our own constant)
                (object_type, object_id, number, modified, deleted, merged),
            )


def _stored(connection: sqlite3.Connection, object_type: str, object_id: str) -> dict[str, Any]:
    stored = connection.execute(
        f"SELECT {_BODY} FROM object {raw_lines.JOIN} WHERE object_type = ? AND object_id = ? AND NOT object.deleted",  # noqa: S608  (our own constants)
        (object_type, object_id),
    ).fetchone()
    return {} if stored is None else dict(orjson.loads(stored[0]))


def _map_users(connection: sqlite3.Connection, row: RawRow, *, gong_users: frozenset[str] | None) -> None:
    """Map CRM users to Gong users; a mapping that exists is only changed by deleting it first."""
    for (_, user_id, _, deleted), body in zip(row.entries(), raw_lines.bodies(connection, row), strict=True):
        if deleted:
            connection.execute("DELETE FROM mapping WHERE crm_user_id = ?", (user_id,))
            continue
        email = orjson.loads(body)["emailAddress"].lower()
        if gong_users is None or email in gong_users:
            connection.execute("INSERT OR IGNORE INTO mapping VALUES (?, ?)", (user_id, email))


def _release_waiting(connection: sqlite3.Connection) -> None:
    """Take waiting deals in whose account has come and whose owner has been mapped since."""
    ready = (
        " FROM waiting WHERE EXISTS (SELECT 1 FROM mapping WHERE crm_user_id = waiting.owner_id)"
        " AND EXISTS (SELECT 1 FROM object WHERE object_type = 'ACCOUNT' AND object_id = waiting.account_id"
        " AND NOT deleted)"
    )
    connection.execute(
        f"INSERT INTO object SELECT 'DEAL', object_id, raw, modified, 0, NULL {ready} ORDER BY raw{_UPSERT}"
    )
    connection.execute(f"DELETE FROM waiting WHERE raw IN (SELECT raw {ready})")  # noqa: S608  (our own constant)


def _delete_integration(connection: sqlite3.Connection, request: TrackedRequest) -> None:
    for name in ("field", "dropped_field", "raw", "object", "waiting", "mapping"):
        connection.execute(f"DELETE FROM {name}")  # noqa: S608  (our own table names)
    connection.execute(
        "UPDATE integration SET deleted = ? WHERE id = ? AND deleted IS NULL", (request.ended, request.integration_id)
    )
    gone = orjson.dumps([{"line": 0, "description": "The integration was deleted before the file was read"}])
    connection.execute(
        "UPDATE request SET parsed = ?, errors = ?, error_count = 1 WHERE integration_id = ? AND parsed IS NULL",
        (request.ended, gone.decode(), request.integration_id),
    )
    connection.execute("UPDATE request SET applied = 1 WHERE integration_id = ?", (request.integration_id,))


def store_stages(database: Database, stages: list[dict[str, Any]], *, integration_id: int, now: float) -> None:
    """Store stages at once in both stages of storage."""
    with database.transaction() as connection:
        for first in range(0, len(stages), MOST_LINES):
            some = stages[first : first + MOST_LINES]
            lines = GoodLines(
                bodies=[orjson.dumps({"integrationId": integration_id, **stage}) for stage in some],
                numbers=range(first + 1, first + 1 + len(some)),
                object_ids=[stage["internalName"] for stage in some],
                modified=[int(now)] * len(some),
                deleted=[0] * len(some),
            )
            row = raw_lines.store(connection, 0, lines)
            _insert(connection, [("STAGE", name, number, when, 0) for number, name, when, _ in row.entries()])


def read_objects(
    database: Database, object_type: str, object_ids: Iterable[str], *, defaults: bool
) -> dict[str, dict[str, Any] | None]:
    """Read objects by id.

    Returns:
        Each id with its object's members, or with None when there is no such object or it is deleted.
    """
    view = _View(database, object_type, defaults=defaults)
    return {object_id: view.read(object_id) for object_id in object_ids}


class _View:
    """What of a stored line is shown: the standard members and the custom fields of the present schema."""

    def __init__(self, database: Database, object_type: str, *, defaults: bool) -> None:
        self._database = database
        self._object_type = object_type
        self._standard = SHOWN[object_type]
        fields = schema.active_fields(database, object_type) if object_type in SCHEMA_TYPES else []
        self._custom = {field["uniqueName"]: check_of(field) for field in fields}
        dropped = database.rows("SELECT unique_name, up_to FROM dropped_field WHERE object_type = ?", object_type)
        self._dropped = {row["unique_name"]: row["up_to"] for row in dropped}
        self._defaults = _DEFAULTS.get(object_type, {}) if defaults else {}

    def read(self, object_id: str) -> dict[str, Any] | None:
        row = self._database.row(
            f"SELECT {_BODY} AS body, object.raw FROM object {raw_lines.JOIN}"  # noqa: S608  (our own constants)
            " WHERE object_type = ? AND object_id = ? AND NOT object.deleted",
            self._object_type,
            object_id,
        )
        if row is None:
            return None
        record: dict[str, Any] = orjson.loads(row["body"])
        shown = {name: value for name, value in record.items() if self._shows(name, value, raw=row["raw"])}
        for name, default in self._defaults.items():
            if shown.get(name) in (None, ""):
                shown[name] = default(object_id)
        return shown

    def _shows(self, name: str, value: object, *, raw: int) -> bool:
        if name in self._standard:
            return True
        check = self._custom.get(name)
        if check is None or raw <= self._dropped.get(name, 0):
            return False
        return value is None or check(value) is None
