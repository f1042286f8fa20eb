"""What sending costs, by curl posting the same file, and what importing costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Self

from bench.push_lines import SIZE, write_contacts
from bench.table import Row, at_most
from gong_crm import Budget, GongCrm
from gong_crm.events import Accepted, Event, Planned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gong_crm import Integration

KEY = "key-admin:secret-admin"


def rows(folder: Path, *, rounds: int) -> list[Row]:
    """Import, send a file by curl and push the same file, in turns.

    Args:
        folder: Where the file and the journals are made.
        rounds: How often each is measured.
    """
    path = folder / "ordered.ldjson"
    write_contacts(path, SIZE - 3_000_000, ordered=True)
    found = [
        at_most("`import gong_crm` above `import httpx`", _import("gong_crm") - _import("httpx"), 60, unit=" ms"),
        at_most(
            "`from gong_crm import GongCrm` above `import httpx`",
            _import("gong_crm", "GongCrm") - _import("httpx"),
            60,
            unit=" ms",
        ),
    ]
    posted, done, sent, whole = [], [], [], []
    for turn in range(rounds):
        with _emulator() as url:
            with Push(url, folder / f"curl-{turn}") as push:
                times = _curl(url, push.integration.id, path)
            posted.append(times[0])
            done.append(times[1])
        # Another, for the first is still storing what it accepted.
        with _emulator() as url, Push(url, folder / f"journal-{turn}") as push:
            push.run(path)
            sent.append(push.sent)
            whole.append(push.whole)
    found += [
        at_most(
            "sending 200 MB to the emulator, by curl posting the same file",
            median(sent) / median(posted),
            1.15,
            digits=2,
        ),
        Row(
            what="the same with the check before it, until the emulator says DONE, by curl until DONE without a check",
            result=f"{median(whole) / median(done):.2f}",
        ),
    ]
    return found


class Push:
    """An integration, and a push into it whose parts are timed."""

    def __init__(self, url: str, journal: Path) -> None:
        self._planned = self._accepted = 0.0
        access_key, _, secret = KEY.partition(":")
        self._door = GongCrm(
            base_url=url,
            access_key=access_key,
            access_key_secret=secret,
            journal=journal,
            budget=Budget(per_second=None, per_day=None),
            on_event=self._on_event,
        )
        self.integration: Integration = self._door.register(name="Benchmark", owner_email="bench@example.com")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Planned):
            self._planned = time.perf_counter()
        elif isinstance(event, Accepted):
            self._accepted = time.perf_counter()

    def run(self, path: Path) -> None:
        """Push a file."""
        started = time.perf_counter()
        self.integration.push({"CONTACT": path}).raise_for_rejects()
        self.whole = time.perf_counter() - started
        self.sent = self._accepted - self._planned


def _import(module: str, name: str = "") -> float:
    """Give the milliseconds that an import takes in a fresh process, the quickest of eleven."""
    statement = f"from {module} import {name}" if name else f"import {module}"
    code = f"import time; start = time.perf_counter(); {statement}; print((time.perf_counter() - start) * 1000)"
    # The first run compiles what no installer did, which is no cost of the import.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, env=environment, capture_output=True, check=True) for _ in range(11)]
    return min(float(run.stdout) for run in runs)


def _curl(url: str, integration: int, path: Path) -> tuple[float, float]:
    """Give the seconds until the file was accepted, and until it was read."""
    address = f"{url}/v2/crm/entities?integrationId={integration}&objectType=CONTACT&clientRequestId=curl"
    started = time.perf_counter()
    _run_curl("-F", f"dataFile=@{path}", address)
    took = time.perf_counter() - started
    status = f"{url}/v2/crm/request-status?integrationId={integration}&clientRequestId=curl"
    while b"DONE" not in _run_curl(status):
        time.sleep(0.2)
    return took, time.perf_counter() - started


def _run_curl(*arguments: str) -> bytes:
    command = ["curl", "-sSf", "-u", KEY, *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


@contextmanager
def _emulator() -> Iterator[str]:
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--rate", "off", "--processing", "at-once"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  (piped)
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
