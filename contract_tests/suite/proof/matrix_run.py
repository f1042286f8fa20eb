"""Runs the collected suite against one changed server after another, each in a process of its own."""

import gc
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import pytest

from contract_tests.suite.proof.asserted import asserted_by
from contract_tests.suite.proof.leaping_clock import LeapingClock
from contract_tests.suite.proof.preparation import prepare
from contract_tests.suite.report.choosing import clauses_of
from contract_tests.suite.report.outcomes import Outcome
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.targets import emulator_clock, emulator_target, environment_of

SECONDS: Final = 900
"""Seconds after which a run against one server is given up."""

PATIENCE: Final = 5.0
"""Seconds to wait for a drift, which works as promptly as the emulator; a variation may be slow."""

Word = Literal["caught", "elsewhere", "survived", "green", "never met", "false alarm"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """How a server is held against the suite.

    Attributes:
        own: Whether only the tests that assert a clause of the drift are run, and only breaches of its clauses count.
        strict: Whether the run is strict.
    """

    own: bool
    strict: bool


STAGES: Final = (
    Stage(own=True, strict=False),
    Stage(own=True, strict=True),
    Stage(own=False, strict=False),
    Stage(own=False, strict=True),
)
"""The stages that a drift goes through until it is caught; most are caught by the first, which is the quickest."""

WHOLE: Final = len(STAGES) - 2
"""The stage at which variations begin, and end: the whole suite, every breach."""


class Changed(Protocol):
    """A server that differs from the emulator in one thing."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def change(self) -> str:
        """What it does, in a sentence."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The switches of the emulator that it sets; without any, it is a behaviour around the emulator."""

    def app(self) -> Any:  # noqa: ANN401  (any ASGI application)
        """Make the server."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One server to judge, and how.

    Attributes:
        server: The server.
        clauses: The clauses that it breaks; none for a tolerated variation.
        stage: Place in STAGES.
    """

    server: Changed
    clauses: tuple[str, ...]
    stage: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the suite said of one server.

    Attributes:
        id: The server.
        word: ``caught`` when tests that assert one of its clauses found a breach of that clause, ``elsewhere`` when
            only another clause or test did, ``survived`` when none did; ``green`` or ``false alarm`` for a variation,
            ``never met`` where it is green because no test asked for what the server does otherwise.
        by: The tests that found it, by the clause that the breach named.
        strict: Whether only a strict run finds it.
        message: The first breach as a reader sees it.
        seconds: How long the last stage took.
    """

    id: str
    word: Word
    by: Mapping[str, tuple[str, ...]]
    strict: bool
    message: str
    seconds: float


@dataclass(kw_only=True, eq=False)  # pytest knows a plugin by its identity
class MatrixRun:
    """A pytest plugin that judges many servers with the tests of one session.

    The tests are collected once; each server is judged by a forked process.

    Attributes:
        silenced: Clauses whose breaches return quietly, to see that the drifts of a clause survive without it.
        measuring: Whether each server meets the whole suite, without a stop at the first breach.
        report: Called with each verdict as it comes.
        asserted: The tests that claim each clause, known once they are collected.
    """

    jobs: list[Job]
    workers: int
    folder: Path
    report: Callable[[Verdict], None]
    silenced: frozenset[str] = frozenset()
    measuring: bool = False
    verdicts: list[Verdict] = field(default_factory=list)
    asserted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    child: bool = False
    _own: bool = False
    _reporter: Reporter | None = None
    _clock: LeapingClock | None = None
    _finish: Callable[[], None] = field(default=lambda: None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Fork a process for each server; in the process, let the tests run."""
        if session.testsfailed:
            return None
        self.asserted = asserted_by(session.items)
        prepare(session.items)
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
            if verdict.word == "survived" and job.stage + 1 < len(STAGES) and not self.measuring:
                waiting.append(replace(job, stage=job.stage + 1))
            else:
                self.verdicts.append(verdict)
                self.report(verdict)
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
        stage, options = STAGES[job.stage], session.config.option
        if stage.own:
            session.items[:] = [item for item in session.items if set(job.clauses) & set(clauses_of(item))]
        else:  # the others judge the suite itself, which is the same whatever the server
            session.items[:] = [item for item in session.items if "target" in _fixtures_of(item)]
        options.fail_on_remarks = stage.strict
        options.tbstyle = "no"  # the breach says it all, and a traceback costs as much as the calls of a test
        options.patience = PATIENCE if job.clauses else 3 * PATIENCE
        options.maxfail = 0 if stage.own or self.measuring else 1
        session.config.pluginmanager.unregister(name="terminalreporter")  # nobody reads along
        reporter = session.config.pluginmanager.get_plugin("contract-reporter")
        assert isinstance(reporter, Reporter)
        reporter.directory = None
        if stage.own:
            reporter.only = frozenset(job.clauses) - self.silenced
        elif self.silenced:
            reporter.only = frozenset(reporter.clauses) - self.silenced
        self._own, self._reporter = stage.own, reporter
        self._serve(job, reporter)
        return 0

    def _serve(self, job: Job, reporter: Reporter) -> None:
        """Start the server; the process ends without stopping it."""
        app = job.server.app()
        self._running = emulator_target(app=app)
        target = self._running.__enter__()
        os.environ.update(environment_of(target))
        self._clock = LeapingClock(step=emulator_clock(target))
        # A switch of the emulator is not seen from outside; its own tests show that it does what it says.
        self._finish = lambda: self._write(job, reporter.outcomes, in_force=bool(job.server.settings) or app.in_force)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Let the run wait by a clock that leaps, and the server live by the same."""
        made = yield
        if self._clock is not None and isinstance(made, CallBudget) and fixturedef.argname == "budget":
            made.clock, made.sleep = self._clock.now, self._clock.sleep
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out the other parameters of a test that has found the drift already: one is proof enough."""
        if self.child and self._own and self._reporter is not None:
            found = {one.test.partition("[")[0] for one in self._reporter.outcomes if one.breach}
            if item.nodeid.partition("[")[0] in found:
                pytest.skip("this test has found the drift already")

    def _write(self, job: Job, outcomes: list[Outcome], *, in_force: bool) -> None:
        text = json.dumps({"in_force": in_force, "outcomes": [asdict(one) for one in outcomes]})
        (self.folder / f"{job.server.id}.json").write_text(text, encoding="utf-8")

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Write down why a run ended before its first test."""
        if self.child:
            sys.stdout.write(f"{excinfo.value}\n")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """End a forked process once its verdict is written."""
        if not self.child:
            return
        try:
            self._finish()
        except BaseException:  # noqa: BLE001  (the log has to show whatever it is)
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(0)

    def _verdict(self, job: Job, *, seconds: float) -> Verdict:
        path = self.folder / f"{job.server.id}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        outcomes: list[dict[str, Any]] = found.get("outcomes", [])
        path.unlink(missing_ok=True)
        stage = STAGES[job.stage]
        failed = [one for one in outcomes if one["result"] == "failed"]
        if not outcomes and not stage.own:
            failed = self._stopped(job)
        own = [one for one in failed if one["breach"] in job.clauses and one["breach"] in one["clauses"]]
        counted = failed if self.measuring else own or ([] if stage.own else failed)
        word: Word = "survived"
        if not job.clauses:
            word = "false alarm" if failed else "green" if found["in_force"] else "never met"
        elif own:
            word = "caught"
        elif counted:
            word = "elsewhere"
        return Verdict(
            id=job.server.id,
            word=word,
            by=_tests_by_clause(counted),
            strict=stage.strict and bool(counted),
            message=failed[0]["message"] if failed else "",
            seconds=seconds,
        )

    def _stopped(self, job: Job) -> list[dict[str, Any]]:
        """Read what a run said that ended before its first test."""
        path = self.folder / f"{job.server.id}.log"
        text = path.read_text(encoding="utf-8", errors="replace")[-2000:]
        outcome: dict[str, Any] = {"test": "no verdict", "clauses": [], "message": text, "breach": None}
        # A variation has to be judged; a drift at which a run broke down was caught by nobody.
        return [] if job.clauses else [outcome]


def _fixtures_of(item: pytest.Item) -> Sequence[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else ()


def _tests_by_clause(failed: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in failed:
        found.setdefault(one["breach"] or "no clause", {})[_short(one["test"])] = None
    return {clause: tuple(tests) for clause, tests in found.items()}


def _short(nodeid: str) -> str:
    path, _, function = nodeid.partition("::")
    return f"{Path(path).stem.removeprefix('test_')}::{function.partition('[')[0]}"


def arguments(paths: Iterable[Path]) -> list[str]:
    """Make the command line of pytest.

    Args:
        paths: The test modules.

    Returns:
        Arguments.
    """
    return [
        *map(str, paths),
        *("--target", "live", "--max-calls", "20000"),
        *("-q", "-s", "-p", "no:cacheprovider", "-p", "no:logging"),
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
    ]
