"""What the document says of answers, in one file that an installed package can hold real answers against."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from codegen.line_schemas import DIALECT, NOTE, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from document.openapi import Document, Node, Operation

_JSON = "application/json"
_SENTENCES = {"errors", "description"}


def write_answers(path: Path, *, document: Document) -> None:
    """Write the answers of each operation by status, and the words that no answer has from a customer.

    Args:
        path: The file to write.
        document: The parsed document.
    """
    needed: dict[str, Node] = {}
    operations = {
        one.operation_id: {"method": one.method.upper(), "path": one.path, "answers": _answers(document, one, needed)}
        for one in document.operations()
    }
    waiting = list(needed)
    while waiting:
        found: dict[str, Node] = {}
        name = waiting.pop(0)
        needed[name] = rewritten(document.at(f"#/components/schemas/{name}"), found)
        waiting += [other for other in found if other not in needed]
        needed.update({other: {} for other in found if other not in needed})
    schemas = document.components("schemas")
    content = {
        "$schema": DIALECT,
        "$comment": NOTE,
        "operations": operations,
        "names": sorted({name for schema in schemas.values() for name in _names(schema)}),
        "values": sorted({value for schema in schemas.values() for value in _values(schema)}),
        "words": sorted({word for text in _sentences(document.root) for word in re.findall(r"[a-z]+", text.lower())}),
        "$defs": dict(sorted(needed.items())),
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _answers(document: Document, operation: Operation, needed: dict[str, Node]) -> dict[str, Node]:
    answers = {}
    for status, answer in operation.node["responses"].items():
        media = document.resolve(answer).get("content", {}).get(_JSON, {})
        answers[status] = rewritten(media.get("schema", {}), needed)
    return answers


def _names(node: Any) -> Iterator[str]:  # noqa: ANN401  (JSON of any type)
    """Give the names of all members."""
    if isinstance(node, list):
        for entry in node:
            yield from _names(entry)
    elif isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for entry in node.values():
            yield from _names(entry)


def _values(node: Any) -> Iterator[str]:  # noqa: ANN401  (JSON of any type)
    """Give the texts of all closed lists."""
    if isinstance(node, list):
        for entry in node:
            yield from _values(entry)
    elif isinstance(node, dict):
        for key in ("enum", "x-extensible-enum"):
            if isinstance(node.get(key), list):
                yield from (value for value in node[key] if isinstance(value, str))
        for entry in node.values():
            yield from _values(entry)


def _sentences(node: Any, *, said: bool = False) -> Iterator[str]:  # noqa: ANN401  (JSON of any type)
    """Give the sentences that Gong says of a call or a line, as the examples have them."""
    if isinstance(node, list):
        for entry in node:
            yield from _sentences(entry, said=said)
    elif isinstance(node, dict):
        for key, value in node.items():
            inside = key in {"example", "examples", "value"} or said
            if isinstance(value, str) and said and key in _SENTENCES:
                # What stands in quotes or brackets is of somebody's data.
                yield re.sub(r"\[[^\]]*\]|\"[^\"]*\"|'[^']*'", " ", value)
            elif isinstance(value, list) and said and key == "errors":
                yield from (re.sub(r"\[[^\]]*\]|\"[^\"]*\"|'[^']*'", " ", one) for one in value if isinstance(one, str))
                yield from _sentences(value, said=said)
            else:
                yield from _sentences(value, said=inside)
