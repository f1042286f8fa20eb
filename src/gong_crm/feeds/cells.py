"""Cells of text as the values that a member must hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm.feeds.casts import CastError, moment, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from gong_crm.feeds.options import CsvOptions

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_AS_GONG_WANTS: Final = re.compile(r"[0-9-]{10}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}


def cast_for(schema: dict[str, Any] | None, options: CsvOptions) -> Callable[[str], Any] | None:
    """Choose how cells of a column become values; None where they stay the text that they are.

    What cannot become a value stays text too, and is reported when the line is checked.

    Args:
        schema: What the member must be, None where Gong does not know it.
        options: How to read CSV.
    """
    if schema is None or "enum" in schema:
        return None
    if str(schema.get("$comment", "")).endswith("DateTime"):
        return _time_cast(options)
    kinds = schema.get("type", ())
    if "number" in kinds or "integer" in kinds:
        return _number
    if "boolean" in kinds:
        return _boolean
    if "array" in kinds:
        return lambda cell: [part for part in map(str.strip, cell.split(options.list_separator)) if part]
    return None


def _number(cell: str) -> Any:  # noqa: ANN401  (a number with all its digits, or the text)
    text = cell.strip()
    return orjson.Fragment(text) if _NUMBER.fullmatch(text) else cell


def _boolean(cell: str) -> bool | str:
    return _BOOLEANS.get(cell.strip().lower(), cell)


def _time_cast(options: CsvOptions) -> Callable[[str], str]:
    """Bring times of any form of ISO-8601 into Gong's: whole seconds, and an offset."""
    zone = options.zone

    def cast(cell: str) -> str:
        text = cell.strip()
        if _AS_GONG_WANTS.fullmatch(text):
            return text
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return cell
        if len(text) <= len("2026-01-02"):
            return cell  # a date, whose time nobody named
        if value.tzinfo is None:
            if zone is None:
                return cell
            value = value.replace(tzinfo=zone)
            if _is_skipped(value, zone):
                raise CastError("no-such-time", f"{shown(text)} never was: clocks in {zone.key} skipped it")
        return moment(value)

    return cast


def _is_skipped(value: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks of a zone never showed a time."""
    try:
        return value.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != value.replace(tzinfo=None)
    except OverflowError:  # at the ends of the calendar no clock is changed
        return False
