"""States that are kept under a name, each in a file of its own."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from typing import TYPE_CHECKING, Final

from gong_crm_emulator.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator.store.database import Database

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def listed(database: Database) -> list[str]:
    """List the names, in order."""
    return sorted(path.stem for path in database.folder.glob("*.snapshot"))


def save(database: Database, name: str) -> None:
    """Keep the present state under a name, in the place of an earlier one; a full disk leaves nothing behind."""
    path = _path(database, name)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        database.copy_to(fresh)
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def restore(database: Database, name: str) -> None:
    """Go back to a state that was kept.

    Raises:
        KeyError: If there is no snapshot of that name.
        StorageError: If another version of the emulator took it, or it is damaged.
    """
    path = _path(database, name)
    if not path.exists():
        raise KeyError(name)
    try:
        database.copy_from(path)
    except sqlite3.OperationalError:
        raise  # the disk is full, which says nothing of the snapshot
    except (OSError, sqlite3.DatabaseError) as problem:
        raise StorageError(f"Snapshot {name} is of no use: {problem}. Drop it.") from problem


def drop(database: Database, name: str) -> None:
    """Drop a snapshot.

    Raises:
        KeyError: If there is no snapshot of that name.
    """
    try:
        _path(database, name).unlink()
    except FileNotFoundError as gone:
        raise KeyError(name) from gone


def _path(database: Database, name: str) -> Path:
    return database.folder / f"{name}.snapshot"
