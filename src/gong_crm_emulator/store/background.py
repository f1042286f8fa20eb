"""The background threads that read files and bring objects into the main database."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

from gong_crm_emulator.store.tracking import TrackedRequest, Work
from gong_crm_emulator.store.writer import Stopped, Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gong_crm_emulator.store.tenant import Tenant

_LOG: Final = logging.getLogger("gong_crm_emulator")

_SMALL_FILE: Final = 1_000_000
"""Bytes up to which a caller waits for work that is due, so that tests see the same every time."""

_PATIENCE: Final = 5.0
"""Seconds that a caller waits at most for small work."""

_GLANCE: Final = 0.5
"""Seconds after which a caller looks whether what it waits for is held up by a full disk."""

_TURNS: Final = 3
"""How often a caller looks again for work that fell due while it waited; work that fails is not waited for for ever."""


class BackgroundWork:
    """Work that a request started and later calls look for."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._lock = Lock()
        self._stop = Event()
        self._held = Event()
        self._readings: dict[tuple[int, int], Future[None]] = {}
        self._applying: Future[None] | None = None
        self._applying_much = False
        self._threads: ThreadPoolExecutor | None = None

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="gong-crm-emulator")
        return self._threads

    def start_reading(self, request: TrackedRequest) -> None:
        """Read the file of an upload in a thread."""
        writer = Writer(self._tenant.database, stop=self._stop, held=self._held)
        key = (writer.generation, request.seq)
        with self._lock:
            reading = self._pool().submit(self._tenant.read_file, request.seq, writer=writer)
            self._readings[key] = reading
        reading.add_done_callback(_log_failure)
        reading.add_done_callback(lambda _: self._readings.pop(key, None))

    def resume(self) -> None:
        """Take up again the files that a killed process left half read."""
        self._tenant.sweep()
        for request in self._tenant.unread():
            self.start_reading(request)

    async def reading(self, request: TrackedRequest) -> None:
        """Wait for the file of an upload to be read, if it is small."""
        future = self._readings.get((self._tenant.database.generation, request.seq))
        if future is not None and request.bytes <= _SMALL_FILE:
            await self._wait(future)

    async def settle(self) -> None:
        """Bring what is due into the main database; wait for it when it is small or a deletion."""
        for _ in range(_TURNS):
            due = self._tenant.due()
            if not due:
                return
            applying = self._start_applying(due)
            patient = any(request.kind is Work.DELETE for request in due) or not self._applying_much
            if not patient:
                return
            await self._wait(applying)

    def _start_applying(self, due: Sequence[TrackedRequest]) -> Future[None]:
        writer = Writer(self._tenant.database, stop=self._stop, held=self._held)

        def apply() -> None:
            for request in due:
                self._tenant.apply(request.seq, writer=writer)

        with self._lock:
            if self._applying is None or self._applying.done():
                self._applying_much = sum(request.bytes for request in due) > _SMALL_FILE
                self._applying = self._pool().submit(apply)
                self._applying.add_done_callback(_log_failure)
            return self._applying

    async def _wait(self, future: Future[None]) -> None:
        waiting = asyncio.wrap_future(future)
        # A failure is logged where the work was started; unseen here it would be logged once more.
        waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
        end = time.monotonic() + _PATIENCE
        while not waiting.done() and not self._held.is_set() and time.monotonic() < end:
            await asyncio.wait([waiting], timeout=_GLANCE)

    def close(self) -> None:
        """End the threads; a file that is half read is taken up at the next start."""
        self._stop.set()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None


def _log_failure(future: Future[None]) -> None:
    problem = None if future.cancelled() else future.exception()
    if problem is not None and not isinstance(problem, Stopped):
        _LOG.error("Work in the background failed", exc_info=problem)
