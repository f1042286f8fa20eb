"""Tests of scripts/compare.py: each kind of change gets its rule and its verdict."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from document.document_changes import changes_between
from document.openapi import Document, DocumentError, Node, read_document
from document.schema_places import places
from tests.scripts.edits import PROBE, at, drop, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Edit = Callable[[Node], None]

SCHEMAS = "/components/schemas"
PUT = "/paths/~1things/put"
GET = "/paths/~1things/get"
UPLOAD = "/paths/~1things~1files/post"
LEGACY = "/paths/~1thing~1file/post"
KIND = f"{GET}/parameters/1"
SENT = f"{SCHEMAS}/ThingRequest"
ANSWERED = f"{SCHEMAS}/ThingResponse"
NAME = f"{SENT}/properties/name"
TEXT = {"type": "string"}
JSON_200 = f"{PUT}/responses/200/content"


def both(*edits: Edit) -> Edit:
    """Return several changes as one."""

    def edit(root: Node) -> None:
        for each in edits:
            each(root)

    return edit


def add(pointer: str, value: object) -> Edit:
    """Return a change that appends to a list."""
    return lambda root: at(root, pointer).append(value)


def cut(pointer: str, value: object) -> Edit:
    """Return a change that takes a value out of a list."""
    return lambda root: at(root, pointer).remove(value)


QUERY = {"name": "extra", "in": "query", "description": "x", "schema": TEXT, "example": "x"}
OAUTH: Node = {"type": "oauth2"}
NULLABLE = {"oneOf": [{"$ref": f"#{SCHEMAS}/ThingState"}, {"type": "null"}]}

# Each entry: rule, verdict from before to after, verdict of the same change undone with its rule, and the change.
CHANGES: list[tuple[str, str, str, str, Edit]] = [
    ("path-removed", "breaking", "operation-added", "compatible", drop("/paths", "/thing/users")),
    ("operation-removed", "breaking", "operation-added", "compatible", drop("/paths/~1things", "get")),
    ("operation-renamed", "breaking", "operation-renamed", "breaking", put(PUT, "operationId", "makeThing")),
    ("operation-moved", "breaking", "operation-moved", "breaking", put(PUT, "tags", ["CRM legacy"])),
    ("operation-deprecated", "compatible", "operation-deprecated", "compatible", put(PUT, "deprecated", value=True)),
    ("parameter-removed", "breaking", "parameter-added", "compatible", drop(f"{GET}/parameters", 1)),
    (
        "required-parameter-added",
        "breaking",
        "parameter-removed",
        "breaking",
        add(f"{GET}/parameters", QUERY | {"required": True}),
    ),
    ("parameter-added", "compatible", "parameter-removed", "breaking", add(f"{GET}/parameters", QUERY)),
    ("newly-required", "breaking", "no-longer-required", "compatible", put(KIND, "required", value=True)),
    ("parameter-removed", "breaking", "parameter-removed", "breaking", put(KIND, "in", "header")),
    ("body-removed", "breaking", "body-added", "breaking", drop(PUT, "requestBody")),
    (
        "no-longer-required",
        "compatible",
        "newly-required",
        "breaking",
        put(f"{PUT}/requestBody", "required", value=False),
    ),
    (
        "media-type-added",
        "compatible",
        "media-type-removed",
        "breaking",
        put(f"{PUT}/requestBody/content", "application/x+json", {"schema": TEXT}),
    ),
    (
        "encoding-changed",
        "breaking",
        "encoding-changed",
        "breaking",
        drop(f"{UPLOAD}/requestBody/content/multipart~1form-data", "encoding"),
    ),
    (
        "line-type-removed",
        "breaking",
        "line-type-added",
        "compatible",
        drop(f"{UPLOAD}/requestBody/x-line-schemas", "SMALL"),
    ),
    (
        "newly-required",
        "breaking",
        "no-longer-required",
        "compatible",
        put(f"{SCHEMAS}/UserMappingRecord", "required", ["crmUserId", "emailAddress"]),
    ),
    (
        "required-member-added",
        "breaking",
        "member-removed",
        "breaking",
        both(put(f"{SENT}/properties", "owner", TEXT), add(f"{SENT}/required", "owner")),
    ),
    ("member-added", "compatible", "member-removed", "breaking", put(f"{SENT}/properties", "owner", TEXT)),
    ("newly-required", "breaking", "no-longer-required", "compatible", add(f"{SENT}/required", "note")),
    (
        "no-longer-nullable",
        "breaking",
        "newly-nullable",
        "compatible",
        put(f"{SENT}/properties/note", "type", "string"),
    ),
    ("type-changed", "breaking", "type-changed", "breaking", put(NAME, "type", "integer")),
    ("type-widened", "compatible", "type-narrowed", "breaking", put(NAME, "type", ["string", "integer"])),
    ("bound-narrowed", "breaking", "bound-widened", "compatible", put(NAME, "minLength", 2)),
    ("bound-narrowed", "breaking", "bound-widened", "compatible", put(NAME, "maxLength", 80)),
    ("bound-widened", "compatible", "bound-narrowed", "breaking", put(f"{SCHEMAS}/ThingIds", "maxItems", 200)),
    ("pattern-changed", "breaking", "pattern-changed", "compatible", put(NAME, "pattern", "^A")),
    ("format-changed", "breaking", "format-changed", "compatible", put(NAME, "format", "email")),
    ("const-changed", "breaking", "const-changed", "compatible", put(NAME, "const", "Acme")),
    (
        "uniqueItems-changed",
        "breaking",
        "uniqueItems-changed",
        "compatible",
        put(f"{SCHEMAS}/ThingIds", "uniqueItems", value=True),
    ),
    ("enum-value-removed", "breaking", "enum-value-added", "compatible", cut(f"{SCHEMAS}/ThingKind/enum", "SMALL")),
    ("enum-added", "breaking", "enum-dropped", "compatible", put(NAME, "enum", ["Acme"])),
    ("openness-changed", "breaking", "openness-changed", "compatible", put(SENT, "additionalProperties", value=False)),
    (
        "condition-removed",
        "compatible",
        "condition-added",
        "breaking",
        both(drop(f"{SCHEMAS}/BigRecord", "if"), drop(f"{SCHEMAS}/BigRecord", "else")),
    ),
    ("default-changed", "breaking", "default-changed", "breaking", put(NAME, "default", "Acme")),
    ("member-deprecated", "compatible", "member-deprecated", "compatible", put(NAME, "deprecated", value=True)),
    ("member-removed", "breaking", "member-added", "compatible", drop(f"{ANSWERED}/properties", "state")),
    ("no-longer-required", "breaking", "newly-required", "compatible", cut(f"{ANSWERED}/required", "thingId")),
    ("type-changed", "breaking", "type-changed", "breaking", put(f"{ANSWERED}/properties/thingId", "type", "string")),
    (
        "type-widened",
        "breaking",
        "type-narrowed",
        "compatible",
        put(f"{ANSWERED}/properties/thingId", "type", ["integer", "string"]),
    ),
    (
        "type-widened",
        "breaking",
        "type-narrowed",
        "compatible",
        put(f"{ANSWERED}/properties/thingId", "type", "number"),
    ),
    (
        "newly-nullable",
        "breaking",
        "no-longer-nullable",
        "compatible",
        put(f"{ANSWERED}/properties/thingId", "type", ["integer", "null"]),
    ),
    (
        "newly-nullable",
        "breaking",
        "no-longer-nullable",
        "compatible",
        put(f"{ANSWERED}/properties", "state", NULLABLE),
    ),
    ("enum-value-added", "breaking", "enum-value-removed", "compatible", add(f"{SCHEMAS}/ThingState/enum", "PAUSED")),
    (
        "bound-narrowed",
        "compatible",
        "bound-widened",
        "breaking",
        put(f"{ANSWERED}/properties/requestId", "maxLength", 19),
    ),
    ("response-removed", "breaking", "response-added", "compatible", drop(f"{PUT}/responses", "400")),
    ("media-type-added", "compatible", "media-type-removed", "breaking", put(JSON_200, "text/plain", {"schema": TEXT})),
    (
        "header-removed",
        "breaking",
        "header-added",
        "compatible",
        drop("/components/responses/TooManyRequests", "headers"),
    ),
    (
        "header-optional",
        "breaking",
        "header-promised",
        "compatible",
        put("/components/headers/RetryAfter", "required", value=False),
    ),
    (
        "type-changed",
        "breaking",
        "type-changed",
        "breaking",
        put("/components/headers/RetryAfter/schema", "type", "string"),
    ),
    (
        "link-added",
        "compatible",
        "link-removed",
        "breaking",
        put(f"{PUT}/responses/200", "links", {"next": {"operationId": "getThings"}}),
    ),
    ("component-added", "compatible", "component-removed", "breaking", put(SCHEMAS, "NewThing", TEXT)),
    (
        "model-renamed",
        "breaking",
        "model-renamed",
        "breaking",
        both(
            put(SCHEMAS, "Part", {"type": "object"}),
            put(f"{ANSWERED}/properties/parts", "items", {"$ref": f"#{SCHEMAS}/Part"}),
        ),
    ),
    (
        "security-added",
        "compatible",
        "security-removed",
        "breaking",
        put(PUT, "security", [{"basic": []}, {"oauth": ["a"]}]),
    ),
    ("scope-added", "breaking", "scope-removed", "compatible", put(PUT, "security", [{"basic": ["more"]}])),
    ("server-removed", "breaking", "server-added", "compatible", put("", "servers", [])),
    ("text-changed", "cosmetic", "text-changed", "cosmetic", put(PUT, "description", "In other words.")),
    ("text-changed", "cosmetic", "text-changed", "cosmetic", put(SENT, "example", {"name": "Umbrella"})),
    ("text-changed", "cosmetic", "text-changed", "cosmetic", put(KIND, "example", "SMALL")),
    ("text-changed", "cosmetic", "text-changed", "cosmetic", put("/info", "version", "1.0.1")),
]
IDS = [f"{index}-{change[0]}" for index, change in enumerate(CHANGES)]


def versions(edit: Edit) -> tuple[Document, Document]:
    """Return the probe before and after a change."""
    before = deepcopy(read_document(PROBE).root)
    after = deepcopy(before)
    edit(after)
    return Document(before), Document(after)


def reported(old: Document, new: Document) -> list[tuple[str, str]]:
    """Return the rules and verdicts of what changed."""
    return [(change.rule, str(change.verdict)) for change in changes_between(old, new)]


@pytest.mark.parametrize(("rule", "verdict", "back_rule", "back_verdict", "edit"), CHANGES, ids=IDS)
def test_change_is_found_and_judged(rule: str, verdict: str, back_rule: str, back_verdict: str, edit: Edit) -> None:
    """A change is found under its rule with its verdict, and so is the change back."""
    old, new = versions(edit)

    assert (rule, verdict) in reported(old, new)
    assert (back_rule, back_verdict) in reported(new, old)


@pytest.mark.parametrize("edit", [change[4] for change in CHANGES if change[1] != "breaking"])
def test_what_breaks_nobody_is_not_called_breaking(edit: Edit) -> None:
    """A compatible or cosmetic change has no breaking change beside it."""
    assert [] == [entry for entry in reported(*versions(edit)) if entry[1] == "breaking"]


def test_new_variant_of_an_answer_breaks() -> None:
    """A value that could be one of two models and now may be a third one breaks those who receive it."""
    two, three = deepcopy(read_document(PROBE).root), deepcopy(read_document(PROBE).root)
    variants = [{"$ref": f"#{SCHEMAS}/{name}"} for name in ("ThingPart", "AnyThing", "ErrorResponse")]
    at(two, ANSWERED)["properties"]["state"] = {"oneOf": variants[:2]}
    at(three, ANSWERED)["properties"]["state"] = {"oneOf": variants}

    assert [("variant-added", "breaking")] == reported(Document(two), Document(three))
    assert [("variant-removed", "compatible")] == reported(Document(three), Document(two))


def test_changed_schemes_are_judged() -> None:
    """A scheme that works in another way, or loses a scope, breaks; a new scope does not."""
    flow = {"authorizationUrl": "https://a.example", "tokenUrl": "https://t.example", "scopes": {"read": "x"}}
    scheme = {"type": "oauth2", "flows": {"authorizationCode": flow}}
    more = {"type": "oauth2", "flows": {"authorizationCode": flow | {"scopes": {"read": "y", "write": "x"}}}}
    moved = {"type": "oauth2", "flows": {"authorizationCode": flow | {"tokenUrl": "https://other.example"}}}
    root, wider, elsewhere = (deepcopy(read_document(PROBE).root) for _ in range(3))
    for each, value in ((root, scheme), (wider, more), (elsewhere, moved)):
        at(each, "/components/securitySchemes")["oauth"] = value

    assert [("scopes-changed", "compatible")] == reported(Document(root), Document(wider))
    assert [("scopes-changed", "breaking")] == reported(Document(wider), Document(root))
    assert [("security-scheme-changed", "breaking")] == reported(Document(root), Document(elsewhere))


def test_credentials_where_none_were_needed_break() -> None:
    """An operation that was open and now needs credentials breaks its callers."""
    old, new = versions(lambda _: None)
    del old.root["security"]

    assert {("security-required", "breaking")} == set(reported(old, new))


def test_same_document_has_no_change() -> None:
    """A document does not differ from itself."""
    assert [] == reported(read_document(PROBE), read_document(PROBE))


def test_split_into_parts_is_no_change() -> None:
    """Moving members behind a reference inside allOf changes nothing for anybody."""
    old, new = versions(
        lambda root: at(root, SCHEMAS).__setitem__(
            "UserMappingRecord",
            {
                "description": "A line of a user.",
                "allOf": [{"type": "object", "required": ["crmUserId"]}, {"properties": {"crmUserId": TEXT}}],
                "example": {"crmUserId": "u1"},
            },
        )
    )

    assert {"cosmetic"} == {verdict for _, verdict in reported(old, new)}


# What each keyword is set to where it does not stand yet; a value that the place does not have by chance.
KEYWORDS: Node = {
    "type": "boolean",
    "enum": ["unheard of"],
    "const": "unheard of",
    "format": "unheard-of",
    "pattern": "^unheard of$",
    "minLength": 3,
    "maxLength": 17,
    "minimum": 3,
    "maximum": 17,
    "exclusiveMinimum": 3,
    "exclusiveMaximum": 17,
    "multipleOf": 3,
    "minItems": 3,
    "maxItems": 17,
    "uniqueItems": True,
    "minProperties": 3,
    "maxProperties": 17,
    "required": ["unheardOf"],
    "properties": {"unheardOf": {"type": "string"}},
    "additionalProperties": False,
    "patternProperties": {"^x": {"type": "string"}},
    "propertyNames": {"maxLength": 3},
    "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"a": {"required": ["b"]}},
    "unevaluatedProperties": False,
    "unevaluatedItems": False,
    "items": {"type": "boolean"},
    "prefixItems": [{"type": "boolean"}],
    "contains": {"type": "boolean"},
    "allOf": [{"maxLength": 3, "maxItems": 3, "maxProperties": 3, "maximum": 3}],
    "anyOf": [{"required": ["unheardOf"]}],
    "oneOf": [{"type": "boolean"}, {"type": "array"}],
    "not": {"const": "unheard of"},
    "if": {"required": ["unheardOf"]},
    "readOnly": True,
    "writeOnly": True,
    "default": "unheard of",
    "contentEncoding": "base64",
    "contentMediaType": "text/plain",
    "discriminator": {"propertyName": "kind"},
    "xml": {"name": "x"},
    "$anchor": "x",
    "nullable": True,
}
PLACES = [place.pointer for place in places(read_document(PROBE)) if isinstance(place.schema, dict)]


# A few of each role; nox -s slow goes through all of them.
FEW = PLACES[:: len(PLACES) // 6]
ORIGINAL = read_document(PROBE)


@pytest.mark.parametrize("pointer", [*FEW, *(pytest.param(one, marks=pytest.mark.slow) for one in PLACES)])
def test_no_keyword_changes_unseen(pointer: str) -> None:
    """At each schema of the document, each keyword that is set, changed or dropped is seen, either way round."""
    unseen = []
    for key, value in KEYWORDS.items():
        root = deepcopy(ORIGINAL.root)
        if at(root, pointer).get(key) == value:
            continue
        at(root, pointer)[key] = value
        for old, new in ((ORIGINAL, Document(root)), (Document(root), ORIGINAL)):
            if not {"breaking", "compatible"} & {verdict for _, verdict in reported(old, new)}:
                unseen.append(key)

    assert [] == unseen


TEXT_KEYS = {"title", "description", "summary", "example", "examples", "externalDocs", "contact", "license", "version"}


def nodes(node: object, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every object of a document that is no example, with its place."""
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from nodes(entry, f"{pointer}/{index}")
    elif isinstance(node, dict):
        yield pointer, node
        for key, value in node.items():
            if key not in ("example", "examples", "info", "tags") and not key.startswith("x-"):
                yield from nodes(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


NODES = [pointer for pointer, _ in nodes(read_document(PROBE).root) if pointer]


@pytest.mark.parametrize("pointer", NODES)
def test_nothing_goes_unseen(pointer: str) -> None:
    """Whatever is dropped anywhere in the document, the answer is not that nothing changed."""
    unseen = []
    for key in list(at(ORIGINAL.root, pointer)):
        root = deepcopy(ORIGINAL.root)
        # That an object is open says as much as nothing.
        silent = key == "additionalProperties" and at(root, pointer)[key] in ({}, True)
        del at(root, pointer)[key]
        wanted = (
            {"breaking", "compatible", "cosmetic"}
            if silent or key in TEXT_KEYS or key.startswith("x-")
            else {"breaking", "compatible"}
        )
        try:
            found = {verdict for _, verdict in reported(ORIGINAL, Document(root))}
        except (DocumentError, KeyError):
            continue  # the command says that the document is not well-formed
        if not wanted & found:
            unseen.append(key)

    assert [] == unseen


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a bound beside a reference
        ({"$ref": f"#{SCHEMAS}/ThingState"}, {"$ref": f"#{SCHEMAS}/ThingState", "maxLength": 3}),
        # two parts that bound the same
        ({"allOf": [{"maxLength": 9}, {"maxLength": 99}]}, {"allOf": [{"maxLength": 5}, {"maxLength": 99}]}),
        ({"allOf": [{"enum": ["a", "b"]}, {"enum": ["a", "b"]}]}, {"allOf": [{"enum": ["a"]}, {"enum": ["a", "b"]}]}),
        ({"allOf": [{"pattern": "a"}, {"pattern": "b"}]}, {"allOf": [{"pattern": "a"}, {"pattern": "c"}]}),
        ({"allOf": [TEXT, TEXT]}, {"allOf": [{"type": ["string", "null"]}, {"type": "string", "minLength": 1}]}),
    ],
)
def test_narrower_member_of_a_request_breaks(before: Node, after: Node) -> None:
    """A bound that holds beside a reference or in one of two parts counts like any other."""
    old, new = (deepcopy(read_document(PROBE).root) for _ in range(2))
    at(old, SENT)["properties"]["extra"] = before
    at(new, SENT)["properties"]["extra"] = after

    assert "breaking" in {verdict for _, verdict in reported(Document(old), Document(new))}


@pytest.mark.parametrize("key", ["anyOf", "not", "if"])
def test_model_behind_a_condition_is_followed(key: str) -> None:
    """A model that only a condition refers to changes the condition."""
    root = deepcopy(read_document(PROBE).root)
    at(root, SCHEMAS)["Hidden"] = {"type": "object", "required": ["a"]}
    at(root, SENT)[key] = [{"$ref": f"#{SCHEMAS}/Hidden"}] if key == "anyOf" else {"$ref": f"#{SCHEMAS}/Hidden"}
    changed = deepcopy(root)
    at(changed, SCHEMAS)["Hidden"]["required"] = ["a", "b"]

    assert "breaking" in {verdict for _, verdict in reported(Document(root), Document(changed))}


def test_empty_alternative_of_security_is_one() -> None:
    """An operation that could be called without credentials, and cannot any more, breaks callers."""
    old, new = (deepcopy(read_document(PROBE).root) for _ in range(2))
    at(old, GET)["security"] = [{}, {"basicAuth": []}]
    at(new, GET)["security"] = [{"basicAuth": []}]

    assert ("security-removed", "breaking") in reported(Document(old), Document(new))
    assert ("security-added", "compatible") in reported(Document(new), Document(old))


def test_several_changes_hide_none() -> None:
    """A change that no rule knows is reported beside one that a rule judges."""
    root = deepcopy(read_document(PROBE).root)
    at(root, NAME)["minLength"] = 2
    at(root, NAME)["readOnly"] = True

    assert {"bound-narrowed", "unjudged-change"} <= {rule for rule, _ in reported(read_document(PROBE), Document(root))}
