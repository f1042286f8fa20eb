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
from gong_crm.checking.twice import members_may_come_twice
from gong_crm.feeds.block import Block
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

    def origin(self, feed: Feed, place: int) -> Origin:
        """Say where a line comes from.

        Args:
            feed: The feed that gave the block.
            place: Place of the line in `lines`.
        """
        return _origin(feed, self.block, self.lines, place)


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
        checked = _checked(feed, block, rules, unknown)
        yield checked
        line, offset = block.first_line + len(checked.lines), block.offset + len(block.data)
    findings = list(unknown.findings())
    if findings:
        end = Block(data=b"", first_line=line, offset=offset)
        yield CheckedBlock(block=end, lines=[], ids=[], modified=[], findings=findings)


def _checked(feed: Feed, block: Block, rules: Rules, unknown: UnknownMembers) -> CheckedBlock:
    """Check lines that are good in all likelihood, in a fraction of the time; look closely where one may not be."""
    lines = io.BytesIO(block.data).readlines() if block.lines is None else block.lines
    if block.findings or len(block.data) > LONGEST_LINE:
        return _closely(feed, block, lines, rules, unknown)
    try:
        records = list(map(orjson.loads, lines))
    except orjson.JSONDecodeError:
        return _closely(feed, block, lines, rules, unknown)
    if not rules.are_good(records):
        return _closely(feed, block, lines, rules, unknown)
    names = set[str]().union(*records)
    if members_may_come_twice(block.data, records, names):
        return _closely(feed, block, lines, rules, unknown)
    unknown.look(records, names, lambda place: _origin(feed, block, lines, place))
    return CheckedBlock(block=block, lines=lines, ids=list(map(_object_id, records)), modified=_times(records))


def _times(records: list[dict[str, Any]]) -> list[str | None]:
    try:
        return list(map(_modified, records))
    except KeyError:
        return [record.get("modifiedDate") for record in records]


def _closely(feed: Feed, block: Block, lines: list[bytes], rules: Rules, unknown: UnknownMembers) -> CheckedBlock:
    """Look at each line by itself, and say what is wrong with it."""
    unknown.skip(block.findings)
    findings = list(block.findings)
    refused = {finding.origin.line for finding in findings if finding.severity is Severity.ERROR}
    read: list[tuple[int, Origin, dict[str, Any]]] = []
    bad, blank = set(), set()
    for place, line in enumerate(lines):
        if line.isspace():
            blank.add(place)
            continue
        origin = _origin(feed, block, lines, place)
        record, found = (None, []) if origin.line in refused else read_line(line, origin)
        findings += found
        if record is None:
            bad.add(place)
        else:
            read.append((place, origin, record))
    good: dict[int, dict[str, Any]] = {}
    for (place, origin, record), errors in zip(read, rules.errors([record for *_, record in read]), strict=True):
        findings += explained(errors, record, rules, origin)
        if errors:
            bad.add(place)
        else:
            good[place] = record
    records = [record for *_, record in read]
    unknown.look(records, set().union(*records), lambda number: read[number][1])
    nothing: dict[str, Any] = {}
    return CheckedBlock(
        block=block,
        lines=lines,
        ids=[good.get(place, nothing).get("objectId") for place in range(len(lines))],
        modified=[good.get(place, nothing).get("modifiedDate") for place in range(len(lines))],
        bad=frozenset(bad),
        blank=frozenset(blank),
        findings=sorted(findings, key=lambda finding: finding.origin.line),
    )


def _origin(feed: Feed, block: Block, lines: Sequence[bytes], place: int) -> Origin:
    if block.places is not None:
        line, offset, length = block.places[place]
        return feed.origin(line, offset=offset, length=length)
    offset = block.offset + sum(map(len, lines[:place]))
    return feed.origin(block.first_line + place, offset=offset, length=_length(lines[place]))


def _length(line: bytes) -> int:
    """Count the bytes before the line end, without a copy of them."""
    length = len(line)
    while length and line[length - 1] in b"\r\n":
        length -= 1
    return length
