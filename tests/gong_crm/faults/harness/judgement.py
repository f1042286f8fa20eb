"""What a file of records must leave in Gong, read from the file itself by rules of its own."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

MANDATORY: Final = {
    "BUSINESS_USER": ("objectId", "modifiedDate", "emailAddress"),
    "STAGE": ("objectId", "name"),
    "ACCOUNT": ("objectId", "modifiedDate"),
    "CONTACT": ("objectId", "modifiedDate"),
    "DEAL": ("objectId", "modifiedDate"),
    "LEAD": ("objectId", "modifiedDate"),
}
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True)
class GongKnows:
    """What Gong alone holds against lines, beyond what a check can know.

    Attributes:
        picks: Values that each pick list allows, by object type and member.
        no_underscores: Whether object ids with "_" are refused, which no local check may know.
    """

    picks: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    no_underscores: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line or row of a source that is not blank.

    Attributes:
        raw: Its bytes without the line end.
        record: What it says, or None when it says nothing.
    """

    raw: bytes
    record: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must become of the lines of one object type.

    Attributes:
        read: How many there are.
        good: The different good lines, in order.
        refused: The bytes of the refused ones, in order.
        duplicates: How many good lines repeat an earlier one byte by byte.
        empty_files: How many sources hold nothing and go up as signs of life.
    """

    read: int
    good: tuple[dict[str, Any], ...]
    refused: tuple[bytes, ...]
    duplicates: int
    empty_files: int


def expected(object_type: str, sources: Sequence[Path], *, knows: GongKnows | None = None) -> Expected:
    """Judge all lines of one object type."""
    lines = [line for source in sources for line in lines_of(source)]
    good: dict[bytes, dict[str, Any]] = {}
    refused, duplicates = [], 0
    for line in lines:
        if line.record is None or not is_good(line.record, object_type, knows or GongKnows()):
            refused.append(line.raw)
        elif line.raw in good:
            duplicates += 1
        else:
            good[line.raw] = line.record
    return Expected(
        read=len(lines),
        good=tuple(good.values()),
        refused=tuple(refused),
        duplicates=duplicates,
        empty_files=sum(1 for source in sources if not content_of(source)),
    )


def content_of(source: Path) -> bytes:
    """Read a source whole, unpacked and without a byte order mark."""
    data = gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()
    return data.removeprefix(_BOM)


def lines_of(source: Path) -> Iterator[Line]:
    """Give the lines of an LDJSON file, or the rows of a CSV file, in order."""
    data = content_of(source)
    if source.suffix == ".csv":
        yield from _rows(data)
        return
    for raw in data.split(b"\n"):
        if raw.strip():
            line = raw.removesuffix(b"\r")
            yield Line(raw=line, record=_record(line))


def _record(raw: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _rows(data: bytes) -> Iterator[Line]:
    """Give rows; those of these tests have no newline inside a cell."""
    header, *rows = data.splitlines()
    names = header.decode().split(",")
    for raw in rows:
        cells = next(csv.reader(io.StringIO(raw.decode())))
        record = {name: _cell(name, cell) for name, cell in zip(names, cells, strict=True) if cell != ""}
        yield Line(raw=raw, record=record)


def _cell(name: str, cell: str) -> object:
    kind = CELLS.get(name)
    try:
        return cell if kind is None else kind(cell)
    except ValueError:
        return object()  # good for no rule


def _flag(cell: str) -> bool:
    return {"true": True, "false": False}[cell]


CELLS: Final[dict[str, Callable[[str], object]]] = {
    "amount": float,
    "isDeleted": _flag,
    "domains": lambda cell: cell.split(";"),
}


def is_good(record: dict[str, Any], object_type: str, knows: GongKnows) -> bool:
    """Return whether Gong takes a record, as far as the records of these tests go."""
    for name in MANDATORY[object_type]:
        waived = name == "emailAddress" and record.get("isDeleted") is True
        if record.get(name) in (None, "") and not waived:
            return False
    object_id = record["objectId"]
    if not isinstance(object_id, str) or _ID.fullmatch(object_id) is None:
        return False
    if knows.no_underscores and "_" in object_id:
        return False
    rules = {**_RULES, **{name: _one_of(words) for name, words in knows.picks.get(object_type, {}).items()}}
    return all(rules[name](value) for name, value in record.items() if name in rules and value is not None)


def _one_of(words: Sequence[str]) -> Callable[[Any], bool]:
    return lambda value: value in words


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def is_instant(value: object) -> bool:
    """Return whether a value is a moment that exists, with a zone and without milliseconds."""
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None and _exists(value)


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_RULES: Final[dict[str, Callable[[Any], bool]]] = {
    "modifiedDate": is_instant,
    "createdDate": is_instant,
    "closeDate": _is_day,
    "isDeleted": lambda value: isinstance(value, bool),
    "isActive": lambda value: isinstance(value, bool),
    "amount": _is_number,
    "domains": _are_texts,
    "sortOrder": lambda value: isinstance(value, int) and value >= 1,
    "status": lambda value: value in {"OPEN", "WON", "LOST"},
    **dict.fromkeys(("name", "url", "emailAddress", "firstName", "lastName", "title", "accountId"), _is_text),
    **dict.fromkeys(("phoneNumber", "ownerId", "stage", "convertedToDealId"), _is_text),
}


def moment(record: dict[str, Any]) -> float:
    """Return when a record was changed, in seconds since 1970; what has no date is the latest."""
    text = record.get("modifiedDate")
    return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else float("inf")


def canonical(record: dict[str, Any]) -> str:
    """Write a record so that equal ones are equal texts: whole numbers without a point, members sorted."""
    return json.dumps({name: _plain(value) for name, value in record.items()}, sort_keys=True)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def many(records: Sequence[dict[str, Any]]) -> Counter[str]:
    """Count equal records."""
    return Counter(canonical(record) for record in records)
