"""The document as the generator should read it: what it looks for elsewhere is put where it looks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document.openapi import Document, Node


def for_the_generator(document: Document) -> str:
    """Return the document as JSON, with the words about each parameter in its schema too.

    The generator writes into docstrings what a parameter's schema says, and never what the parameter itself says.
    """
    # A deep copy without YAML's aliases, so that nothing shared is written to.
    root: Node = json.loads(json.dumps(document.root))
    for parameter in _parameters(root):
        schema = parameter.get("schema", {})
        if "$ref" not in schema:
            schema |= {key: parameter[key] for key in ("description", "example") if key in parameter}
    return json.dumps(root)


def _parameters(root: Node) -> Iterator[Node]:
    yield from root.get("components", {}).get("parameters", {}).values()
    for item in root.get("paths", {}).values():
        for owner in (item, *(node for node in item.values() if isinstance(node, dict))):
            yield from (node for node in owner.get("parameters", []) if "$ref" not in node)
