"""What changed between two schemas, judged for what is sent or for what is answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from document.changes import Ledger
from document.openapi import component_name, join
from document.words import NAMED, VALUES, is_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.openapi import Document, Node

_TEXTS = ("title", "description", "example", "examples", "$comment", "externalDocs")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
# Rules that can only be called the same or another: a pattern may be narrower or wider, nobody can tell cheaply.
_EXACT = ("pattern", "format", "const", "multipleOf", "uniqueItems", "contentMediaType")
_CONDITIONS = ("if", "then", "else", "not", "anyOf", "dependentRequired")
# Of these the last one counts.
_LAST = ("default", "deprecated")
_ALL_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


@dataclass(kw_only=True)
class SchemaComparison:
    """Compares schemas of two documents, each pair of named components once for each direction."""

    old: Document
    new: Document
    ledger: Ledger
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def compare(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        """Compare two schemas.

        Args:
            pointer: Where they stand, for a schema without a name.
            old: The schema of the old document.
            new: The schema of the new document.
            sent: True when callers send what it describes, False when they receive it.
        """
        names = (component_name(old.get("$ref", "")), component_name(new.get("$ref", "")))
        if any(names):
            # With what stands beside the reference: a bound there holds at this place only.
            pair = (_canonical(old), _canonical(new), sent)
            if pair in self.seen:
                return
            self.seen.add(pair)
            self._rename(pointer, *names)
            pointer = join("/components/schemas", names[1]) if new.keys() == {"$ref"} else pointer
        before, after = self.flat(self.old, old), self.flat(self.new, new)
        self._texts(pointer, before, after)
        self._types(pointer, before, after, sent=sent)
        self._enum(pointer, before, after, sent=sent)
        self._bounds(pointer, before, after, sent=sent)
        self._members(pointer, before, after, sent=sent)
        self._inner(pointer, before, after, sent=sent)
        self._variants(pointer, before, after, sent=sent)
        self._conditions(pointer, before, after, sent=sent)

    def _rename(self, pointer: str, old: str, new: str) -> None:
        if old and new and old != new:
            self.ledger.breaking(pointer, "model-renamed", f"the model is now {new}, it was {old}")

    def flat(self, document: Document, schema: Node) -> Node:
        """Merge a schema with what it refers to and with its `allOf` parts."""
        merged: Node = {"properties": {}, "required": [], "conditions": []}
        self._merge(document, schema, merged)
        return merged

    def _merge(self, document: Document, schema: Node, into: Node) -> None:
        if "$ref" in schema:
            self._merge(document, document.at(schema["$ref"]), into)
        for part in schema.get("allOf", []):
            self._merge(document, part, into)
        condition = {key: schema[key] for key in _CONDITIONS if key in schema}
        if condition:
            into["conditions"].append(_canonical(_resolved(document, condition)))
        for key, value in schema.items():
            if key == "oneOf" and (only := _nullable_only(value)) is not None:
                self._merge(document, only, into)
                into["type"] = sorted(_types_of(into) | {"null"})
            elif key not in ("$ref", "allOf", *_CONDITIONS) and not _take(into, key, value):
                # The second is told apart like a condition.
                into["conditions"].append(_canonical(_resolved(document, {key: value})))

    def _texts(self, pointer: str, old: Node, new: Node) -> None:
        for key in _TEXTS:
            if old.get(key) != new.get(key):
                self.ledger.cosmetic(pointer, "text-changed", f"{key} says it in other words")
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            state = "is deprecated" if new.get("deprecated") else "is no longer deprecated"
            self.ledger.compatible(pointer, "member-deprecated", f"it {state}")
        if old.get("default") != new.get("default"):
            self.ledger.breaking(pointer, "default-changed", f"what is left out now means {new.get('default')!r}")

    def _types(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        before, after = _types_of(old), _types_of(new)
        lost, won = before - after, after - before
        if "integer" in won and "number" in before:
            won -= {"integer"}
        if "integer" in lost and "number" in after:
            lost -= {"integer"}
        if "null" in lost | won:
            self._nullable(pointer, newly="null" in won, sent=sent)
            lost, won = lost - {"null"}, won - {"null"}
        if not lost and not won:
            return
        message = f"{_listed(before)} became {_listed(after)}"
        if lost and won:
            self.ledger.breaking(pointer, "type-changed", message)
        elif lost:
            self.ledger.judge(pointer, "type-narrowed", message, breaks=sent)
        else:
            self.ledger.judge(pointer, "type-widened", message, breaks=not sent)

    def _nullable(self, pointer: str, *, newly: bool, sent: bool) -> None:
        if newly:
            self.ledger.judge(pointer, "newly-nullable", "it may be null now", breaks=not sent)
        else:
            self.ledger.judge(pointer, "no-longer-nullable", "it may not be null any more", breaks=sent)

    def _enum(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        if "enum" not in old and "enum" not in new:
            return
        if "enum" not in old:
            self.ledger.judge(pointer, "enum-added", f"only {_listed(new['enum'])} are left", breaks=sent)
            return
        if "enum" not in new:
            self.ledger.judge(pointer, "enum-dropped", "any value may come now", breaks=not sent)
            return
        for value in (value for value in old["enum"] if value not in new["enum"]):
            self.ledger.judge(pointer, "enum-value-removed", f"the value {value} is gone", breaks=sent)
        for value in (value for value in new["enum"] if value not in old["enum"]):
            self.ledger.judge(pointer, "enum-value-added", f"the value {value} is new", breaks=not sent)

    def _bounds(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        for key in (*_UPPER, *_LOWER):
            before, after = old.get(key), new.get(key)
            if before == after:
                continue
            smaller = before is None or (after is not None and (after < before) == (key in _UPPER))
            message = f"{key} was {_or_none(before)} and is {_or_none(after)}"
            if smaller:
                self.ledger.judge(pointer, "bound-narrowed", message, breaks=sent)
            else:
                # Who receives it has made room for no more than the old bound.
                self.ledger.judge(pointer, "bound-widened", message, breaks=not sent)
        for key in _EXACT:
            before, after = old.get(key), new.get(key)
            if before != after:
                message = f"{key} was {_or_none(before)} and is {_or_none(after)}"
                self.ledger.judge(pointer, f"{key}-changed", message, breaks=(after if sent else before) is not None)

    def _members(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        before, after = old["properties"], new["properties"]
        for name in before.keys() - after.keys():
            # The client's models lose the attribute, so callers break in both directions.
            self.ledger.breaking(join(pointer, "properties", name), "member-removed", f"the member {name} is gone")
        for name in after.keys() - before.keys():
            where, needed = join(pointer, "properties", name), name in new["required"]
            if sent and needed:
                self.ledger.breaking(where, "required-member-added", f"the new member {name} is required")
            else:
                self.ledger.compatible(where, "member-added", f"the member {name} is new")
        reported = before.keys() ^ after.keys()
        for name in sorted((before.keys() | after.keys() | {*old["required"], *new["required"]}) - reported):
            where = join(pointer, "properties", name)
            self._required(where, name, old=name in old["required"], new=name in new["required"], sent=sent)
            self.compare(where, before.get(name, {}), after.get(name, {}), sent=sent)

    def _required(self, pointer: str, name: str, *, old: bool, new: bool, sent: bool) -> None:
        if new and not old:
            self.ledger.judge(pointer, "newly-required", f"the member {name} is required now", breaks=sent)
        elif old and not new:
            self.ledger.judge(pointer, "no-longer-required", f"the member {name} may be missing now", breaks=not sent)

    def _inner(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        if "items" in old or "items" in new:
            self.compare(join(pointer, "items"), old.get("items", {}), new.get("items", {}), sent=sent)
        # True says as little as an empty schema, and as little as nothing at all.
        before, after = (
            node.get("additionalProperties", {}) if node.get("additionalProperties") is not True else {}
            for node in (old, new)
        )
        where = join(pointer, "additionalProperties")
        if (before is False) != (after is False):
            message = "unknown members are refused now" if after is False else "unknown members may come now"
            self.ledger.judge(where, "openness-changed", message, breaks=sent == (after is False))
        elif before or after:
            self.compare(where, before, after, sent=sent)

    def _variants(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        """Compare the oneOf of two schemas: those of one name or one place belong together."""
        before, after = (_by_name(node.get("oneOf", [])) for node in (old, new))
        if "null" in before.keys() ^ after.keys():
            self._nullable(pointer, newly="null" in after, sent=sent)
        before, after = ({key: value for key, value in node.items() if key != "null"} for node in (before, after))
        if bool(before) != bool(after):
            self.ledger.breaking(pointer, "type-changed", "a choice of schemas came or went")
            return
        for key in before.keys() & after.keys():
            self.compare(join(pointer, "oneOf", key), before[key], after[key], sent=sent)
        for key in before.keys() - after.keys():
            self.ledger.judge(pointer, "variant-removed", f"the variant {key} is gone", breaks=sent)
        for key in after.keys() - before.keys():
            self.ledger.judge(pointer, "variant-added", f"the variant {key} is new", breaks=not sent)

    def _conditions(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        for condition in (text for text in new["conditions"] if text not in old["conditions"]):
            self.ledger.judge(pointer, "condition-added", f"a rule is new: {_short(condition)}", breaks=sent)
        for condition in (text for text in old["conditions"] if text not in new["conditions"]):
            self.ledger.judge(pointer, "condition-removed", f"a rule is gone: {_short(condition)}", breaks=not sent)


def _take(into: Node, key: str, value: Any) -> bool:  # noqa: ANN401  (JSON of any type)
    """Add a keyword to what the parts before say, as all of them hold; False where two cannot become one."""
    if key == "properties":
        into[key] |= {name: _both(into[key].get(name), one) for name, one in value.items()}
    elif key == "required":
        into[key] = [*into[key], *(name for name in value if name not in into[key])]
    elif key in into and key in _CONJUNCTIONS:
        into[key] = _CONJUNCTIONS[key](into[key], value)
    elif key in _LAST or is_text(key) or into.get(key, value) == value:
        into[key] = value
    else:
        return False
    return True


def same_schemas(old: Document, new: Document) -> set[str]:
    """Return the names of the schemas that say the same, however they are put together."""
    before, after = (
        {name: flat_text(document, schema) for name, schema in document.components("schemas").items()}
        for document in (old, new)
    )
    return {name for name in before.keys() & after.keys() if before[name] == after[name]}


def flat_text(document: Document, schema: Node) -> str:
    """Return a schema with its references and parts merged, as a text to compare."""
    comparison = SchemaComparison(old=document, new=document, ledger=Ledger())
    return _canonical(comparison.flat(document, schema))


def _both(first: Any, second: Any) -> Any:  # noqa: ANN401  (schemas, or true and false)
    """Return the schema of what has to fit both."""
    if first is None or first == second:
        return second
    return False if False in (first, second) else {"allOf": [one for one in (first, second) if isinstance(one, dict)]}


def _common_types(first: Any, second: Any) -> list[str]:  # noqa: ANN401  (a type or several)
    one, other = _types_of({"type": first}), _types_of({"type": second})
    common = one & other
    if "integer" in (one ^ other) and "number" in one ^ other:
        common.add("integer")
    return sorted(common)


# How a keyword that two parts of an allOf have becomes one: both parts hold.
_CONJUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(_UPPER, min),
    **dict.fromkeys(_LOWER, max),
    "enum": lambda first, second: [value for value in first if value in second],
    "type": _common_types,
    "items": _both,
    "additionalProperties": _both,
}


def _resolved(document: Document, node: Any, above: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  (JSON of any type)
    """Return a condition with the models it refers to written out, a model inside itself left as it is."""
    if isinstance(node, list):
        return [_resolved(document, entry, above) for entry in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in above:
        inner = _resolved(document, document.at(reference), (*above, reference))
        return {"$ref": inner, **{key: value for key, value in node.items() if key != "$ref"}}
    return {key: _resolved(document, value, above) for key, value in node.items()}


def _nullable_only(variants: list[Node]) -> Node | None:
    """Return the schema that may be null, where the choice is between it and null."""
    real = [variant for variant in variants if variant.get("type") != "null"]
    return real[0] if len(real) == 1 and len(variants) > 1 else None


def _types_of(schema: Node) -> set[str]:
    declared = schema.get("type")
    if declared is None:
        return set(_ALL_TYPES)
    return {declared} if isinstance(declared, str) else set(declared)


def _listed(values: Any) -> str:  # noqa: ANN401  (a list or a set of any values)
    if set(map(str, values)) == _ALL_TYPES:
        return "any type"
    return ", ".join(sorted(map(str, values)))


def _by_name(variants: list[Node]) -> dict[str, Node]:
    named = {}
    for index, variant in enumerate(variants):
        if variant.get("type") == "null":
            named["null"] = variant
        else:
            named[component_name(variant.get("$ref", "")) or str(index)] = variant
    return named


def _canonical(node: Node) -> str:
    return json.dumps(_without_texts(node), sort_keys=True)


def _without_texts(node: Any, *, named: bool = False) -> Any:  # noqa: ANN401  (JSON of any type)
    if isinstance(node, list):
        return [_without_texts(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kept = dict(node) if named else {key: value for key, value in node.items() if not is_text(key)}
    # That an object is open says as much as nothing.
    if not named and (kept.get("additionalProperties") is True or kept.get("additionalProperties") == {}):
        del kept["additionalProperties"]
    return {
        key: value if not named and key in VALUES else _without_texts(value, named=not named and key in NAMED)
        for key, value in kept.items()
    }


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}..."  # noqa: PLR2004  (a line's worth)


def _or_none(value: object) -> str:
    return "absent" if value is None else _short(json.dumps(value))
