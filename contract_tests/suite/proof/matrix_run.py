"""Runs the collected suite against one changed server after another, each in a process of its own."""

import gc
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import pytest

from contract_tests.suite.drive.records import OBJECT_TYPES
from contract_tests.suite.generate.strategies import generated_file
from contract_tests.suite.ledger.operations import FAMILIES
from contract_tests.suite.report.reporter import Outcome, Reporter, clauses_of
from contract_tests.suite.wire.targets import emulator_target, environment_of

SECONDS: Final = 900
"""Seconds after which a run against one server is given up."""

PATIENCE: Final = 5.0
"""Seconds to wait for a drift, which works as promptly as the emulator; a variation may be slow."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """How a server is held against the suite.

    Attributes:
        own: Whether only the tests that name the clause of a drift are run.
        letter: Whether they are run to the letter.
        following: The stage of a drift that this one did not catch.
    """

    own: bool
    letter: bool
    following: str | None


STAGES: Final = {
    "clause": Stage(own=True, letter=False, following="clause to the letter"),
    "clause to the letter": Stage(own=True, letter=True, following="all"),
    "all": Stage(own=False, letter=False, following="all to the letter"),
    "all to the letter": Stage(own=False, letter=True, following=None),
}
"""The stages that a drift goes through until it is caught; most are caught by the first, which is the quickest."""


class Changed(Protocol):
    """A server that differs from the emulator in one thing."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def change(self) -> str:
        """What it does, in a sentence."""

    def app(self) -> Any:  # noqa: ANN401  # any ASGI application
        """Make the server."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One server to judge, and how.

    Attributes:
        server: The server.
        clause: The clause that it breaks; None for a tolerated variation.
        stage: The first of STAGES that it goes through.
    """

    server: Changed
    clause: str | None
    stage: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the suite said of one server.

    Attributes:
        id: The server.
        clause: The clause that it breaks; None for a tolerated variation.
        change: What it does, in a sentence.
        caught: Layers that found a breach, the first one only unless every layer was asked for.
        named: The clauses that the breaches named.
        letter: Whether it was a run to the letter.
        message: The first breach as a reader sees it.
        seconds: How long it took.
    """

    id: str
    clause: str | None
    change: str
    caught: list[str]
    named: list[str]
    letter: bool
    message: str
    seconds: float


@dataclass(kw_only=True)
class MatrixRun:
    """A pytest plugin that judges many servers with the tests of one session.

    The tests are collected once; each server is judged by a forked process.
    A drift is first held against the tests that name its clause, then against all; each also to the letter.
    """

    jobs: list[Job]
    workers: int
    folder: Path
    tell: Callable[[Verdict], None]
    verdicts: list[Verdict] = field(default_factory=list)
    child: bool = False
    _finish: Callable[[], None] = field(default=lambda: None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Fork a process for each server; in the process, let the tests run."""
        if session.testsfailed:
            return None
        for family in FAMILIES:
            for object_type in OBJECT_TYPES:
                generated_file(family, object_type, count=18)
        gc.collect()
        gc.freeze()  # what was collected once stays out of the way of every process
        waiting, running = list(reversed(self.jobs)), dict[int, tuple[Job, float]]()
        while waiting or running:
            while waiting and len(running) < self.workers:
                job = waiting.pop()
                pid = self._fork(session, job)
                if pid == 0:
                    return None
                running[pid] = job, time.monotonic()
            pid, _ = os.wait()
            job, started = running.pop(pid)
            verdict = self._verdict(job, seconds=time.monotonic() - started)
            following = STAGES[job.stage].following
            if job.clause and not verdict.caught and following:
                waiting.append(Job(server=job.server, clause=job.clause, stage=following))
            else:
                self.verdicts.append(verdict)
                self.tell(verdict)
        return True

    def _fork(self, session: pytest.Session, job: Job) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        self.child = True
        gc.disable()  # the process ends before the garbage matters
        signal.alarm(SECONDS)
        with (self.folder / f"{job.server.id}.log").open("w") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        stage = STAGES[job.stage]
        if stage.own:
            session.items[:] = [item for item in session.items if job.clause in clauses_of(item)]
        options = session.config.option
        options.fail_on_remarks = stage.letter
        options.patience = PATIENCE if job.clause else 3 * PATIENCE
        reporter = session.config.pluginmanager.get_plugin("contract-reporter")
        assert isinstance(reporter, Reporter)
        reporter.directory = None
        self._serve(job, reporter)
        return 0

    def _serve(self, job: Job, reporter: Reporter) -> None:
        """Start the server; the process ends without stopping it."""
        self._running = emulator_target(app=job.server.app())
        target = self._running.__enter__()
        os.environ.update(environment_of(target))
        self._finish = lambda: self._write(job, list(reporter.outcomes.values()))

    def _write(self, job: Job, told: list[Outcome]) -> None:
        text = json.dumps([asdict(one) for one in told])
        (self.folder / f"{job.server.id}.json").write_text(text, encoding="utf-8")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Write down why a run ended before its first test."""
        if self.child:
            sys.stdout.write(f"{excinfo.value}\n")

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """End a forked process once its verdict is written."""
        if not self.child:
            return
        try:
            self._finish()
        except BaseException:  # noqa: BLE001  # the log has to show whatever it is
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(0)

    def _verdict(self, job: Job, *, seconds: float) -> Verdict:
        path = self.folder / f"{job.server.id}.json"
        if path.exists():
            told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            path.unlink()
        else:
            told = []
        if not told:
            told = self._stopped(job)
        failed = [one for one in told if one["result"] == "failed"]
        return Verdict(
            id=job.server.id,
            clause=job.clause,
            change=job.server.change,
            caught=list(dict.fromkeys(one["layer"] for one in failed)),
            named=list(dict.fromkeys(one["breach"] or f"{one['test']} (no clause)" for one in failed)),
            letter=STAGES[job.stage].letter,
            message=failed[0]["message"] if failed else "",
            seconds=seconds,
        )

    def _stopped(self, job: Job) -> list[dict[str, Any]]:
        """Read what a run said that ended before its first test."""
        log = (self.folder / f"{job.server.id}.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        told = {"result": "failed", "test": "no verdict", "message": log, "layer": "none", "breach": None}
        if job.clause is None:
            return [told]
        # The look before the run names the clause of what it stops for; a run that broke down has caught nothing.
        return [told | {"layer": "refusals", "breach": job.clause}] if job.clause in log else []


def arguments(root: Path, modules: Iterator[str] | tuple[str, ...], *, every: bool) -> list[str]:
    """Make the command line of pytest.

    Args:
        root: The root of the repository.
        modules: Names of the test modules, without ``test_``.
        every: Whether later layers run after a breach too.

    Returns:
        Arguments.
    """
    return [
        *(str(root / "contract_tests" / f"test_{name}.py") for name in modules),
        *("--target", "live", "--max-calls", "20000"),
        *("-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", "-s"),
        *(("--once-per-layer",) if every else ("-x",)),
        *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    ]
