"""Lines of a planned file, back to where they came from."""

from __future__ import annotations

import io
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gong_crm.errors import SourceChangedError
from gong_crm.findings import Origin
from gong_crm.plan.outputs import number_at
from gong_crm.plan.payload import open_payload
from gong_crm.plan.reading import PIECE_BYTES, SourceReader
from gong_crm.plan.spool import AS_LINE
from gong_crm.sorting.columns import split_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gong_crm.plan.model import PlannedFile, Source
    from gong_crm.plan.plan import Plan


def origin_of(planned: PlannedFile, plan: Plan, line: int) -> tuple[Origin, bytes]:
    """Say where a line of a planned file comes from, and what it is; see `each_origin`."""
    return origins_of(planned, plan, [line])[line]


def origins_of(planned: PlannedFile, plan: Plan, lines: Iterable[int]) -> dict[int, tuple[Origin, bytes]]:
    """Say where some lines of a planned file come from, and what they are; see `each_origin`."""
    return {line: (origin, raw) for line, origin, raw in each_origin(planned, plan, sorted(set(lines)))}


def each_origin(planned: PlannedFile, plan: Plan, lines: Iterable[int]) -> Iterator[tuple[int, Origin, bytes]]:
    """Say where lines of a planned file come from, and what they are, reading the file once in constant memory.

    Args:
        planned: One of the plan's files.
        plan: The plan.
        lines: Lines of the file, from 1, ascending.

    Yields:
        Each line with its origin and its bytes, with a newline at the end even where the source has none.

    Raises:
        SourceChangedError: If the bytes stand in a source that is not what was planned.
        ValueError: If the file has no such line, or the lines do not ascend.
    """
    with SourceReader(plan.sources) as reader:
        finder = _Left(planned) if planned.path is None else _Mapped(planned.path, plan, reader)
        for line, before, raw in _texts(planned, plan, lines):
            source, number, offset = finder.find(line, before)
            length = len(raw.rstrip(b"\r\n"))
            yield line, _origin_in(plan.sources[source], number, offset, length), raw


class _Place(NamedTuple):
    """A line of a source's LDJSON."""

    source: int
    line: int
    offset: int | None


def _origin_in(source: Source, line: int, offset: int | None, length: int) -> Origin:
    """Name a line of a source's LDJSON by its place in the source itself."""
    if source.places is not None:
        line, *place = _row(source.places, line)
        if AS_LINE not in place:
            offset, length = place
    if not source.has_bytes:
        return Origin(source=source.name, line=line, is_row=source.has_rows)
    return Origin(source=source.name, line=line, offset=offset, length=length, is_row=source.has_rows)


def _row(places: Path, line: int) -> tuple[int, int, int]:
    """Give line or row, offset and length in the source itself."""
    row = array("q")
    with places.open("rb") as file:
        file.seek((line - 1) * 3 * row.itemsize)
        row.frombytes(file.read(3 * row.itemsize))
    return row[0], row[1], row[2]


def _texts(planned: PlannedFile, plan: Plan, lines: Iterable[int]) -> Iterator[tuple[int, int, bytes]]:
    """Give lines, the bytes of the planned file before each, and their bytes."""
    number = before = 0
    raw = b""
    with io.BufferedReader(open_payload(planned, plan), PIECE_BYTES) as file:
        for line in lines:
            if not number < line <= planned.lines:
                raise ValueError(f"the file has the lines 1 to {planned.lines:,}, in this order, and not {line:,} here")
            while number < line:
                before += len(raw)
                raw = file.readline()
                number += 1
            yield line, before, raw if raw.endswith(b"\n") else raw + b"\n"


class _Left:
    """Finds lines that are sent from where they stand."""

    def __init__(self, planned: PlannedFile) -> None:
        self._spans = planned.spans
        self._lines = list(accumulate((span.lines for span in planned.spans), initial=0))
        self._starts = list(accumulate((span.length + span.newline for span in planned.spans), initial=0))

    def find(self, line: int, before: int) -> _Place:
        """Find a line of the file, given the bytes before it."""
        place = bisect_right(self._lines, line - 1) - 1
        span = self._spans[place]
        return _Place(
            span.source, span.first_line + line - 1 - self._lines[place], span.offset + before - self._starts[place]
        )


class _Mapped:
    """Finds lines of a file of its own, by its map; of a source that changed meanwhile the offsets are unknown."""

    def __init__(self, path: Path, plan: Plan, reader: SourceReader) -> None:
        self._path = path
        self._sources = plan.sources
        self._reader = reader
        self._indexes: dict[int, tuple[array[int], array[int]]] = {}

    def find(self, line: int, _before: int) -> _Place:
        """Find a line of the file."""
        source, number = split_number(number_at(self._path, line))
        try:
            return _Place(source, number, self._offset(source, number))
        except SourceChangedError:
            return _Place(source, number, None)

    def _offset(self, place: int, line: int) -> int | None:
        """Count the bytes before a line of a source, from the nearest line that the index knows."""
        source = self._sources[place]
        if source.index is None:
            return None
        if place not in self._indexes:
            pairs = array("q", source.index.read_bytes())
            self._indexes[place] = pairs[::2], pairs[1::2]
        lines, offsets = self._indexes[place]
        near = bisect_right(lines, line) - 1
        end = offsets[near + 1] if near + 1 < len(offsets) else source.size
        block = self._reader.read(place, offsets[near], end - offsets[near])
        before = line - lines[near]
        return offsets[near] + sum(map(len, block.split(b"\n", before)[:before])) + before
