"""Drifts that no longer look at the form of a line or of its values."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.files import Record, on_lines, on_raw_lines
from contract_tests.drifts.line_members import FAMILIES, FULL, WHEN
from contract_tests.drifts.operations import CURRENT, LEGACY, UPLOAD
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Recipe

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def _mended_date(name: str, mend: Callable[[str], str]) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        return {**record, name: mend(record[name])} if isinstance(record.get(name), str) else record

    return change


def _any_datetime(text: str) -> str:
    return text if not text or DATETIME.fullmatch(text) else WHEN


def _any_date(text: str) -> str:
    return text if not text or _DATE.fullmatch(text) else "2026-03-01"


def any_close_date() -> Recipe:
    """Make a server that takes any text as the closeDate of a deal on the current path.

    Returns:
        The recipe.
    """
    return on_lines(_mended_date("closeDate", _any_date), operations=UPLOAD & CURRENT, types=("DEAL",))


def _without_milliseconds(text: str) -> str:
    return re.sub(r"\.[0-9]+(?=Z|[+-][0-9]{2}:[0-9]{2}$)", "", text)


def _zoned(text: str) -> str:
    found = DATETIME.fullmatch(text)
    return text if found is None or found[2] else f"{text}Z"


def _date_is_enough(text: str) -> str:
    return f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text


def _epoch_is_enough(record: Record) -> Record:
    return {**record, "modifiedDate": WHEN} if isinstance(record.get("modifiedDate"), int) else record


def _without_comment(line: bytes) -> bytes:
    return line if _is_json(line) else json.dumps(FULL).encode()


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _object_instead(line: bytes) -> bytes:
    return line if not _is_json(line) or isinstance(json.loads(line), dict) else json.dumps(FULL).encode()


def _known_id(*, when: Callable[[str], bool]) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        found = record.get("objectId")
        return {**record, "objectId": "filled-in"} if isinstance(found, str) and found and when(found) else record

    return change


def _forbidden(text: str) -> bool:
    return "@" not in text and not re.fullmatch(r"[A-Za-z0-9_-]+", text)


_row = partial(drift, kind="line formats")

FORMATS: Final = (
    *(
        _row(
            f"line-{family}-modified-date-malformed-accepted",
            "line.modified-date-format",
            f"Takes any text as modifiedDate under the {family} rules.",
            on_lines(_mended_date("modifiedDate", _any_datetime), operations=operations),
        )
        for family, operations in FAMILIES.items()
    ),
    _row(
        "line-modified-date-without-time-accepted",
        "line.modified-date-format",
        "Takes a bare date as modifiedDate.",
        on_lines(_mended_date("modifiedDate", _date_is_enough)),
    ),
    _row(
        "line-modified-date-epoch-accepted",
        "line.modified-date-format",
        "Takes seconds since 1970 as modifiedDate.",
        on_lines(_epoch_is_enough),
    ),
    *(
        _row(
            f"line-{family}-modified-date-milliseconds-accepted",
            "line.milliseconds",
            f"Takes a modifiedDate with milliseconds under the {family} rules.",
            on_lines(_mended_date("modifiedDate", _without_milliseconds), operations=operations),
        )
        for family, operations in FAMILIES.items()
    ),
    *(
        _row(
            f"line-{family}-modified-date-without-zone-accepted",
            "line.without-zone",
            f"Takes a modifiedDate without offset or Z under the {family} rules.",
            on_lines(_mended_date("modifiedDate", _zoned), operations=operations),
        )
        for family, operations in FAMILIES.items()
    ),
    *(
        _row(
            f"line-{family}-created-date-malformed-accepted",
            "line.created-date-format",
            f"Takes any text as createdDate of a deal under the {family} rules.",
            on_lines(_mended_date("createdDate", _any_datetime), operations=operations, types=("DEAL",)),
        )
        for family, operations in FAMILIES.items()
    ),
    _row(
        "line-legacy-close-date-malformed-accepted",
        "line.close-date-format",
        "Takes any text as closeDate of a deal under the legacy rules.",
        on_lines(_mended_date("closeDate", _any_date), operations=LEGACY, types=("DEAL",)),
    ),
    *(
        _row(
            f"line-{family}-not-json-accepted",
            "line.not-json",
            f"Takes a line that is no JSON under the {family} rules.",
            on_raw_lines(_without_comment, operations=operations),
        )
        for family, operations in FAMILIES.items()
    ),
    _row(
        "line-not-an-object-accepted",
        "line.not-an-object",
        "Takes a line that is a JSON array or scalar.",
        on_raw_lines(_object_instead),
    ),
    _row(
        "line-object-id-too-long-accepted",
        "line.object-id-length",
        "Takes an objectId of more than 64 characters.",
        on_lines(_known_id(when=lambda text: len(text) > 64), operations=CURRENT),
    ),
    _row(
        "line-object-id-any-characters-accepted",
        "line.object-id-characters",
        "Takes any characters in an objectId.",
        on_lines(_known_id(when=_forbidden), operations=CURRENT),
    ),
)
