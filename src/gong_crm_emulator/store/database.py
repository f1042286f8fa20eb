"""The SQLite file in which the state of one emulator lies."""

from __future__ import annotations

import sqlite3
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.errors import ReplacedError, StorageError
from gong_crm_emulator.store import folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

APPLICATION_ID: Final = 0x476F6E67
"""Written into each file, so that no other program's file is taken for one of ours."""

_PAGE_SIZE: Final = "PRAGMA page_size = 8192"
"""A row of raw storage is longer than a page; fewer and larger pages are written and read quicker."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a file is laid out.

    Attributes:
        version: Written into each file, and raised whenever a file of the layout before could not be read.
        tables: SQL that makes the tables that are missing.
        prepare: Teaches a connection the functions that stand in our SQL.
    """

    version: int
    tables: str
    prepare: Callable[[sqlite3.Connection], None]


class Database:
    """One SQLite connection behind a lock, and a folder for files that wait to be read.

    Without a path SQLite keeps the data in memory and spills to a temporary file of its own when it grows, so a
    file of 200 MB does not stay in memory. With a path the journal is write-ahead: what was committed survives
    kill -9.

    Raises:
        StorageError: If the file cannot be opened, is not ours, or is in use by another emulator.
    """

    def __init__(self, path: Path | None, *, layout: Layout) -> None:
        self.generation = 0
        self._lock = RLock()
        self._layout = layout
        self._opened = ExitStack()
        self._connections: list[sqlite3.Connection] = []
        self._freeing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gong-crm-emulator-free")
        self._opened.callback(self._freeing.shutdown)
        # An application that is made and never served is closed by the garbage collector, without complaint.
        self._close = weakref.finalize(self, self._opened.close)
        try:
            self._path = None if path is None else self._opened.enter_context(folders.held(path))
            self._opened.callback(_close_all, self._connections)
            self._connection = self._connect()
            self.folder = self._opened.enter_context(
                folders.temporary() if self._path is None else folders.beside(self._path)
            )
        except (OSError, sqlite3.Error) as problem:
            self._close()
            raise StorageError(f"The state cannot be kept in {path}: {problem}. Choose another file.") from problem

    def _connect(self) -> sqlite3.Connection:
        target = "" if self._path is None else str(self._path)
        connection = sqlite3.connect(target, isolation_level=None, check_same_thread=False, cached_statements=256)
        self._connections.append(connection)
        connection.row_factory = sqlite3.Row
        self._layout.prepare(connection)
        self._inspect(connection)
        connection.execute(_PAGE_SIZE)
        if self._path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = " + ("NORMAL" if self._path else "OFF"))
        connection.execute("PRAGMA cache_size = -32768")
        connection.executescript(self._script())
        return connection

    def _inspect(self, connection: sqlite3.Connection) -> None:
        """Leave a file alone that is not ours, and one that is damaged.

        Raises:
            OSError: If it is either.
        """
        refuse_other_layout(connection, version=self._layout.version)
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise OSError("it is damaged")

    def _script(self) -> str:
        marks = f"PRAGMA user_version = {self._layout.version}; PRAGMA application_id = {APPLICATION_ID};"
        return f"BEGIN; {marks} {self._layout.tables} COMMIT;"

    @contextmanager
    def transaction(self, *, generation: int | None = None) -> Iterator[None]:
        """Hold the lock for a transaction that is kept whole or not at all; one within another is part of it.

        Raises:
            ReplacedError: If a generation is given and the state is no longer of that one.
        """
        with self._lock:
            if generation not in {None, self.generation}:
                raise ReplacedError("The state was reset or restored meanwhile")
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk ends the transaction by itself
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401  (what SQLite takes)
        """Run a statement and read all of its rows."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> sqlite3.Row | None:  # noqa: ANN401  (what SQLite takes)
        """Run a statement and read its first row."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
            return row

    def each(self, query: str, *values: Any) -> Iterator[sqlite3.Row]:  # noqa: ANN401  (what SQLite takes)
        """Run a statement and read its rows one by one, within a transaction."""
        yield from self._connection.execute(query, values)

    def write(self, statement: str, *values: Any) -> int:  # noqa: ANN401  (what SQLite takes)
        """Run a statement that changes something.

        Returns:
            The number of the row that it inserted last.
        """
        with self._lock:
            return self._connection.execute(statement, values).lastrowid or 0

    def write_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once for each row of values."""
        with self._lock:
            self._connection.executemany(statement, rows)

    # The whole state

    def clear(self) -> None:
        """Forget everything; work begun before notices by `generation`."""
        with self._lock:
            if self._path is None:
                old = self._connections.copy()
                self._connection = self._connect()
                del self._connections[: len(old)]
                # To free what lay in memory takes as long as it is large, and nobody has to wait for it.
                self._freeing.submit(_close_all, old)
            else:
                # An empty state is laid over the file in one transaction; to delete row by row would take seconds.
                with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
                    empty.execute(_PAGE_SIZE)
                    empty.executescript(self._script())
                    empty.backup(self._connection)
            self.generation += 1
            for file in self.folder.glob("*.ldjson"):
                file.unlink(missing_ok=True)

    def copy_to(self, path: Path) -> None:
        """Write the present state into a new file."""
        with self._lock, closing(sqlite3.connect(path)) as target:
            self._connection.backup(target)

    def copy_from(self, path: Path) -> None:
        """Lay the state of a file over the present one; work begun before notices by `generation`.

        Raises:
            OSError: If the file has another layout, or is empty or damaged.
        """
        if path.stat().st_size == 0:
            raise OSError("it is empty")
        with closing(sqlite3.connect(path)) as source:
            self._inspect(source)
            with self._lock:
                source.backup(self._connection)
                self.generation += 1

    def close(self) -> None:
        """Close the file and remove what was temporary."""
        with self._lock:
            self._close()


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def refuse_other_layout(connection: sqlite3.Connection, *, version: int) -> None:
    """Leave a file alone that another program or version wrote; an empty one is ours to lay out.

    Raises:
        OSError: If it is not ours.
    """
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner == APPLICATION_ID and layout == version:
        return
    if owner == APPLICATION_ID:
        raise OSError("another version of the emulator wrote it, and only that version can read it")
    if owner or layout or connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None:
        raise OSError("it is the file of another program, or of an older version of the emulator")
