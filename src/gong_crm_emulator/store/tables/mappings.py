"""Which CRM user is mapped to which Gong user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS mapping (
    crm_user_id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
"""


def add(database: Database, crm_user_id: str, email: str) -> None:
    """Map a user, unless the user or the address is mapped already: that has to be deleted first."""
    database.write("INSERT OR IGNORE INTO mapping VALUES (?, ?)", crm_user_id, email)


def remove(database: Database, crm_user_id: str) -> None:
    """Undo the mapping of a user."""
    database.write("DELETE FROM mapping WHERE crm_user_id = ?", crm_user_id)


def remove_all(database: Database) -> None:
    """Undo every mapping."""
    database.write("DELETE FROM mapping")


def count(database: Database) -> int:
    """Count the mapped users."""
    row = database.row("SELECT count(*) AS n FROM mapping")
    return 0 if row is None else int(row["n"])


def listed(database: Database, *, limit: int, offset: int) -> list[tuple[str, str]]:
    """List CRM users and the addresses that they are mapped to, in the order of their ids."""
    rows = database.rows("SELECT * FROM mapping ORDER BY crm_user_id LIMIT ? OFFSET ?", limit, offset)
    return [(row["crm_user_id"], row["email"]) for row in rows]
