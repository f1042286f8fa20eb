"""Small changes to a document, for the tests of what reads documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.openapi import Node

PROBE = Path(__file__).parent / "documents" / "probe.yaml"


def at(root: Node, pointer: str) -> Any:  # noqa: ANN401  (JSON of any type)
    """Return the node at a JSON pointer."""
    node: Any = root
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


def put(pointer: str, key: str, value: object) -> Callable[[Node], None]:
    """Return a change that sets one key."""
    return lambda root: at(root, pointer).__setitem__(key, value)


def drop(pointer: str, key: str | int) -> Callable[[Node], None]:
    """Return a change that removes one key."""
    return lambda root: at(root, pointer).__delitem__(key)
