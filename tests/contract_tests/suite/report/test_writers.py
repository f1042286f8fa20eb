"""What a run has found is in every report, whatever servers and tests are called and say."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import islice
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.report.files import json_report, junit_report
from contract_tests.suite.report.outcomes import Finding, Outcome, Result, findings_of
from contract_tests.suite.report.page import html_report

CLAUSES = dict(islice(read_clauses().items(), 4))
NAMES = tuple(CLAUSES)
TEXTS = st.text(st.characters() | st.sampled_from("<>&\"']]>\x00\x1b\ufffe\n"), max_size=20)
RESULTS = {
    "passed": st.none(),
    "skipped": st.none(),
    "not judged": st.none(),
    "failed": st.none() | st.sampled_from(NAMES),
}
OUTCOMES = st.sampled_from(sorted(RESULTS)).flatmap(
    lambda result: st.builds(
        Outcome,
        test=st.sampled_from(["a::same", "b::other"]),
        layer=st.just("lines"),
        clauses=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
        result=st.just(result),
        seconds=st.floats(0, 100),
        number=st.integers(0, 3),
        breach=RESULTS[result],
        expected=TEXTS,
        message=TEXTS,
    )
)
FACTS = {"target": "live <&>", "date": "2026-11-27T08:00:00+00:00"}


class Page(HTMLParser):
    """Collects what a page shows, and which tags it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags = set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (theirs)
        """Note a tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        self.text += data


@given(st.lists(OUTCOMES, max_size=8))
def test_each_test_is_in_junit_and_json(outcomes: list[Outcome]) -> None:
    """Tests that share a name are told apart; the counts of JUnit are those of its entries."""
    findings = findings_of(CLAUSES, outcomes, remarked=())
    document = json.loads(json_report(findings, outcomes, facts=FACTS, remarks={}))
    assert [one.result for one in outcomes] == [entry["outcome"] for entry in document["tests"]]
    assert [one.message for one in outcomes] == [entry["message"] for entry in document["tests"]]
    suite = ET.fromstring(junit_report(outcomes, facts=FACTS))  # noqa: S314  (written in this line)
    cases = suite.findall("testcase")
    assert len(outcomes) == len(cases) == int(suite.attrib["tests"])
    for element, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(suite.attrib[count]) == sum(case.find(element) is not None for case in cases)
    named = {(one.test, one.number) for one in outcomes}
    assert len(named) == len({case.attrib["name"] for case in cases})


@given(st.lists(OUTCOMES, max_size=8), TEXTS)
def test_the_page_shows_each_breach_and_runs_nothing_of_it(outcomes: list[Outcome], remark: str) -> None:
    """Whatever a server says stands there as text."""
    findings = findings_of(CLAUSES, outcomes, remarked=())
    plain = Page(html_report(findings, [], facts=FACTS, remarks={}))
    page = Page(html_report(findings, outcomes, facts=FACTS, remarks={"one": f"<script>{remark}<img>"}))
    assert {"h2", "pre"} | plain.tags == {"h2", "pre"} | page.tags
    assert "img" not in page.tags
    assert all(name in page.text for name in NAMES)


def test_a_clause_differs_when_nothing_but_a_remark_speaks_against_it() -> None:
    """A breach weighs more than a remark, and a remark more than a test that passed."""
    first, second, third, fourth = NAMES

    def outcome(clause: str, *, result: Result, breach: str | None = None) -> Outcome:
        return Outcome(
            test="a::b",
            layer="lines",
            clauses=(clause,),
            result=result,
            seconds=0,
            breach=breach,
            message="no token",
        )

    outcomes = [
        outcome(first, result="failed", breach=first),
        outcome(second, result="passed"),
        outcome(third, result="passed"),
        outcome(fourth, result="skipped"),
    ]
    found: list[Finding] = findings_of(CLAUSES, outcomes, remarked=[first, second])
    assert ["broken", "differs", "holds", "not judged"] == [one.state for one in found]
    assert "no token" == found[3].reason
