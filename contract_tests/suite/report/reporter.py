"""What a run tells: breaches as paragraphs, a summary by clause, and files for other tools."""

import html
import json
from collections import defaultdict
from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from xml.etree import ElementTree as ET

import pytest

from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.clauses import Clause

Result = Literal["passed", "failed", "skipped"]
State = Literal["broken", "holds", "not judged"]
STATES: Final[tuple[State, ...]] = ("broken", "holds", "not judged")
_COLOURS: Final[Mapping[State, str]] = {"broken": "#f8d0d0", "holds": "#d6f0d6", "not judged": "#eeeeee"}


@dataclass(kw_only=True)
class Outcome:
    """What one test reported."""

    test: str
    layer: str
    clauses: tuple[str, ...]
    result: Result
    seconds: float
    breach: str | None = None
    message: str = ""


@dataclass(kw_only=True, eq=False)  # a pytest plugin is told apart by identity
class Reporter:
    """Collects what the tests of a run report; a pytest plugin."""

    clauses: Mapping[str, Clause]
    directory: Path | None
    only: frozenset[str] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show a breach as its paragraph instead of a traceback, and note the outcome."""
        report = yield
        if "contract_tests" not in item.nodeid:
            return report
        error = call.excinfo.value if call.excinfo else None
        breach = error if isinstance(error, Breach) else None
        if breach is not None and report.failed:
            report.longrepr = str(breach)
        if report.when == "call" or not report.passed:
            self._note(item, report, breach)
        return report

    def _note(self, item: pytest.Item, report: pytest.TestReport, breach: Breach | None) -> None:
        before = self.outcomes.get(item.nodeid)
        if before is not None and before.result == "failed":
            return
        self.outcomes[item.nodeid] = Outcome(
            test=item.nodeid,
            layer=layer_of(item),
            clauses=clauses_of(item),
            result="failed" if report.failed else "skipped" if report.skipped else "passed",
            seconds=report.duration,
            breach=breach.clause.id if breach else None,
            message=_message(report),
        )

    def states(self) -> dict[str, State]:
        """Say for each clause what the run found.

        Returns:
            By clause id: broken when a breach named it, holds when a test of it passed and none failed.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.outcomes.values():
            if one.breach:
                found[one.breach].add("broken")
            elif one.result == "failed":
                for clause in one.clauses:
                    found[clause].add("broken")
            if one.result == "passed":
                for clause in one.clauses:
                    found[clause].add("holds")
        return {
            clause: "broken" if "broken" in found[clause] else "holds" if "holds" in found[clause] else "not judged"
            for clause in self.clauses
        }

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the state of the contract in two or three lines."""
        if not self.outcomes:
            return
        states = list(self.states().values())
        counts = ", ".join(f"{states.count(state)} {state}" for state in STATES)
        terminalreporter.section("contract")
        terminalreporter.write_line(f"clauses: {counts}")
        if self.facts:
            terminalreporter.write_line(", ".join(f"{name}: {value}" for name, value in self.facts.items()))
        for remark in self.remarks.values():
            terminalreporter.write_line("")
            terminalreporter.write_line(remark)
        if self.directory is not None:
            self._write()
            terminalreporter.write_line(f"report: {self.directory}/contract.html")

    def _write(self) -> None:
        assert self.directory is not None
        self.directory.mkdir(parents=True, exist_ok=True)
        states = self.states()
        document = {
            "facts": self.facts,
            "clauses": [{"id": one.id, "rule": one.rule, "state": states[one.id]} for one in self.clauses.values()],
            "remarks": list(self.remarks.values()),
            "tests": [asdict(one) for one in self.outcomes.values()],
        }
        (self.directory / "contract.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        (self.directory / "contract.xml").write_bytes(junit(list(self.outcomes.values())))
        page = html_page(
            self.clauses, states, outcomes=list(self.outcomes.values()), facts=self.facts, remarks=self.remarks
        )
        (self.directory / "contract.html").write_text(page, encoding="utf-8")


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """Say which clauses a test asserts.

    Args:
        item: The test.

    Returns:
        Clause ids, as its markers name them.
    """
    return tuple(str(clause) for marker in item.iter_markers("clause") for clause in marker.args)


def layer_of(item: pytest.Item) -> str:
    """Say to which layer of the suite a test belongs.

    Args:
        item: The test.

    Returns:
        The layer that its module names with ``pytestmark``, else the module's own name.
    """
    marker = item.get_closest_marker("layer")
    return str(marker.args[0]) if marker else item.path.stem.removeprefix("test_")


def _message(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr or "")


def junit(outcomes: list[Outcome]) -> bytes:
    """Write outcomes as JUnit XML.

    Args:
        outcomes: What each test reported.

    Returns:
        The document.
    """
    suite = ET.Element(
        "testsuite",
        name="contract",
        tests=str(len(outcomes)),
        failures=str(sum(one.result == "failed" for one in outcomes)),
        skipped=str(sum(one.result == "skipped" for one in outcomes)),
    )
    for one in outcomes:
        case = ET.SubElement(suite, "testcase", classname=one.layer, name=one.test, time=f"{one.seconds:.3f}")
        if one.result == "failed":
            ET.SubElement(case, "failure", message=one.breach or "failed").text = _printable(one.message)
        elif one.result == "skipped":
            ET.SubElement(case, "skipped", message=_printable(one.message))
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "?" for letter in text)


def html_page(
    clauses: Mapping[str, Clause],
    states: Mapping[str, State],
    *,
    outcomes: list[Outcome],
    facts: Mapping[str, Any],
    remarks: Mapping[str, str],
) -> str:
    """Write the clause table as one page that needs no other file.

    Args:
        clauses: The ledger.
        states: What the run found, by clause.
        outcomes: What each test reported.
        facts: What the run was pointed at.
        remarks: What differs without being promised, by clause.

    Returns:
        HTML.
    """
    found = list(states.values())
    counts = " · ".join(f"{found.count(state)} {state}" for state in STATES)
    breaches = "".join(f"<pre>{html.escape(one.message)}</pre>" for one in outcomes if one.result == "failed")
    rows = "".join(
        f'<tr style="background:{_COLOURS[states[one.id]]}">'
        f"<td><code>{one.id}</code></td><td>{html.escape(one.rule)}</td>"
        f"<td>{states[one.id]}</td><td>{html.escape(one.strength)}</td><td>{html.escape(one.observed or '')}</td></tr>"
        for one in clauses.values()
    )
    told_facts = " · ".join(f"{html.escape(str(name))}: {html.escape(str(value))}" for name, value in facts.items())
    remarked = "".join(f"<pre>{html.escape(text)}</pre>" for text in remarks.values())
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Contract of Gong's CRM API</title>
<style>body{{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}
td,th{{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}}
pre{{background:#fdf3f3;border-left:4px solid #c33;padding:.7rem;white-space:pre-wrap;overflow-wrap:anywhere}}</style>
<h1>Contract of Gong's CRM API</h1><p>{told_facts}</p><p><strong>{counts}</strong></p>
{"<h2>Breaches</h2>" + breaches if breaches else ""}{"<h2>Remarks</h2>" + remarked if remarked else ""}
<h2>Clauses</h2><table><tr><th>clause</th><th>rule</th><th>state</th><th>strength</th><th>seen live by others</th></tr>
{rows}</table></html>
"""
