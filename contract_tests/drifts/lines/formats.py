"""Drifts that no longer look at the form of a line or of its values."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from contract_tests.drifts.files import Record, on_lines, on_raw_lines
from contract_tests.drifts.lines.members import OF, demanded
from contract_tests.drifts.operations import CURRENT, UPLOAD
from contract_tests.drifts.registry import drift
from contract_tests.suite.drive.records import OBJECT_TYPES

WHEN: Final = "2026-03-01T10:00:00Z"
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WHOLE: Final = json.dumps(
    {name: value for object_type in OBJECT_TYPES for name, value in demanded("legacy", object_type).items()}
    | {"crmUserId": "filled-in"}
)
"""A line that every object type takes under the rules of either family."""


def corrected(name: str, correct: Callable[[str], str]) -> Callable[[Record], Record]:
    """Make a change of a member that is a text."""
    return lambda record: {**record, name: correct(record[name])} if isinstance(record.get(name), str) else record


def _any_datetime(text: str) -> str:
    return text if not text or DATETIME.fullmatch(text) else WHEN


def any_date(text: str) -> str:
    """Take any text for a date."""
    return text if not text or DATE.fullmatch(text) else "2026-03-01"


def _any_day(text: str) -> str:
    """Take a day that is in no calendar."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return f"2026-01-01{text[10:]}" if DATE.match(text) else text
    return text


def _without_milliseconds(text: str) -> str:
    return re.sub(r"\.[0-9]+(?=Z|[+-][0-9]{2}:[0-9]{2}$)", "", text)


def _zoned(text: str) -> str:
    found = DATETIME.fullmatch(text)
    return text if found is None or found[2] else f"{text}Z"


def _date_is_enough(text: str) -> str:
    return f"{text}T00:00:00Z" if DATE.fullmatch(text) else text


def _parsed(line: bytes) -> Any:  # noqa: ANN401  (any JSON)
    try:
        return json.loads(line)
    except ValueError:
        return ...


def _json_or_not(line: bytes) -> bytes:
    return _WHOLE.encode() if _parsed(line) is ... else line


def _any_json(line: bytes) -> bytes:
    return line if _parsed(line) is ... or isinstance(_parsed(line), dict) else _WHOLE.encode()


def _any_id(*, where: Callable[[str], bool]) -> Callable[[Record], Record]:
    return corrected("objectId", lambda text: "filled-in" if text and where(text) else text)


def _forbidden(text: str) -> bool:
    return "@" not in text and not re.fullmatch(r"[A-Za-z0-9_-]+", text)


_OF_FAMILIES: Final = (
    ("modifiedDate-malformed", "line.modified-date-format", "modifiedDate", _any_datetime),
    ("modifiedDate-milliseconds", "line.milliseconds", "modifiedDate", _without_milliseconds),
    ("modifiedDate-without-zone", "line.without-zone", "modifiedDate", _zoned),
    ("createdDate-malformed", "line.created-date-format", "createdDate", _any_datetime),
)

# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(
        drift(f"line-{family}-{word}", clause, f"Takes a line under the {family} rules: {word.replace('-', ' ')}.",
            on_lines(corrected(name, correct), operations=operations))
        for family, operations in OF.items()
        for word, clause, name, correct in _OF_FAMILIES
    ),
    *(
        drift(f"line-{family}-not-json", "line.not-json", f"Takes a line that is no JSON under the {family} rules.",
            on_raw_lines(_json_or_not, operations=operations))
        for family, operations in OF.items()
    ),
    drift("line-not-an-object", "line.not-an-object", "Takes a line that is a JSON array or scalar.",
        on_raw_lines(_any_json)),
    *(
        drift(f"line-{name}-of-no-calendar", clause, f"Takes a {name} on a day that does not exist.",
            on_lines(corrected(name, _any_day), types=("DEAL",)))
        for name, clause in (("createdDate", "line.created-date-format"), ("closeDate", "line.close-date-format"))
    ),
    drift("line-modifiedDate-without-time", "line.modified-date-format", "Takes a bare date as modifiedDate.",
        on_lines(corrected("modifiedDate", _date_is_enough))),
    *(
        drift(f"line-{family}-closeDate-malformed", clause,
            f"Takes any text as closeDate of a deal under the {family} rules.",
            on_lines(corrected("closeDate", any_date), operations=UPLOAD & OF[family], types=("DEAL",)))
        for family, clause in (("legacy", "line.close-date-format"), ("current", "line.close-date-format.current"))
    ),
    drift("line-objectId-too-long", "line.object-id-length", "Takes an objectId of more than 64 characters.",
        on_lines(_any_id(where=lambda text: len(text) > 64), operations=CURRENT)),
    drift("line-objectId-any-characters", "line.object-id-characters", "Takes any characters in an objectId.",
        on_lines(_any_id(where=_forbidden), operations=CURRENT)),
)
# fmt: on
