"""The lock of a journal: one process pushes at a time."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gong_crm.errors import JournalBusyError, JournalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Lock:
    """An exclusive transaction on a file beside the journal: refused at once, and free when its process dies."""

    _guard: Final = threading.RLock()
    _known: Final[dict[tuple[int, str], Lock]] = {}

    def __init__(self, path: Path) -> None:
        self._path = path
        self._users = 0
        self._connection: sqlite3.Connection | None = None
        self._jobs: set[str] = set()

    @classmethod
    def of(cls, path: Path) -> Lock:
        """Give the one lock of this process for a path; a fork has locks of its own."""
        with cls._guard:
            return cls._known.setdefault((os.getpid(), str(path.resolve())), cls(path))

    @contextmanager
    def held(self, *, when_first: Callable[[], None]) -> Iterator[None]:
        """Hold it; `when_first` runs before anybody else of this process can have it."""
        with self._guard:
            if self._users == 0:
                self._connection = self._take()
            self._users += 1
        try:
            with self._guard:
                if self._users == 1:
                    when_first()
            yield
        finally:
            with self._guard:
                self._users -= 1
                if self._users == 0 and self._connection is not None:
                    self._connection.close()
                    self._connection = None

    @contextmanager
    def alone(self, job: str) -> Iterator[None]:
        """Keep two threads of this process from one job, whatever doors they came through.

        Raises:
            JournalBusyError: If another has it.
        """
        with self._guard:
            if job in self._jobs:
                raise JournalBusyError(f"the job {job} is being waited for already, in another thread or task")
            self._jobs.add(job)
        try:
            yield
        finally:
            with self._guard:
                self._jobs.discard(job)

    def _take(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as problem:
            if connection is not None:
                connection.close()
            if "locked" in str(problem):
                raise JournalBusyError(
                    f"another process is pushing with the journal {self._path.parent}; wait, or name another folder"
                ) from None
            raise JournalError(f"the journal folder {self._path.parent} cannot be used: {problem}") from problem
        return connection
