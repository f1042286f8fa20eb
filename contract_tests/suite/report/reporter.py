"""What a run reports: a pytest plugin that shows each breach once, says what was judged, and sets the exit code."""

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.clauses import Clause
from contract_tests.suite.ledger.visible import visible
from contract_tests.suite.report.choosing import clauses_of, layer_of
from contract_tests.suite.report.files import json_report, junit_report
from contract_tests.suite.report.outcomes import STATES, Finding, Outcome, Result, breaches_of, findings_of
from contract_tests.suite.report.page import html_report

NOT_JUDGED: Final = 6
"""Exit code when nothing is broken as far as was seen, but some calls got no answer."""

NOTHING_JUDGED: Final = 7
"""Exit code when a server was to be judged and no clause was."""

LEFT_BEHIND: Final = 8
"""Exit code when nothing is broken as far as was seen, but what the run has created may still be there."""

_NOTE: Final = "contract_note"
"""Where a report of pytest carries what this plugin has to know of it, from a worker to the controller too."""


@dataclass(kw_only=True, eq=False)  # pytest knows a plugin by its identity
class Reporter:
    """Collects what the tests of a run find.

    Attributes:
        directory: Where the report is written; None for none.
        judges_server: Whether a run that judges no clause is worth an exit code of its own.
        only: The clauses whose breaches count; None for all.
        hide: Takes secrets out of a text.
        facts: What the run was pointed at.
        remarks: By clause, what differs without being promised.
        status: Exit code that another part of the run has decided on.
        left_behind: What the clean-up could not delete, in a sentence.
        target_is_gone: Whether the run stopped because nobody answered any more.
    """

    clauses: Mapping[str, Clause]
    directory: Path | None = None
    judges_server: bool = False
    only: frozenset[str] | None = None
    hide: Callable[[str], str] = str
    facts: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    status: int | None = None
    left_behind: str | None = None
    target_is_gone: bool = False
    _fresh: dict[str, str] = field(default_factory=dict)
    _names: Counter[str] = field(default_factory=Counter)
    _calls: dict[str, int] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)

    def keep_remark(self, clause: str, text: str) -> None:
        """Keep the first remark on each clause."""
        if clause not in self.remarks:
            self.remarks[clause] = self._fresh[clause] = self._safe(text)

    def findings(self) -> list[Finding]:
        """Say for each clause what the run has found."""
        return findings_of(self.clauses, self.outcomes, remarked=self.remarks)

    def _safe(self, text: str) -> str:
        return visible(self.hide(text), keep="\n\t")

    # While the tests run

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show a breach as its paragraph instead of a traceback, hide what is secret, and note the outcome."""
        report = yield
        if "contract_tests" not in item.nodeid:
            return report
        error = call.excinfo.value if call.excinfo else None
        if report.failed and isinstance(error, Breach | NotJudged):
            report.longrepr = self._safe(str(error))
        elif report.failed and (text := str(report.longrepr)) != (safe := self._safe(text)):
            report.longrepr = safe
        report.sections = [(title, self._safe(text)) for title, text in report.sections]
        if report.when == "call" or not report.passed:
            outcome = self._outcome(item, report, error)
            setattr(report, _NOTE, {"outcome": asdict(outcome), "remarks": self._fresh, "facts": self.facts})
            self._fresh = {}
        return report

    def _outcome(self, item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> Outcome:
        breach = error if isinstance(error, Breach) and report.failed else None
        result: Result = "failed" if report.failed else "skipped" if report.skipped else "passed"
        operation = breach.exchange.operation if breach and breach.exchange else None
        return Outcome(
            test=item.nodeid,
            layer=layer_of(item),
            clauses=clauses_of(item),
            result="not judged" if report.failed and isinstance(error, NotJudged) else result,
            seconds=report.duration,
            breach=breach.clause.id if breach else None,
            expected=self._safe(breach.expected) if breach else "",
            operation=operation.id if operation else None,
            message=self._safe(_message(report)),
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what a report carries; with workers, this is where the controller learns of it."""
        note = getattr(report, _NOTE, None)
        if note is None:
            return
        outcome = Outcome(**{**note["outcome"], "clauses": tuple(note["outcome"]["clauses"])})
        if outcome.result == "failed" or report.when != "teardown":
            number = self._names[f"{outcome.test} {report.when}"]
            self._names[f"{outcome.test} {report.when}"] += 1
            self.outcomes.append(Outcome(**{**asdict(outcome), "number": number}))
        for clause, text in note["remarks"].items():
            self.remarks.setdefault(clause, text)
        self.facts |= note["facts"]
        if "calls" in note["facts"]:
            self._calls[getattr(report, "worker_id", "")] = note["facts"]["calls"]
            self.facts["calls"] = sum(self._calls.values())

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count what was not judged apart from what failed."""
        note = getattr(report, _NOTE, None)
        judged = note is None or note["outcome"]["result"] != "not judged"
        return None if judged else ("not judged", "N", "NOT JUDGED")

    # When they are over

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Set the exit code, write the report, then let the summary be shown."""
        if not hasattr(session.config, "workerinput"):
            session.exitstatus = self._exit_code(int(session.exitstatus))
            self._add_facts()
            if self.directory is not None and self._has_met_the_target():
                self._write(self.directory)
        return (yield)

    def _has_met_the_target(self) -> bool:
        """Say whether there is something to report; a run may be interrupted in its first test."""
        return bool(self.outcomes) or "target" in self.facts

    def _exit_code(self, status: int) -> int:
        if self.status is not None:
            return self.status
        results = {one.result for one in self.outcomes}
        if self.target_is_gone and status == pytest.ExitCode.INTERRUPTED:
            status = int(pytest.ExitCode.TESTS_FAILED)
        if status == pytest.ExitCode.TESTS_FAILED and "failed" not in results and "not judged" in results:
            status = NOT_JUDGED
        ended = status in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        if ended and self.left_behind is not None:
            return LEFT_BEHIND
        judged = any(one.state != "not judged" for one in self.findings())
        return NOTHING_JUDGED if ended and self.judges_server and not judged else status

    def _add_facts(self) -> None:
        now = datetime.now(tz=UTC).replace(microsecond=0)
        self.facts |= {"date": now.isoformat(), "duration": f"{time.monotonic() - self._started:.0f} s"}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        """Show each breach once, before everything else, and the state of the contract at the end."""
        stats: dict[str, list[Any]] = terminalreporter.stats
        whole = {key: list(stats.get(key, [])) for key in ("failed", "error", "not judged")}
        for key, reports in whole.items():
            if key in stats:
                stats[key] = [one for one in reports if not self._is_shown_here(one)]
        self._show_breaches(terminalreporter)
        result = yield
        stats.update({key: reports for key, reports in whole.items() if reports})
        if self._has_met_the_target():
            self._show_state(terminalreporter)
        return result

    @staticmethod
    def _is_shown_here(report: pytest.TestReport) -> bool:
        note = getattr(report, _NOTE, None)
        return note is not None and bool(note["outcome"]["breach"] or note["outcome"]["result"] == "not judged")

    def _show_breaches(self, terminal: pytest.TerminalReporter) -> None:
        groups = breaches_of(self.outcomes)
        if groups:
            terminal.section("breaches")
        for group in groups:
            terminal.write_line(self._safe(group.text()))
            terminal.write_line("")
        unanswered = [one for one in self.outcomes if one.result == "not judged"]
        if unanswered:
            terminal.section("not judged")
            terminal.write_line(unanswered[0].message)
            if len(unanswered) > 1:
                terminal.write_line(f"  met       in {len(unanswered)} tests")

    def _show_state(self, terminal: pytest.TerminalReporter) -> None:
        terminal.section("contract")
        terminal.write_line(self._safe(self._first_line()))
        terminal.write_line(self._safe(", ".join(f"{name}: {value}" for name, value in self.facts.items())))
        for remark in self.remarks.values():
            terminal.write_line("")
            terminal.write_line(remark)
        if self.directory is not None:
            terminal.write_line(f"report: {self.directory}/contract.html")

    def _first_line(self) -> str:
        found = Counter(one.state for one in self.findings())
        line = "clauses: " + ", ".join(f"{found[state]} {state}" for state in STATES)
        limited = Counter(one.message for one in self.outcomes if one.message.startswith("the target limits"))
        return line + "".join(f"; {count} tests left out: {reason}" for reason, count in limited.items())

    def _write(self, directory: Path) -> None:
        findings = self.findings()
        facts = {name: self._safe(str(value)) for name, value in self.facts.items()}
        parts: dict[str, Any] = {"facts": facts, "remarks": self.remarks}
        directory.mkdir(parents=True, exist_ok=True)
        page = html_report(findings, self.outcomes, **parts)
        (directory / "contract.json").write_text(json_report(findings, self.outcomes, **parts), encoding="utf-8")
        (directory / "contract.xml").write_bytes(junit_report(self.outcomes, facts=facts))
        (directory / "contract.html").write_text(page, encoding="utf-8", errors="backslashreplace")


def _message(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr or "")
