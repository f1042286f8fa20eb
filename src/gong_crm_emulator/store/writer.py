"""How work in the background writes: only into the state that it began with, and with patience for a full disk."""

from __future__ import annotations

import logging
import sqlite3
from threading import Event
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm_emulator.store.database import Database

_LOG: Final = logging.getLogger("gong_crm_emulator")
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 1.0


class Stopped(Exception):  # noqa: N818  (says why work ended early)
    """The process ends; the work is taken up at the next start."""


class Writer:
    """Writes into the present state of a database, and into no other that takes its place.

    Args:
        database: Where to write.
        stop: Set when the process ends, or None for a writer that does not wait for a full disk.
        held: Set while the disk is full, so that nobody else waits for what cannot be written.
    """

    def __init__(self, database: Database, *, stop: Event | None = None, held: Event | None = None) -> None:
        self.database = database
        self.generation = database.generation
        self._stop = stop
        self._held = held or Event()

    def write(self, work: Callable[[], None]) -> None:
        """Run what writes in one transaction, again and again while the disk is full.

        Nothing less would do: that a request failed could not be written either.

        Raises:
            ReplacedError: If the state was reset or restored meanwhile.
            Stopped: If the process ends first.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                with self.database.transaction(generation=self.generation):
                    work()
            except sqlite3.OperationalError as problem:
                if self._stop is None:
                    raise
                if pause == _FIRST_PAUSE:
                    _LOG.warning("The state cannot be written (%s): it is tried again until it can.", problem)
                self._held.set()
                if self._stop.wait(pause):
                    raise Stopped from problem
                pause = min(_LONGEST_PAUSE, 2 * pause)
            else:
                self._held.clear()
                return
