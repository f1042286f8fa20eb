"""Asynchronous requests: accepted once, followed forward only, with the right lines and counts."""

from typing import Any, Final

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.records import OBJECT_TYPES, good_line, good_lines, shows
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family

pytestmark = pytest.mark.layer("lifecycle")

MOST: Final = 20
ONCE: Final = ("ACCOUNT", "LEAD")
USERS: Final[list[object]] = [
    {"crmUserId": "2356ddfwe32", "emailAddress": "jane.doe@example.com"},
    {"crmUserId": "67534ghf745", "isDeleted": True},
]
COUNTS: Final = (1, MOST - 1, MOST, MOST + 1, 30)


def broken_file(family: Family, prefix: str, *, bad: int) -> tuple[list[object], list[int]]:
    """Make a file whose bad lines lack objectId and stand between good ones.

    Returns:
        The lines, and the numbers of the bad ones.
    """
    lines: list[object] = []
    numbers = []
    for number, line in enumerate(good_lines("LEAD", family, prefix, 2 * bad + 1)):
        if number % 2:
            del line["objectId"]
            numbers.append(number + 1)
        lines.append(line)
    return lines, numbers


@pytest.fixture(scope="module")
def sent(batch: Batch, families: tuple[Family, ...], run_name: str) -> Batch:
    """The files of the module, all of them sent before the first is followed."""
    for family in families:
        for bad in COUNTS:
            lines, _ = broken_file(family, f"{run_name}-{family[0]}{bad}", bad=bad)
            batch.send(f"bad-{family}-{bad}", family, "LEAD", lines)
        for object_type in OBJECT_TYPES:
            own: list[object] = [good_line(object_type, family, f"{run_name}-{family[0]}-{n}") for n in range(3)]
            batch.send(f"good-{family}-{object_type}", family, object_type, own)
        batch.send(f"empty-{family}", family, "LEAD", b"")
    if "legacy" in families:
        batch.send("users", "legacy", "USERS", USERS)
    return batch


@pytest.fixture(scope="module")
def once(gong: Caller, sent: Batch, families: tuple[Family, ...]) -> dict[str, Answer]:
    """Files whose client request id was used again at once, with the answer to the second upload."""
    early = {}
    for family in families:
        for object_type in ONCE:
            name = f"once-{family}-{object_type}"
            lines = [good_line(object_type, family, f"{sent.client_request_id(name)}-a")]
            sent.send(name, family, object_type, [*lines])
            early[name] = _again(gong, sent, family, object_type, name, lines)
    return early


@pytest.fixture(scope="module")
def corrected(sent: Batch, families: tuple[Family, ...], run_name: str) -> Batch:
    """Files with a bad line that were corrected and sent again, once they had FAILED."""
    for family in families:
        sent.end(f"bad-{family}-1")
        lines: list[object] = list(good_lines("LEAD", family, f"{run_name}-{family[0]}1", 3))
        sent.send(f"corrected-{family}", family, "LEAD", lines)
    return sent


@pytest.mark.clause("upload.every-object-type", "status.done-without-errors")
@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_good_file(sent: Batch, family: Family, object_type: str) -> None:
    """A file of good lines of each object type ends DONE, without errors."""
    end = sent.end(f"good-{family}-{object_type}")
    end.require("upload.every-object-type", end.member("status") == "DONE", "DONE, because every line is good")
    clause = "status.done-without-errors"
    end.require(clause, end.member("errors") in (None, []), "no errors")
    end.require(clause, end.member("totalErrorCount") in {None, 0}, "totalErrorCount 0, null or absent")
    end.require(clause, end.member("totalSuccessCount") in {None, 0, 3}, "totalSuccessCount 3, where it is given")


@pytest.mark.clause(
    "status.failed",
    "status.failed-fields",
    "status.error-entry",
    "status.line-numbers",
    "status.every-bad-line",
    "status.twenty-errors",
    "status.error-count",
    "status.success-count",
    "status.message-mandatory",
)
@pytest.mark.parametrize("bad", COUNTS)
def test_file_with_bad_lines(sent: Batch, family: Family, bad: int, run_name: str) -> None:
    """A file with bad lines ends FAILED, names the first 20 of them, and counts all."""
    end = sent.end(f"bad-{family}-{bad}")
    _, numbers = broken_file(family, f"{run_name}-{family[0]}{bad}", bad=bad)
    end.require("status.failed", end.member("status") == "FAILED", f"FAILED, for {bad} lines are bad")
    members = ("errors", "totalErrorCount", "totalSuccessCount")
    end.require("status.failed-fields", all(end.member(name) is not None for name in members), f"{members}")
    errors = end.member("errors")
    end.require("status.error-entry", errors and all(map(is_entry, errors)), "entries of line and description")
    named = [error["line"] for error in errors]
    end.require("status.twenty-errors", len(errors) <= MOST, f"{MOST} errors at most")
    unexpected = sorted(set(named) - set(numbers))
    end.require(
        "status.line-numbers", not unexpected, f"errors for bad lines only, {numbers[:5]} and so on; not {unexpected}"
    )
    end.require("status.every-bad-line", set(named) == set(numbers[:MOST]), f"errors for the lines {numbers[:MOST]}")
    end.require("status.error-count", end.member("totalErrorCount") == bad, f"totalErrorCount {bad}")
    end.require("status.success-count", end.member("totalSuccessCount") == bad + 1, f"totalSuccessCount {bad + 1}")
    wording = "Mandatory field [objectId] is missing or empty"
    described = {error["description"] for error in errors}
    end.prefer("status.message-mandatory", described == {wording}, wording)


def is_entry(error: Any) -> bool:  # noqa: ANN401  (an entry is any JSON)
    """Say whether a line error has the two members that it must have."""
    return (
        isinstance(error, dict)
        and type(error.get("line")) is int
        and isinstance(error.get("description"), str)
        and bool(error["description"])
    )


@pytest.mark.clause("status.forward", "status.values", "status.ends")
def test_end_is_the_end(sent: Batch, family: Family, gong: Caller) -> None:
    """DONE and FAILED stay what they are, with the same errors and counts."""
    for name in (f"good-{family}-LEAD", f"bad-{family}-{MOST}"):
        end = sent.end(name)
        for _ in range(4):
            again = gong.get_crm_request_status(sent.integration_id, client_request_id=sent.client_request_id(name))
            same = all(again.member(one) == end.member(one) for one in ("status", "errors", "totalErrorCount"))
            again.require(
                "status.forward", same, f"{end.member('status')} with the same errors, as it was reported before"
            )


@pytest.mark.clause("status.own-request", "status.request-id-own", "envelope.request-id-not-client")
def test_status_of_ones_own_request(sent: Batch, family: Family) -> None:
    """Each client request id has the status of its own file, under a requestId of the status call."""
    good, bad = sent.end(f"good-{family}-LEAD"), sent.end(f"bad-{family}-1")
    good.require("status.own-request", good.member("status") == "DONE", "DONE, though another request has FAILED")
    bad.require("status.own-request", bad.member("status") == "FAILED", "FAILED, though another request is DONE")
    uploaded = sent.send(f"good-{family}-LEAD", family, "LEAD", [])
    other = good.member("requestId") != uploaded.member("requestId")
    good.require("status.request-id-own", other, "a requestId of the status call")


@pytest.mark.clause(
    "upload.repeated-client-request-id",
    "upload.repeated-client-request-id-other-file",
    "upload.refused-changes-nothing",
    "route.both-families-one-state",
)
@pytest.mark.parametrize("object_type", ONCE)
def test_client_request_id_is_used_once(  # noqa: PLR0913, PLR0917  (each is a fixture or a parameter)
    gong: Caller,
    sent: Batch,
    once: dict[str, Answer],
    families: tuple[Family, ...],
    family: Family,
    object_type: str,
) -> None:
    """A client request id that was used is refused with 409, for the same file and for another, and nothing changes."""
    name = f"once-{family}-{object_type}"
    number = sent.client_request_id(name)
    early = once[name]
    early.require("upload.repeated-client-request-id", early.status == 409, "409, while the first is on its way")
    sent.done(name)
    same = _again(gong, sent, family, object_type, name, [good_line(object_type, family, f"{number}-a")])
    same.require("upload.repeated-client-request-id", same.status == 409, "409, for the id was used")
    other = _again(gong, sent, family, object_type, name, [good_line(object_type, family, f"{number}-b")])
    other.require("upload.repeated-client-request-id-other-file", other.status == 409, "409, for the id was used")
    for twin in set(families) - {family}:
        there = _again(gong, sent, twin, object_type, name, [good_line(object_type, twin, f"{number}-b")])
        there.prefer("route.both-families-one-state", there.status == 409, "409, for the other family has used the id")
    typed = _again(gong, sent, family, "CONTACT", name, [good_line("CONTACT", family, f"{number}-c")])
    typed.require("upload.repeated-client-request-id-other-file", typed.status == 409, "409, for the id was used")
    status = gong.get_crm_request_status(sent.integration_id, client_request_id=number)
    status.require("upload.refused-changes-nothing", status.member("status") == "DONE", "DONE, as before the refusal")
    read = gong.get_crm_entities(family, sent.integration_id, object_type=object_type, ids=[f"{number}-b"])
    absent = read.member("crmObjectsMap") == {f"{number}-b": None}
    read.require("upload.refused-changes-nothing", absent, "null for the object of the refused file")


def _again(  # noqa: PLR0913, PLR0917  (the parts of an upload)
    gong: Caller, sent: Batch, family: Family, object_type: str, name: str, lines: list[dict[str, Any]]
) -> Answer:
    number = sent.client_request_id(name)
    return gong.upload_crm_entities(
        family, sent.integration_id, object_type=object_type, client_request_id=number, data=ldjson(lines)
    )


@pytest.mark.clause("upload.client-request-id-forms", "upload.echo")
@pytest.mark.parametrize("form", ["Ab-1_{}", "aB-1_{}", "_{}", "2026{}", "-{}-", "ABC{}"])
def test_forms_of_client_request_ids(gong: Caller, sent: Batch, family: Family, form: str) -> None:
    """Letters of both cases, digits, dashes and underscores make a client request id."""
    number = form.format(f"{sent.prefix}{family[0]}")
    lines = [good_line("LEAD", family, f"{sent.prefix}-form")]
    answer = gong.upload_crm_entities(
        family, sent.integration_id, object_type="LEAD", client_request_id=number, data=ldjson(lines)
    )
    answer.require("upload.client-request-id-forms", answer.status == 201, "201")
    answer.require("upload.echo", answer.member("clientRequestId") == number, f"clientRequestId {number}")
    status = gong.get_crm_request_status(sent.integration_id, client_request_id=number)
    status.require("upload.client-request-id-forms", status.status == 200, "200, for the request was accepted")


@pytest.mark.clause("upload.empty-file")
def test_empty_file(sent: Batch, family: Family) -> None:
    """An empty list is accepted and ends DONE (C-34)."""
    end = sent.end(f"empty-{family}")
    end.prefer("upload.empty-file", end.member("status") == "DONE", "DONE")


@pytest.mark.clause("upload.file-name-free")
@pytest.mark.parametrize("name", [None, "accounts.json", "Köln und Zürich.ldjson"])
def test_file_name_is_free(gong: Caller, sent: Batch, family: Family, name: str | None) -> None:
    """A file of any name and content type is taken, a bare part named dataFile too."""
    number = sent.client_request_id(f"named-{family}-{len(name or '')}")
    data = ldjson([good_line("LEAD", family, f"{number}-a")])
    query = {"integrationId": sent.integration_id, "objectType": "LEAD", "clientRequestId": number}
    answer = gong.call(
        "uploadCrmEntities", family, query=query, files={"dataFile": (name, data, "application/octet-stream")}
    )
    answer.prefer("upload.file-name-free", answer.status == 201, "201")


@pytest.mark.clause("status.good-lines-kept")
def test_good_lines_of_a_failed_file(follower: Follower, sent: Batch, run_name: str) -> None:
    """The good lines of a FAILED file are stored (C-22, current rules)."""
    sent.end("bad-current-1")
    kept = f"{run_name}-c1-0"
    answer, there = follower.read(
        "current",
        sent.integration_id,
        object_type="LEAD",
        ids=[kept],
        until=lambda found: kept in found and shows({}, found[kept]),
        brief=True,
    )
    answer.prefer("status.good-lines-kept", there, f"the object {kept}")


@pytest.mark.clause("status.corrected-file")
def test_corrected_file(corrected: Batch, family: Family) -> None:
    """The entire file, corrected and sent again under a new id, ends DONE."""
    end = corrected.end(f"corrected-{family}")
    end.require("status.corrected-file", end.member("status") == "DONE", "DONE, because every line is good now")


@pytest.mark.clause(
    "map-users.success",
    "map-users.echo",
    "map-users.followed",
    "map-users.repeated-client-request-id",
)
def test_user_mapping(gong: Caller, sent: Batch, legacy: None) -> None:  # noqa: ARG001  (a fixture that skips)
    """A user mapping is accepted, echoed, followed until DONE, and not taken twice under one id."""
    end = sent.end("users")
    end.require("map-users.followed", end.member("status") == "DONE", "DONE, because every line is good")
    number = sent.client_request_id("users")
    again = gong.map_crm_users_legacy(sent.integration_id, client_request_id=number, data=ldjson(USERS))
    again.require("map-users.repeated-client-request-id", again.status == 409, "409, for the id was used")
    other = gong.map_crm_users_legacy(sent.integration_id, client_request_id=number, data=ldjson(USERS[:1]))
    other.require("map-users.repeated-client-request-id", other.status == 409, "409, for another file too")
