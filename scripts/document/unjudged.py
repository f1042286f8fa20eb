"""The changes between two documents that no rule judges, found by making each of them alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from document.openapi import Document, DocumentError, join
from document.words import NAMED, VALUES, is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from document.openapi import Node

# Extensions that rules read.
_READ = {"x-line-schemas", "x-line-schema"}
_GONE = object()
# Components that a caller meets only through operations: /components/responses/NotFound has three steps.
_SHARED = ("parameters", "headers", "requestBodies", "responses", "examples", "links")
_DEPTH = 3


@dataclass(frozen=True, kw_only=True)
class _Difference:
    """One place, and what stands there in the new document."""

    steps: tuple[str | int, ...]
    value: Any

    @property
    def pointer(self) -> str:
        return join("", *self.steps)

    def made_in(self, root: Node) -> Node:
        """Return a copy of a document with this change and no other."""
        copy: Node = json.loads(json.dumps(root))
        node: Any = copy
        for step in self.steps[:-1]:
            node = node[step]
        if self.value is _GONE:
            del node[self.steps[-1]]
        else:
            node[self.steps[-1]] = self.value
        return copy


def unjudged(old: Document, new: Document, *, judge: Callable[[Document, Document], bool]) -> Iterator[str]:
    """Yield the place of each change that no rule sees when it is made alone.

    Args:
        old: The old document.
        new: The new document.
        judge: Says whether the rules find anything between two documents.
    """
    base = _with_new_components(old.root, new.root)
    for difference in _differences(base, new.root, ()):
        try:
            seen = judge(Document(base), Document(difference.made_in(base)))
        except (AttributeError, DocumentError, KeyError, TypeError, ValueError):
            # Something refers to what is gone or of another kind; the rules have met that as well.
            seen = False
        if not seen:
            yield difference.pointer


def _with_new_components(old: Node, new: Node) -> Node:
    """Return the old document with the components that are new, which by themselves change nothing."""
    root: Node = json.loads(json.dumps(old))
    for kind, nodes in new.get("components", {}).items():
        if isinstance(nodes, dict):
            mine = root.setdefault("components", {}).setdefault(kind, {})
            mine |= {name: node for name, node in nodes.items() if name not in mine}
    return root


def _differences(old: Any, new: Any, steps: tuple[str | int, ...], *, below: str = "") -> Iterator[_Difference]:  # noqa: ANN401  (JSON)
    """Yield what differs; `below` is the keyword that both stand under, where it says what their keys are."""
    if isinstance(old, dict) and isinstance(new, dict) and below not in VALUES:
        is_keyword = below not in NAMED
        for key in [*old, *(key for key in new if key not in old)]:
            place = (*steps, key)
            if _is_silent(place, old.get(key), new.get(key), is_keyword=is_keyword):
                continue
            if key in old and key in new:
                yield from _differences(old[key], new[key], place, below=key if is_keyword else "")
            else:
                yield _Difference(steps=place, value=new.get(key, _GONE))
    elif isinstance(old, list) and isinstance(new, list) and any(map(_is_node, old)) and below not in VALUES:
        for index, was, now in _pairs(old, new):
            yield from _differences(was, now, (*steps, index))
        if len(old) != len(new):
            yield _Difference(steps=steps, value=new)
    elif json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
        # True and 1 are equal to Python, and not to JSON.
        yield _Difference(steps=steps, value=new)


def _pairs(old: list[Any], new: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield what belongs together: of one name, where something came or went, else at one place."""
    if len(old) == len(new):
        yield from zip(range(len(old)), old, new, strict=True)
        return
    named = {_name(entry, index): entry for index, entry in enumerate(new)}
    for index, entry in enumerate(old):
        if _name(entry, index) in named:
            yield index, entry, named[_name(entry, index)]


def _name(entry: Any, index: int) -> str:  # noqa: ANN401  (JSON of any type)
    found = [entry[key] for key in ("$ref", "in", "name", "url") if key in entry] if isinstance(entry, dict) else []
    return json.dumps(found or index)


def _is_silent(steps: tuple[str | int, ...], old: Any, new: Any, *, is_keyword: bool) -> bool:  # noqa: ANN401  (JSON)
    """Return what is no change for a caller: words, openness said aloud, a shared node that is unused."""
    if is_keyword and is_text(str(steps[-1])) and steps[-1] not in _READ:
        return True
    if steps[-2:-1] == ("scopes",) and None not in (old, new):
        return True
    if steps[-1] == "additionalProperties" and is_keyword:
        return old in (None, True, {}) and new in (None, True, {})
    # Those who used it say by another reference, or by none, what it means that it is gone.
    return len(steps) == _DEPTH and steps[0] == "components" and steps[1] in _SHARED and new is None


def _is_node(value: object) -> bool:
    return isinstance(value, (dict, list))
