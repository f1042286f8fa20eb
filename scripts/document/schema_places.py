"""Every schema of a document with the place it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from document.openapi import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.openapi import Document

# Keywords whose value is one schema, a list of schemas, or a map of schemas.
_ONE = ("items", "additionalProperties", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties")
_CONDITIONS = ("if", "then", "else", "not")
_MANY = ("allOf", "oneOf", "anyOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One schema: its JSON pointer, what it says, and the role it plays.

    The role is `component` for a named schema, `part` for an `allOf` part of one, `member` for a property,
    `condition` for what stands under if, then, else, not or in an `anyOf` of bare conditions, and `inner` otherwise.
    """

    pointer: str
    schema: Any
    role: str
    name: str = ""


def places(document: Document) -> Iterator[Place]:
    """Yield every schema of the document, outer before inner."""
    for name, schema in document.components("schemas").items():
        pointer = join("/components/schemas", name)
        yield from _walk(Place(pointer=pointer, schema=schema, role="component", name=name))
    roots = {key: value for key, value in document.root.items() if key != "components"}
    roots |= {
        f"components/{kind}": nodes
        for kind, nodes in document.root.get("components", {}).items()
        if kind not in ("schemas", "examples")
    }
    for key, node in roots.items():
        for pointer, schema in _under(node, f"/{key}"):
            yield from _walk(Place(pointer=pointer, schema=schema, role="inner"))


def _under(node: object, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield what stands under the key `schema`, examples left out."""
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _under(entry, join(pointer, index))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "schema":
                yield join(pointer, key), value
            elif key not in ("example", "examples") and not key.startswith("x-"):
                yield from _under(value, join(pointer, key))


def _walk(place: Place) -> Iterator[Place]:
    yield place
    if not isinstance(place.schema, dict):
        return
    for key, value in place.schema.items():
        for steps, schema, name in _children(key, value):
            inner = Place(pointer=join(place.pointer, *steps), schema=schema, role=_role(place, key), name=name)
            yield from _walk(inner)


def _children(key: str, value: Any) -> Iterator[tuple[tuple[str | int, ...], Any, str]]:  # noqa: ANN401  (JSON of any type)
    if key in _ONE or key in _CONDITIONS:
        yield (key,), value, ""
    elif key in _MANY:
        for index, schema in enumerate(value):
            yield (key, index), schema, ""
    elif key in _MAPS:
        for name, schema in value.items():
            yield (key, name), schema, name


def _role(outer: Place, key: str) -> str:
    if outer.role == "condition" or key in _CONDITIONS:
        return "condition"
    if key == "allOf" and outer.role in ("component", "part"):
        return "part"
    if key == "anyOf" and outer.role in ("component", "part"):
        return "condition"
    return "member" if key in ("properties", "patternProperties") else "inner"
