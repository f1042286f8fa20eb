"""What checking alone costs, by reading the same lines and bare orjson.loads; run as a module it measures one file."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.push_lines import SIZE, write_contacts, write_deals
from bench.table import Row, at_least, at_most

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPTS = Path(__file__).resolve().parent.parent
MEMORY = 150.0


def rows(folder: Path, *, rounds: int) -> list[Row]:
    """Measure the whole check from disk, with repeats, members that come twice and order looked at.

    Args:
        folder: Where the files are made.
        rounds: How often each is measured.
    """
    path = folder / "lines.ldjson"
    kinds: list[tuple[str, str, float | None, Callable[[], int]]] = [
        ("contacts, exported by id", "CONTACT", 0.40, lambda: write_contacts(path, by_id=True)),
        ("contacts, ids mixed", "CONTACT", 0.40, lambda: write_contacts(path)),
        ("contacts, 3 % of the ids repeated", "CONTACT", None, lambda: write_contacts(path, repeated=3)),
        ("deals", "DEAL", 0.33, lambda: write_deals(path)),
    ]
    found = []
    for what, object_type, bar, write in kinds:
        count = write()
        command = [sys.executable, "-m", "bench.push_check", str(path), object_type, str(rounds)]
        answer = subprocess.run(command, cwd=SCRIPTS, stdout=subprocess.PIPE, text=True, check=True)
        measured = json.loads(answer.stdout)
        ratio = median(bare / ours for bare, ours in measured["pairs"])
        title = f"check {SIZE // 1_000_000} MB of {what}, by orjson.loads"
        found.append(Row(what=title, result=f"{ratio:.2f}") if bar is None else at_least(title, ratio, bar))
        speed = count / median(ours for _, ours in measured["pairs"])
        found.append(Row(what="the same", result=f"{speed:,.0f} lines a second of one core"))
        found.append(at_most("memory of that, imports included", measured["memory"], MEMORY, unit=" MB"))
    path.unlink()
    return found


def measure(path: Path, object_type: str, rounds: int) -> None:
    """Return the seconds of bare parsing and of checking, in turns, and the memory of checking."""
    import orjson  # noqa: PLC0415  (only the process that measures needs it)

    from bench.client_child import peak  # noqa: PLC0415  (as above)
    from gong_crm import check  # noqa: PLC0415  (as above)

    def seconds(call: Callable[[], object]) -> float:
        start = time.process_time()
        call()
        return time.process_time() - start

    def bare() -> None:
        with path.open("rb") as file:
            for line in file:
                orjson.loads(line)

    def ours() -> None:
        report = check(path, object_type)
        assert report.ok  # noqa: S101  (every line is good, and is read)

    seconds(ours)
    memory = peak()
    pairs = [(seconds(bare), seconds(ours)) for _ in range(rounds)]
    sys.stdout.write(json.dumps({"memory": memory, "pairs": pairs}))


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
