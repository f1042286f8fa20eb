"""Tests of the OpenAPI 3.0.3 edition: what it says, what it leaves out, and that it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

import generate
from codegen.foreign import ATTEMPTS, Skipped, Tools
from codegen.portable import Portable
from document.openapi import read_document
from generators import tried, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = generate.ROOT / "generated" / "openapi-3.0.yaml"
AUTHORED = read_document(generate.ROOT / "openapi.yaml")
EDITION = read_document(PATH)
NOT_IN_3_0 = {"if", "then", "else", "not", "anyOf", "oneOf", "const", "examples", "$defs", "patternProperties"}


def schemas(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401  (JSON of any type)
    """Yield each schema of a component, with its place."""
    if isinstance(node, dict):
        yield pointer, node
        for name, one in node.get("properties", {}).items():
            yield from schemas(one, f"{pointer}/properties/{name}")
        for key in ("items", "additionalProperties"):
            yield from schemas(node.get(key), f"{pointer}/{key}")
        for index, one in enumerate(node.get("allOf", [])):
            yield from schemas(one, f"{pointer}/allOf/{index}")


ALL = [found for name, one in EDITION.components("schemas").items() for found in schemas(one, f"/{name}")]


def test_edition_is_openapi_3_0() -> None:
    """A validator of OpenAPI 3.0.3 takes it."""
    assert "3.0.3" == EDITION.root["openapi"]
    validate(EDITION.root)


def test_operations_are_the_same() -> None:
    """Every operation has its path, method, id, parameters, body types and statuses."""

    def facts(document: Any) -> list[Any]:  # noqa: ANN401  (a Document)
        return [
            (
                *(one.path, one.method, one.operation_id, one.node.get("security"), sorted(one.node["responses"])),
                [(each["name"], each["in"], each.get("required")) for each in document.parameters(one)],
                sorted(document.resolve(one.node.get("requestBody", {})).get("content", {})),
            )
            for one in document.operations()
        ]

    assert facts(AUTHORED) == facts(EDITION)


@pytest.mark.parametrize(("pointer", "schema"), ALL, ids=[pointer for pointer, _ in ALL])
def test_schema_uses_words_of_3_0(pointer: str, schema: dict[str, Any]) -> None:
    """No schema has a word that 3.0 does not know, a list of types, or words beside a reference."""
    assert set() == NOT_IN_3_0 & schema.keys(), pointer
    assert isinstance(schema.get("type", ""), str)
    assert "null" != schema.get("type")
    assert "$ref" not in schema or {"$ref"} == schema.keys()


def test_every_object_but_the_form_is_open() -> None:
    """An object without openness makes other clients drop custom members."""
    closed = [pointer for pointer, one in ALL if one.get("type") == "object" and "additionalProperties" not in one]

    assert ["/CrmDataUpload"] == closed


def test_openness_is_written_in_the_document_too() -> None:
    """Every object of openapi.yaml that takes custom members says so itself, the composed ones too."""
    silent = [
        name
        for name, one in AUTHORED.components("schemas").items()
        if (one.get("type") == "object" or "allOf" in one) and "additionalProperties" not in one
    ]

    assert ["CrmDataUpload"] == silent


def test_each_operation_has_one_tag() -> None:
    """With two, generators write the operation twice."""
    assert [1] * 17 == [len(one.node["tags"]) for one in AUTHORED.operations()]


def test_head_lists_each_rule_that_was_left_out() -> None:
    """Each condition of the document stands in the list, by its place."""
    head = [line for line in PATH.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    listed = {line.split("- ")[1] for line in head if line.startswith("#    - ")}
    found: set[str] = set()
    for name, one in AUTHORED.components("schemas").items():
        parts = [(f"/components/schemas/{name}", one)]
        parts += [
            (f"/components/schemas/{name}/allOf/{index}", part) for index, part in enumerate(one.get("allOf", []))
        ]
        found |= {
            f"{where}/{key}" for where, part in parts for key in ("if", "then", "else", "not", "anyOf") if key in part
        }

    assert found == listed


@pytest.mark.parametrize(
    "name", [name for name in EDITION.components("schemas") if name in AUTHORED.components("schemas")]
)
def test_examples_of_the_document_fit_the_edition(name: str) -> None:
    """What openapi.yaml gives as an example is right by the edition as well."""

    def as_2020(node: Any) -> Any:  # noqa: ANN401  (JSON of any type)
        if isinstance(node, list):
            return [as_2020(one) for one in node]
        if not isinstance(node, dict):
            return node
        inner = {key: as_2020(value) for key, value in node.items() if key != "nullable"}
        return {"anyOf": [inner, {"type": "null"}]} if node.get("nullable") is True else inner

    root = {"components": as_2020(EDITION.root["components"]), "$ref": f"#/components/schemas/{name}"}
    for example in AUTHORED.components("schemas")[name].get("examples", []):
        if name != "CrmDataUpload":
            Draft202012Validator(root).validate(example)


def test_same_document_gives_the_same_text() -> None:
    """The edition in the repository is what its source makes."""
    assert PATH.read_text(encoding="utf-8") == Portable(AUTHORED).text()


def test_missing_tool_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not installed is named, and the rest goes on."""
    monkeypatch.setenv("PATH", "")

    outcomes = {one.name: tried(one, Tools(root=generate.ROOT, folder=tmp_path)) for one in ATTEMPTS[:-1]}

    assert {"nothing; java is not installed", "nothing; npm is not installed"} == {
        one if "openapi-generator-cli" not in one else "nothing; java is not installed" for one in outcomes.values()
    }
    assert len(outcomes) == len(capsys.readouterr().out.splitlines())
    with pytest.raises(Skipped):
        Tools(root=generate.ROOT, folder=tmp_path).npm()


def test_table_is_written_between_its_marks(tmp_path: Path) -> None:
    """The table takes the place of the one before, and the page around it stays."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")

    write_table(page, [(ATTEMPTS[0], "compiled")])

    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- table -->\n| generator |")
    assert text.endswith("| compiled |\n<!-- end -->\nafter\n")
