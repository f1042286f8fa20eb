"""Write docs/cli.md and docs/events.schema.json from the command; `--check` fails when they are not what it says."""

import argparse
import json
import sys
import types
import typing
from pathlib import Path
from typing import Any

from gong_crm.command import results
from gong_crm.command.app import app
from gong_crm.events import Event

DOCS = Path(__file__).parents[1] / "docs"
# ruff: noqa: E501  (Markdown has one sentence a line)
PREFACE = """# The command gong-crm

Written by `python scripts/command_docs.py` from the command itself; do not edit.

Install it with `python -m pip install '.[cli,emulator]'` in a clone of the repository, and take the tour with `gong-crm demo`.

- Results go to standard output, progress and errors to standard error; without a terminal a plain line comes every 30 seconds.
- With `--json` standard output has one event a line, errors too, as [events.schema.json](events.schema.json) describes them, and standard error is silent.
- Credentials come from GONG_BASE_URL, GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN, or from `--credentials FILE`; none is an option, because options show in lists of processes.
- `gong-crm --install-completion` completes commands and options in bash, zsh and fish.

"""
NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(hint: Any) -> dict[str, Any]:  # noqa: ANN401  (any annotation)
    """Describe an annotation of an event."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [schema_of(one) for one in arguments]}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    return {"type": NAMES[hint]} if hint in NAMES else {}


def event_schema(kind: type[Event]) -> dict[str, Any]:
    """Describe an event."""
    hints = {name: hint for name, hint in typing.get_type_hints(kind).items() if name != "kind"}
    return {
        "title": kind.__name__,
        "description": (kind.__doc__ or "").split("\n")[0],
        "type": "object",
        "properties": {"event": {"const": kind.kind}} | {name: schema_of(hint) for name, hint in hints.items()},
        "required": ["event", *hints],
    }


def written() -> dict[Path, str]:
    """Give what each file must hold."""
    by_kind = {one.kind: one for one in Event.__subclasses__()}  # slots make each class twice
    kinds = sorted(by_kind.values(), key=lambda one: (one.__module__ == results.__name__, one.__name__))
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by scripts/command_docs.py; do not edit.",
        "title": "What gong-crm prints with --json: one of these a line. Members may be added; none is taken away.",
        "oneOf": [event_schema(kind) for kind in kinds],
    }
    pages = app.generate_docs(output_format="markdown", heading_level=2)
    text = "\n".join(line.rstrip() for line in (PREFACE + pages).splitlines()) + "\n"
    return {DOCS / "cli.md": text, DOCS / "events.schema.json": json.dumps(schema, indent=2) + "\n"}


def main() -> int:
    """Write the files, or say which is not what the command says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail on a difference")
    check = parser.parse_args().check
    stale = [path for path, text in written().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"docs/{path.name} is not what the command says: python scripts/command_docs.py", file=sys.stderr)
        else:
            path.write_text(written()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
