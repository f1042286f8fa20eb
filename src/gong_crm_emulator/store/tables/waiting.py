"""Deals that stay in raw storage until their account is there and their owner is mapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gong_crm_emulator.store.tables.objects import UPSERT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gong_crm_emulator.store.database import Database

TABLE: Final = """
CREATE TABLE IF NOT EXISTS waiting (
    raw INTEGER PRIMARY KEY, object_id TEXT NOT NULL, modified INTEGER NOT NULL, account_id TEXT, owner_id TEXT
) STRICT;
"""
_ACCOUNT: Final = (
    "EXISTS (SELECT 1 FROM object WHERE object_type = 'ACCOUNT' AND object_id = waiting.account_id AND NOT deleted)"
)
_OWNER: Final = "EXISTS (SELECT 1 FROM mapping WHERE crm_user_id = waiting.owner_id)"
_READY: Final = f" FROM waiting WHERE {_OWNER} AND {_ACCOUNT}"


@dataclass(frozen=True, kw_only=True)
class WaitingDeal:
    """A deal that waits, and what for.

    Attributes:
        object_id: The deal.
        account_id: Its account, or None when it names none.
        owner_id: Its owner, or None when it names none.
        account_is_there: Whether the account can be read.
        owner_is_mapped: Whether the owner is mapped to a Gong user.
    """

    object_id: str
    account_id: str | None
    owner_id: str | None
    account_is_there: bool
    owner_is_mapped: bool


def add(database: Database, rows: Iterable[tuple[object, ...]]) -> None:
    """Let deals wait: number in raw storage, object id, modified, account id, owner id of each."""
    database.write_many("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)", rows)


def release(database: Database) -> None:
    """Take deals in whose account has come and whose owner has been mapped since."""
    database.write(f"INSERT INTO object SELECT 'DEAL', object_id, raw, modified, 0, NULL {_READY} ORDER BY raw{UPSERT}")
    database.write(f"DELETE FROM waiting WHERE raw IN (SELECT raw {_READY})")  # noqa: S608  (our own constant)


def remove_all(database: Database) -> None:
    """Forget every deal that waits."""
    database.write("DELETE FROM waiting")


def count(database: Database) -> int:
    """Count the deals that wait."""
    row = database.row("SELECT count(*) AS n FROM waiting")
    return 0 if row is None else int(row["n"])


def listed(database: Database, *, limit: int, offset: int) -> list[WaitingDeal]:
    """List the deals that wait, in the order in which they came."""
    rows = database.rows(
        f"SELECT object_id, account_id, owner_id, {_ACCOUNT} AS there, {_OWNER} AS mapped"  # noqa: S608  (our own constants)
        " FROM waiting ORDER BY raw LIMIT ? OFFSET ?",
        limit,
        offset,
    )
    return [
        WaitingDeal(
            object_id=row["object_id"],
            account_id=row["account_id"],
            owner_id=row["owner_id"],
            account_is_there=bool(row["there"]),
            owner_is_mapped=bool(row["mapped"]),
        )
        for row in rows
    ]
