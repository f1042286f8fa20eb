"""The report as files for other tools: JUnit and JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET

from contract_tests.suite.ledger.visible import visible
from contract_tests.suite.report.outcomes import Finding, Outcome, breaches_of


def json_report(
    findings: Iterable[Finding], outcomes: Sequence[Outcome], *, facts: Mapping[str, Any], remarks: Mapping[str, str]
) -> str:
    """Write what a run has found as JSON."""
    document = {
        "facts": facts,
        "clauses": [
            {"id": one.clause.id, "rule": one.clause.rule, "state": one.state, "reason": one.reason} for one in findings
        ],
        "breaches": [
            {"clause": one.clause, "count": one.count, "operations": list(one.operations), "message": one.text()}
            for one in breaches_of(outcomes)
        ],
        "remarks": list(remarks.values()),
        "tests": [_as_json(one) for one in outcomes],
    }
    return json.dumps(document, indent=1)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    members = asdict(outcome)
    return {
        "test": _name(outcome),
        "outcome": members.pop("result"),
        **{key: members[key] for key in members if key not in {"test", "number"}},
    }


def junit_report(outcomes: Sequence[Outcome], *, facts: Mapping[str, Any]) -> bytes:
    """Write what a run has found as JUnit XML; what was not judged is an error there, and no failure."""
    count = {result: sum(one.result == result for one in outcomes) for result in ("failed", "skipped", "not judged")}
    suite = ET.Element(
        "testsuite",
        name="contract",
        tests=str(len(outcomes)),
        failures=str(count["failed"]),
        errors=str(count["not judged"]),
        skipped=str(count["skipped"]),
        time=f"{sum(one.seconds for one in outcomes):.3f}",
        timestamp=str(facts.get("date", "")),
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=_printable(str(value)))
    for one in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=one.layer, name=_printable(_name(one)), time=f"{one.seconds:.3f}"
        )
        if one.result == "failed":
            ET.SubElement(case, "failure", message=one.breach or "failed").text = _printable(one.message)
        elif one.result == "not judged":
            ET.SubElement(case, "error", message="not judged").text = _printable(one.message)
        elif one.result == "skipped":
            ET.SubElement(case, "skipped", message=_printable(one.message))
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))


def _name(outcome: Outcome) -> str:
    return outcome.test if outcome.number == 0 else f"{outcome.test} #{outcome.number + 1}"


def _printable(text: str) -> str:
    """Leave out what no XML may hold."""
    return visible(text, keep="\n\t").replace("\ufffe", "?").replace("\uffff", "?")
