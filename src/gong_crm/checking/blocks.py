"""Blocks of lines, and what the rules say of them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm.checking.explain import explained
from gong_crm.checking.reading import LONGEST_LINE, read_line
from gong_crm.checking.source_wide import UnknownMembers
from gong_crm.feeds.block import Block
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm.feeds.block import Feed
    from gong_crm.findings import Origin
    from gong_crm.rules import Rules

_object_id: Final = itemgetter("objectId")
_modified: Final = itemgetter("modifiedDate")


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


def checked_blocks(feed: Feed, rules: Rules) -> Iterator[CheckedBlock]:
    """Check a feed, block by block.

    Args:
        feed: The lines.
        rules: What they must be.

    Yields:
        Each block with what is known of its lines; a last one without lines where there is something to say of the
        feed as a whole.
    """
    unknown = UnknownMembers(rules)
    line, offset = 1, 0
    for block in feed.blocks():
        checked = _checked(_Lines(block, feed), rules, unknown)
        yield checked
        line, offset = block.first_line + len(checked.lines), block.offset + len(block.data)
    findings = list(unknown.findings())
    if findings:
        end = Block(data=b"", first_line=line, offset=offset)
        yield CheckedBlock(block=end, lines=[], ids=[], modified=[], findings=findings)


class _Lines:
    """The lines of a block, and where each comes from."""

    def __init__(self, block: Block, feed: Feed) -> None:
        self.block = block
        self.feed = feed
        self.lines = io.BytesIO(block.data).readlines()

    def origin(self, place: int) -> Origin:
        if self.block.places is not None:
            line, offset, length = self.block.places[place]
            return self.feed.origin(line, offset=offset, length=length)
        offset = self.block.offset + sum(map(len, self.lines[:place]))
        length = len(self.lines[place].rstrip(b"\r\n"))
        return self.feed.origin(self.block.first_line + place, offset=offset, length=length)


def _checked(lines: _Lines, rules: Rules, unknown: UnknownMembers) -> CheckedBlock:
    """Check lines that are good in all likelihood, in a fraction of the time; look closely where one may not be."""
    data = lines.block.data
    if lines.block.findings or len(data) > LONGEST_LINE:
        return _closely(lines, rules, unknown)
    try:
        records = list(map(orjson.loads, lines.lines))
    except orjson.JSONDecodeError:
        return _closely(lines, rules, unknown)
    if not rules.are_good(records) or _may_hold_a_member_twice(data, records):
        return _closely(lines, rules, unknown)
    unknown.look(records, lines.origin)
    return CheckedBlock(
        block=lines.block,
        lines=lines.lines,
        ids=list(map(_object_id, records)),
        modified=_times(records),
    )


def _may_hold_a_member_twice(data: bytes, records: list[dict[str, Any]]) -> bool:
    """Tell whether there may be more names than members, because a reader keeps the last of two.

    Each name is followed by a quote and a colon; texts may hold these too, and nested objects have names of their own,
    so there can be more of them than names, but never fewer.
    """
    for blank in b" ", b"\t", b"\r":
        data = data.replace(blank, b"")
    return data.count(b'":') != sum(map(len, records))


def _times(records: list[dict[str, Any]]) -> list[str | None]:
    try:
        return list(map(_modified, records))
    except KeyError:
        return [record.get("modifiedDate") for record in records]


def _closely(lines: _Lines, rules: Rules, unknown: UnknownMembers) -> CheckedBlock:
    """Look at each line by itself, and say what is wrong with it."""
    findings = list(lines.block.findings)
    unknown.skip(findings)
    refused = {finding.origin.line for finding in findings if finding.severity is Severity.ERROR}
    places, records = [], []
    bad, blank = set(), set()
    for place, line in enumerate(lines.lines):
        if line.isspace():
            blank.add(place)
            continue
        origin = lines.origin(place)
        record, found = (None, []) if origin.line in refused else read_line(line, origin)
        findings += found
        if record is None:
            bad.add(place)
        else:
            places.append(place)
            records.append(record)
    for place, record, errors in zip(places, records, rules.errors(records), strict=True):
        if errors:
            bad.add(place)
            findings += explained(errors, record, rules, lines.origin(place))
    unknown.look(records, lambda number: lines.origin(places[number]))
    good = {place: record for place, record in zip(places, records, strict=True) if place not in bad}
    nothing: dict[str, Any] = {}
    return CheckedBlock(
        block=lines.block,
        lines=lines.lines,
        ids=[good.get(place, nothing).get("objectId") for place in range(len(lines.lines))],
        modified=[good.get(place, nothing).get("modifiedDate") for place in range(len(lines.lines))],
        bad=frozenset(bad),
        blank=frozenset(blank),
        findings=sorted(findings, key=lambda finding: finding.origin.line),
    )
