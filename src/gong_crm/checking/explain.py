"""What breaks a rule, as a sentence for people with a hint."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

    from gong_crm.checking.rules import Rules
    from gong_crm.findings import Origin

_SHOWN: Final = 60


def shown(value: object) -> str:
    """Show a value of JSON, shortened, on one line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def parsed(line: bytes, origin: Origin, *, longest: int) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Read a line, and tell why it is no object or what reading it passes over."""
    if len(line) > longest:
        message = f"the line has {len(line):,} bytes, more than {longest:,}"
        return None, [Finding(origin=origin, rule="too-long", message=message, hint="write one object a line")]
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        message = f"the line is no JSON: {problem.msg}, at column {problem.colno}"
        return None, [Finding(origin=origin, rule="json", message=message)]
    if not isinstance(record, dict):
        message = f"the line is no JSON object but {shown(record)}"
        return None, [Finding(origin=origin, rule="not-object", message=message)]
    return record, []


def finding(error: ValidationError, origin: Origin, record: dict[str, Any]) -> Finding:
    """Say where a record breaks the schema."""
    path = error.instance_path[1:]
    member = str(path[0]) if path else None
    return Finding(
        origin=origin,
        rule="schema",
        message=error.message,
        member=member,
        object_id=object_id_of(record),
    )


def missing_day(name: str, value: str, origin: Origin, record: dict[str, Any]) -> Finding:
    """Say that there is no such day."""
    return Finding(
        origin=origin,
        rule="day",
        message=f"{shown(value)} is a day that does not exist",
        member=name,
        object_id=object_id_of(record),
    )


def unknown_member(name: str, rules: Rules, origin: Origin, record: dict[str, Any]) -> Finding:
    """Say that Gong does not know a member."""
    near = get_close_matches(name, sorted(rules.members), n=1)
    return Finding(
        origin=origin,
        rule="unknown-member",
        message=f"Gong does not know this member of {rules.object_type}, and shows nothing of it",
        hint=f"did you mean {near[0]}?" if near else "describe it as a field first",
        severity=Severity.WARNING,
        member=name,
        object_id=object_id_of(record),
    )


def object_id_of(record: dict[str, Any]) -> str | None:
    """Give the object id, where there is one."""
    value = record.get("objectId")
    return value if isinstance(value, str) else None
