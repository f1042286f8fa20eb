"""Each documented refusal, one thing wrong at a time, beside a twin that is accepted."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

import pytest

from contract_tests.suite.drive.caller import JSON, Caller
from contract_tests.suite.drive.data_files import data_file, ldjson
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.drive.valid_calls import GOOD_STAGE, ValidCalls
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import OPERATIONS, Family, Operation, operation_of

pytestmark = pytest.mark.layer("refusals")

BAD: Final = frozenset({400})
UNKNOWN: Final = frozenset({400, 404})  # no source settles which (C-10, C-11)
NO_MEDIA: Final = frozenset({400, 415})
Parts = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One thing wrong in a valid call."""

    name: str
    family: Family
    clause: str
    what: str
    change: Callable[[Parts], Parts]
    statuses: frozenset[int] = BAD

    def __str__(self) -> str:
        """Name the case as pytest shows it."""
        return f"{operation_of(self.name, self.family).id}-{self.what}"


def without(name: str) -> Callable[[Parts], Parts]:
    """Leave a query parameter out."""
    return lambda parts: {**parts, "query": {**parts["query"], name: None}}


def with_value(name: str, value: str) -> Callable[[Parts], Parts]:
    """Send another value of a query parameter."""
    return lambda parts: {**parts, "query": {**parts["query"], name: value}}


def with_json(value: object) -> Callable[[Parts], Parts]:
    """Send another JSON body."""
    return with_body(json.dumps(value))


def with_body(text: str, content_type: str = JSON) -> Callable[[Parts], Parts]:
    """Send another body."""
    return lambda parts: {"query": parts["query"], "content": text.encode(), "content_type": content_type}


def with_part(name: str) -> Callable[[Parts], Parts]:
    """Send the file in a part of another name."""
    return lambda parts: {**parts, "files": data_file(parts["files"]["dataFile"][1], name=name)}


FORBIDDEN: Final = {"blank": "a b", "dot": "a.b", "slash": "a/b", "umlaut": "aäb", "colon": "a:b", "newline": "ab\n"}


def cases() -> list[Refusal]:
    """Make the table of refusals, for both twins of each operation."""
    return [
        Refusal(name=operation.name, family=family, clause=clause, what=what, change=change, statuses=statuses)
        for operation in OPERATIONS
        for family in get_args(Family)
        if operation.family == family or (operation.family == "shared" and family == "current")
        for clause, what, change, statuses in _of_operation(operation)
    ]


Row = tuple[str, str, Callable[[Parts], Parts], frozenset[int]]


def _of_operation(operation: Operation) -> list[Row]:
    rows = []
    if operation.name not in {"registerCrmIntegration", "listCrmIntegrations"}:
        unknown = str(2**62 + 12345)
        chapter = operation.chapter
        rows += [
            (f"{chapter}.integration-id-required", "no-integration-id", without("integrationId"), BAD),
            (f"{chapter}.unknown-integration", "unknown-integration", with_value("integrationId", unknown), UNKNOWN),
            ("ids.integration-id-not-a-number", "word-as-id", with_value("integrationId", "abc"), UNKNOWN),
            ("ids.integration-id-beyond-int64", "id-beyond-int64", with_value("integrationId", "9" * 20), UNKNOWN),
        ]
    return rows + _of_type(operation) + _of_request(operation) + _of_body(operation)


def _of_type(operation: Operation) -> list[Row]:
    if operation.name not in {"uploadCrmEntitySchema", "listCrmEntitySchema", "uploadCrmEntities", "getCrmEntities"}:
        return []
    unexpected = ["OPPORTUNITY"] + ([] if operation.name == "uploadCrmEntities" else ["BUSINESS_USER", "STAGE"])
    rows = [
        (f"{operation.chapter}.object-type-known", f"type-{name}", with_value("objectType", name), BAD)
        for name in unexpected
    ]
    rows += [
        (f"{operation.chapter}.object-type-case", f"type-{name}", with_value("objectType", name), BAD)
        for name in ("account", "Deal")
    ]
    if operation.name != "listCrmEntitySchema":
        rows.append((f"{operation.chapter}.object-type-required", "no-type", without("objectType"), BAD))
    return rows


def _of_request(operation: Operation) -> list[Row]:
    if operation.name == "getCrmRequestStatus":
        return [
            ("status.client-request-id-required", "no-client-request-id", without("clientRequestId"), BAD),
            ("status.unknown-request", "unknown-request", with_value("clientRequestId", "never-sent"), UNKNOWN),
        ]
    if operation.name not in {"uploadCrmEntities", "deleteCrmIntegration", "mapCrmUsersLegacy"}:
        return []
    rows = [
        (f"{operation.chapter}.client-request-id-required", "no-client-request-id", without("clientRequestId"), BAD)
    ]
    return rows + [
        (
            f"{operation.chapter}.client-request-id-characters",
            f"id-with-{name}",
            with_value("clientRequestId", text),
            BAD,
        )
        for name, text in FORBIDDEN.items()
    ]


def _of_body(operation: Operation) -> list[Row]:
    if operation.name in {"uploadCrmEntities", "mapCrmUsersLegacy"}:
        media = "route.upload-media-type"
        return [
            (f"{operation.chapter}.data-file-required", "no-data-file", with_part("file"), BAD),
            (media, "json-body", with_json([{"objectId": "a"}]), NO_MEDIA),
            (media, "lines-body", with_body('{"objectId": "a"}\n', "application/x-ndjson"), NO_MEDIA),
        ]
    if operation.name == "uploadCrmStagesLegacy":
        rows = [
            (f"stages.{name}", f"no-{name}", with_json([{k: v for k, v in GOOD_STAGE.items() if k != name}]), BAD)
            for name in GOOD_STAGE
        ]
        broken = [("object", json.dumps(GOOD_STAGE)), ("no-json", "[{")]
        return rows + [("stages.body-array", f"body-{name}", with_body(text), BAD) for name, text in broken]
    if operation.name == "uploadCrmEntitySchema":
        broken = [("object", json.dumps({"uniqueName": "a", "label": "A", "type": "STRING"})), ("no-json", "[{")]
        return [("schema.body-array", f"body-{name}", with_body(text), BAD) for name, text in broken]
    if operation.name == "getCrmEntities":
        broken = [("object", json.dumps({"ids": ["a"]})), ("no-json", '["a"')]
        rows = [("objects.body-array", f"body-{name}", with_body(text), BAD) for name, text in broken]
        return [*rows, ("objects.body-empty", "no-body", with_body(""), NO_MEDIA)]
    return []


CASES: Final = cases()


def refuse(gong: Caller, valid_calls: ValidCalls, case: Refusal) -> Answer:
    """Make the call of a case; a deletion names the real integration, so that one thing only is wrong."""
    parts = valid_calls.parts(case.name, case.family)
    if case.name == "deleteCrmIntegration":
        parts["query"]["integrationId"] = valid_calls.integration_id
    return gong.call(case.name, case.family, **case.change(parts))


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.clause(case.clause), id=str(case)) for case in CASES]
)
def test_refusal(request: pytest.FixtureRequest, gong: Caller, valid_calls: ValidCalls, case: Refusal) -> None:
    """A call with one thing wrong is refused as documented."""
    if case.family == "legacy":
        request.getfixturevalue("legacy")
    answer = refuse(gong, valid_calls, case)
    answer.require(case.clause, answer.status in case.statuses, f"{' or '.join(map(str, sorted(case.statuses)))}")


@pytest.mark.clause("upload.success", "map-users.success", "stages.success", "objects.success", "schema-list.success")
def test_twins_are_accepted(gong: Caller, valid_calls: ValidCalls, family: Family) -> None:
    """The valid call beside each refused one is accepted, so a refusal is due to what was wrong."""
    names = {case.name for case in CASES if case.family == family} - {"deleteCrmIntegration"}
    for name in sorted(names):
        operation = operation_of(name, family)
        answer = gong.call(name, family, **valid_calls.parts(name, family))
        good = sorted(operation.success)
        answer.require(operation.success_clause, answer.status in operation.success, f"one of {good}")


@pytest.mark.clause("route.get-objects-without-body")
def test_objects_without_body(gong: Caller, integration: Integration, family: Family) -> None:
    """A read without body and content type is answered 415."""
    answer = gong.call("getCrmEntities", family, query={"integrationId": integration.id, "objectType": "DEAL"})
    if family == "current":
        answer.require("route.get-objects-without-body", answer.status == 415, "415, for there is no content type")
    else:  # the old text lets the content type open, and nobody recorded this path
        answer.require("route.get-objects-without-body", answer.status in {400, 415}, "415 or 400")
        answer.prefer("route.get-objects-without-body", answer.status == 415, "415, as on the current path")
    query = {"integrationId": integration.id, "objectType": "DEAL", "objectsCrmIds": "a-deal"}
    answer = gong.call(
        "getCrmEntities", family, query=query
    )  # the machine-readable document says so, its own text does not
    answer.prefer("route.get-objects-without-body", answer.status in {400, 415}, "415, though the query has ids (C-4)")


@pytest.mark.clause("delete.refused-deletes-nothing")
def test_refused_calls_change_nothing(gong: Caller, integration: Integration, family: Family) -> None:
    """After all refused calls the integration is listed as it was."""
    refused = gong.delete_crm_integration(family, integration.id, client_request_id="not allowed!")
    refused.require("delete.client-request-id-characters", refused.status == 400, "400")
    refused = gong.call("deleteCrmIntegration", family, query={"integrationId": integration.id})
    refused.require("delete.client-request-id-required", refused.status == 400, "400")
    answer = gong.list_crm_integrations(family)
    entries = answer.member("integrations") or []
    known = [(entry.get("integrationId"), entry.get("name"), entry.get("ownerEmail")) for entry in entries]
    wanted = [(integration.id, integration.name, integration.owner_email)]
    answer.require("delete.refused-deletes-nothing", known == wanted, f"{wanted} as it was registered")


@pytest.mark.clause("route.undeclared-method", "route.allow-header")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/crm/integrations"),
        ("PATCH", "/v2/crm/integrations"),
        ("PUT", "/v2/crm/entity-schema"),
        ("DELETE", "/v2/crm/entity-schema"),
        ("PUT", "/v2/crm/entities"),
        ("DELETE", "/v2/crm/entities"),
        ("POST", "/v2/crm/request-status"),
        ("GET", "/v2/crm/integration/new"),
        ("POST", "/v2/crm/integration/list"),
        ("POST", "/v2/crm/integration/delete"),
        ("GET", "/v2/crm/object/schema"),
        ("POST", "/v2/crm/object/schema/list"),
        ("GET", "/v2/crm/object/entities"),
        ("POST", "/v2/crm/object/list"),
        ("GET", "/v2/crm/map/users"),
        ("GET", "/v2/crm/stages"),
    ],
)
def test_undeclared_method(request: pytest.FixtureRequest, gong: Caller, method: str, path: str) -> None:
    """A method that a known path does not declare is answered 405."""
    if not path.startswith(("/v2/crm/integrations", "/v2/crm/entit", "/v2/crm/request")):
        request.getfixturevalue("legacy")
    body: dict[str, Any] = {} if method == "GET" else {"content": b"[]", "content_type": JSON}
    answer = gong.send(method, path, **body)
    refused = answer.status == 405 and answer.member("errors")
    answer.require("route.undeclared-method", refused, "405 with errors, for the path does not declare the method")
    answer.prefer("route.allow-header", answer.headers.get("allow"), "the header Allow")


@pytest.mark.clause("stages.success")
def test_stages(gong: Caller, integration: Integration, legacy: None) -> None:  # noqa: ARG001  (a fixture that skips)
    """A list of stages is answered 200, an inactive stage and equal places included."""
    stages = [GOOD_STAGE, {**GOOD_STAGE, "internalName": "won", "name": "Closed Won", "isActive": False}]
    answer = gong.upload_crm_stages_legacy(integration.id, stages=stages)
    answer.require("stages.success", answer.status == 200, "200 with requestId")


@pytest.mark.clause("upload.data-file-required")
def test_upload_of_an_empty_form(gong: Caller, integration: Integration, family: Family) -> None:
    """A form without any file part is refused."""
    query = {"integrationId": integration.id, "objectType": "ACCOUNT", "clientRequestId": "empty-form"}
    boundary = "----empty-form"
    field = f'--{boundary}\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--{boundary}--\r\n'
    content_type = f"multipart/form-data; boundary={boundary}"
    answer = gong.call("uploadCrmEntities", family, query=query, content=field.encode(), content_type=content_type)
    answer.require("upload.data-file-required", answer.status == 400, "400, for dataFile is missing")


@pytest.mark.clause("upload.success")
def test_a_long_file_is_taken(gong: Caller, valid_calls: ValidCalls, integration: Integration) -> None:
    """A file of some hundred kilobytes is taken."""
    number = valid_calls.next_id()
    line = {"objectId": number, "modifiedDate": "2024-01-01T00:00:00Z", "name": "x" * 1000}
    data = ldjson({**line, "objectId": f"{number}-{place}"} for place in range(300))
    answer = gong.upload_crm_entities(
        "current", integration.id, object_type="LEAD", client_request_id=number, data=data
    )
    answer.require("upload.success", answer.status == 201, "201")


@pytest.mark.clause(
    "envelope.request-id",
    "envelope.request-id-unique",
    "envelope.request-id-not-client",
    "envelope.request-id-form",
    "envelope.errors-strings",
    "envelope.error-content-type",
    "envelope.success-content-type",
    "envelope.documented-status",
    "envelope.documented-body",
    "envelope.trace-id",
    "envelope.trace-id-present",
    "envelope.no-server-fault",
)
def test_what_every_answer_has(gong: Caller, valid_calls: ValidCalls, family: Family) -> None:
    """Each operation answers a valid call and each wrong one with what all answers have in common."""
    for operation in OPERATIONS:
        if operation.family in {family, "shared"}:
            answer = gong.call(operation.name, family, **valid_calls.parts(operation.name, family))
            answer.require("envelope.request-id", answer.member("requestId"), "a requestId")
    for case in CASES:
        if case.family == family:
            answer = refuse(gong, valid_calls, case)
            answer.require("envelope.errors-strings", answer.status < 300 or answer.member("errors"), "errors")
