"""Changes of one member in a JSON document."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

GONE: Final = object()
"""What a change gives for a member that is to be left out."""

Edit: TypeAlias = Callable[[Any], Any]


def at(path: str, change: Callable[[Any], Any]) -> Edit:
    """Make an edit of the members that a path leads to."""
    first, _, rest = path.partition(".")
    inner = at(rest, change) if rest else change

    def edit(document: Any) -> Any:  # noqa: ANN401  (any JSON)
        if isinstance(document, list) and first == "*":
            return [new for new in map(inner, document) if new is not GONE]
        if not isinstance(document, dict):
            return document
        changed = {name: inner(value) if first in {name, "*"} else value for name, value in document.items()}
        return {name: value for name, value in changed.items() if value is not GONE}

    return edit


def missing(path: str) -> Edit:
    """Make an edit that leaves a member out."""
    return at(path, lambda _: GONE)


def value(path: str, new: object) -> Edit:
    """Make an edit that gives a member another value, None for null."""
    return at(path, lambda _: new)


def renamed(path: str, new: str) -> Edit:
    """Make an edit that gives a member another name."""
    parent, _, old = path.rpartition(".")

    def rename(holder: Any) -> Any:  # noqa: ANN401  (any JSON)
        if not isinstance(holder, dict):
            return holder
        return {new if name == old else name: item for name, item in holder.items()}

    return at(parent, rename) if parent else rename


def added(path: str, name: str, new: object) -> Edit:
    """Make an edit that adds a member to the object at a path, or to the document when the path is empty."""

    def add(holder: Any) -> Any:  # noqa: ANN401  (any JSON)
        return {**holder, name: new} if isinstance(holder, dict) else holder

    return at(path, add) if path else add
