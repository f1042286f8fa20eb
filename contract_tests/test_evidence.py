"""Every exchange that others published or saw live obeys the document, or says where the document reads otherwise."""

import json
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from contract_tests.suite.evidence.published import (
    CALLERS,
    KINDS,
    OBSERVED,
    Edit,
    Evidence,
    Report,
    read_exchanges,
    read_reports,
)
from contract_tests.suite.evidence.published_faults import (
    answer_faults,
    general,
    known_body,
    request_faults,
    sentences,
)
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.checker import pointer_to
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import Document, the_document
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.judge import Judge

pytestmark = pytest.mark.layer("evidence")

EXCHANGES: Final = {exchange.id: exchange for exchange in read_exchanges()}
REPORTS: Final = read_reports()
OBSERVATIONS: Final[list[Evidence | Report]] = [
    *(one for one in EXCHANGES.values() if one.source.kind in OBSERVED),
    *REPORTS,
]
CLAUSES: Final = read_clauses()
SOURCES: Final = Path(__file__).parents[1] / "docs" / "sources.md"
REFUSED_AS_WRONG: Final = frozenset({400, 415})
SCOPE: Final = re.compile(r"'(api:[a-z:-]+)'")

every_exchange = pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES)
every_edit = pytest.mark.parametrize(
    ("exchange", "edit"),
    [
        pytest.param(exchange, edit, id=f"{exchange.id}-{edit.conflict}-{number}")
        for exchange in EXCHANGES.values()
        for number, edit in enumerate(exchange.edits)
    ],
)


@pytest.fixture(scope="module")
def document() -> Document:
    """The published contract."""
    return the_document()


def faults(document: Document, exchange: Evidence) -> list[str]:
    """Return what an exchange does otherwise than the document says.

    A request that was refused as wrong has to be wrong by the document too, so only its answer can be at fault.
    """
    refused = exchange.answer["status"] in REFUSED_AS_WRONG
    return [*([] if refused else request_faults(document, exchange)), *answer_faults(document, exchange)]


def test_at_least_twenty_exchanges_of_the_document() -> None:
    """At least 20 exchanges call an operation of the document, and every operation of the current family has one."""
    called = Counter(one.operation.id for one in EXCHANGES.values() if one.operation)
    current = {name for name in called if not name.endswith("Legacy")}

    assert called.total() >= 20
    assert current == {
        "deleteCrmIntegration",
        "getCrmEntities",
        "getCrmRequestStatus",
        "listCrmEntitySchema",
        "listCrmIntegrations",
        "registerCrmIntegration",
        "uploadCrmEntities",
        "uploadCrmEntitySchema",
    }


def test_ids_are_used_once() -> None:
    """No two pieces of evidence share an id."""
    ids = [*(one.id for one in read_exchanges()), *(one.id for one in REPORTS)]

    assert sorted(set(ids)) == sorted(ids)


@every_exchange
def test_the_source_is_named(exchange: Evidence) -> None:
    """Each exchange says what it is, where it was published and when."""
    assert exchange.source.kind in KINDS
    assert exchange.source.where
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", exchange.source.date)
    assert exchange.caller in CALLERS


@every_exchange
def test_the_document_reads_the_exchange(document: Document, exchange: Evidence) -> None:
    """Request, lines, status, headers and answer obey the document once the marked contradictions are corrected."""
    assert [] == faults(document, exchange.corrected())


@every_edit
def test_a_marked_contradiction_contradicts(document: Document, exchange: Evidence, edit: Edit) -> None:
    """Without one of its corrections, an exchange is at odds with the document; a mark that excuses nothing fails."""
    assert faults(document, exchange.corrected(without=edit))


@every_edit
def test_a_contradiction_is_explained(exchange: Evidence, edit: Edit) -> None:
    """Each contradiction names a conflict that docs/sources.md lists, and gives one reason."""
    assert f"| {edit.conflict} |" in SOURCES.read_text(encoding="utf-8")
    assert 1 == len(re.findall(r"[.](?=\s|$)", edit.reason)), exchange.id


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(one, id=one.id)
        for one in EXCHANGES.values()
        if one.answer["status"] in REFUSED_AS_WRONG and one.operation
    ],
)
def test_what_was_refused_as_wrong_is_wrong_by_the_document(document: Document, exchange: Evidence) -> None:
    """A request that Gong answered with 400 or 415 is one that the document does not allow either."""
    assert request_faults(document, exchange)


@pytest.mark.parametrize(
    "exchange", [pytest.param(one, id=one.id) for one in EXCHANGES.values() if one.operation is None]
)
def test_a_path_outside_the_document_is_outside(document: Document, exchange: Evidence) -> None:
    """An exchange that stands for an operation, or for none, is really of a path that the document does not know."""
    assert exchange.request["path"] not in document.raw["paths"]


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(one, id=one.id)
        for one in EXCHANGES.values()
        if one.source.kind in OBSERVED and one.judged_as and "body" in one.answer
    ],
)
def test_an_observed_sentence_stands_in_the_document(document: Document, exchange: Evidence) -> None:
    """Every sentence of a refusal or a line error that was seen live is among the document's examples of it."""
    body, operation = known_body(exchange), exchange.judged_as
    assert body is not None
    assert operation is not None
    seen = {general(error if isinstance(error, str) else error["description"]) for error in body.get("errors", [])}

    assert seen <= sentences(document, operation, exchange.answer["status"])


@pytest.mark.parametrize(
    "exchange", [pytest.param(one, id=one.id) for one in EXCHANGES.values() if one.caller == "bearer without the scope"]
)
def test_the_missing_scope_is_the_documented_one(document: Document, exchange: Evidence) -> None:
    """The scope that a recorded 401 names is the scope that the document asks for."""
    assert exchange.operation is not None
    security = document.at(f"{pointer_to(exchange.operation)}/security")
    documented = [scope for entry in security for scope in entry.get("oauth2", [])]

    assert documented == SCOPE.findall(exchange.answer["body"]["errors"][0])


@pytest.mark.parametrize("exchange", [pytest.param(one, id=one.id) for one in EXCHANGES.values() if one.roundings])
def test_a_rounded_number_is_what_a_double_makes_of_the_true_one(exchange: Evidence) -> None:
    """A damaged id is the true id after a trip through a double, so it says nothing against 64 bits."""
    for rounding in exchange.roundings:
        assert [Decimal(repr(float(rounding.meant)))] == exchange.values_at(rounding.at)
        assert [rounding.meant] != exchange.values_at(rounding.at)


BREAKS: Final = {
    "a parameter that is missing": ("/request/query", {"objectType": "ACCOUNT"}),
    "a parameter that nobody knows": (
        "/request/query",
        {"integrationId": "1", "objectType": "ACCOUNT", "workspaceId": "1"},
    ),
    "an id that is no number": ("/request/query/integrationId", "one"),
    "an object type in small letters": ("/request/query/objectType", "account"),
    "a content type that is not taken": ("/request/content_type", "text/csv"),
    "a body of another shape": ("/request/body", {"uniqueName": "testField"}),
    "a status that is not documented": ("/answer/status", 204),
    "a member that is missing": ("/answer/body", {}),
    "a trace id of its own": ("/answer/headers/x-traceid", "another"),
    "a budget that is no number": ("/answer/headers/x-ratelimit-remaining", "17 calls"),
    "an answer that is no JSON": ("/answer/headers/content-type", "text/html"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_the_reader_sees_what_is_wrong(document: Document, what: str) -> None:
    """An exchange that obeys is at odds with the document as soon as one thing of it is broken."""
    good = EXCHANGES["nango.schema-upload"]
    pointer, value = BREAKS[what]
    edit = Edit(conflict="", reason="", at=tuple(pointer.split("/")[1:]), rename=None, instead=value)

    assert [] == faults(document, good)
    assert faults(document, replace(good, edits=(edit,)).corrected())


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(one, id=one.id)
        for one in EXCHANGES.values()
        if one.source.kind == "recording" and one.operation and "body" in one.answer
    ],
)
def test_the_judge_of_servers_accepts_a_recording(document: Document, exchange: Evidence) -> None:
    """A recorded answer of Gong passes the judgement that every answer of a server meets, in a strict run."""
    contract = Contract(clauses=CLAUSES, document=document, strict=True)
    headers = {name.lower(): str(value) for name, value in exchange.answer.get("headers", {}).items()}

    seen = Exchange(
        operation=exchange.operation,
        method=exchange.request["method"],
        url=f"https://api.gong.io{exchange.request['path']}?{urlencode(exchange.request.get('query', {}))}",
        path=exchange.request["path"],
        request_headers={},
        request_body=b"",
        status=exchange.answer["status"],
        headers={"content-type": "application/json", **headers},
        content=json.dumps(exchange.answer["body"]).encode(),
        seconds=0.0,
    )
    Judge(contract=contract).judge(Answer(exchange=seen, contract=contract))


def test_recorded_request_ids_differ() -> None:
    """No two recorded answers share a requestId, and none repeats the clientRequestId."""
    answers = [one for one in EXCHANGES.values() if one.source.kind == "recording" and one.answer.get("body")]
    ids = [one.answer["body"]["requestId"] for one in answers if "requestId" in one.answer["body"]]

    assert sorted(set(ids)) == sorted(ids)
    assert not set(ids) & {one.request.get("query", {}).get("clientRequestId") for one in answers}


def test_an_observation_in_the_ledger_has_its_evidence() -> None:
    """Each clause that claims to be observed is shown by an exchange or a report of that source and date."""
    claimed = {(clause.id, clause.observed) for clause in CLAUSES.values() if clause.observed}
    shown = {(clause, one.source.axis) for one in OBSERVATIONS for clause in one.shows}

    assert set() == claimed - shown


def test_evidence_names_clauses_that_claim_it() -> None:
    """Each clause that an observation shows says so in the ledger, with the same source and date."""
    claimed = {(clause.id, clause.observed) for clause in CLAUSES.values()}
    shown = {(clause, one.source.axis) for one in OBSERVATIONS for clause in one.shows}

    assert set() == shown - claimed


def test_published_examples_are_no_observations() -> None:
    """An example in a document shows what its author wrote and never how Gong behaves."""
    assert [] == [one.id for one in EXCHANGES.values() if one.source.kind == "published example" and one.shows]


@every_exchange
def test_what_it_bears_on_is_listed(exchange: Evidence) -> None:
    """Each conflict or unknown that an exchange bears on is one that docs/sources.md lists."""
    listed = SOURCES.read_text(encoding="utf-8")

    assert [] == [one for one in exchange.bears_on if f"| {one} |" not in listed]
