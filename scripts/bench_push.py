"""Measure the front door by bare parsing of the same lines, and write the ratios into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import push_check, push_peers, push_plan, push_send
from bench.table import as_markdown, write_section

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run every measurement and write the section.

    Returns:
        0 when every bar is kept, 1 when one is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each thing is measured")
    parser.add_argument("--large", type=float, default=0.0, metavar="GB", help="plan a file of this size too")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md", help="the page to write into")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = push_check.rows(Path(folder), rounds=options.rounds)
        rows += push_plan.rows(Path(folder), rounds=options.rounds, large=int(options.large * 1e9))
        rows += push_send.rows(Path(folder), rounds=options.rounds)
        rows += push_peers.rows(Path(folder), rounds=options.rounds)
    notes = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}.",
        "Medians of processor time, of things run in turns in one process; a ratio of 0.50 means twice the time.",
        "Sending and lines a second are wall time, in turns, against servers in processes of their own.",
    ]
    section = as_markdown(notes, rows)
    write_section(options.output, "push", section)
    sys.stdout.write(section)
    return int(any(row.kept is False for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
