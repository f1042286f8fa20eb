"""The changes between two documents that no rule judges, found by making each of them alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from document.openapi import Document, DocumentError, join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from document.openapi import Node

# Words for people, wherever they stand but in the name of a member.
_TEXTS = {"title", "description", "summary", "example", "examples", "$comment", "externalDocs", "contact", "license"}
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
        judge: Tells whether the rules find anything between two documents.
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


def _differences(old: Any, new: Any, steps: tuple[str | int, ...]) -> Iterator[_Difference]:  # noqa: ANN401 - JSON
    if isinstance(old, dict) and isinstance(new, dict):
        in_map = bool(steps) and steps[-1] in ("properties", "paths", "schemas", "parameters", "headers", "content")
        for key in [*old, *(key for key in new if key not in old)]:
            if not in_map and (key in _TEXTS or (str(key).startswith("x-") and key not in _READ)):
                continue
            if _is_silent((*steps, key), old.get(key), new.get(key)):
                continue
            if key not in new:
                yield _Difference(steps=(*steps, key), value=_GONE)
            elif key not in old:
                yield _Difference(steps=(*steps, key), value=new[key])
            else:
                yield from _differences(old[key], new[key], (*steps, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and any(map(_is_node, old)):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _differences(was, now, (*steps, index))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield _Difference(steps=steps, value=new)


def _is_silent(steps: tuple[str | int, ...], old: Any, new: Any) -> bool:  # noqa: ANN401 - JSON of any type
    """Tell what is no change for a caller: the words of a scope, openness said aloud, a shared node that is unused."""
    if steps[-2:-1] == ("scopes",) and None not in (old, new):
        return True
    if steps[-1] == "additionalProperties" and steps[-2:-1] != ("properties",):
        return old in (None, True, {}) and new in (None, True, {})
    # Those who used it say by another reference, or by none, what it means that it is gone.
    return len(steps) == _DEPTH and steps[0] == "components" and steps[1] in _SHARED and new is None


def _is_node(value: object) -> bool:
    return isinstance(value, (dict, list))
