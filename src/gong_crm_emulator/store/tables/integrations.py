"""The integrations: none or one, and those that were deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS integration (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_email TEXT NOT NULL,
    registered REAL NOT NULL, deleted REAL
) STRICT;
"""


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The one registered integration.

    Attributes:
        id: 64-bit id, beyond what a double can hold.
        name: Its name.
        owner_email: Who is responsible for it.
    """

    id: int
    name: str
    owner_email: str


def registered(database: Database) -> list[Integration]:
    """List no integration or one."""
    rows = database.rows("SELECT id, name, owner_email FROM integration WHERE deleted IS NULL")
    return [Integration(**dict(row)) for row in rows]


def is_known(database: Database, integration_id: int, *, or_deleted: bool = True) -> bool:
    """Say whether there is, or was, an integration of that id."""
    row = database.row("SELECT deleted FROM integration WHERE id = ?", integration_id)
    return row is not None and (or_deleted or row["deleted"] is None)


def insert(database: Database, integration: Integration, *, now: float) -> None:
    """Register an integration."""
    database.write(
        "INSERT INTO integration VALUES (?, ?, ?, ?, NULL)",
        *(integration.id, integration.name, integration.owner_email, now),
    )


def mark_deleted(database: Database, integration_id: int, *, at: float | None) -> None:
    """Note that an integration is gone; its id stays known, since its requests can be asked for."""
    # C-24 in docs/emulator-differences.md.
    database.write("UPDATE integration SET deleted = ? WHERE id = ? AND deleted IS NULL", at, integration_id)
