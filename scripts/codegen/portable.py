"""The document as OpenAPI 3.0.3, for generators that know no 3.1: what it cannot say is left out, and listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from document.openapi import METHODS, component_name, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from document.openapi import Document, Node

NOTE = "Written by scripts/generate.py from openapi.yaml. DO NOT EDIT: run `nox -s generate`."

# What a schema of 3.0 cannot say, and what each reader of this edition therefore does not check.
_CONDITIONS = ("if", "then", "else", "not", "anyOf")

_DIFFERENCES = """\
This edition says the same as openapi.yaml, in OpenAPI 3.0.3, but for what follows.

1. A value that may be null has `nullable: true` in place of the type "null".
2. A schema composed with allOf is written out as one object, its members and required ones together.
3. Texts with a pattern stand where they are used, in place of a reference to a component.
4. A schema has one `example`, the first of its `examples`; a reference has no words of its own beside it.
5. `info.summary` is the first sentence of the description; the licence has no identifier.
6. An object whose values may be null is a map of free objects: the shape of the values is left out.
7. These rules are left out, because 3.0 has no if, then, else and generators stumble over not and anyOf:
"""


class Portable:
    """Writes the document anew, and notes what is lost."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lost: dict[str, None] = {}

    def text(self) -> str:
        """Return the edition as YAML, its differences listed in its head."""
        root = self._root()
        differences = [*_DIFFERENCES.splitlines(), *(f"   - {pointer}" for pointer in self._lost)]
        head = "\n".join(f"# {line}".rstrip() for line in (NOTE, "", *differences))
        body = yaml.dump(root, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
        return f"{head}\n\n{body}"

    def _root(self) -> Node:
        # A deep copy without YAML's aliases, so that nothing shared is written to.
        root: Node = json.loads(json.dumps(self._document.root))
        info = root["info"]
        words = [info.pop("summary", ""), info.get("description", "")]
        info["description"] = "\n\n".join(word for word in words if word)
        info.get("license", {}).pop("identifier", None)
        root["openapi"] = "3.0.3"
        root["info"] = _without_extensions(info)
        root["paths"] = {path: self._path(path, item) for path, item in root["paths"].items()}
        components = root.get("components", {})
        for kind in ("parameters", "headers", "requestBodies", "responses"):
            for name, node in components.get(kind, {}).items():
                components[kind][name] = self._node(join("/components", kind, name), node)
        schemas = components.get("schemas", {})
        components["schemas"] = {
            name: self._component(name, schema) for name, schema in schemas.items() if not self._is_inlined(schema)
        }
        self._drop_unused(root)
        return root

    def _path(self, path: str, item: Node) -> Node:
        pointer = join("/paths", path)
        return {
            key: self._node(join(pointer, key), _without_extensions(node)) if key in METHODS else node
            for key, node in item.items()
        }

    def _node(self, pointer: str, node: Any) -> Any:  # noqa: ANN401  (JSON of any type)
        """Rewrite the schemas below a node that is none itself."""
        if isinstance(node, list):
            return [self._node(join(pointer, index), entry) for index, entry in enumerate(node)]
        if not isinstance(node, dict):
            return node
        found: Node = {}
        for key, value in node.items():
            if key == "schema":
                found[key] = self._schema(join(pointer, key), value)
            elif key.startswith("x-"):
                continue
            else:
                found[key] = value if key in ("example", "examples") else self._node(join(pointer, key), value)
        return found

    def _component(self, name: str, schema: Node) -> Node:
        return self._schema(join("/components/schemas", name), schema)

    def _schema(self, pointer: str, schema: Node) -> Node:
        reference = schema.get("$ref")
        if reference is not None:
            return self._reference(pointer, schema, reference)
        if "oneOf" in schema:
            return self._nullable(pointer, schema)
        if self._is_composed(schema):
            schema = self._flat(pointer, schema)
        found: Node = {}
        for key, value in schema.items():
            found |= self._keyword(pointer, key, value)
        return found

    def _keyword(self, pointer: str, key: str, value: Any) -> Node:  # noqa: ANN401  (JSON of any type)
        where = join(pointer, key)
        if key.startswith("x-"):
            return {}
        if key in _CONDITIONS:
            self._lost[where] = None
            return {}
        rewritten: dict[str, Callable[[], Node]] = {
            "type": lambda: _type(value),
            "properties": lambda: {key: {name: self._schema(join(where, name), one) for name, one in value.items()}},
            "items": lambda: {key: self._schema(where, value)},
            "additionalProperties": lambda: {key: self._values(where, value)},
            "examples": lambda: {"example": value[0]},
        }
        return rewritten.get(key, lambda: {key: value})()

    def _values(self, pointer: str, schema: Any) -> Any:  # noqa: ANN401  (a schema, or true)
        if not isinstance(schema, dict) or not schema:
            return True
        if "oneOf" in schema:
            return {"type": "object", "nullable": True, "additionalProperties": True}
        return self._schema(pointer, schema)

    def _reference(self, pointer: str, schema: Node, reference: str) -> Node:
        target = self._document.at(reference)
        if not self._is_inlined(target):
            return {"$ref": reference}
        words = {key: value for key, value in schema.items() if key != "$ref"}
        return self._schema(pointer, {**target, **words})

    def _nullable(self, pointer: str, schema: Node) -> Node:
        """Write out a schema or null."""
        (only,) = (one for one in schema["oneOf"] if one.get("type") != "null")
        words = {key: value for key, value in schema.items() if key not in ("oneOf", "examples")}
        inner = self._schema(pointer, only)
        inner = {"allOf": [inner]} if "$ref" in inner else {k: v for k, v in inner.items() if k != "description"}
        return {**_without_extensions(words), **inner, "nullable": True}

    def _is_inlined(self, schema: Node) -> bool:
        return "pattern" in schema

    def _is_composed(self, schema: Node) -> bool:
        return "allOf" in schema

    def _flat(self, pointer: str, schema: Node) -> Node:
        """Merge the parts of an allOf into one object."""
        merged: Node = {"properties": {}, "required": []}
        for index, part in enumerate(schema["allOf"]):
            node = self._document.resolve(part)
            where = join(pointer, "allOf", index)
            inner = self._flat(where, node) if self._is_composed(node) else node
            merged["properties"] |= inner.get("properties", {})
            merged["required"] += [name for name in inner.get("required", []) if name not in merged["required"]]
            lost = [key for key in _CONDITIONS if key in node]
            self._lost |= {join(where, key): None for key in lost}
        merged["properties"] |= schema.get("properties", {})
        merged["required"] = [*schema.get("required", []), *merged["required"]]
        own = {key: value for key, value in schema.items() if key not in ("allOf", "properties", "required")}
        return {**own, **{key: value for key, value in merged.items() if value}}

    def _drop_unused(self, root: Node) -> None:
        """Leave out the schemas that nothing uses any more, but the lines of files, which nothing refers to."""
        lines = {component_name(reference) for reference in _line_references(self._document.root)}
        schemas = root["components"]["schemas"]
        while unused := set(schemas) - lines - {component_name(one) for one in _references(root)}:
            for name in unused:
                del schemas[name]


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks, and nothing by alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002  (PyYAML's own signature)
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _type(value: str | list[str]) -> Node:
    if isinstance(value, str):
        return {"type": value}
    return {"type": next(one for one in value if one != "null"), "nullable": True}


def _without_extensions(node: Node) -> Node:
    return {key: value for key, value in node.items() if not key.startswith("x-")}


def _references(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _references(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)


def _line_references(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _line_references(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "x-line-schemas":
                yield from value.values()
            elif key == "x-line-schema":
                yield value
            else:
                yield from _line_references(value)


def write_portable(target: Path, *, document: Document) -> None:
    """Write the portable edition of a document.

    Args:
        target: The file to write.
        document: The parsed document.
    """
    target.write_text(Portable(document).text(), encoding="utf-8")
