"""Lines of a planned file, back to where they came from."""

from __future__ import annotations

import io
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gong_crm.errors import SourceChangedError
from gong_crm.findings import Origin
from gong_crm.plan.columns import split_number
from gong_crm.plan.outputs import numbers_at
from gong_crm.plan.payload import open_payload
from gong_crm.plan.reading import SourceReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gong_crm.plan.model import PlannedFile, Source
    from gong_crm.plan.plan import Plan


def origin_of(planned: PlannedFile, plan: Plan, line: int) -> tuple[Origin, bytes]:
    """Say where a line of a planned file comes from, and what it is; see `origins_of`."""
    return origins_of(planned, plan, [line])[line]


def origins_of(planned: PlannedFile, plan: Plan, lines: Iterable[int]) -> dict[int, tuple[Origin, bytes]]:
    """Say where lines of a planned file come from, and what they are, without loading the file.

    Args:
        planned: One of the plan's files.
        plan: The plan.
        lines: Lines of the file, from 1.

    Returns:
        For each line its origin and its bytes, with a newline at the end even where the source has none.

    Raises:
        SourceChangedError: If the bytes stand in a source that is not what was planned.
        ValueError: If the file has no such line.
    """
    wanted = sorted(set(lines))
    if wanted and not 1 <= wanted[0] <= wanted[-1] <= planned.lines:
        raise ValueError(f"the file has the lines 1 to {planned.lines:,}, not {wanted}")
    texts = dict(_texts(planned, plan, wanted))
    places = _mapped(planned, plan, wanted) if planned.spans == () else _in_spans(planned, wanted, texts)
    found = {}
    for line, place in zip(wanted, places, strict=True):
        raw = texts[line].raw
        length = len(raw.rstrip(b"\r\n"))
        found[line] = (origin_in(plan.sources[place.source], place.line, place.offset, length), raw)
    return found


def origin_in(source: Source, line: int, offset: int | None, length: int) -> Origin:
    """Name a line of a source's LDJSON by its place in the source itself."""
    if source.places is not None:
        line, offset, length = _row(source, line)
    if not source.has_bytes:
        return Origin(source=source.name, line=line, is_row=source.has_rows)
    return Origin(source=source.name, line=line, offset=offset, length=length, is_row=source.has_rows)


class _Text(NamedTuple):
    """A line and the bytes of the planned file before it."""

    offset: int
    raw: bytes


class _Place(NamedTuple):
    """A line of a source's LDJSON."""

    source: int
    line: int
    offset: int | None


def _texts(planned: PlannedFile, plan: Plan, wanted: list[int]) -> Iterator[tuple[int, _Text]]:
    if not wanted:
        return
    offset = 0
    left = iter(wanted)
    next_wanted = next(left)
    with io.BufferedReader(open_payload(planned, plan), 1024 * 1024) as file:
        for line, raw in enumerate(file, 1):
            if line == next_wanted:
                yield line, _Text(offset, raw if raw.endswith(b"\n") else raw + b"\n")
                next_wanted = next(left, 0)
                if not next_wanted:
                    return
            offset += len(raw)


def _in_spans(planned: PlannedFile, wanted: list[int], texts: dict[int, _Text]) -> Iterator[_Place]:
    """Find lines that are sent from where they stand."""
    lines = list(accumulate((span.lines for span in planned.spans), initial=0))
    starts = list(accumulate((span.length + span.newline for span in planned.spans), initial=0))
    for line in wanted:
        place = bisect_right(lines, line - 1) - 1
        span = planned.spans[place]
        inside = texts[line].offset - starts[place]
        yield _Place(span.source, span.first_line + line - 1 - lines[place], span.offset + inside)


def _mapped(planned: PlannedFile, plan: Plan, wanted: list[int]) -> Iterator[_Place]:
    """Find lines by the map of their file; of a source that changed the offsets are unknown."""
    with SourceReader(plan.sources) as reader:
        for number in numbers_at(planned.path, wanted) if planned.path else ():
            source, line = split_number(number)
            try:
                offset = _offset(reader, plan.sources[source], source, line)
            except SourceChangedError:
                offset = None
            yield _Place(source, line, offset)


def _offset(reader: SourceReader, source: Source, place: int, line: int) -> int | None:
    """Count the bytes before a line, from the nearest line that the index knows."""
    if source.index is None:
        return None
    pairs = array("q", source.index.read_bytes())
    lines, offsets = pairs[::2], pairs[1::2]
    near = bisect_right(lines, line) - 1
    end = offsets[near + 1] if near + 1 < len(offsets) else source.size
    block = reader.read(place, offsets[near], end - offsets[near])
    before = line - lines[near]
    return offsets[near] + sum(map(len, block.split(b"\n", before)[:before])) + before


def _row(source: Source, line: int) -> tuple[int, int, int]:
    """Give line or row, offset and length in the source itself."""
    assert source.places is not None  # noqa: S101  (asked for only then)
    with source.places.open("rb") as file:
        row = array("q")
        file.seek((line - 1) * 3 * row.itemsize)
        row.frombytes(file.read(3 * row.itemsize))
    return row[0], row[1], row[2]
