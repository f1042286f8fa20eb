"""What checking and planning costs, by reading the same lines and bare orjson.loads over each."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.push_lines import SIZE, write_contacts
from bench.table import Row, at_least, at_most

SCRIPTS = Path(__file__).resolve().parent.parent
MEMORY = 150.0


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file, and how quick planning it must be."""

    what: str
    options: dict[str, Any]
    bar: float


KINDS = (
    Kind(what="in order, with hashing", options={"ordered": True}, bar=0.35),
    Kind(what="in order of times and of ids, with hashing", options={"ordered": True, "by_id": True}, bar=0.35),
    Kind(what="in disorder", options={}, bar=0.14),
    Kind(what="in disorder, exported by id", options={"by_id": True}, bar=0.14),
    Kind(what="in disorder, 3 % of the ids repeated", options={"repeated": 3}, bar=0.14),
)


def rows(folder: Path, *, rounds: int) -> list[Row]:
    """Measure each kind of file at 200 MB.

    Args:
        folder: Where the files are made.
        rounds: How often each is measured.
    """
    path = folder / "contacts.ldjson"
    found = []
    for kind in KINDS:
        write_contacts(path, **kind.options)
        measured = _measure(path, rounds)
        found += [
            at_least(
                f"check and plan {SIZE // 1_000_000} MB {kind.what}, by orjson.loads",
                median(measured["parse"]) / median(measured["plan"]),
                kind.bar,
            ),
            at_most("memory of that, imports included", measured["memory"], MEMORY, unit=" MB"),
        ]
    path.unlink()
    return found


def _measure(path: Path, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.push_plan_child", str(path), str(rounds)]
    answer = subprocess.run(command, cwd=SCRIPTS, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(answer.stdout)
    return measured
