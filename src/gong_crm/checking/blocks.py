"""Blocks of lines, and what the rules say of them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm.checking import explain
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gong_crm.checking.repeats import Repeats
    from gong_crm.checking.rules import Rules
    from gong_crm.feeds.block import Block, Feed
    from gong_crm.findings import Origin

LONGEST_LINE: Final = 4_000_000
"""Bytes that a line may have; a record that is longer is a mistake, and costs memory many times its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBlock:
    """A block of a feed, and what the rules say of its lines.

    Attributes:
        block: As the feed gave it.
        lines: Its lines, each with its end; together they are the bytes of the block.
        ids: Object id of each good line, None where it is blank or bad.
        modified: `modifiedDate` of each good line as it stands there, None where there is none.
        bad: Places in `lines` of those that would be refused.
        blank: Places of those that hold nothing, which count nowhere.
        findings: What is wrong or odd, in the order of lines.
    """

    block: Block
    lines: list[bytes]
    ids: list[str | None]
    modified: list[str | None]
    bad: frozenset[int] = frozenset()
    blank: frozenset[int] = frozenset()
    findings: list[Finding] = field(default_factory=list)


def checked_blocks(feed: Feed, rules: Rules, *, repeats: Repeats | None = None) -> Iterator[CheckedBlock]:
    """Check a feed, block by block.

    Args:
        feed: The lines.
        rules: What they must be.
        repeats: Collects the ids of good lines, over several feeds.

    Yields:
        Each block with what is known of its lines.
    """
    unknown = _UnknownMembers(rules)
    for block in feed.blocks():
        checked = _checked(block, feed, rules, unknown)
        if repeats is not None:
            repeats.add(checked)
        yield checked


def _checked(block: Block, feed: Feed, rules: Rules, unknown: _UnknownMembers) -> CheckedBlock:
    lines = io.BytesIO(block.data).readlines()
    if block.findings or len(block.data) > LONGEST_LINE:
        return _with_care(block, lines, feed, rules, unknown)
    try:
        records = list(map(orjson.loads, lines))
    except orjson.JSONDecodeError:
        return _with_care(block, lines, feed, rules, unknown)
    if not rules.are_good(records) or _needs_care(block.data, records):
        return _with_care(block, lines, feed, rules, unknown)
    names: set[str] = set().union(*records)
    found = []
    if not names <= rules.members:
        found = unknown.findings(records, names, lambda place: _origin(block, lines, feed, place))
    return CheckedBlock(
        block=block,
        lines=lines,
        ids=list(map(itemgetter("objectId"), records)),
        modified=[record.get("modifiedDate") for record in records],
        findings=found,
    )


def _needs_care(data: bytes, records: list[dict[str, Any]]) -> bool:
    """Tell whether some line may hold what the schema cannot see: a day that is none, or a member twice."""
    if b"02-29" in data or b'"0000' in data or b"\\u" in data:
        return True
    # As many names as members: none came twice. A blank before a colon would hide one.
    return data.count(b'":') != sum(map(len, records)) or b" :" in data or b"\t:" in data


def _with_care(block: Block, lines: list[bytes], feed: Feed, rules: Rules, unknown: _UnknownMembers) -> CheckedBlock:
    """Look at each line by itself."""
    findings: list[Finding] = list(block.findings)
    refused = {finding.origin.line for finding in findings if finding.severity is Severity.ERROR}
    records: dict[int, dict[str, Any]] = {}
    bad: set[int] = set()
    blank: set[int] = set()
    for place, line in enumerate(lines):
        origin = _origin(block, lines, feed, place)
        if origin.line in refused:
            bad.add(place)
        elif not line or line.isspace():
            blank.add(place)
        else:
            record, found = explain.parsed(line, origin, longest=LONGEST_LINE)
            findings += found
            if record is None:
                bad.add(place)
            else:
                records[place] = record
    places = list(records)
    for place, errors in zip(places, rules.errors(list(records.values())), strict=True):
        origin = _origin(block, lines, feed, place)
        found = [explain.finding(error, origin, records[place]) for error in errors]
        if not found:
            found = _missing_days(records[place], rules, origin)
        if found:
            bad.add(place)
            findings += found
    good = {place: record for place, record in records.items() if place not in bad}
    names: set[str] = set().union(*records.values())
    if not names <= rules.members:
        ordered = list(records.values())
        findings += unknown.findings(ordered, names, lambda place: _origin(block, lines, feed, places[place]))
    findings.sort(key=lambda finding: finding.origin.line)
    none: dict[str, Any] = {}
    return CheckedBlock(
        block=block,
        lines=lines,
        ids=[good.get(place, none).get("objectId") for place in range(len(lines))],
        modified=[good.get(place, none).get("modifiedDate") for place in range(len(lines))],
        bad=frozenset(bad),
        blank=frozenset(blank),
        findings=findings,
    )


def _missing_days(record: dict[str, Any], rules: Rules, origin: Origin) -> list[Finding]:
    """Find dates that keep to the pattern and are no day."""
    found = []
    for name in record.keys() & rules.dated:
        value = record[name]
        if value is None:
            continue
        try:
            date.fromisoformat(value[:10])
        except ValueError:
            found.append(explain.missing_day(name, value, origin, record))
    return sorted(found, key=lambda finding: finding.member or "")


def _origin(block: Block, lines: list[bytes], feed: Feed, place: int) -> Origin:
    if block.places is not None:
        line, offset, length = block.places[place]
        return feed.origin(line, offset=offset, length=length)
    offset = block.offset + sum(map(len, lines[:place]))
    return feed.origin(block.first_line + place, offset=offset, length=len(lines[place].rstrip(b"\r\n")))


class _UnknownMembers:
    """Tells of each member that Gong does not know once a source."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._told: set[str] = set()

    def findings(self, records: Sequence[dict[str, Any]], names: set[str], origin_of: Any) -> list[Finding]:  # noqa: ANN401
        found = []
        for name in sorted(names - self._rules.members - self._told):
            self._told.add(name)
            place = next(place for place, record in enumerate(records) if name in record)
            found.append(explain.unknown_member(name, self._rules, origin_of(place), records[place]))
        return found
