"""A schema without references and without needless layers, which is judged faster and says the same."""

from __future__ import annotations

from typing import Any, Final

_ANNOTATIONS: Final = frozenset(
    {
        *("$schema", "$comment", "$defs", "title", "description", "examples", "deprecated", "format", "default"),
    }
)
_ONE: Final = ("items", "not", "if", "then", "else", "additionalProperties")
_MANY: Final = ("allOf", "anyOf", "oneOf")
_NO_NEWLINE: Final = {"type": "string", "pattern": "\n"}
"""What a schema forbids for engines whose `$` matches before a last newline too; the one used here knows better."""


def flattened(schema: dict[str, Any]) -> dict[str, Any]:
    """Resolve the references of a schema of an object, and merge what all its layers say."""
    plain = _resolved(schema, schema.get("$defs", {}))
    merged: dict[str, Any] = {"type": "object", "required": [], "properties": {}}
    rest = [layer for layer in _layers(plain) if not _merge(layer, merged)]
    return {**merged, **({"allOf": rest} if rest else {})}


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Resolve references, and drop what judges nothing; names of members are no annotations."""
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _ANNOTATIONS or (keyword, value) in (("additionalProperties", True), ("not", _NO_NEWLINE)):
            continue
        if keyword == "$ref":
            name = value.removeprefix("#/$defs/")
            # The name is kept, because it says better than a pattern what a value must be.
            result.update({**_resolved(definitions[name], definitions), "$comment": name})
        elif keyword == "properties":
            result[keyword] = {name: _simple(_resolved(one, definitions)) for name, one in value.items()}
        elif keyword in _MANY:
            result[keyword] = [_resolved(one, definitions) for one in value]
        elif keyword in _ONE and isinstance(value, dict):
            result[keyword] = _resolved(value, definitions)
        else:
            result[keyword] = value
    return result


def _simple(schema: dict[str, Any]) -> dict[str, Any]:
    """Write "this string or null" as one type of two, which needs no trying."""
    others = [one for one in schema.get("oneOf", ()) if one != {"type": "null"}]
    is_one = set(schema) == {"oneOf"} and len(others) == 1 and len(schema["oneOf"]) == 2  # noqa: PLR2004  (it, or null)
    if not is_one or others[0].get("type") != "string":
        return schema
    only = dict(others[0])
    only["type"] = ["string", "null"]
    if "enum" in only:
        only["enum"] = [*only["enum"], None]
    return only


def _layers(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """List what must all hold, `allOf` within `allOf` included."""
    own = {keyword: value for keyword, value in schema.items() if keyword not in {"allOf", "$comment"}}
    return [*([own] if own else []), *(layer for part in schema.get("allOf", ()) for layer in _layers(part))]


def _merge(layer: dict[str, Any], merged: dict[str, Any]) -> bool:
    """Take a layer of plain members in, unless it says something else too."""
    if not set(layer) <= {"type", "required", "properties"} or layer.get("type") != "object":
        return False
    merged["required"] += [name for name in layer.get("required", ()) if name not in merged["required"]]
    for name, one in layer.get("properties", {}).items():
        before = merged["properties"].get(name)
        merged["properties"][name] = one if before is None else {"allOf": [before, one]}
    return True
