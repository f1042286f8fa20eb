"""What a value in a line must look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from gong_crm_emulator.lines.fields import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

Check: TypeAlias = Callable[[object], str | None]
"""Takes a value that is not null; returns None, or what the value must be."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-5][0-9])"
)
_LOOSE_DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-5][0-9])"
)
LONGEST_ID: Final = 64
LONGEST_SHOWN: Final = 100
"""Characters of a name or word that a sentence shows."""
_OBJECT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STRICT_OBJECT_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_EMAIL: Final = re.compile(r"(?=.{3,64}\Z)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_FRACTION: Final = re.compile(r"\.[0-9]+")
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_REMEMBERED: Final = 50_000
_DAYS: Final[dict[str, int]] = {}
_TIMES: Final[dict[str, int]] = {}
# Most lines of a file share a few days and at most 86,400 times; two look-ups are three times as fast as parsing.

DATETIME_RULE: Final = "a datetime as 2018-02-18T02:30:00-07:00 or 2018-02-18T08:00:00Z, without milliseconds"
DATE_RULE: Final = "a date as 2020-05-31"
ID_RULE: Final = 'of 1 to 64 letters, digits, "-" and "_", or an e-mail address of at most 64 characters'


def shortened(text: str) -> str:
    """Write a text that people chose so that a sentence that names it stays a sentence."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def seconds(text: str) -> int | None:
    """Read a datetime of the standard form.

    Returns:
        Seconds since 1970, or None when the text is no datetime of that form.
    """
    day, rest = _DAYS.get(text[:10]), _TIMES.get(text[10:])
    if day is not None and rest is not None:
        return day + rest
    return _read_seconds(text)


def seconds_of_known(texts: Sequence[str]) -> list[int] | None:
    """Read datetimes whose days and times were read before.

    Returns:
        Seconds since 1970 for each, or None when one of them is new, or no datetime.
    """
    try:
        return [_DAYS[text[:10]] + _TIMES[text[10:]] for text in texts]
    except KeyError:
        return None


def _read_seconds(text: str) -> int | None:
    """Read a datetime with care, and remember the day and the time for the lines to come."""
    if _DATETIME.fullmatch(text) is None:
        return None
    try:
        day = date.fromisoformat(text[:10]).toordinal() - _EPOCH_DAY
        moment = time.fromisoformat(text[10:])
    except ValueError:
        return None
    offset = moment.utcoffset() or timedelta()
    rest = moment.hour * 3600 + moment.minute * 60 + moment.second - (offset.days * 86400 + offset.seconds)
    for memory, key, number in ((_DAYS, text[:10], day * 86400), (_TIMES, text[10:], rest)):
        if len(memory) >= _REMEMBERED:
            memory.clear()
        memory[key] = number
    return day * 86400 + rest


def is_object_id(text: str, *, strict: bool = False) -> bool:
    """Say whether a text can be an object id."""
    # C-17 in docs/emulator-differences.md.
    if len(text) <= LONGEST_ID and text.isalnum() and text.isascii():
        return True
    plain = _STRICT_OBJECT_ID if strict else _OBJECT_ID
    return plain.fullmatch(text) is not None or _EMAIL.fullmatch(text) is not None


def string(value: object) -> str | None:
    """Check a string."""
    return None if value.__class__ is str else "a string"


def strings(value: object) -> str | None:
    """Check an array of strings."""
    good = isinstance(value, list) and all(item.__class__ is str for item in value)
    return None if good else "an array of strings"


def boolean(value: object) -> str | None:
    """Check a boolean."""
    return None if value is True or value is False else "true or false"


def number(value: object) -> str | None:
    """Check a number."""
    return None if value.__class__ is int or value.__class__ is float else "a number"


def percent(value: object) -> str | None:
    """Check a number between 0 and 100."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100  # noqa: PLR2004  (a percentage)
    return None if good else "a number from 0 to 100"


def order(value: object) -> str | None:
    """Check a place in the order of stages."""
    # 1.0 is the same number as 1 to JSON, and no text forbids it.
    good = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < 2**31 and value % 1 == 0
    return None if good else "an integer from 1"


def day(value: object) -> str | None:
    """Check a date without time."""
    if isinstance(value, str) and _DATE.fullmatch(value) is not None:
        try:
            date.fromisoformat(value)
        except ValueError:
            return DATE_RULE
        return None
    return DATE_RULE


def moment(value: object) -> str | None:
    """Check a datetime of a standard member, where milliseconds are forbidden."""
    # C-18, C-19 in docs/emulator-differences.md.
    return None if isinstance(value, str) and seconds(value) is not None else DATETIME_RULE


def loose_moment(value: object) -> str | None:
    """Check a datetime of a custom field, where Gong's own example has milliseconds."""
    # C-18 in docs/emulator-differences.md.
    good = (
        isinstance(value, str)
        and _LOOSE_DATETIME.fullmatch(value) is not None
        and seconds(_FRACTION.sub("", value)) is not None
    )
    return None if good else "a datetime as 2018-02-18T02:30:00-07:00 or 2018-02-18T08:00:00Z"


def day_or_moment(value: object) -> str | None:
    """Check a date that may come with a time."""
    good = day(value) is None or moment(value) is None
    return None if good else "a date as 2020-05-31, or a datetime as 2018-02-18T08:00:00Z"


def one_of(allowed: Container[object], *, rule: str) -> Check:
    """Make the check of a closed list of strings."""

    def check(value: object) -> str | None:
        return None if value.__class__ is str and value in allowed else rule

    return check


BY_KIND: Final[dict[Kind, Check]] = {
    Kind.STRING: string,
    Kind.STRINGS: strings,
    Kind.BOOLEAN: boolean,
    Kind.NUMBER: number,
    Kind.DATE: day,
    Kind.DAY_OR_MOMENT: day_or_moment,
    Kind.DATETIME: moment,
    Kind.ORDER: order,
    Kind.STATUS: one_of(("WON", "LOST", "OPEN"), rule="WON, LOST or OPEN"),
}

BY_FIELD_TYPE: Final[dict[str, Check]] = {
    "DATE": day,
    "DATETIME": loose_moment,
    "NUMBER": number,
    "PERCENT": percent,
    "CURRENCY": number,
    "ID": string,
    "URL": string,
    "STRING": string,
    "BOOLEAN": boolean,
    "PHONENUMBER": string,
    "EMAILADDRESS": string,
    "PICKLIST": string,
    "REFERENCE": string,
    "STRINGARRAY": strings,
}
