"""The ledger, the tests and the drifts agree with each other."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, get_args

import pytest

from contract_tests.suite.ledger.clauses import Clause, Strength, read_clauses
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.proof.asserted import asserted_by

pytestmark = pytest.mark.layer("clauses")

CLAUSES: Final = read_clauses()
UNOBSERVABLE: Final = {clause.id for clause in CLAUSES.values() if clause.unobservable}
SOURCES: Final = (Path(__file__).parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
STRICT: Final = frozenset({"incidental", "interpretation"})
"""What fails a run only when it is asked to be strict: a server that does otherwise may well be right."""
MODULES: Final = frozenset(path.name for path in Path(__file__).parent.glob("test_*.py"))


@pytest.fixture(scope="module")
def asserted(request: pytest.FixtureRequest) -> Mapping[str, tuple[str, ...]]:
    """The tests of each clause, when the whole suite was collected."""
    here = [item for item in request.session.items if item.path.parent == Path(__file__).parent]
    config = request.config
    if {item.path.name for item in here} != MODULES or config.option.keyword or any("::" in one for one in config.args):
        pytest.skip("only a part of the suite was collected, so nobody can say what has no test")
    return asserted_by(here)


@pytest.fixture(scope="module")
def broken() -> set[str]:
    """The clauses that some drift breaks."""
    pytest.importorskip("gong_crm_emulator", reason="the drifts are variations of the emulator, which is not installed")
    from contract_tests.drifts import DRIFTS  # noqa: PLC0415  (a run against Gong needs no emulator)

    return {clause for drift in DRIFTS.values() for clause in drift.clauses}


def test_every_clause_has_a_test_or_a_reason(asserted: Mapping[str, tuple[str, ...]]) -> None:
    """A clause is asserted by a test, or says why it cannot be observed."""
    assert set() == CLAUSES.keys() - UNOBSERVABLE - asserted.keys()


def test_a_reason_is_for_a_clause_without_a_test(asserted: Mapping[str, tuple[str, ...]]) -> None:
    """A clause that calls itself unobservable has no test."""
    assert set() == UNOBSERVABLE & asserted.keys()


def test_no_test_names_an_unknown_clause(asserted: Mapping[str, tuple[str, ...]]) -> None:
    """Every clause that a test names stands in the ledger."""
    assert set() == asserted.keys() - CLAUSES.keys()


def test_drifts_break_clauses_that_can_be_observed(broken: set[str]) -> None:
    """Every clause that a drift breaks stands in the ledger and can be observed."""
    assert set() == broken - (CLAUSES.keys() - UNOBSERVABLE)


def test_every_asserted_clause_has_a_drift(asserted: Mapping[str, tuple[str, ...]], broken: set[str]) -> None:
    """A clause that fails a run on every target is broken by some drift, else nobody knows that its test works."""
    firm = {clause.id for clause in CLAUSES.values() if clause.strength not in STRICT}

    assert set() == firm & asserted.keys() - broken


def test_the_ledger_is_long_enough() -> None:
    """The ledger holds 120 clauses at least, and every family has some."""
    assert len(CLAUSES) >= 120
    assert {"current", "legacy", "both", "shared"} == {clause.family for clause in CLAUSES.values()}


def test_the_document_says_it() -> None:
    """The pointer of each clause leads to a place in openapi.yaml."""
    assert [] == [clause.id for clause in CLAUSES.values() if not the_document().at(clause.pointer)]


def test_the_strength_fits_the_evidence() -> None:
    """What is called documented is documented, and what is called observed was observed."""
    assert [] == [clause.id for clause in CLAUSES.values() if not fits(clause)]


def fits(clause: Clause) -> bool:
    """Say whether the strength of a clause claims no more than its evidence."""
    if clause.strength == "documented":
        return clause.documented
    return clause.strength in get_args(Strength) and (clause.strength == "interpretation" or bool(clause.observed))


def test_live_is_a_date_or_never() -> None:
    """A clause was confirmed live by us on a date, or never."""
    dates = {clause.confirmed_live for clause in CLAUSES.values()}

    assert set() == {one for one in dates if not re.fullmatch(r"never|20\d\d-\d\d-\d\d", one)}


def test_the_sources_are_listed() -> None:
    """Each clause names a source, and what it names stands in docs/sources.md, its conflicts and unknowns too."""
    assert [] == [clause.id for clause in CLAUSES.values() if not clause.sources]
    assert [] == [(clause.id, name) for clause in CLAUSES.values() for name in unlisted(clause)]


def unlisted(clause: Clause) -> Iterator[str]:
    """Find what a clause names and docs/sources.md does not list."""
    for name in re.findall(r"\b[CU]-\d+\b", f"{clause.rule} {clause.unobservable or ''}"):
        if f"| {name} |" not in SOURCES:
            yield name
    for source in clause.sources:
        tag, _, name = source.partition(": ")
        if (name.split()[0] if name else tag) not in SOURCES:
            yield source
