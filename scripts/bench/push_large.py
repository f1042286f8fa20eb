"""What a push of many gigabytes costs by one of 200 MB, and the memory it takes; run as a module it pushes one file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.client_child import peak
from bench.push_lines import write_contacts
from bench.push_peers import by_front_door, sink
from bench.table import Row, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parent.parent
MEMORY = 150.0
SLOPE = 1.20
_PIECE = 1_000_000


def rows(folder: Path, *, size: int, rounds: int) -> list[Row]:
    """Push contacts in disorder, 3 % of their ids repeated, to a server that swallows them.

    Args:
        folder: Where all files are made; six times the size must be free.
        size: The bytes of the large file.
        rounds: How often the small one is pushed.
    """
    path = folder / "contacts.ldjson"
    with sink() as url, _filled(folder / "filler", most=3 * size):
        count = write_contacts(path, repeated=3)
        cost = median(_push(path, url)["seconds"] for _ in range(rounds)) / count
        count = write_contacts(path, size, repeated=3)
        measured = _push(path, url)
    path.unlink()
    speed = count / measured["seconds"]
    what = f"check, plan and send {size / 1e9:.0f} GB in disorder, 3 % of the ids repeated, to a sink"
    return [
        Row(what=what, result=f"{speed:,.0f} lines a second of one core"),
        at_most("cost of a line there, by that of 200 MB", 1 / speed / cost, SLOPE, digits=2),
        at_most("memory of that, imports included", measured["memory"], MEMORY, unit=" MB"),
    ]


@contextmanager
def _filled(path: Path, *, most: int) -> Iterator[None]:
    """Fill the free memory with pages of a file, as on every machine that has run for a day.

    A virtual machine gives free memory back to its host, and a page that it takes anew then costs six times as much
    as to write it: that would count for the large file, which takes many, and not for the small one.
    """
    with path.open("wb", buffering=0) as file:
        for _ in range(min(free_memory(), most) // _PIECE):
            file.write(bytes(_PIECE))
    try:
        yield
    finally:
        path.unlink()


def free_memory() -> int:
    """Return the bytes of memory that nothing is in."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _push(path: Path, url: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.push_large", str(path), url]
    answer = subprocess.run(command, cwd=SCRIPTS, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(answer.stdout)
    return measured


def measure(path: Path, url: str) -> None:
    """Return the seconds of the processor that a push takes, and the memory."""
    start = time.process_time()
    by_front_door(url, path.parent, path)
    sys.stdout.write(json.dumps({"seconds": time.process_time() - start, "memory": peak()}))


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2])
