"""Tests that scripts/compare.py misses no change that its name, its value or its neighbours could hide."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from document.document_changes import changes_between
from document.openapi import Document, Node, read_document
from tests.scripts.edits import PROBE, at, put

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[Node], None]

SCHEMAS = "/components/schemas"
PUT = "/paths/~1things/put"
GET = "/paths/~1things/get"
STRING, INTEGER = {"type": "string"}, {"type": "integer"}
PLACES = {
    "a model that is sent": f"{SCHEMAS}/ThingRequest",
    "a model that is answered": f"{SCHEMAS}/ThingResponse",
    "a member that is sent": f"{SCHEMAS}/ThingRequest/properties/name",
    "a member that is answered": f"{SCHEMAS}/ThingResponse/properties/requestId",
}
# A keyword with two values that differ where the name of a member is that of a keyword, or a value is no keyword's.
NAMES: list[tuple[str, Any, Any]] = [
    ("dependentRequired", {"title": ["a"], "b": ["c"]}, {"title": ["a", "d"], "b": ["c"]}),
    ("dependentSchemas", {"description": {"minLength": 1}}, {"description": {"minLength": 2}}),
    ("patternProperties", {"x-.*": STRING}, {"x-.*": INTEGER}),
    ("patternProperties", {"title": STRING}, {"title": INTEGER}),
    ("not", {"properties": {"title": STRING}}, {"properties": {"title": INTEGER}}),
    ("not", {"properties": {"x-a": STRING}}, {"properties": {"x-a": INTEGER}}),
    ("anyOf", [{"properties": {"example": STRING}}], [{"properties": {"example": INTEGER}}]),
    ("not", {"const": {"description": 1}}, {"const": {"description": 2}}),
    ("contains", {"const": {"title": "a"}}, {"const": {"title": "b"}}),
    (
        "discriminator",
        {"propertyName": "a", "mapping": {"title": "A"}},
        {"propertyName": "a", "mapping": {"title": "B"}},
    ),
    ("$defs", {"title": STRING}, {"title": INTEGER}),
]
# Equal to Python, and not to JSON.
VALUES: list[tuple[str, Any, Any]] = [
    ("const", 0, False),
    ("default", [0], [False]),
    ("enum", [0, 1], [False, True]),
    ("contains", {"enum": [0]}, {"enum": [False]}),
    ("not", {"enum": [1]}, {"enum": [True]}),
    ("prefixItems", [{"const": 0}], [{"const": False}]),
]
# The first of two parts of an allOf that say the same keyword; the second stays.
PARTS: list[tuple[str, Any, Any, Any]] = [
    ("patternProperties", {"a": STRING}, {"a": INTEGER}, {"b": {}}),
    ("propertyNames", {"pattern": "a"}, {"pattern": "c"}, {"pattern": "b"}),
    ("contains", STRING, INTEGER, {"const": 1}),
    ("oneOf", [STRING, INTEGER], [STRING, {"type": "array"}], [{"minLength": 1}, {"minLength": 2}]),
    ("discriminator", {"propertyName": "a"}, {"propertyName": "c"}, {"propertyName": "b"}),
]
KEYWORDS = [*NAMES, *VALUES, *(("allOf", [{k: a}, {k: c}], [{k: b}, {k: c}]) for k, a, b, c in PARTS)]


def rules(old: Edit, new: Edit) -> set[str]:
    """Return the rules of what breaks from the one version of the probe to the other."""
    before, after = (deepcopy(read_document(PROBE).root) for _ in range(2))
    old(before)
    new(after)
    return {
        change.rule for change in changes_between(Document(before), Document(after)) if change.verdict == "breaking"
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("key", "old", "new"), KEYWORDS, ids=lambda one: str(one)[:40])
def test_keyword_is_told_from_a_name_and_from_a_value(place: str, key: str, old: object, new: object) -> None:
    """A member called title is no title, false is not 0, and of two parts of an allOf both count."""
    assert rules(put(PLACES[place], key, old), put(PLACES[place], key, new))


EXTRA = {"name": "extra", "in": "query", "description": "x", "schema": STRING, "example": "x"}
SERVERS = [{"url": "https://{region}.example", "variables": {"region": {"default": "eu"}}}]


def insert(pointer: str, index: int, value: object) -> Edit:
    """Return a change that puts a value into a list."""
    return lambda root: at(root, pointer).insert(index, deepcopy(value))


@pytest.mark.parametrize("index", [0, 2])
@pytest.mark.parametrize(("key", "value"), [("contains", {"const": 1}), ("contentEncoding", "base64")])
def test_addition_beside_it_hides_no_change(index: int, key: str, value: object) -> None:
    """A new optional parameter is compatible, and the change of another one is reported all the same."""

    def edit(root: Node) -> None:
        at(root, f"{GET}/parameters/1")["schema"] = {"type": "string", key: value}
        insert(f"{GET}/parameters", index, EXTRA)(root)

    assert {"unjudged-change"} == rules(put(f"{GET}/parameters/1", "schema", STRING), edit)


@pytest.mark.parametrize(
    "new",
    [
        [{"url": "https://{region}.example", "variables": {"region": {"default": "us"}}}],
        [{"url": "https://{region}.example", "variables": {"region": {"default": "us"}}}, {"url": "https://b.example"}],
        [{"url": "https://b.example"}, *SERVERS],
    ],
    ids=["another default", "another default and another server", "another server first"],
)
def test_server_that_a_generator_takes_is_another(new: list[Node]) -> None:
    """The first server and the values of its variables are what clients call."""
    assert rules(put("", "servers", SERVERS), put("", "servers", new))


@pytest.mark.parametrize("place", ["webhooks", "callbacks"])
def test_name_of_a_webhook_may_be_a_keyword(place: str) -> None:
    """What is called title at such a place is no title."""
    where = "" if place == "webhooks" else PUT

    assert {"unjudged-change"} == rules(
        put(where, place, {"title": {"post": {"operationId": "a"}}}),
        put(where, place, {"title": {"post": {"operationId": "b"}}}),
    )
