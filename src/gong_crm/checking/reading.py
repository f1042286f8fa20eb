"""One line as a JSON object, or why it is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm.checking.shown import shortened, shown
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from gong_crm.findings import Origin

LONGEST_LINE: Final = 4_000_000
"""Bytes that a line may have; a record that is longer is a mistake, and reading it costs many times its size."""

_ONE_A_LINE: Final = "write each object on one line of its own"
_SURROGATE: Final = "half of a character is written by \\u; write both halves, or the character itself"
_HINTS: Final = {
    "unexpected content after document": _ONE_A_LINE,
    "unexpected end of data": f"{_ONE_A_LINE}, and look whether the file is cut off",
    "depth limit exceeded": "flatten what is nested",
    "number is infinity when parsed as double": "no program could read this number",
    "no low surrogate in string": _SURROGATE,
    "invalid low surrogate in string": _SURROGATE,
    "UTF-8 byte order mark (BOM) is not supported": "a byte order mark may stand at the start of a file only",
}
_NO_NUMBERS: Final = ("NaN", "Infinity", "-Infinity", "nan", "inf", "-inf")
_AROUND: Final = 12


def read_line(line: bytes, origin: Origin) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Read a line, and report why it is no object, or what most readers would pass over."""
    if len(line) > LONGEST_LINE:
        message = f"the line has {len(line):,} bytes, and more than {LONGEST_LINE:,} is no record"
        return None, [Finding(origin=origin, rule="too-long", message=message, hint=_ONE_A_LINE)]
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        return None, [_unreadable(line, problem, origin)]
    if not isinstance(record, dict):
        message = f"the line is no JSON object but {shown(record)}"
        return None, [Finding(origin=origin, rule="not-object", message=message, hint=_ONE_A_LINE)]
    return record, _members_twice(line, record, origin)


def _unreadable(line: bytes, problem: orjson.JSONDecodeError, origin: Origin) -> Finding:
    try:
        text = line.decode()
    except UnicodeDecodeError as wrong:
        message = f"byte {line[wrong.start]:#04x} at byte {wrong.start + 1:,} of the line is not UTF-8"
        hint = "write the file in UTF-8"
        return Finding(origin=origin, rule="utf-8", message=message, hint=hint)
    rest = text[problem.pos :]
    if rest.startswith(_NO_NUMBERS):
        word = next(word for word in _NO_NUMBERS if rest.startswith(word))
        message = f"the line is no JSON: {word} at column {problem.colno:,} is no number"
        return Finding(origin=origin, rule="json", message=message, hint="write null where there is no value")
    near = text[max(0, problem.pos - _AROUND) : problem.pos + _AROUND].strip()
    message = f"the line is no JSON: {problem.msg} at column {problem.colno:,}, near {shown(near)}"
    return Finding(origin=origin, rule="json", message=message, hint=_HINTS.get(problem.msg, ""))


def _members_twice(line: bytes, record: dict[str, Any], origin: Origin) -> list[Finding]:
    """Tell of members that stand in the line more than once; the last one counts."""
    if line.count(b":") == len(record):
        return []
    twice: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in members if names.count(name) > 1)
        return members

    try:
        json.loads(line, object_pairs_hook=note)
    except RecursionError:
        return []
    object_id = record.get("objectId")
    return [
        Finding(
            origin=origin,
            rule="member-twice",
            message="stands in the line more than once, and the last one counts",
            hint="write it once",
            severity=Severity.WARNING,
            member=shortened(name),
            object_id=object_id if isinstance(object_id, str) else None,
        )
        for name in twice
    ]
