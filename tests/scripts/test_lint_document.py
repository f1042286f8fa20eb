"""Tests of scripts/lint_document.py: each rule finds its fault, and a clean document passes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

import lint_document
from document.lint_rules import lint
from document.openapi import Document, Node, read_document
from tests.scripts.edits import PROBE, at, drop, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMAS = "/components/schemas"
PUT = "/paths/~1things/put"
GET = "/paths/~1things/get"
UPLOAD = "/paths/~1things~1files/post"
LEGACY = "/paths/~1thing~1file/post"


@pytest.fixture
def root() -> Node:
    """Return the clean probe document, to be broken."""
    return deepcopy(read_document(PROBE).root)


RESPONSE = {"type": "object", "description": "x", "properties": {}, "example": {}}
NAME = f"{SCHEMAS}/ThingRequest/properties/name"
KIND = f"{GET}/parameters/1"

MEMBERS = [
    "d",
    "cls",
    "self",
    "toDict",
    "from_dict",
    "additionalProperties",
    "items",
    "keys",
    "get",
    "values",
    "pop",
    "fieldDict",
    "srcDict",
    "data",
    "json",
    "types",
]
PARAMETERS = ["body", "client", "headers", "params", "kwargs", "cookies", "response", "httpx"]
PARAMETERS += ["class", "None", "list", "datetime", "url"]
# Names that are no names of Python, or that another one becomes as well.
FORMS: list[tuple[str, Any, str, list[str]]] = [
    (
        "member-form",
        lambda name: put(f"{SCHEMAS}/ThingRequest/properties", name, {"type": "string", "description": "x"}),
        "ThingRequest",
        ["", "__class__", "_names", "1st", "a b", "a-b", "a.b", "$ref2", "@type", "é", 'a"b', "a\nb", "name "],
    ),
    ("parameter-form", lambda name: put(KIND, "name", name), GET, ["", "__x", "1st", "a b", "$top", "é", "a\nb", "X-"]),
    (
        "enum-value-form",
        lambda name: put(f"{SCHEMAS}/ThingKind", "enum", ["BIG", name]),
        "ThingKind",
        ["", "1", "big", "BIG ", "a b", "None", "mro", "__str__", "é", '"', "\\", "a\nb"],
    ),
    (
        "tag-form",
        lambda name: put(PUT, "tags", [name]),
        PUT,
        ["", "1", "..", "CRM/legacy", "CRM ", "é", "class", "None", "__init__", "a\nb"],
    ),
    ("reserved-operation-id", lambda name: put(PUT, "operationId", name), PUT, ["class", "import", "list", "print"]),
    (
        "reserved-name",
        lambda name: put(SCHEMAS, name, RESPONSE),
        SCHEMAS,
        ["Class", "None", "List", "Dict", "Type", "ValueError", "Datetime", "Cast", "Types", "Json"],
    ),
]

FAULTS = [
    *(
        (
            "reserved-member",
            put(f"{SCHEMAS}/ThingRequest/properties", name, {"type": "string", "description": "x"}),
            name,
        )
        for name in MEMBERS
    ),
    *(("reserved-parameter", put(KIND, "name", name), GET) for name in PARAMETERS),
    *((rule, fault(name), where) for rule, fault, where, names in FORMS for name in names),
    # The function has a variable of this name where it makes the parameter kind ready.
    ("reserved-parameter", put("/components/parameters/ThingId", "name", "jsonKind"), GET),
    ("external-reference", put(NAME, "$ref", "other.yaml#/Thing"), NAME),
    ("dangling-reference", put(NAME, "$ref", f"#{SCHEMAS}/Nothing"), NAME),
    ("local-definitions", put(f"{SCHEMAS}/ThingRequest", "$defs", {"Inner": {"type": "string"}}), "ThingRequest"),
    ("path-item-reference", put("/paths/~1things", "$ref", "#/paths/~1thing~1file"), "/paths/~1things"),
    ("operation-servers", put(PUT, "servers", [{"url": "https://x.example.com"}]), PUT),
    ("operation-servers", put("/paths/~1things", "servers", [{"url": "https://x.example.com"}]), "/paths/~1things"),
    ("callbacks", put(PUT, "callbacks", {}), PUT),
    ("webhooks", put("", "webhooks", {}), "/webhooks"),
    ("operation-id-missing", drop(PUT, "operationId"), PUT),
    ("operation-id-form", put(PUT, "operationId", "Register_Thing"), PUT),
    ("operation-id-twice", put(PUT, "operationId", "getThings"), PUT),
    ("legacy-suffix", put(PUT, "operationId", "registerThingLegacy"), PUT),
    ("legacy-suffix", put(LEGACY, "operationId", "uploadThingsOld"), LEGACY),
    ("superseded-by", drop(LEGACY, "x-superseded-by"), LEGACY),
    ("superseded-by", put(LEGACY, "x-superseded-by", "uploadNothing"), LEGACY),
    ("superseded-by", put(PUT, "deprecated", value=True), PUT),
    ("operation-tags", drop(PUT, "tags"), PUT),
    ("operation-summary", drop(PUT, "summary"), PUT),
    ("operation-description", drop(PUT, "description"), PUT),
    ("parameter-description", drop(KIND, "description"), KIND),
    ("parameter-example", drop("/components/parameters/ThingId", "example"), "/components/parameters/ThingId"),
    ("parameter-content", put(KIND, "content", {"application/json": {"schema": {"type": "string"}}}), KIND),
    ("parameter-style", put(KIND, "style", "pipeDelimited"), KIND),
    ("parameter-style", put(KIND, "explode", value=False), KIND),
    ("names-alike", put(KIND, "name", "thing_id"), GET),
    ("names-alike", put(f"{SCHEMAS}/ThingRequest/properties", "no_te", {"type": "string"}), "/no_te"),
    ("names-alike", put(SCHEMAS, "Thingrequest", RESPONSE), f"{SCHEMAS}/Thingrequest"),
    ("body-example", drop(f"{PUT}/requestBody/content/application~1json", "example"), PUT),
    ("line-schemas", drop(f"{UPLOAD}/requestBody", "x-line-schemas"), UPLOAD),
    ("line-schemas", put(f"{UPLOAD}/requestBody", "x-line-schemas", {"BIG": f"#{SCHEMAS}/Gone"}), UPLOAD),
    ("default-response", put(f"{PUT}/responses", "default", {"$ref": "#/components/responses/BadRequest"}), "/default"),
    ("status-form", put(f"{PUT}/responses", "4XX", {"$ref": "#/components/responses/BadRequest"}), "/4XX"),
    ("response-schema", drop("/components/responses/BadRequest", "content"), f"{PUT}/responses/400"),
    ("reserved-name", put(SCHEMAS, "Response", RESPONSE), f"{SCHEMAS}/Response"),
    ("reserved-name", put(SCHEMAS, "Client", RESPONSE), f"{SCHEMAS}/Client"),
    ("reserved-name", put(SCHEMAS, "File", RESPONSE), f"{SCHEMAS}/File"),
    ("reserved-name", put(SCHEMAS, "Unset", RESPONSE), f"{SCHEMAS}/Unset"),
    ("schema-name-form", put(SCHEMAS, "thing_list", RESPONSE), f"{SCHEMAS}/thing_list"),
    ("schema-description", drop(f"{SCHEMAS}/ThingKind", "description"), f"{SCHEMAS}/ThingKind"),
    ("schema-example", drop(f"{SCHEMAS}/ThingKind", "example"), f"{SCHEMAS}/ThingKind"),
    ("member-like-model", put(f"{SCHEMAS}/ThingPart/properties", "thingPart", {"type": "string"}), "/thingPart"),
    ("boolean-schema", put(f"{SCHEMAS}/ThingRequest/properties", "anything", value=True), "/anything"),
    ("closed-object", put(f"{SCHEMAS}/ThingResponse", "additionalProperties", value=False), "/additionalProperties"),
    ("nullable", put(NAME, "nullable", value=True), NAME),
    ("untested-keyword", put(f"{SCHEMAS}/ThingIds", "prefixItems", [{"type": "string"}]), "/prefixItems"),
    ("inline-enum", put(NAME, "enum", ["A"]), NAME),
    ("enum-values", put(f"{SCHEMAS}/ThingKind", "enum", ["BIG", None]), f"{SCHEMAS}/ThingKind"),
    ("enum-values", put(f"{SCHEMAS}/ThingKind", "enum", [1, 2]), f"{SCHEMAS}/ThingKind"),
    ("inline-object", put(f"{SCHEMAS}/ThingIds", "items", {"type": "object"}), f"{SCHEMAS}/ThingIds/items"),
    ("inline-object", put(f"{PUT}/requestBody/content/application~1json", "schema", RESPONSE), PUT),
]


def test_clean_document_has_no_finding() -> None:
    """The probe document keeps every rule."""
    assert [] == lint(read_document(PROBE))


@pytest.mark.parametrize(("rule", "fault", "where"), FAULTS, ids=[f"{i}-{rule}" for i, (rule, *_) in enumerate(FAULTS)])
def test_each_fault_is_found(root: Node, rule: str, fault: Callable[[Node], None], where: str) -> None:
    """A document with one fault gets a finding with the rule, a place and an advice."""
    fault(root)

    found = [finding for finding in lint(Document(root)) if finding.rule == rule]

    assert [] != [finding for finding in found if where in finding.pointer and finding.advice]


def test_conditions_may_stay_inline() -> None:
    """What stands under if, then and else becomes no class, so it may be an object without a name."""
    root = read_document(PROBE).root

    assert "if" in at(root, f"{SCHEMAS}/BigRecord")
    assert [] == [finding for finding in lint(Document(root)) if finding.rule == "inline-object"]


def test_command_names_pointer_rule_and_advice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A faulty document ends with 1 and one line for each finding."""
    text = PROBE.read_text(encoding="utf-8").replace("operationId: getThings", "operationId: get_things")
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")

    code = lint_document.main([str(tmp_path / "bad.yaml")])

    expected = f"{GET}: operation-id-form: write get_things in camelCase, letters and digits only\n"
    assert (1, expected) == (code, capsys.readouterr().out)


def test_command_passes_a_clean_document(capsys: pytest.CaptureFixture[str]) -> None:
    """A clean document ends with 0 and says nothing."""
    assert (0, "") == (lint_document.main([str(PROBE)]), capsys.readouterr().out)


@pytest.mark.parametrize("text", ["a: [", "[]", "a: 1\na: 2\nopenapi: 3.1.0", "info: {}"])
def test_command_refuses_what_is_no_document(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """A file that is no YAML, has a key twice, or is no OpenAPI document ends with 2 and a sentence."""
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")

    assert 2 == lint_document.main([str(tmp_path / "bad.yaml")])
    assert capsys.readouterr().err.startswith("lint_document: ")


def test_command_refuses_what_is_no_openapi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document of the wrong shape ends with 2 and one sentence that says what to ask."""
    text = PROBE.read_text(encoding="utf-8").replace("      tags: [CRM]", "      tags: 7", 1)
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")

    assert 2 == lint_document.main([str(tmp_path / "bad.yaml")])
    assert "ask openapi-spec-validator" in capsys.readouterr().err


def test_command_refuses_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there ends with 2 and its name."""
    assert 2 == lint_document.main([str(tmp_path / "none.yaml")])
    assert "none.yaml cannot be read" in capsys.readouterr().err
