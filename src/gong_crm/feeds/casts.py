"""Values of Python as JSON, each type by a named rule; what has none is refused, never sent as something else."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from gong_crm.findings import Finding

if TYPE_CHECKING:
    from gong_crm.findings import Origin

_OPTIONS: Final = (
    orjson.OPT_APPEND_NEWLINE
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
_DEEPEST: Final = 20
_LARGEST: Final = int(sys.float_info.max)
_SHOWN: Final = 60


class CastError(Exception):
    """A value has no rule.

    Attributes:
        rule: A stable word.
        hint: What to do about it.
    """

    def __init__(self, rule: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.hint = hint


def as_line(record: object, *, origin: Origin) -> tuple[bytes, list[Finding]]:
    """Write a record as a line, and report what cannot be said in JSON."""
    members = _members(record)
    if members is None:
        message = f"a record must be a mapping of member to value, not {type(record).__name__}"
        finding = Finding(origin=origin, rule="record", message=message, hint=_hint_for_record(record))
        return orjson.dumps(shown(record), option=orjson.OPT_APPEND_NEWLINE), [finding]
    try:
        line = orjson.dumps(members, default=_passed_on, option=_OPTIONS)
    except (orjson.JSONEncodeError, RecursionError):
        return _carefully(members, origin)
    # orjson writes NaN and infinity as null.
    if b"null" in line and not all(map(_is_finite, members.values())):
        return _carefully(members, origin)
    return line, []


def cast(value: object, *, depth: int = 0) -> Any:  # noqa: ANN401, PLR0911  (any JSON; one rule a type)
    """Give the JSON value of a value.

    Raises:
        CastError: If there is no rule for it.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, Enum):
        return cast(value.value, depth=depth)
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping | list | tuple):
        return _nested(value, depth + 1)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return cast(_of_numpy(value), depth=depth)
    raise CastError("no-json", f"{type(value).__name__} has no form in JSON: {shown(value)}", _hint_for(value))


def moment(value: datetime) -> str:
    """Write a time as Gong wants it: whole seconds with an offset."""
    if value != value:  # noqa: PLR0124  (NaT of pandas, which says that it is a datetime)
        raise CastError("not-finite", "NaT is no time", "write None where there is no value")
    offset = value.utcoffset()
    if offset is None:
        raise CastError("naive-time", f"{shown(value)} names no time zone", "give it the zone it was taken in")
    if offset.seconds % 60 or offset.microseconds:
        value = _in_utc(value)
    return value.isoformat(timespec="seconds")


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as problem:
        raise CastError("datetime", f"{shown(value)} lies beyond the years 1 to 9999") from problem


def shown(value: object) -> str:
    """Show a value, shortened, on one line."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  (the record is theirs, and its repr may do anything)
        text = f"<{type(value).__name__}>"
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _members(record: object) -> dict[Any, Any] | None:
    if type(record) is dict:
        return record
    if isinstance(record, Mapping):
        return dict(record)
    named = getattr(record, "_mapping", record)  # a row of SQLAlchemy
    keys = getattr(named, "keys", None)  # sqlite3.Row is a mapping that does not say so
    return dict(named) if callable(keys) else None  # type: ignore[call-overload]


def _passed_on(value: object) -> Any:  # noqa: ANN401  (any JSON)
    try:
        return cast(value)
    except CastError as problem:
        raise TypeError from problem


def _carefully(members: dict[Any, Any], origin: Origin) -> tuple[bytes, list[Finding]]:
    """Write member by member; what has no rule stands as text in a line that is held back anyway."""
    findings = []
    written: dict[str, Any] = {}
    for name, value in members.items():
        member = name if isinstance(name, str) else None
        try:
            written[_name(name)] = cast(value)
        except CastError as problem:
            member = shown(name) if member is None else member.encode("utf-8", "backslashreplace").decode()
            findings.append(
                Finding(origin=origin, rule=problem.rule, message=str(problem), hint=problem.hint, member=member)
            )
            written[member] = shown(value)
    return orjson.dumps(written, option=_OPTIONS), findings


def _is_finite(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return all(map(_is_finite, value.values())) if isinstance(value, Mapping) else True


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise CastError("text", f"text that is no Unicode (a lone surrogate): {shown(value)}") from problem
    return value


def _number(value: float | Decimal) -> Any:  # noqa: ANN401  (digits as they are)
    finite = value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)
    if not finite:
        raise CastError("not-finite", f"{value} is no number in JSON", "write None where there is no value")
    if isinstance(value, float):
        return float(value)
    if abs(value) > _LARGEST:
        raise CastError("too-large", f"{type(value).__name__} is larger than any reader takes: {shown(value)}")
    # All digits are kept; as a float some would be lost.
    return orjson.Fragment(str(value if isinstance(value, Decimal) else int(value)))


def _of_numpy(value: Any) -> Any:  # noqa: ANN401  (numpy is not installed where there is none)
    """Give the value of Python that a scalar of numpy is."""
    kind, item = value.dtype.kind, value.item()
    if kind in "mM" and (item is None or isinstance(item, int)):  # not a time, or one in nanoseconds
        if item is None:
            raise CastError("not-finite", f"{value} is no time", "write None where there is no value")
        item = value.astype(f"{kind}8[us]").item()
    if type(item).__module__ == "numpy":  # of more digits than a float has
        raise CastError("no-json", f"{type(value).__name__} has no form in JSON: {shown(value)}")
    return item


def _nested(value: Mapping[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Any:  # noqa: ANN401  (any JSON)
    if depth > _DEEPEST:
        raise CastError("depth", f"nested more than {_DEEPEST} times")
    if not isinstance(value, Mapping):
        return [cast(item, depth=depth) for item in value]
    return {_name(name): cast(item, depth=depth) for name, item in value.items()}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise CastError("key", f"the name of a member must be text, not {shown(name)}")
    return _text(str.__str__(name))  # orjson takes no text of numpy or of an enumeration for a name


def _hint_for(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return "decode it to text"
    return "write None where there is no value" if type(value).__name__ == "NAType" else ""


def _hint_for_record(record: object) -> str:
    if isinstance(record, tuple):
        return "give mappings, or hand over the cursor itself"
    if hasattr(record, "model_dump"):  # of pydantic
        return "give mappings: its model_dump()"
    is_class = hasattr(record, "__dataclass_fields__") or hasattr(record, "__attrs_attrs__")
    return "give mappings, by `asdict` of dataclasses or attrs" if is_class else _hint_for(record)
