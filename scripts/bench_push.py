"""Measure the front door by bare parsing of the same lines, and write the ratios into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import push_check, push_large, push_peers, push_plan, push_send
from bench.table import MACHINE, Row, as_markdown, write_section

ROOT = Path(__file__).resolve().parent.parent
NOTES = (
    "Medians of processor time, of things run in turns in one process; a ratio of 0.50 means twice the time.",
    "Sending and lines a second are wall time, in turns, against servers in processes of their own.",
)
LARGE_NOTES = (
    "Processor time, user and system.",
    "All memory that is free is filled with pages of a file before, as on a machine that has run for a day.",
)


def main(arguments: list[str] | None = None) -> int:
    """Run every measurement and write the section.

    Returns:
        0 when every bar is kept, 1 when one is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each thing is measured")
    parser.add_argument(
        "--large", type=float, metavar="GB", help="push one file of this size instead; takes 6 times that on disk"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md", help="the page to write into")
    options = parser.parse_args(arguments)
    name, notes, measure = (
        ("push", NOTES, _measure) if options.large is None else ("push-large", LARGE_NOTES, _measure_large)
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), options)
    section = as_markdown([f"{MACHINE}.", *notes], rows)
    write_section(options.output, name, section)
    sys.stdout.write(section)
    return int(any(row.kept is False for row in rows))


def _measure(folder: Path, options: argparse.Namespace) -> list[Row]:
    return [
        row
        for part in (push_check, push_plan, push_send, push_peers)
        for row in part.rows(folder, rounds=options.rounds)
    ]


def _measure_large(folder: Path, options: argparse.Namespace) -> list[Row]:
    return push_large.rows(folder, size=int(options.large * 1e9), rounds=options.rounds)


if __name__ == "__main__":
    raise SystemExit(main())
