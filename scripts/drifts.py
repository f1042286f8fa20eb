"""Run the suite against each drift and each tolerated variation, and write the matrix into docs/conformance.md."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from contract_tests.drifts import DRIFTS, FIRST_OF_EACH_CLAUSE, VARIATIONS  # noqa: E402  # the root has to be importable
from contract_tests.suite.proof.matrix import MATRIX, write_matrix  # noqa: E402  # same
from contract_tests.suite.proof.matrix_run import Job, MatrixRun, Verdict, arguments  # noqa: E402  # same

MODULES: Final = (
    *("lifecycle", "registration", "authentication", "refusals"),
    *("schema", "objects", "requests", "lines", "limits", "conformance"),
)


def main() -> int:
    """Run the matrix.

    Returns:
        0 when every drift is caught and every variation is green, 1 otherwise.
    """
    options = _options()
    wanted = {*FIRST_OF_EACH_CLAUSE, *VARIATIONS} if options.first else set(options.only or ())
    jobs = _jobs(wanted, whole=options.every_layer)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = MatrixRun(jobs=jobs, workers=options.jobs, folder=Path(folder), tell=_tell)
        code = pytest.main(arguments(ROOT, MODULES, every=options.every_layer), plugins=[run])
    if len(run.verdicts) < len(jobs):
        print(f"pytest ended with {code} before every server was judged")
        return 1
    verdicts = sorted(run.verdicts, key=lambda verdict: verdict.id)
    bad = _sum_up(verdicts, seconds=time.monotonic() - started)
    if not wanted:
        _keep(verdicts)
        write_matrix()
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ID", help="these servers only, no matrix is written")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="servers at the same time")
    parser.add_argument("--first", action="store_true", help="one drift a clause, all variations, no matrix written")
    parser.add_argument("--every-layer", action="store_true", help="run the later layers after a breach too (slow)")
    return parser.parse_args()


def _jobs(only: set[str], *, whole: bool) -> list[Job]:
    drifts = [
        Job(server=row, clause=row.clause, stage="all" if whole else "clause")
        for row in DRIFTS.values()
        if not only or row.id in only
    ]
    variations = [
        Job(server=row, clause=None, stage="all") for row in VARIATIONS.values() if not only or row.id in only
    ]
    return sorted([*drifts, *variations], key=_last_seconds(), reverse=True)


def _last_seconds() -> Callable[[Job], float]:
    """Make the key that puts first what took longest in the last matrix, so that no long run is left for the end."""
    rows = json.loads(MATRIX.read_text(encoding="utf-8"))["rows"] if MATRIX.exists() else []
    seconds = {row["id"]: row["seconds"] for row in rows}
    return lambda job: seconds.get(job.server.id, 0.0 if job.clause else 60.0)


def _keep(verdicts: list[Verdict]) -> None:
    """Write down what the whole matrix has shown."""
    rows = [{**asdict(one), "message": _kept_message(one), "seconds": round(one.seconds, 1)} for one in verdicts]
    drifts = sum(one.clause is not None for one in verdicts)
    note = (
        f"Run on {datetime.now(tz=UTC):%Y-%m-%d}: {drifts} of {len(DRIFTS)} drifts, "
        f"{len(verdicts) - drifts} of {len(VARIATIONS)} variations."
    )
    MATRIX.write_text(json.dumps({"note": note, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def _kept_message(verdict: Verdict) -> str:
    """Keep the whole message of a false alarm, and of a breach what it names."""
    return verdict.message.partition("\n")[0] if verdict.clause else verdict.message


def _tell(verdict: Verdict) -> None:
    word = f"caught by {', '.join(verdict.caught)}" if verdict.caught else "SURVIVED" if verdict.clause else "green"
    if verdict.caught and not verdict.clause:
        word = f"FALSE ALARM in {', '.join(verdict.caught)}"
    letter = " (to the letter)" if verdict.letter and verdict.caught else ""
    print(f"{verdict.seconds:6.1f} s  {verdict.id}: {word}{letter} {', '.join(verdict.named)}", flush=True)


def _sum_up(verdicts: list[Verdict], *, seconds: float) -> list[Verdict]:
    survivors = [one for one in verdicts if one.clause and not one.caught]
    alarms = [one for one in verdicts if not one.clause and one.caught]
    drifts = sum(one.clause is not None for one in verdicts)
    for one in [*survivors, *alarms]:
        print(f"\n{one.id}: {one.change}\n{one.message}")
    letter = sum(one.letter and bool(one.caught) for one in verdicts)
    print(f"\n{drifts} of {len(DRIFTS)} drifts run, {len(survivors)} survived, {letter} caught only to the letter")
    print(f"{len(verdicts) - drifts} of {len(VARIATIONS)} variations run, {len(alarms)} false alarms")
    print(f"{seconds:.0f} s")
    return [*survivors, *alarms]


if __name__ == "__main__":
    raise SystemExit(main())
