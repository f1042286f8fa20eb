"""The custom fields of each object type, and those whose values show no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import SchemaError
from gong_crm_emulator.lines.schema import MOST_NAMED
from gong_crm_emulator.lines.values import shortened
from gong_crm_emulator.store.tables.raw_lines import LAST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS field (
    object_type TEXT NOT NULL, unique_name TEXT NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (object_type, unique_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dropped_field (
    object_type TEXT NOT NULL, unique_name TEXT NOT NULL, up_to INTEGER NOT NULL,
    PRIMARY KEY (object_type, unique_name)
) STRICT, WITHOUT ROWID;
"""


def active_fields(database: Database, object_type: str) -> list[dict[str, Any]]:
    """List the custom fields of an object type as Gong lists them, in the order of the last upload."""
    rows = database.rows("SELECT document FROM field WHERE object_type = ? ORDER BY position", object_type)
    return [orjson.loads(row["document"]) for row in rows]


def known_names(database: Database, object_type: str, *, among: list[str]) -> list[str]:
    """List those of some names under which an object type has a custom field."""
    rows = database.rows(
        "SELECT unique_name FROM field WHERE object_type = ? AND unique_name IN (SELECT value FROM json_each(?))",
        *(object_type, orjson.dumps(among).decode()),
    )
    return [row["unique_name"] for row in rows]


def first_names(database: Database, object_type: str, *, limit: int) -> list[str]:
    """List the first names of the custom fields of an object type that are short enough to be compared."""
    rows = database.rows(
        "SELECT unique_name FROM field WHERE object_type = ? AND length(unique_name) <= 100 ORDER BY position LIMIT ?",
        *(object_type, limit),
    )
    return [row["unique_name"] for row in rows]


def dropped_fields(database: Database, object_type: str) -> dict[str, int]:
    """Say up to which number in raw storage the values of fields that were removed or retyped are gone."""
    rows = database.rows("SELECT unique_name, up_to FROM dropped_field WHERE object_type = ?", object_type)
    return {row["unique_name"]: row["up_to"] for row in rows}


def replace_fields(database: Database, object_type: str, fields: list[dict[str, Any]]) -> None:
    """Put an uploaded schema in the place of the present one.

    Raises:
        SchemaError: If a present field is left out.
    """
    with database.transaction():
        present = {field["uniqueName"]: field for field in active_fields(database, object_type)}
        _require_all(present, fields, object_type=object_type)
        kept = [field for field in fields if not field["isDeleted"]]
        now_typed = {field["uniqueName"]: field["type"] for field in kept}
        gone = [name for name, field in present.items() if now_typed.get(name) != field["type"]]
        # Values of a removed or retyped field stay in raw storage but never show again, even if it comes back.
        database.write_many(
            f"INSERT OR REPLACE INTO dropped_field SELECT ?, ?, {LAST} FROM raw",  # noqa: S608  (our own constant)
            [(object_type, name) for name in gone],
        )
        database.write("DELETE FROM field WHERE object_type = ?", object_type)
        database.write_many(
            "INSERT INTO field VALUES (?, ?, ?, ?)",
            [
                (object_type, field["uniqueName"], place, orjson.dumps(field).decode())
                for place, field in enumerate(kept)
            ],
        )


def remove_all(database: Database) -> None:
    """Forget every field."""
    database.write("DELETE FROM field")
    database.write("DELETE FROM dropped_field")


def _require_all(present: Iterable[str], fields: Iterable[dict[str, Any]], *, object_type: str) -> None:
    sent = {field["uniqueName"] for field in fields}
    left_out = [name for name in present if name not in sent]
    if left_out:
        raise SchemaError(
            "All fields must be included in the request, also those sent before. "
            f"Missing for {object_type}: {_few(left_out)}. To remove a field send it with isDeleted = true"
        )


def _few(names: list[str]) -> str:
    shown = ", ".join(map(shortened, names[:MOST_NAMED]))
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"
