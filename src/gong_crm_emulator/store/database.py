"""The SQLite file in which the tenant's memory lies."""

from __future__ import annotations

import shutil
import sqlite3
import weakref
from contextlib import ExitStack, closing, contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.store import folders
from gong_crm_emulator.store.raw_lines import add_functions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYOUT: Final = 2
"""Written into each file, and raised whenever a file of the layout before could not be read."""

_PAGE_SIZE: Final = "PRAGMA page_size = 8192"
"""A row of raw storage is longer than a page; fewer and larger pages are written and read quicker."""

_TABLES: Final = f"""
BEGIN;
PRAGMA user_version = {LAYOUT};
CREATE TABLE IF NOT EXISTS integration (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner_email TEXT NOT NULL,
    registered REAL NOT NULL, deleted REAL
) STRICT;
CREATE TABLE IF NOT EXISTS field (
    object_type TEXT NOT NULL, unique_name TEXT NOT NULL, position INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (object_type, unique_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dropped_field (
    object_type TEXT NOT NULL, unique_name TEXT NOT NULL, up_to INTEGER NOT NULL,
    PRIMARY KEY (object_type, unique_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS request (
    seq INTEGER PRIMARY KEY, integration_id INTEGER NOT NULL, client_request_id TEXT NOT NULL,
    kind TEXT NOT NULL, object_type TEXT, family TEXT NOT NULL, received REAL NOT NULL,
    file TEXT, bytes INTEGER NOT NULL DEFAULT 0,
    read_bytes INTEGER NOT NULL DEFAULT 0, read_lines INTEGER NOT NULL DEFAULT 0,
    errors TEXT NOT NULL DEFAULT '[]', error_count INTEGER NOT NULL DEFAULT 0,
    success_count INTEGER NOT NULL DEFAULT 0, parsed REAL,
    polls INTEGER NOT NULL DEFAULT 0, moved INTEGER NOT NULL DEFAULT 0, ended REAL,
    applied_up_to INTEGER NOT NULL DEFAULT 0, applied INTEGER NOT NULL DEFAULT 0,
    UNIQUE (integration_id, client_request_id)
) STRICT;
CREATE INDEX IF NOT EXISTS request_not_applied ON request (seq) WHERE applied = 0;
CREATE TABLE IF NOT EXISTS raw (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL, lines INTEGER NOT NULL,
    lengths TEXT NOT NULL, numbers TEXT NOT NULL, object_ids TEXT NOT NULL, modified TEXT NOT NULL,
    deleted TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS raw_of_request ON raw (request);
CREATE TABLE IF NOT EXISTS object (
    object_type TEXT NOT NULL, object_id TEXT NOT NULL, raw INTEGER NOT NULL,
    modified INTEGER NOT NULL, deleted INTEGER NOT NULL, body BLOB,
    PRIMARY KEY (object_type, object_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (
    raw INTEGER PRIMARY KEY, object_id TEXT NOT NULL, modified INTEGER NOT NULL, account_id TEXT, owner_id TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS mapping (
    crm_user_id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "grant" (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, scopes TEXT NOT NULL, expires REAL NOT NULL
) STRICT, WITHOUT ROWID;
COMMIT;
"""


class StorageError(Exception):
    """The file for the state cannot be used; the sentence says why and what to do."""


class Database:
    """One SQLite connection behind a lock, and a folder for files that wait to be read.

    Without a path SQLite keeps the data in memory and spills to a temporary file of its own when it grows, so a
    file of 200 MB does not stay in memory. With a path the journal is write-ahead: what was committed survives
    kill -9.

    Raises:
        StorageError: If the file cannot be opened, is no SQLite file, or is in use by another emulator.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.lock = RLock()
        self.generation = 0
        self._path = path
        self._opened = ExitStack()
        self._connections: list[sqlite3.Connection] = []
        self._opened.callback(_close_all, self._connections)
        # An application that is made and never served is closed by the garbage collector, without complaint.
        self._close = weakref.finalize(self, self._opened.close)
        try:
            self.folder = folders.temporary() if path is None else folders.beside(path)
            if path is None:
                self._opened.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self._opened.enter_context(folders.held(self.folder))
            self._connection = self._connect()
        except (OSError, sqlite3.Error) as problem:
            self._close()
            raise StorageError(f"The state cannot be kept in {path}: {problem}. Choose another file.") from problem

    def _connect(self) -> sqlite3.Connection:
        target = "" if self._path is None else str(self._path)
        connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._connections.append(connection)
        connection.row_factory = sqlite3.Row
        add_functions(connection)
        _refuse_other_layout(connection)
        connection.execute(_PAGE_SIZE)
        if self._path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = " + ("NORMAL" if self._path else "OFF"))
        connection.execute("PRAGMA cache_size = -32768")
        connection.executescript(_TABLES)
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the lock for a transaction that is kept whole or not at all."""
        with self.lock:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:  # a full disk ends the transaction by itself
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401  (what SQLite takes)
        """Read rows."""
        with self.lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:  # noqa: ANN401  (what SQLite takes)
        """Read the first row.

        Returns:
            The row, or None.
        """
        with self.lock:
            row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
            return row

    def clear(self) -> None:
        """Forget everything; work begun before notices by `generation`."""
        with self.lock:
            self.generation += 1
            if self._path is None:
                _close_all(self._connections)
                self._connection = self._connect()
            else:
                # An empty state is laid over the file in one transaction; to delete row by row would take seconds.
                with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
                    empty.execute(_PAGE_SIZE)
                    empty.executescript(_TABLES)
                    empty.backup(self._connection)
            for file in self.folder.glob("*.ldjson"):
                file.unlink(missing_ok=True)

    # Snapshots

    def snapshots(self) -> list[str]:
        """List the snapshots."""
        return sorted(path.stem for path in self.folder.glob("*.snapshot"))

    def save(self, name: str) -> None:
        """Keep the present state under a name, in the place of an earlier one."""
        path = self._snapshot(name)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        target = sqlite3.connect(fresh)
        with self.lock, closing(target):
            self._connection.backup(target)
        fresh.replace(path)

    def restore(self, name: str) -> None:
        """Go back to a state that was kept.

        Raises:
            KeyError: If there is no snapshot of that name.
            StorageError: If another version of the emulator took it.
        """
        path = self._snapshot(name)
        if not path.exists():
            raise KeyError(name)
        with closing(sqlite3.connect(path)) as source, self.lock:
            try:
                _refuse_other_layout(source)
            except OSError as problem:
                raise StorageError(f"Snapshot {name} is of no use: {problem}. Drop it.") from problem
            self.generation += 1
            source.backup(self._connection)

    def forget(self, name: str) -> None:
        """Drop a snapshot.

        Raises:
            KeyError: If there is no snapshot of that name.
        """
        try:
            self._snapshot(name).unlink()
        except FileNotFoundError as gone:
            raise KeyError(name) from gone

    def _snapshot(self, name: str) -> Path:
        return self.folder / f"{name}.snapshot"

    def close(self) -> None:
        """Close the file and remove what was temporary."""
        with self.lock:
            self._close()


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def _refuse_other_layout(connection: sqlite3.Connection) -> None:
    """Leave a file alone that another version wrote; an empty one is ours to lay out."""
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    if layout != LAYOUT and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None:
        raise OSError("another version of the emulator wrote it, and only that version can read it")
