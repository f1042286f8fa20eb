"""The contract as a page that can be searched: each operation of openapi.yaml, and each line of a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
_METHODS = frozenset({"get", "put", "post", "delete"})
_HEAD = """# The contract

Every operation of [openapi.yaml](../openapi.yaml), and the members of every line of a file.
[An interactive reference](interactive.html) shows the same with all schemas and examples; it calls no other host.
"""


def contract_page(document: Json) -> str:
    """Write the page of the contract, from the document and nothing else."""
    parts = [_HEAD, document["info"]["description"]]
    for tag in document["tags"]:
        parts += [f"## {tag['name']}", tag.get("description", "")]
        for path, method, operation in _operations(document):
            if tag["name"] in operation["tags"]:
                parts += _operation(document, path, method, operation)
    parts.append("## Lines of a file")
    for name, schema in document["components"]["schemas"].items():
        if "Record" in name and name not in {"CrmRecord", "DatedCrmRecord", "CrmRecordLegacy"}:
            parts += _line(document, name, schema)
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                yield path, method.upper(), operation


def _operation(document: Json, path: str, method: str, operation: Json) -> Iterator[str]:
    yield f"### {operation['operationId']}"
    yield f"**{operation['summary']}**: `{method} {path}`"
    yield operation["description"]
    scopes = [scope for one in operation["security"] for scope in one.get("oauth2", [])]
    yield "Scope: " + ", ".join(f"`{scope}`" for scope in scopes)
    parameters = [_resolved(document, one) for one in operation.get("parameters", [])]
    if parameters:
        rows = ((f"`{one['name']}`", _need(one), one.get("description", "")) for one in parameters)
        yield _table(("parameter", "", "meaning"), rows)
    answers = {status: _resolved(document, one) for status, one in operation["responses"].items()}
    yield _table(("answer", "meaning"), ((status, one["description"]) for status, one in answers.items()))


def _line(document: Json, name: str, schema: Json) -> Iterator[str]:
    members, required = _members(document, schema)
    yield f"### {name}"
    yield schema.get("description", "")
    yield _table(
        ("member", "", "meaning"),
        (
            (f"`{member}`", "required" if member in required else "", _meaning(document, one))
            for member, one in members.items()
        ),
    )


def _members(document: Json, schema: Json) -> tuple[dict[str, Json], set[str]]:
    schema = _resolved(document, schema)
    members, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        more, needed = _members(document, part)
        members, required = {**more, **members}, required | needed
    return members, required


def _meaning(document: Json, schema: Json) -> str:
    text = schema.get("description") or _resolved(document, schema).get("description", "")
    return text if isinstance(text, str) else ""


def _resolved(document: Json, one: Json) -> Json:
    while "$ref" in one:
        found: Any = document
        for key in one["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        one = found
    return one


def _need(parameter: Json) -> str:
    return "required" if parameter.get("required") else "optional"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
