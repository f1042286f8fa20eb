"""The line records of the document as JSON Schemas, each file complete in itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2

from document.openapi import DocumentError, component_name

if TYPE_CHECKING:
    from pathlib import Path

    from document.openapi import Document, Node, Operation

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTE = "Written by scripts/generate.py from openapi.yaml. DO NOT EDIT: run `nox -s generate`."

# OpenAPI's own words, and formats, which one reader checks and another does not: strict ones stumble over both.
_NOT_JSON_SCHEMA = ("discriminator", "xml", "externalDocs", "example", "format")


# Keywords that speak of objects only.
_FOR_OBJECTS = {"properties", "required"}


@dataclass(frozen=True, kw_only=True)
class LineSchema:
    """One file: which line it describes and the component it comes from."""

    file_name: str
    object_type: str | None
    legacy: bool
    component: str


def line_schemas(document: Document) -> list[LineSchema]:
    """Return the files to write, as the extensions of the uploads' request bodies name them."""
    found: list[LineSchema] = []
    for operation in document.operations():
        found += _of_operation(operation, document.resolve(operation.node.get("requestBody", {})))
    if not found:
        raise DocumentError("no operation names its line schemas: x-line-schemas is missing on the uploads")
    return sorted(found, key=lambda entry: entry.file_name)


def _of_operation(operation: Operation, body: Node) -> list[LineSchema]:
    suffix = "_legacy" if operation.is_legacy else ""
    found = [
        LineSchema(
            file_name=f"{object_type.lower()}{suffix}.json",
            object_type=object_type,
            legacy=operation.is_legacy,
            component=component_name(reference),
        )
        for object_type, reference in body.get("x-line-schemas", {}).items()
    ]
    if "x-line-schema" in body:
        name = component_name(body["x-line-schema"])
        entry = LineSchema(file_name="user_mapping.json", object_type=None, legacy=True, component=name)
        found.append(entry)
    return found


def bundle(document: Document, name: str) -> Node:
    """Return a component as a JSON Schema that needs no other file.

    Args:
        document: The document that holds the component.
        name: The name of the schema component.

    Returns:
        The schema, its references turned into `#/$defs/...` and what they mean added under `$defs`.
    """
    needed: dict[str, Node] = {}
    schema: Node = rewritten(document.at(f"#/components/schemas/{name}"), needed)
    waiting = list(needed)
    while waiting:
        found: dict[str, Node] = {}
        wanted = waiting.pop(0)
        needed[wanted] = rewritten(document.at(f"#/components/schemas/{wanted}"), found)
        fresh = [other for other in found if other not in needed]
        needed.update({other: {} for other in fresh})
        waiting += fresh
    head: Node = {"$schema": DIALECT, "$comment": NOTE, "title": name}
    return head | schema | ({"$defs": dict(sorted(needed.items()))} if needed else {})


def rewritten(node: Any, needed: dict[str, Node]) -> Any:  # noqa: ANN401  (JSON of any type)
    """Copy a schema, noting each component it needs."""
    if isinstance(node, list):
        return [rewritten(entry, needed) for entry in node]
    if not isinstance(node, dict):
        return node
    copy: dict[str, Any] = {}
    for key, value in node.items():
        if key == "$ref":
            needed.setdefault(component_name(value), {})
            copy[key] = f"#/$defs/{component_name(value)}"
        elif key == "properties":
            copy[key] = {name: rewritten(schema, needed) for name, schema in value.items()}
        elif key in ("examples", "enum", "const", "default", "required"):
            copy[key] = value
        elif key not in _NOT_JSON_SCHEMA and not key.startswith("x-"):
            copy[key] = rewritten(value, needed)
    if str(copy.get("pattern", "")).endswith("$"):
        # Python's $ also stands before a line break at the end; in ECMA-262 and Rust it does not.
        copy["not"] = {"type": "string", "pattern": "\n"}
    if "type" not in copy and (_FOR_OBJECTS & copy.keys()):
        # What is no object is refused elsewhere; strict readers want a type beside each keyword.
        copy = {"type": "object", **copy}
    return copy | ({"examples": [node["example"]]} if "example" in node else {})


def write_line_schemas(target: Path, *, document: Document, template: Path) -> None:
    """Write the package of line schemas into a folder that does not exist yet.

    Args:
        target: The folder of the package.
        document: The parsed document.
        template: The Jinja template of the package's `__init__.py`.
    """
    entries = line_schemas(document)
    target.mkdir(parents=True)
    for entry in entries:
        text = json.dumps(bundle(document, entry.component), indent=2, ensure_ascii=False)
        (target / entry.file_name).write_text(text + "\n", encoding="utf-8")
    (target / "__init__.py").write_text(_rendered(template, entries), encoding="utf-8")


def write_record_models(path: Path, *, document: Document, template: Path) -> None:
    """Write the module that finds the model of a line by its object type.

    Args:
        path: The module to write.
        document: The parsed document.
        template: Its Jinja template.
    """
    path.write_text(_rendered(template, line_schemas(document)), encoding="utf-8")


def _rendered(template: Path, entries: list[LineSchema]) -> str:
    source = jinja2.Template(
        template.read_text(encoding="utf-8"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return str(source.render(entries=entries))
