"""Run the suite against each drift and each tolerated variation; a whole run writes what it showed."""

import argparse
import difflib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

import clauses

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from contract_tests.drifts import DRIFTS, FIRST_OF_EACH_CLAUSE, VARIATIONS  # noqa: E402  (the root has to be importable)
from contract_tests.suite.proof.matrix import (  # noqa: E402  (same)
    Matrix,
    Row,
    hash_of_sources,
    read_matrix,
    unproven,
    write_matrix,
)
from contract_tests.suite.proof.matrix_run import WHOLE, Job, MatrixRun, Verdict, arguments  # noqa: E402  (same)

MODULES: Final = (
    *("lifecycle", "registration", "authentication", "refusals"),
    *("schema", "objects", "values", "requests", "lines", "limits", "conformance"),
)
GOOD: Final = frozenset({"caught", "green", "never met"})


def main(command: Sequence[str] | None = None) -> int:
    """Run the matrix, or say whether the last one is of the sources present.

    Returns:
        0 when every drift is caught by tests that assert its clause, every test that claims a clause has found a drift
        of it, and every variation is green, or nothing but a measurement was asked for; 1 otherwise, 2 for a name that
        nobody has.
    """
    parser = _parser()
    options = parser.parse_args(command)
    if options.check:
        return _check()
    names = {*FIRST_OF_EACH_CLAUSE, *VARIATIONS} if options.first else _named(options.only or (), parser)
    jobs = _jobs(names)
    if options.breaches:
        jobs = [replace(job, stage=WHOLE) for job in jobs if job.clauses]
    paths = options.tests or [ROOT / "contract_tests" / f"test_{name}.py" for name in MODULES]
    started, sources = time.monotonic(), hash_of_sources()
    with tempfile.TemporaryDirectory() as folder:
        run = MatrixRun(
            jobs=jobs,
            workers=options.jobs,
            folder=Path(folder),
            report=_report,
            silenced=frozenset(options.silence or ()),
            measuring=options.breaches,
        )
        code = pytest.main(arguments(paths), plugins=[run])
    if len(run.verdicts) < len(jobs):
        print(f"pytest ended with {code} before every server was judged")
        return 1
    if options.breaches:
        counts = [len(one.by) for one in run.verdicts]
        print(
            f"{len(counts)} drifts, {statistics.median(counts):g} clauses broken in the median, {max(counts)} at most"
        )
        return 0
    rows = {one.id: Row(word=one.word, by=one.by, strict=one.strict, seconds=one.seconds) for one in run.verdicts}
    bad = _sum_up(run.verdicts, seconds=time.monotonic() - started)
    vacuous = _unproven(rows, run.asserted)
    if not names and not options.tests and not options.silence:
        write_matrix(Matrix(date=f"{datetime.now(tz=UTC):%Y-%m-%d}", sources=sources, rows=rows))
        clauses.main([])
    return 1 if bad or vacuous else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ID", help="these servers, or all drifts of these clauses")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="servers at the same time")
    parser.add_argument("--first", action="store_true", help="one drift a clause and all variations")
    parser.add_argument("--silence", nargs="+", metavar="CLAUSE", help="let breaches of these clauses pass quietly")
    parser.add_argument("--tests", nargs="+", type=Path, metavar="FILE", help="judge by these tests instead")
    parser.add_argument("--breaches", action="store_true", help="count the clauses that a whole run finds broken")
    parser.add_argument("--check", action="store_true", help="run nothing; fail when the matrix is of other sources")
    return parser


def _named(wanted: Sequence[str], parser: argparse.ArgumentParser) -> set[str]:
    """Find the servers that were asked for, by their own names or by the clause that they break."""
    by_clause: dict[str, set[str]] = {}
    for drift in DRIFTS.values():
        for clause in drift.clauses:
            by_clause.setdefault(clause, set()).add(drift.id)
    known = {**{name: {name} for name in (*DRIFTS, *VARIATIONS)}, **by_clause}
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else "; python -m contract_tests.drifts list has all"
            parser.error(f"no drift, variation or broken clause is called {name}{hint}")
    return {one for name in wanted for one in known[name]}


def _jobs(names: set[str]) -> list[Job]:
    drifts = [Job(server=row, clauses=row.clauses, stage=0) for row in DRIFTS.values() if not names or row.id in names]
    variations = [
        Job(server=row, clauses=(), stage=WHOLE) for row in VARIATIONS.values() if not names or row.id in names
    ]
    return sorted([*drifts, *variations], key=_last_seconds(), reverse=True)


def _last_seconds() -> Callable[[Job], float]:
    """Make the key that puts first what took longest in the last matrix, so that no long run is left for the end."""
    matrix = read_matrix()
    rows = matrix.rows if matrix else {}
    return lambda job: rows[job.server.id].seconds if job.server.id in rows else 0.0 if job.clauses else 60.0


def _unproven(rows: Mapping[str, Row], asserted: Mapping[str, tuple[str, ...]]) -> bool:
    """Say which tests claim a clause without having found a drift of it, where all its drifts were run."""
    run = {clause for name in rows if name in DRIFTS for clause in DRIFTS[name].clauses}
    left_out = {clause for drift in DRIFTS.values() if drift.id not in rows for clause in drift.clauses}
    judged = run - left_out if left_out else asserted.keys()
    missing = unproven(rows, {clause: tests for clause, tests in asserted.items() if clause in judged})
    for clause, tests in missing.items():
        print(f"{clause}: no drift was found by {', '.join(tests) or 'any test'}")
    return bool(missing)


def _check() -> int:
    matrix = read_matrix()
    if matrix is not None and matrix.sources == hash_of_sources():
        return 0
    print("The matrix was made from other sources than these; nox -s drifts runs it anew.")
    return 1


def _report(verdict: Verdict) -> None:
    strict = " (strict)" if verdict.strict else ""
    word = verdict.word if verdict.word in GOOD else verdict.word.upper()
    by = "; ".join(f"{clause} by {', '.join(tests)}" for clause, tests in verdict.by.items())
    print(f"{verdict.seconds:6.1f} s  {verdict.id}: {word}{strict} {by}", flush=True)


def _sum_up(verdicts: list[Verdict], *, seconds: float) -> list[Verdict]:
    bad = sorted((one for one in verdicts if one.word not in GOOD), key=lambda one: one.id)
    for one in bad:
        change = (DRIFTS.get(one.id) or VARIATIONS[one.id]).change
        print(f"\n{one.id}: {change}\n{one.word}: {one.message}")
    words = [one.word for one in verdicts]
    caught, strict = words.count("caught"), sum(one.strict for one in verdicts)
    drifts = sum(one.id in DRIFTS for one in verdicts)
    print(f"\n{drifts} of {len(DRIFTS)} drifts run: {caught} caught, {strict} of them only by a strict run,")
    print(f"{words.count('elsewhere')} caught, but by another clause or test, {words.count('survived')} survived")
    print(
        f"{len(verdicts) - drifts} of {len(VARIATIONS)} variations run, {words.count('false alarm')} false alarms,"
        f" {words.count('never met')} never met"
    )
    print(f"{seconds:.0f} s")
    return bad


if __name__ == "__main__":
    raise SystemExit(main())
