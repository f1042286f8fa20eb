"""Values at their edges and objects in their sequences: what is sent comes back, whatever it is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.edge_values import ACCOUNT_FIELDS, Edge, edges, same_value
from contract_tests.suite.drive.fixtures import NAME_OF
from contract_tests.suite.drive.records import OBJECT_TYPES, good_line, good_lines
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import FAMILIES, Family

pytestmark = pytest.mark.layer("lifecycle")

TYPES: Final = ("ACCOUNT", "CONTACT", "LEAD")
IDS: Final = ("0", "7", "007", "x" * 64, "jane.doe@mail.example.com")
OF_IDS: Final[Mapping[Family, str]] = {"current": "LEAD", "legacy": "CONTACT"}
"""The type that has objects of these ids, one a family, so that neither changes what the other has sent."""
FORMS: Final[Mapping[str, Callable[[Iterable[object]], bytes]]] = {
    "crlf": lambda lines: ldjson(lines).replace(b"\n", b"\r\n"),
    "mark": lambda lines: b"\xef\xbb\xbf" + ldjson(lines),
    "blank": lambda lines: ldjson(lines).replace(b"\n", b"\n\n"),
    "spaced": lambda lines: ldjson(lines).replace(b"{", b" {").replace(b"\n", b" \t\n"),
}
"""Files that no text settles: CRLF, a byte order mark, blank lines, blanks around a line."""
DOUBTFUL: Final = frozenset({"objects.large-integers", "objects.long-texts"})
"""Clauses that no text settles, so that a server which does otherwise gets a remark."""


@pytest.fixture(scope="module")
def fields(gong: Caller, integration: Integration) -> None:
    """A field of each type for accounts."""
    answer = gong.upload_crm_entity_schema("current", integration.id, object_type="ACCOUNT", fields=ACCOUNT_FIELDS)
    answer.require("schema.upload-success", answer.status in {200, 201}, "200 or 201")


@pytest.fixture(scope="module")
def sent(fields: None, batch: Batch, families: tuple[Family, ...]) -> Batch:  # noqa: ARG001  (a fixture that prepares)
    """All files of the module, sent before the first is followed."""
    for family in families:
        for object_type in TYPES:
            batch.send(f"edges-{family}-{object_type}", family, object_type, [*edge_lines(batch, family, object_type)])
        data = ldjson(line for line in good_lines("LEAD", family, object_id(batch, family, "open"), 2))
        batch.send(f"open-{family}", family, "LEAD", data.rstrip(b"\n"))
        cases: list[object] = [
            good_line("LEAD", family, object_id(batch, family, word), minute=minute, lastName=word)
            for minute, word in enumerate(("Case", "case"))
        ]
        batch.send(f"case-{family}", family, "LEAD", cases)
        for place, lines in bad_places(batch, family).items():
            batch.send(f"bad-{family}-{place}", family, "LEAD", lines)
        named: list[object] = [
            good_line(OF_IDS[family], family, key, minute=minute, lastName=f"Of {key[:9]}", emailAddress=address)
            for minute, key in enumerate(IDS)
            for address in (f"lead{minute}@example.com",)
        ]
        batch.send(f"ids-{family}", family, OF_IDS[family], named)
        for object_type in (*OBJECT_TYPES, *(("USERS",) if family == "legacy" else ())):
            batch.send(f"unended-{family}-{object_type}", family, object_type, unended(batch, family, object_type))
    return batch


def object_id(batch: Batch, family: Family, word: str) -> str:
    """Name an object of this run."""
    return f"{batch.prefix}-v{family[0]}-{word}"


def own_edges(batch: Batch, family: Family, object_type: str) -> Mapping[str, Edge]:
    """List the values of a type by the id of the object that carries them."""
    return {
        object_id(batch, family, f"{object_type[0]}{place}"): edge
        for place, edge in enumerate(edges(object_type, family))
    }


def edge_lines(batch: Batch, family: Family, object_type: str) -> list[dict[str, Any]]:
    """Make a line for each value, good in everything else."""
    more = {"accountId": "0"} if object_type == "CONTACT" else {}
    return [
        good_line(object_type, family, key, minute=minute, **{**more, edge.member: edge.value})
        for minute, (key, edge) in enumerate(own_edges(batch, family, object_type).items())
    ]


def bad_places(batch: Batch, family: Family) -> Mapping[str, bytes]:
    """Make files with one bad line: the first of three, the last, the last without a newline, and alone."""
    good = [*good_lines("LEAD", family, object_id(batch, family, "good"), 2)]
    bad = good_line("LEAD", family, "gone", minute=1)
    del bad["objectId"]
    last = ldjson([*good, bad])
    return {"first": ldjson([bad, *good]), "last": last, "unended": last.rstrip(b"\n"), "alone": ldjson([bad])}


def unended(batch: Batch, family: Family, object_type: str) -> bytes:
    """Make a file whose second line is bad and ends without a newline."""
    if object_type == "USERS":
        return ldjson([{"crmUserId": "usr", "emailAddress": "usr@example.com"}, {"emailAddress": "b@example.com"}])[:-1]
    good, bad = good_lines(object_type, family, object_id(batch, family, "end"), 2)
    del bad["objectId"]
    return ldjson([good, bad])[:-1]


def read(
    sent: Batch, family: Family, object_type: str, expected: Mapping[str, Mapping[str, Any]]
) -> tuple[Answer, bool]:
    """Read objects until each has these members with these values."""

    def met(found: Mapping[str, Any]) -> bool:
        return all(
            found.get(key) and all(same_value(value, found[key].get(name)) for name, value in members.items())
            for key, members in expected.items()
        )

    return sent.follower.read(family, sent.integration_id, object_type=object_type, ids=[*expected], until=met)


@pytest.mark.clause(
    "objects.falsy-values",
    "objects.numbers",
    "objects.large-integers",
    "objects.texts",
    "objects.long-texts",
    "objects.field-types",
)
@pytest.mark.parametrize("object_type", TYPES)
def test_values_come_back(sent: Batch, family: Family, object_type: str) -> None:
    """Each value that a member may have comes back as it was sent: falsy, large, long, of each type."""
    sent.done(f"edges-{family}-{object_type}")
    own = own_edges(sent, family, object_type)
    answer, _ = read(sent, family, object_type, {key: {edge.member: edge.value} for key, edge in own.items()})
    compare(answer, own)


def compare(answer: Answer, own: Mapping[str, Edge]) -> None:
    """Hold the objects of a read against the values that were sent."""
    found = answer.member("crmObjectsMap") or {}
    for key, edge in own.items():
        shown = (found.get(key) or {}).get(edge.member)
        expected = f"{edge.member} of {key} as {str(edge.value)[:60]!r}, not {str(shown)[:60]!r}"
        hold = answer.prefer if edge.clause in DOUBTFUL else answer.require
        hold(edge.clause, same_value(edge.value, shown), expected)


@pytest.mark.clause("objects.falsy-values", "objects.numbers", "objects.texts")
def test_values_of_deals(sent: Batch) -> None:
    """The amount and name of a deal come back as they were sent (current rules, all that it refers to being there)."""
    own = own_edges(sent, "current", "DEAL")
    number, owner, stage = (object_id(sent, "current", word) for word in ("acc", "usr", "stg"))
    for object_type, key in (("ACCOUNT", number), ("BUSINESS_USER", owner), ("STAGE", stage)):
        sent.send(f"deal-{object_type}", "current", object_type, [good_line(object_type, "current", key)])
        sent.done(f"deal-{object_type}")
    answer, there = read(sent, "current", "ACCOUNT", {number: {}})
    answer.require("objects.done-is-readable", there, f"the account {number}")
    lines: list[object] = [
        good_line(
            *("DEAL", "current", key),
            minute=minute,
            **{"accountId": number, "ownerId": owner, "stage": stage, edge.member: edge.value},
        )
        for minute, (key, edge) in enumerate(own.items())
    ]
    sent.send("deal-edges", "current", "DEAL", lines)
    sent.done("deal-edges")
    answer, _ = read(sent, "current", "DEAL", {key: {edge.member: edge.value} for key, edge in own.items()})
    compare(answer, own)


@pytest.mark.clause("upload.last-line")
def test_last_line_without_a_newline(sent: Batch, family: Family) -> None:
    """The last line of a file is read though no newline ends it."""
    sent.done(f"open-{family}")
    keys = [f"{object_id(sent, family, 'open')}-{number}" for number in range(2)]
    answer, there = read(sent, family, "LEAD", {key: {"lastName": f"Lead {key}"} for key in keys})
    answer.require("upload.last-line", there, f"the objects {keys}")


@pytest.mark.clause("upload.last-line")
@pytest.mark.parametrize("object_type", [*OBJECT_TYPES, "USERS"])
def test_last_line_of_each_type(sent: Batch, family: Family, object_type: str) -> None:
    """A bad last line is found though no newline ends it, in files of each type and of users."""
    if object_type == "USERS" and family == "current":
        pytest.skip("only the legacy family maps users")
    end = sent.end(f"unended-{family}-{object_type}")
    named = [error["line"] for error in end.member("errors") or []]
    end.require("upload.last-line", named == [2], f"an error for line 2 and no other, not {named}")


@pytest.mark.clause("objects.id-forms")
def test_forms_of_ids(sent: Batch, family: Family) -> None:
    """Each object is found under its own id: zero, digits, 64 letters, an e-mail address."""
    sent.done(f"ids-{family}")
    expected = {key: {"lastName": f"Of {key[:9]}"} for key in IDS}
    answer, there = read(sent, family, OF_IDS[family], expected)
    answer.require("objects.id-forms", there, f"these objects: {expected}")


@pytest.mark.clause("objects.done-is-readable")
@pytest.mark.parametrize("form", FORMS)
def test_no_line_is_lost_in_silence(gong: Caller, sent: Batch, family: Family, form: str) -> None:
    """Where a file in a form that no text settles ends DONE, each of its objects is there (U-13)."""
    number = sent.client_request_id(f"form-{family}-{form}")
    keys = [f"{object_id(sent, family, form)}-{place}" for place in range(3)]
    data = FORMS[form](good_lines("LEAD", family, object_id(sent, family, form), 3))
    answer = gong.upload_crm_entities(
        family, sent.integration_id, object_type="LEAD", client_request_id=number, data=data
    )
    if answer.status != 201:
        pytest.skip("the target does not take this form, which no text settles")
    end = sent.follower.end(sent.integration_id, client_request_id=number)
    if end.member("status") != "DONE":
        pytest.skip("the target does not take this form, which no text settles")
    answer, there = read(sent, family, "LEAD", {key: {"lastName": f"Lead {key}"} for key in keys})
    answer.require("objects.done-is-readable", there, f"the objects {keys}")


@pytest.mark.clause("status.line-numbers", "status.every-bad-line", "status.success-count")
@pytest.mark.parametrize(("place", "number"), [("first", 1), ("last", 3), ("unended", 3), ("alone", 1)])
def test_place_of_a_bad_line(sent: Batch, family: Family, place: str, number: int) -> None:
    """A bad line is found wherever it stands: first, last, without a newline, alone in its file."""
    end = sent.end(f"bad-{family}-{place}")
    named = [error["line"] for error in end.member("errors") or []]
    end.require("status.every-bad-line", named, f"an error for line {number}")
    end.require("status.line-numbers", named == [number], f"an error for line {number} and no other, not {named}")
    good = 0 if place == "alone" else 2
    end.require("status.success-count", end.member("totalSuccessCount") == good, f"totalSuccessCount {good}")


@pytest.mark.clause("objects.id-case")
def test_ids_differ_in_case(sent: Batch, family: Family) -> None:
    """Ids that differ in the case of their letters name two objects."""
    sent.done(f"case-{family}")
    expected = {object_id(sent, family, word): {"lastName": word} for word in ("Case", "case")}
    answer, there = read(sent, family, "LEAD", expected)
    answer.require("objects.id-case", there, f"two objects: {expected}")


@pytest.mark.clause("upload.again-after-deletion")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("object_type", TYPES)
def test_again_after_deletion(sent: Batch, families: tuple[Family, ...], family: Family, object_type: str) -> None:
    """An object that was deleted comes again with a later line."""
    if family not in families:
        pytest.skip("the target does not serve the legacy family (U-18)")
    key, named = object_id(sent, family, "phoenix"), {NAME_OF[object_type]: "Again"}
    life: dict[str, dict[str, Any]] = {"born": {}, "dead": {"isDeleted": True}, "again": named}
    for minute, (word, more) in enumerate(life.items()):
        line = good_line(object_type, family, key, minute=minute, **more)
        sent.send(f"life-{family}-{object_type}-{word}", family, object_type, [line])
        sent.done(f"life-{family}-{object_type}-{word}")
    answer, there = read(sent, family, object_type, {key: named})
    answer.require("upload.again-after-deletion", there, f"the object {key} with {named}")
