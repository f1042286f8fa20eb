"""Where the clock stands, in a table of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS clock (
    one INTEGER PRIMARY KEY CHECK (one = 1), ahead REAL NOT NULL, frozen_at REAL
) STRICT;
"""


def read(database: Database) -> tuple[float, float | None] | None:
    """Read how many seconds the clock is ahead of the machine's, and where it stands still if it does.

    Returns:
        Both, or None when it was never touched.
    """
    row = database.row("SELECT ahead, frozen_at FROM clock")
    return None if row is None else (row["ahead"], row["frozen_at"])


def keep(database: Database, *, ahead: float, frozen_at: float | None) -> None:
    """Write down where the clock stands."""
    database.write("INSERT OR REPLACE INTO clock VALUES (1, ?, ?)", ahead, frozen_at)
