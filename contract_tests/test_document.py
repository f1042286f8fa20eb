"""The document is valid, complete against the facts, and its examples obey it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT_PATH = Path(__file__).parents[1] / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(DOCUMENT_PATH.read_text(encoding="utf-8"))
REGISTRY: Registry[Any] = Registry().with_resource("urn:gong", DRAFT202012.create_resource(DOCUMENT))
LARGEST_EXACT_DOUBLE = 2**53


@dataclass(frozen=True)
class Fact:
    """What the public sources say of one operation."""

    verb: str
    path: str
    query: tuple[str, ...]
    scope: str
    success: tuple[str, ...]
    body: str | None = None
    conflict: bool = False
    superseded_by: str | None = None
    deprecated: bool = False
    optional: tuple[str, ...] = ()
    """Those of the query that may be left out."""


REGISTER, READ, DELETE = "api:crm:integration:register", "api:crm:integrations:read", "api:crm:integration:delete"
SCHEMA, UPLOAD, GET = "api:crm:schema", "api:crm:upload", "api:crm:get-objects"
INTEGRATION, TYPED = ("integrationId",), ("integrationId", "objectType")
JSON, FORM = "application/json", "multipart/form-data"

FACTS = {
    "registerCrmIntegration": Fact("put", "/v2/crm/integrations", (), REGISTER, ("200",), JSON, conflict=True),
    "listCrmIntegrations": Fact("get", "/v2/crm/integrations", (), READ, ("200",)),
    "deleteCrmIntegration": Fact(
        "delete", "/v2/crm/integrations", (*INTEGRATION, "clientRequestId"), DELETE, ("201",), conflict=True
    ),
    "uploadCrmEntitySchema": Fact("post", "/v2/crm/entity-schema", TYPED, SCHEMA, ("200", "201"), JSON),
    "listCrmEntitySchema": Fact("get", "/v2/crm/entity-schema", TYPED, SCHEMA, ("200",), optional=("objectType",)),
    "uploadCrmEntities": Fact(
        "post", "/v2/crm/entities", (*TYPED, "clientRequestId"), UPLOAD, ("201",), FORM, conflict=True
    ),
    "getCrmEntities": Fact("get", "/v2/crm/entities", TYPED, GET, ("200",), JSON),
    "getCrmRequestStatus": Fact("get", "/v2/crm/request-status", (*INTEGRATION, "clientRequestId"), UPLOAD, ("200",)),
    "registerCrmIntegrationLegacy": Fact(
        *("put", "/v2/crm/integration/new", (), REGISTER, ("200",), JSON),
        conflict=True,
        superseded_by="registerCrmIntegration",
    ),
    "listCrmIntegrationsLegacy": Fact(
        *("get", "/v2/crm/integration/list", (), READ, ("200",)), superseded_by="listCrmIntegrations"
    ),
    "deleteCrmIntegrationLegacy": Fact(
        *("delete", "/v2/crm/integration/delete", (*INTEGRATION, "clientRequestId"), DELETE, ("200", "201")),
        conflict=True,
        superseded_by="deleteCrmIntegration",
    ),
    "uploadCrmEntitySchemaLegacy": Fact(
        *("post", "/v2/crm/object/schema", TYPED, SCHEMA, ("200",), JSON), superseded_by="uploadCrmEntitySchema"
    ),
    "listCrmEntitySchemaLegacy": Fact(
        *("get", "/v2/crm/object/schema/list", TYPED, SCHEMA, ("200",)),
        superseded_by="listCrmEntitySchema",
        optional=("objectType",),
    ),
    "uploadCrmEntitiesLegacy": Fact(
        *("post", "/v2/crm/object/entities", (*TYPED, "clientRequestId"), UPLOAD, ("201",), FORM),
        conflict=True,
        superseded_by="uploadCrmEntities",
    ),
    "getCrmEntitiesLegacy": Fact(
        *("get", "/v2/crm/object/list", TYPED, GET, ("200",), JSON), superseded_by="getCrmEntities"
    ),
    "mapCrmUsersLegacy": Fact(
        *("post", "/v2/crm/map/users", (*INTEGRATION, "clientRequestId"), UPLOAD, ("201",), FORM),
        conflict=True,
        superseded_by="uploadCrmEntities",
        deprecated=True,
    ),
    "uploadCrmStagesLegacy": Fact(
        *("post", "/v2/crm/stages", INTEGRATION, SCHEMA, ("200",), JSON),
        superseded_by="uploadCrmEntities",
        deprecated=True,
    ),
}
OBJECT_TYPES = ["ACCOUNT", "BUSINESS_USER", "CONTACT", "DEAL", "LEAD", "STAGE"]
READABLE_TYPES = ["ACCOUNT", "CONTACT", "DEAL", "LEAD"]

MANDATORY = {
    "AccountRecord": {"objectId", "modifiedDate"},
    "BusinessUserRecord": {"objectId", "modifiedDate", "emailAddress"},
    "ContactRecord": {"objectId", "modifiedDate"},
    "DealRecord": {"objectId", "modifiedDate"},
    "LeadRecord": {"objectId", "modifiedDate"},
    "StageRecord": {"objectId", "name"},
    "AccountRecordLegacy": {"objectId", "modifiedDate", "name", "domains"},
    "BusinessUserRecordLegacy": {"objectId", "modifiedDate", "emailAddress"},
    "ContactRecordLegacy": {"objectId", "modifiedDate", "accountId", "emailAddress", "firstName", "lastName"},
    "DealRecordLegacy": {
        *("objectId", "modifiedDate", "accountId", "ownerId", "name", "createdDate", "closeDate"),
        *("isOpen", "isWon", "stage", "amount"),
    },
    "LeadRecordLegacy": {"objectId", "modifiedDate", "emailAddress", "firstName", "lastName"},
    "StageRecordLegacy": {"objectId", "modifiedDate", "internalName", "name", "isActive", "sortOrder"},
    "UserMappingRecord": {"crmUserId", "emailAddress"},
}
"""The mandatory members of a line, by the tables of the published texts."""

COMMON = {
    "objectId": "5ybyh6n6n65",
    "modifiedDate": "2019-01-03T23:45:57+01:00",
    "url": "https://crm.example.com/5ybyh6n6n65",
    "isDeleted": False,
}
PERSON = {
    "emailAddress": "jane.doe@acme.com",
    "firstName": "Jane",
    "lastName": "Doe",
    "title": "VP",
    "phoneNumber": "(912) 507-4395",
}
CONVERTED = {"convertedToDealId": "d1", "convertedToContactId": "c1", "convertedToAccountId": "a1"}
DEAL = {
    "accountId": "5ybyh6n6n65",
    "ownerId": "5486951",
    "name": "Deal name",
    "createdDate": "2022-02-04T17:57:23Z",
    "closeDate": "2022-09-04",
    "stage": "discovery",
    "amount": 7000,
}
STAGE = {"name": "Discovery", "isActive": True, "sortOrder": 1}
FULL_LINES: dict[str, dict[str, Any]] = {
    "AccountRecord": COMMON | {"name": "PBR", "domains": ["pbr.com"]},
    "BusinessUserRecord": COMMON | {"emailAddress": "jane.doe@acme.com"},
    "ContactRecord": COMMON | PERSON | {"accountId": "5ybyh6n6n65"},
    "DealRecord": COMMON | DEAL | {"status": "OPEN"},
    "LeadRecord": COMMON | PERSON | CONVERTED,
    "StageRecord": COMMON | STAGE,
    "AccountRecordLegacy": COMMON | {"name": "PBR", "domains": ["pbr.com"]},
    "BusinessUserRecordLegacy": COMMON | {"emailAddress": "jane.doe@acme.com"},
    "ContactRecordLegacy": COMMON | PERSON | {"accountId": "5ybyh6n6n65"},
    "DealRecordLegacy": COMMON | DEAL | {"isOpen": True, "isWon": False},
    "LeadRecordLegacy": COMMON | PERSON | CONVERTED,
    "StageRecordLegacy": COMMON | STAGE | {"internalName": "discovery"},
    "UserMappingRecord": {"crmUserId": "2356ddfwe32", "emailAddress": "jane.doe@acme.com", "isDeleted": False},
}
"""A line with every member that the published tables name."""


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference inside the document."""
    while "$ref" in node:
        target: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Give method, path and text of each operation by its operationId."""
    return {
        operation["operationId"]: (verb, path, operation)
        for path, item in DOCUMENT["paths"].items()
        for verb, operation in item.items()
    }


OPERATIONS = operations()


def validator_at(pointer: str) -> Draft202012Validator:
    """Give a validator for the schema at a JSON pointer of the document."""
    return Draft202012Validator({"$ref": f"urn:gong#{pointer}"}, registry=REGISTRY)


def record(name: str) -> Draft202012Validator:
    """Give a validator for one line record."""
    return validator_at(f"/components/schemas/{name}")


def escaped(part: str) -> str:
    """Write one part of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def nodes(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401  (any JSON)
    """Give pointer and value of every object of the document, those inside examples left out."""
    if isinstance(node, list):
        for index, one in enumerate(node):
            yield from nodes(one, f"{pointer}/{index}")
    if isinstance(node, dict):
        yield pointer, node
        for name, one in node.items():
            if name not in ("example", "examples"):
                yield from nodes(one, f"{pointer}/{escaped(name)}")


def examples() -> Iterator[tuple[str, str, Any]]:
    """Give pointer of the schema, pointer of the example and the example, for every example of the document."""
    for pointer, node in nodes(DOCUMENT):
        if "schema" in node and "example" in node:
            yield f"{pointer}/schema", f"{pointer}/example", node["example"]
        shown = node.get("examples", [])
        if isinstance(shown, dict):
            for name, one in shown.items():
                yield f"{pointer}/schema", f"{pointer}/examples/{name}", one["value"]
        else:
            for index, one in enumerate(shown):
                yield pointer, f"{pointer}/examples/{index}", one


def test_document_is_valid() -> None:
    """The document is valid OpenAPI 3.1."""
    assert DOCUMENT["openapi"] == "3.1.0"
    validate(DOCUMENT)


def test_document_has_each_operation_at_its_place() -> None:
    """The document has the 17 operations of the sources, each with its method and path, and no other."""
    expected = {name: (fact.verb, fact.path) for name, fact in FACTS.items()}
    assert expected == {name: (verb, path) for name, (verb, path, _) in OPERATIONS.items()}


@pytest.mark.parametrize("name", FACTS)
def test_operation_takes_the_parameters_of_the_sources(name: str) -> None:
    """An operation takes the query parameters that the sources name, required but for those that may be left out."""
    parameters = [resolved(one) for one in OPERATIONS[name][2].get("parameters", [])]
    assert FACTS[name].query == tuple(one["name"] for one in parameters)
    assert set(FACTS[name].optional) == {one["name"] for one in parameters if not one["required"]}
    assert {"query"} >= {one["in"] for one in parameters}


@pytest.mark.parametrize("name", FACTS)
def test_operation_answers_as_the_sources_say(name: str) -> None:
    """An operation documents its successes and every refusal that can meet it, and no default."""
    fact = FACTS[name]
    refusals = {"400", "401", "405", "429", "500"}
    refusals |= {"409"} if fact.conflict else set()
    refusals |= {"415"} if fact.body else set()
    assert {*fact.success, *refusals} == set(OPERATIONS[name][2]["responses"])


@pytest.mark.parametrize("name", FACTS)
def test_operation_takes_the_body_of_the_sources(name: str) -> None:
    """An operation takes a required body of one media type where the sources give it one."""
    body = OPERATIONS[name][2].get("requestBody")
    assert (FACTS[name].body is not None) == (body is not None)
    if body is not None:
        assert [FACTS[name].body] == list(body["content"])
        assert body["required"] is True


@pytest.mark.parametrize("name", FACTS)
def test_operation_names_its_scope_and_successor(name: str) -> None:
    """An operation takes HTTP basic or a token with its scope, and says what it is superseded by."""
    fact, (_, _, operation) = FACTS[name], OPERATIONS[name]
    assert [{"basicAuth": []}, {"oauth2": [fact.scope]}] == operation["security"]
    assert fact.superseded_by == operation.get("x-superseded-by")
    assert fact.deprecated == operation.get("deprecated", False)
    assert ["CRM legacy" if fact.superseded_by else "CRM"] == operation["tags"]
    if fact.superseded_by:
        assert f"uperseded by `{fact.superseded_by}`" in operation["description"]


def test_object_types_are_those_of_the_sources() -> None:
    """Six object types can be uploaded, four have a schema and can be read."""
    schemas = DOCUMENT["components"]["schemas"]
    assert OBJECT_TYPES == sorted(schemas["UploadObjectType"]["enum"])
    assert READABLE_TYPES == sorted(schemas["CrmObjectType"]["enum"])


@pytest.mark.parametrize("legacy", ["", "Legacy"])
def test_each_uploadable_type_names_its_line_schema(legacy: str) -> None:
    """An upload names the schema of one line for each object type that it takes."""
    named = OPERATIONS[f"uploadCrmEntities{legacy}"][2]["requestBody"]["x-line-schemas"]
    words = {one: "".join(word.capitalize() for word in one.split("_")) for one in OBJECT_TYPES}
    assert {one: f"#/components/schemas/{words[one]}Record{legacy}" for one in OBJECT_TYPES} == named
    assert set(MANDATORY) >= {pointer.rpartition("/")[2] for pointer in named.values()}


@pytest.mark.parametrize("name", MANDATORY)
def test_record_demands_its_mandatory_members_and_no_other(name: str) -> None:
    """A line is refused when a mandatory member is missing, null or empty, and accepted without any other."""
    validator, full = record(name), FULL_LINES[name]
    assert [] == list(validator.iter_errors(full))
    for member in full:
        without = {key: value for key, value in full.items() if key != member}
        assert (member not in MANDATORY[name]) == validator.is_valid(without), member
        assert (member not in MANDATORY[name]) == validator.is_valid(full | {member: None}), member
        if member in MANDATORY[name] and isinstance(full[member], str):
            assert not validator.is_valid(full | {member: ""}), member


@pytest.mark.parametrize("name", ["BusinessUserRecord", "BusinessUserRecordLegacy", "UserMappingRecord"])
def test_deleted_user_needs_no_email_address(name: str) -> None:
    """A user that is deleted needs no e-mail address; one that is not deleted does."""
    without = {key: value for key, value in FULL_LINES[name].items() if key != "emailAddress"}
    assert record(name).is_valid(without | {"isDeleted": True})
    assert not record(name).is_valid(without | {"isDeleted": False})
    assert not record(name).is_valid(without | {"isDeleted": None})


@pytest.mark.parametrize(
    ("member", "older"),
    [("closeDate", ["estimatedCloseDate", "actualCloseDate"]), ("amount", ["estimatedAmount", "actualAmount"])],
)
def test_older_deal_may_use_the_deprecated_members(member: str, older: list[str]) -> None:
    """By the older rules a deprecated member may stand for closeDate, or for amount."""
    full = FULL_LINES["DealRecordLegacy"]
    without = {key: value for key, value in full.items() if key != member}
    for name in older:
        assert record("DealRecordLegacy").is_valid(without | {name: full[member]})
        assert not record("DealRecordLegacy").is_valid(without | {name: None})


@pytest.mark.parametrize("name", [name for name in MANDATORY if name != "UserMappingRecord"])
@pytest.mark.parametrize(
    ("moment", "good"),
    [
        ("2018-02-18T02:30:00-07:00", True),
        ("2018-02-18T08:00:00Z", True),
        ("2018-02-18T08:00:00.000Z", False),
        ("2018-02-18T08:00:00", False),
        ("2018-02-18", False),
        ("2018-02-30T08:00:00Z", False),
        ("2018-13-18T08:00:00Z", False),
        ("2018-02-18T25:00:00Z", False),
        ("2018-02-18 08:00:00Z", False),
        ("yesterday", False),
        (1_518_940_800, False),
    ],
)
def test_record_takes_only_times_with_zone_and_without_milliseconds(name: str, moment: object, good: bool) -> None:  # noqa: FBT001  (a case of a table)
    """A time has an offset or Z and no milliseconds."""
    assert good == record(name).is_valid(FULL_LINES[name] | {"modifiedDate": moment})


@pytest.mark.parametrize(
    ("object_id", "good"),
    [
        ("5ybyh6n6n65", True),
        ("a-b", True),
        ("user1_Id_In_The_CRM", True),
        ("jane.doe+crm@acme.co.uk", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("a b", False),
        ("a/b", False),
        ("ä", False),
        (17, False),
    ],
)
def test_object_id_is_short_and_plain(object_id: object, good: bool) -> None:  # noqa: FBT001  (a case of a table)
    """An object id has 1 to 64 letters, digits, dashes or underscores, or is an e-mail address (C-17)."""
    assert good == record("AccountRecord").is_valid(FULL_LINES["AccountRecord"] | {"objectId": object_id})


@pytest.mark.parametrize("name", MANDATORY)
def test_record_stays_open_to_custom_fields(name: str) -> None:
    """A line may carry members that the document does not know, of any JSON type."""
    for value in ("text", 1.5, None, ["a"], {"a": 1}, "2022-02-04T17:57:23.000Z"):
        assert record(name).is_valid(FULL_LINES[name] | {"custom_field_1": value})


def test_examples_obey_their_schemas() -> None:
    """Every example of the document is valid against the schema beside it."""
    found = list(examples())
    wrong = [
        f"{where}: {error.message}"
        for schema, where, example in found
        for error in validator_at(schema).iter_errors(example)
    ]
    assert [] == wrong
    assert len(found) > len(DOCUMENT["components"]["schemas"])


@pytest.mark.parametrize("section", ["schemas", "parameters", "headers"])
def test_component_has_an_example(section: str) -> None:
    """Every schema, parameter and header has an example."""
    assert [] == [
        name for name, one in DOCUMENT["components"][section].items() if "example" not in one and "examples" not in one
    ]


def test_body_and_answer_have_an_example() -> None:
    """Every request body and every answer has an example."""
    bodies = {name: operation.get("requestBody") for name, (_, _, operation) in OPERATIONS.items()}
    answers = DOCUMENT["components"]["responses"]
    assert [] == [
        f"{name} {media_type}"
        for name, one in {**bodies, **answers}.items()
        if one is not None
        for media_type, content in one["content"].items()
        if "example" not in content and "examples" not in content
    ]


@pytest.mark.parametrize("name", ["uploadCrmEntities", "uploadCrmEntitiesLegacy", "mapCrmUsersLegacy"])
def test_upload_example_is_made_of_good_lines(name: str) -> None:
    """The example file of an upload has only lines that its line schema accepts."""
    body = OPERATIONS[name][2]["requestBody"]
    pointer = body.get("x-line-schema") or body["x-line-schemas"]["ACCOUNT"]
    lines = body["content"]["multipart/form-data"]["example"]["dataFile"].splitlines()
    validator = validator_at(pointer.removeprefix("#"))
    assert 2 == len(lines)
    assert [] == [error.message for line in lines for error in validator.iter_errors(json.loads(line))]


@pytest.mark.parametrize("name", FACTS)
def test_operation_shows_a_call_that_names_each_parameter(name: str) -> None:
    """The curl example of an operation calls its own path with every required query parameter."""
    fact = FACTS[name]
    sample = OPERATIONS[name][2]["x-codeSamples"][0]["source"]
    called = re.search(r"--request (\w+) 'https://api\.gong\.io([^?']+)\??([^']*)'", sample)
    assert called is not None
    assert (fact.verb.upper(), fact.path) == called.groups()[:2]
    assert sorted(fact.query) == sorted(pair.partition("=")[0] for pair in called[3].split("&") if pair)


def test_integration_ids_are_shown_beyond_the_doubles() -> None:
    """An example of an integration id is too large for a double to hold exactly."""
    shown = [int(number) for number in re.findall(r"integrationId\W+(\d+)", DOCUMENT_PATH.read_text(encoding="utf-8"))]
    assert len(shown) >= len(FACTS)
    assert min(shown) > LARGEST_EXACT_DOUBLE
    assert DOCUMENT["components"]["parameters"]["integrationId"]["example"] > LARGEST_EXACT_DOUBLE


def test_wait_after_too_many_calls_is_told_in_seconds() -> None:
    """429 carries Retry-After, required, an integer."""
    header = resolved(DOCUMENT["components"]["responses"]["TooManyRequests"]["headers"]["Retry-After"])
    assert header["required"] is True
    assert header["schema"]["type"] == "integer"


def test_links_lead_from_register_to_each_use_of_the_integration() -> None:
    """The answer to registering links to every operation that takes the integration id."""
    links = DOCUMENT["components"]["responses"]["IntegrationRegistered"]["links"]
    assert {name for name, fact in FACTS.items() if "integrationId" in fact.query} == {
        resolved(link)["operationId"] for link in links.values()
    }
    assert {"$response.body#/integrationId"} == {
        resolved(link)["parameters"]["integrationId"] for link in links.values()
    }


def test_link_leads_from_each_accepted_request_to_its_status() -> None:
    """Every answer that accepts an asynchronous request links to its status."""
    accepted = [name for name, fact in FACTS.items() if "201" in fact.success and SCHEMA != fact.scope]
    assert 5 == len(accepted)
    for name in accepted:
        links = resolved(OPERATIONS[name][2]["responses"]["201"])["links"]
        assert ["getCrmRequestStatus"] == [resolved(link)["operationId"] for link in links.values()]


def test_success_requires_what_every_published_example_carries() -> None:
    """Each success demands its request id and the member that it is asked for."""
    schemas = DOCUMENT["components"]["schemas"]
    demanded = {name: schema["required"] for name, schema in schemas.items() if name.endswith("Response")}
    assert demanded == {
        "ErrorResponse": ["requestId", "errors"],
        "RegisterGenericCrmResponse": ["requestId", "integrationId"],
        "ListGenericCrmIntegrationsResponse": ["requestId", "integrations"],
        "AsyncProcessingResponse": ["requestId", "clientRequestId"],
        "SchemaUpdateResponse": ["requestId"],
        "ListSelectedFieldsResponse": ["requestId", "objectTypeToSelectedFields"],
        "GetGenericCrmObjectsResponse": ["requestId", "crmObjectsMap"],
        "LineErrorResponse": ["line", "description"],
        "RequestStatusResponse": ["requestId", "status"],
    }


def test_failed_status_carries_errors_and_totals() -> None:
    """A status FAILED is wrong without its errors and totals, and tells 20 errors at most."""
    validator = record("RequestStatusResponse")
    error = {"line": 1, "description": "Mandatory field [objectId] is missing or empty"}
    failed = {
        "requestId": "4al018gzaztcr8nbukw",
        "status": "FAILED",
        "errors": [error],
        "totalErrorCount": 1,
        "totalSuccessCount": 0,
    }
    assert validator.is_valid(failed)
    for member in ("errors", "totalErrorCount", "totalSuccessCount"):
        assert not validator.is_valid({key: value for key, value in failed.items() if key != member})
        assert not validator.is_valid(failed | {member: None})
    assert validator.is_valid(failed | {"errors": [error] * 20})
    assert not validator.is_valid(failed | {"errors": [error] * 21})
    assert validator.is_valid({"requestId": "4al018gzaztcr8nbukw", "status": "PENDING", "errors": None})


def test_answers_stay_open() -> None:
    """No schema of the document forbids members that it does not know."""
    assert "additionalProperties: false" not in DOCUMENT_PATH.read_text(encoding="utf-8")
    assert "unevaluatedProperties" not in DOCUMENT_PATH.read_text(encoding="utf-8")
