"""The data file inside an upload: its lines, read and rewritten without touching the other parts."""

import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from contract_tests.drifts.exchange import Call, Recipe
from contract_tests.drifts.operations import FILES, MAP_USERS, Operations, operation_of
from contract_tests.drifts.recipes import on_request

Record: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str, str]
"""Integration, object type and object id."""

USER_MAPPING: Final = "USER_MAPPING"
_BOUNDARY: Final = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_DATA_FILE: Final = re.compile(rb'content-disposition:[^\r\n]*;\s*name="?dataFile"?\s*(?:;|\r\n|\Z)', re.IGNORECASE)


def object_type_of(call: Call) -> str:
    """Tell what the lines of an upload are: the object type it names, or USER_MAPPING."""
    return USER_MAPPING if operation_of(call) in MAP_USERS else call.parameter("objectType")


def key_of(call: Call, record: Record) -> Key:
    """Tell which object a line of an upload is about."""
    return (call.integration, object_type_of(call), str(record.get("objectId")))


def file_of(call: Call) -> bytes | None:
    """Give the content of the part dataFile, or None when there is none."""
    span = _span(call)
    return None if span is None else call.body[span[0] : span[1]]


def with_file(call: Call, content: bytes) -> Call:
    """Send another content of the part dataFile, the rest of the body as it was."""
    span = _span(call)
    return call if span is None else call.with_body(call.body[: span[0]] + content + call.body[span[1] :])


def records_of(call: Call) -> list[Record]:
    """Read the lines of an upload that are JSON objects."""
    return [record for record in map(_record, (file_of(call) or b"").split(b"\n")) if record is not None]


def with_raw_lines(call: Call, change: Callable[[bytes], bytes]) -> Call:
    """Send other lines; blank ones stay as they are."""
    content = file_of(call)
    if content is None:
        return call
    return with_file(call, b"\n".join(change(line) if line.strip() else line for line in content.split(b"\n")))


def with_lines(call: Call, change: Callable[[Record], Record]) -> Call:
    """Send other records; lines that are no JSON objects, or that do not change, stay as they are to the byte."""

    def rewrite(line: bytes) -> bytes:
        record = _record(line)
        changed = None if record is None else change(dict(record))
        return line if changed == record else json.dumps(changed, ensure_ascii=False).encode()

    return with_raw_lines(call, rewrite)


def on_raw_lines(
    change: Callable[[bytes], bytes], *, operations: Operations = FILES, types: tuple[str, ...] = ()
) -> Recipe:
    """Change the lines of uploads before the emulator reads them."""
    return on_request(operations, lambda call: with_raw_lines(call, change), when=_of_types(types))


def on_lines(
    change: Callable[[Record], Record], *, operations: Operations = FILES, types: tuple[str, ...] = ()
) -> Recipe:
    """Change the lines of uploads that are JSON objects."""
    return on_request(operations, lambda call: with_lines(call, change), when=_of_types(types))


def _of_types(types: tuple[str, ...]) -> Callable[[Call], bool]:
    return lambda call: operation_of(call) in FILES and (not types or object_type_of(call) in types)


def broken(record: Record) -> Record:
    """Make a record that the emulator refuses, by taking its id away."""
    return {name: value for name, value in record.items() if name not in {"objectId", "crmUserId"}}


def passed_over(record: Record) -> Record:
    """Make a record that is as good or bad as it was and changes nothing: it deletes an object that is not there."""
    return {**record, "objectId": "never-stored", "isDeleted": True}


def _record(line: bytes) -> Record | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _span(call: Call) -> tuple[int, int] | None:
    found = _BOUNDARY.search(call.header("content-type") or "")
    if found is None:
        return None
    delimiter = b"\r\n--" + found[1].strip().encode()
    body = b"\r\n" + call.body
    place = body.find(delimiter)
    while place >= 0:
        end = body.find(delimiter, place + len(delimiter))
        head = body.find(b"\r\n\r\n", place)
        if end < 0 or head < 0 or head > end:
            return None
        if _DATA_FILE.search(body[place : head + 2]):
            return head + 2, end - 2
        place = end
    return None
