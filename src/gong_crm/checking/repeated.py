"""Which lines are about an object that another line is about too, found with a bit of memory for each line."""

from __future__ import annotations

from array import array
from itertools import accumulate, chain, islice, pairwise
from operator import itemgetter, lt
from typing import TYPE_CHECKING, Final, NamedTuple

from gong_crm.checking.spans import Span
from gong_crm.sorting.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

PIECE: Final = 25_000
"""Lines remembered in memory; then they are spilled. More would leave the cache of the processor."""

BUCKET: Final = 50_000
"""Hashes compared at once, more or less; as many fit into the cache too."""

_MOST_BUCKETS: Final = 1_024
"""What a piece is parted into at most, so that the notes of where each bucket stands stay small."""

_SKEWED: Final = 4
"""With more than this times as many in one bucket, few objects have most lines; it is then compared in parts."""

_VALUES: Final = 256
"""Values of a byte."""


class Repeated:
    """Remembers lines by a hash of their object id.

    Hashes of Python differ from one process to the next and may collide, so what is found here is only suspected:
    whoever asks confirms it on the text.

    Args:
        path: A file to be made when memory does not do; `close` removes it.
        piece: Lines remembered in memory.
        bucket: Hashes compared at once.
    """

    def __init__(self, path: Path, *, piece: int = PIECE, bucket: int = BUCKET) -> None:
        self._path = path
        self._piece = piece
        self._bucket = bucket
        self._hashes = array("q")
        self._spans: list[Span] = []
        self._spilled: list[_Piece] = []
        self._file: BinaryIO | None = None
        self._last = ""
        self._are_ascending = True

    def add(self, ids: Sequence[str], spans: Iterable[Span]) -> None:
        """Remember lines, and where they stand."""
        self._are_ascending = self._are_ascending and self._come_next(ids)
        self._hashes.extend(map(hash, ids))
        self._spans += spans
        if len(self._hashes) >= self._piece:
            self._spill()

    def suspects(self) -> Iterator[tuple[Span, list[int]]]:
        """Give spans with the places of lines in them whose id another line seems to have, in order."""
        if self._are_ascending:
            return
        # Found bucket by bucket, but whoever asks reads the lines in order, and only once.
        suspected = self._suspected()
        start = 0
        for span in self._all_spans():
            places = suspected.places(start, span.lines)
            if places:
                yield span, places
            start += span.lines

    def close(self) -> None:
        """Remove what was spilled."""
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _come_next(self, ids: Sequence[str]) -> bool:
        """Tell whether ids ascend from the last one, as in the many exports that go by key: then none comes twice."""
        last, self._last = self._last, ids[-1]
        if (len(ids[0]), ids[0]) <= (len(last), last):
            return False
        if len(set(map(len, ids))) == 1:
            # By far the usual case, and the quick one.
            return all(map(lt, ids, islice(ids, 1, None)))
        keys = list(zip(map(len, ids), ids, strict=True))
        return all(map(lt, keys, islice(keys, 1, None)))

    def _spill(self) -> None:
        self._spilled.append(
            _Piece(
                hashes=_Place(self._write(self._hashes), len(self._hashes)),
                spans=_Place(self._write(array("q", chain.from_iterable(self._spans))), 6 * len(self._spans)),
            )
        )
        self._hashes, self._spans = array("q"), []

    def _suspected(self) -> _Marks:
        """Mark all lines whose hash comes more than once."""
        if not self._spilled:
            marks = _Marks(len(self._hashes))
            marks.add(_repeated(self._hashes, [(0, range(len(self._hashes)))], {}))
            return marks
        self._spill()
        starts = list(accumulate((piece.hashes.values for piece in self._spilled), initial=0))
        count = starts.pop()
        marks = _Marks(count)
        buckets = min(1 << (count // self._bucket).bit_length(), _MOST_BUCKETS)
        pieces = [self._parted(self._read("q", piece.hashes), buckets) for piece in self._spilled]
        for bucket in range(buckets):
            hashes: list[int] = []
            lines: list[tuple[int, array[int]]] = []
            earlier: dict[int, int] = {}
            for start, piece in zip(starts, pieces, strict=True):
                values = self._read("i", piece.bucket(bucket))
                hashes += values[: len(values) // 2]
                lines.append((start, values[len(values) // 2 :]))
                if len(hashes) > _SKEWED * self._bucket:
                    marks.add(_repeated(hashes, lines, earlier))
                    earlier.update(zip(hashes, _flat(lines), strict=True))
                    hashes, lines = [], []
            marks.add(_repeated(hashes, lines, earlier))
        return marks

    def _parted(self, hashes: array[int], buckets: int) -> _Parted:
        """Write the hashes of a piece bucket by bucket, so that equal ones are together, and which lines they are of.

        Args:
            hashes: The hashes.
            buckets: How many, a power of two.
        """
        data = memoryview(hashes.tobytes())
        # A byte or two of a hash choose the bucket; of the others, four are enough to suspect few lines wrongly.
        rest = data.cast("i")[1::2].tolist()
        first = data.cast("B" if buckets <= _VALUES else "H")
        of_bucket: list[list[int]] = [[] for _ in range(buckets)]
        of_value = of_bucket * (_VALUES**first.itemsize // buckets)
        for line, value in enumerate(first[:: hashes.itemsize // first.itemsize].tolist()):
            of_value[value].append(line)
        ends = array("i", accumulate(map(len, of_bucket), initial=0))
        lines = list(chain.from_iterable(of_bucket))
        kept = array("i", itemgetter(*lines)(rest) if len(lines) > 1 else rest)
        numbers = array("i", lines)
        values = array("i")
        for start, end in pairwise(ends):
            values += kept[start:end]
            values += numbers[start:end]
        return _Parted(self._write(values), ends)

    def _all_spans(self) -> Iterator[Span]:
        for piece in self._spilled:
            yield from map(Span._make, _sixes(self._read("q", piece.spans)))
        yield from self._spans

    def _write(self, values: array[int]) -> int:
        """Write whole numbers, and say where they stand."""
        if self._file is None:
            self._file = self._path.open("w+b", buffering=0)
        start = self._file.seek(0, 2)
        write_all(self._file, values.tobytes())
        return start

    def _read(self, kind: str, place: _Place) -> array[int]:
        """Read whole numbers again."""
        assert self._file is not None  # noqa: S101  (something is in the file)
        values: array[int] = array(kind)
        self._file.seek(place.start)
        values.frombytes(self._file.read(place.values * values.itemsize))
        return values


class _Place(NamedTuple):
    """Where whole numbers stand in the file."""

    start: int
    values: int


class _Piece(NamedTuple):
    """Lines that were spilled together."""

    hashes: _Place
    spans: _Place


class _Parted(NamedTuple):
    """The hashes of a piece, parted into buckets.

    Attributes:
        start: Where they stand in the file: of each bucket what is left of the hashes, and as many lines of the piece.
        ends: The end of each bucket, in lines, and 0 before the first.
    """

    start: int
    ends: array[int]

    def bucket(self, bucket: int) -> _Place:
        """Say where the hashes and the lines of a bucket stand."""
        first, end = self.ends[bucket], self.ends[bucket + 1]
        return _Place(self.start + 2 * first * self.ends.itemsize, 2 * (end - first))


class _Marks:
    """A bit for each line.

    Args:
        lines: How many there are.
    """

    def __init__(self, lines: int) -> None:
        self._bits = bytearray((lines + 7) // 8)

    def add(self, lines: Iterable[int]) -> None:
        """Mark lines."""
        bits = self._bits
        for line in lines:
            bits[line >> 3] |= 1 << (line & 7)

    def places(self, start: int, count: int) -> list[int]:
        """Give those that are marked of some lines, counted from the first of these."""
        some = self._bits[start >> 3 : (start + count + 7) >> 3]
        bits = int.from_bytes(some, "little") >> (start & 7) & ((1 << count) - 1)
        places = []
        while bits:
            lowest = bits & -bits
            places.append(lowest.bit_length() - 1)
            bits ^= lowest
        return places


def _repeated(
    hashes: Sequence[int], lines: Sequence[tuple[int, Sequence[int]]], earlier: Mapping[int, int]
) -> set[int]:
    """Give the lines whose hash comes more than once.

    Args:
        hashes: The hashes.
        lines: What they are of: some that start at a line, and where each is behind it.
        earlier: For each hash that came before, a line that it is of.
    """
    if not earlier and len(set(hashes)) == len(hashes):
        return set()
    last = dict(zip(hashes, range(len(hashes)), strict=True))
    back = list(map(last.__getitem__, hashes))
    again = [place for place, later in enumerate(back) if later != place]
    before = earlier.keys() & last
    flat = _flat(lines)
    places = {*again, *map(back.__getitem__, again), *map(last.__getitem__, before)}
    return {*map(flat.__getitem__, places), *map(earlier.__getitem__, before)}


def _flat(lines: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    return list(chain.from_iterable(map(start.__add__, some) for start, some in lines))


def _sixes(values: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give six values at a time, as many as a span has."""
    each = iter(values)
    return zip(each, each, each, each, each, each, strict=True)
