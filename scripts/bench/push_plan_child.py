"""One plan in a process of its own, measured and printed as JSON; bench_push.py starts it."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from bench.client_child import peak
from gong_crm.feeds import feed
from gong_crm.plan.planning import plan_push
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_seconds(call: Callable[[], object]) -> float:
    """Measure a call by the time of the processor, which other programs do not change much."""
    start = time.process_time()
    call()
    return time.process_time() - start


def parse(path: Path) -> float:
    """Read the lines and parse each by bare orjson.loads, as bench/push_check.py does."""

    def bare() -> None:
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)

    return cpu_seconds(bare)


def plan(path: Path) -> float:
    """Check and plan the file."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        feeds = {"CONTACT": feed(path, object_type="CONTACT")}
        return cpu_seconds(lambda: plan_push(feeds, {"CONTACT": Rules("CONTACT")}, folder=Path(folder) / "plan"))


def main(path: Path, rounds: int) -> None:
    """Return the seconds of planning and of parsing, in turns, and the memory of planning."""
    first = plan(path)
    memory = peak()
    pairs = [(plan(path), parse(path)) for _ in range(rounds)]
    measured = {"first": first, "memory": memory, "plan": [one for one, _ in pairs], "parse": [one for _, one in pairs]}
    sys.stdout.write(json.dumps(measured))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
