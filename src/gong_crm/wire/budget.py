"""The calls that Gong allows a company, shared by all threads and processes of a journal.

Gong allows 3 calls a second and 10,000 a day (docs/sources.md).
A well-kept limiter over SQLite was measured; it knows neither a pause for all after a 429 nor the day's balance, and
costs 170 ms to import.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gong_crm.errors import DailyLimitError, JournalError
from gong_crm.wire.retry import LONGEST_PAUSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HOUR: Final = 3600
_DAY: Final = 24
_SLACK: Final = 1.05
"""Wake-up jitter let a fourth call into one second at exactly a third of a second apart."""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS pace (one INTEGER PRIMARY KEY CHECK (one = 1), last REAL NOT NULL, pause REAL NOT NULL);
CREATE TABLE IF NOT EXISTS hours (hour INTEGER PRIMARY KEY, calls INTEGER NOT NULL);
INSERT OR IGNORE INTO pace VALUES (1, 0, 0);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many calls may be made; None means any number.

    Attributes:
        per_second: Calls a second, evenly spread.
        per_day: Calls in any 24 hours.
    """

    per_second: float | None = 3.0
    per_day: int | None = 10_000

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if self.per_second is not None and not 0 < self.per_second < float("inf"):
            raise ValueError(f"per_second must be a positive number or None, not {self.per_second}")
        if self.per_day is not None and self.per_day < 1:
            raise ValueError(f"per_day must be a positive number or None, not {self.per_day}")


class CallBudget:
    """Counts calls in a file, so that all processes of a journal keep one pace.

    Times are those of the machine's monotonic clock, which all processes share and nobody sets; a time from before a
    restart of the machine lies in the future and is passed over.
    """

    def __init__(self, path: Path, budget: Budget) -> None:
        self._path = path
        self._budget = budget
        self._gap = _SLACK / budget.per_second if budget.per_second else 0.0

    def reserve(self) -> float:
        """Take a turn.

        Returns:
            0.0 when the call may be made now, and it is counted; else the seconds to wait before asking again.

        Raises:
            DailyLimitError: If the calls of the last 24 hours are used up.
        """
        with self._transaction() as cursor:
            now = time.monotonic()
            last, pause = cursor.execute("SELECT last, pause FROM pace").fetchone()
            if 0 < pause - now <= LONGEST_PAUSE:
                return float(pause - now)
            if 0 < last + self._gap - now <= self._gap:
                return float(last + self._gap - now)
            self._count(cursor)
            cursor.execute("UPDATE pace SET last = ?", (now,))
        return 0.0

    def _count(self, cursor: sqlite3.Connection) -> None:
        hour = int(time.time() // _HOUR)
        cursor.execute("DELETE FROM hours WHERE hour NOT BETWEEN ? AND ?", (hour - _DAY + 1, hour))
        if self._budget.per_day is not None and self._used(cursor) >= self._budget.per_day:
            oldest = cursor.execute("SELECT min(hour) FROM hours").fetchone()[0]
            raise DailyLimitError(
                f"the {self._budget.per_day} calls that Gong allows a day are used up; go on in"
                f" {oldest + _DAY - hour} h, or have Gong raise the limit and say Budget(per_day=...)"
            )
        cursor.execute("INSERT INTO hours VALUES (?, 1) ON CONFLICT DO UPDATE SET calls = calls + 1", (hour,))

    @staticmethod
    def _used(cursor: sqlite3.Connection) -> int:
        return int(cursor.execute("SELECT coalesce(sum(calls), 0) FROM hours").fetchone()[0])

    def pause(self, seconds: float) -> None:
        """Let nobody call for a while, as Gong asked.

        Args:
            seconds: How long.
        """
        with self._transaction() as cursor:
            until = time.monotonic() + min(seconds, LONGEST_PAUSE)
            cursor.execute(
                "UPDATE pace SET pause = ? WHERE pause < ? OR pause > ? + ?", (until, until, until, LONGEST_PAUSE)
            )

    def left_today(self) -> int | None:
        """Return how many calls are left of the last 24 hours' allowance; None when there is no limit."""
        if self._budget.per_day is None:
            return None
        hour = int(time.time() // _HOUR)
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM hours WHERE hour NOT BETWEEN ? AND ?", (hour - _DAY + 1, hour))
            return max(0, self._budget.per_day - self._used(cursor))

    def _transaction(self) -> _Transaction:
        return _Transaction(self._path)


class _Transaction:
    """One short write to the file; a connection of its own makes it safe after a fork and in any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        with self._refusing("used"):
            self._connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            try:
                self._connection.execute("PRAGMA synchronous = OFF")  # a count lost with the machine harms nobody
                self._connection.execute("BEGIN IMMEDIATE")
                for statement in _TABLES.split(";"):
                    self._connection.execute(statement)
            except BaseException:
                self._connection.close()
                raise
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._refusing("written"), closing(self._connection):
            self._connection.execute("COMMIT" if kind is None else "ROLLBACK")

    @contextmanager
    def _refusing(self, word: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            damaged = getattr(problem, "sqlite_errorcode", None) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
            hint = "; remove it, for it counts the calls of 24 hours and nothing else" if damaged else ""
            raise JournalError(f"the call budget {self._path} cannot be {word}: {problem}{hint}") from problem
