"""OAuth codes and tokens that are good until they are used or expire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from gong_crm_emulator.store.database import Database

Kind = Literal["code", "access", "refresh"]

TABLE: Final = """
CREATE TABLE IF NOT EXISTS "grant" (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, scopes TEXT NOT NULL, redirect TEXT NOT NULL, expires REAL NOT NULL
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What somebody consented to.

    Attributes:
        scopes: What it allows.
        redirect: Where a code was sent; "" for tokens.
    """

    scopes: tuple[str, ...]
    redirect: str = ""


def add(database: Database, token: str, kind: Kind, grant: Grant, *, expires: float) -> None:
    """Write a grant down."""
    database.write(
        'INSERT INTO "grant" VALUES (?, ?, ?, ?, ?)', token, kind, " ".join(grant.scopes), grant.redirect, expires
    )


def find(database: Database, token: str, kind: Kind, *, now: float) -> Grant | None:
    """Look for a grant that has not expired."""
    row = database.row('SELECT * FROM "grant" WHERE token = ? AND kind = ? AND expires > ?', token, kind, now)
    return None if row is None else Grant(scopes=tuple(row["scopes"].split()), redirect=row["redirect"])


def remove(database: Database, token: str) -> None:
    """Use a grant up."""
    database.write('DELETE FROM "grant" WHERE token = ?', token)


def remove_codes(database: Database, *, now: float, but: int) -> None:
    """Forget codes that have expired, and the oldest beyond a number."""
    remove_expired(database, now=now)
    database.write(
        """DELETE FROM "grant" WHERE kind = 'code' AND expires <= (
            SELECT expires FROM "grant" WHERE kind = 'code' ORDER BY expires DESC LIMIT 1 OFFSET ?
        )""",
        but - 1,
    )


def remove_expired(database: Database, *, now: float) -> None:
    """Forget what can never be good again."""
    database.write('DELETE FROM "grant" WHERE expires <= ?', now)
