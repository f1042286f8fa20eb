"""Which lines are about an object that another line is about too, found in constant memory."""

from __future__ import annotations

import heapq
from array import array
from itertools import chain, islice
from operator import lt
from typing import TYPE_CHECKING, Final, NamedTuple

from gong_crm.checking.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

PIECE: Final = 200_000
"""Lines remembered in memory; then they are spilled. With fewer, the places of the pieces would fill the memory."""

MOST_SEEN: Final = 800_000
"""Hashes kept in one set, some 55 MB; with more of them, those that are equal are brought together in a file."""

BUCKET: Final = 100_000
"""Hashes looked at together, more or less."""


class Repeated:
    """Remembers lines by a hash of their object id.

    Hashes of Python differ from one process to the next and may collide, so what is found here is only suspected:
    whoever asks confirms it on the text.

    Args:
        path: A file to be made when memory does not do; `close` removes it.
        piece: Lines remembered in memory.
        most_seen: Hashes kept in one set.
        bucket: Hashes looked at together.
    """

    def __init__(
        self,
        path: Path,
        *,
        piece: int = PIECE,
        most_seen: int = MOST_SEEN,
        bucket: int = BUCKET,
    ) -> None:
        self._path = path
        self._piece = piece
        self._most_seen = most_seen
        self._bucket = bucket
        self._hashes: list[int] = []
        self._spans: list[Span] = []
        self._spilled: list[tuple[_Place, _Place]] = []
        self._file: BinaryIO | None = None
        self._last = ""
        self._are_ascending = True
        self._seen: set[int] | None = set()
        self._seen_twice: set[int] = set()

    def add(self, ids: Sequence[str], spans: Iterable[Span]) -> None:
        """Remember lines, and where they stand."""
        hashes = list(map(hash, ids))
        if not self._are_ascending:
            self._see(hashes)
        elif not self._come_next(ids):
            self._are_ascending = False
            for some in chain(self._all_hashes(), [hashes]):
                self._see(some)
        self._hashes += hashes
        self._spans += spans
        if len(self._hashes) >= self._piece:
            self._spilled.append((self._write(self._hashes), self._write(chain.from_iterable(self._spans))))
            self._hashes, self._spans = [], []

    def suspects(self) -> Iterator[tuple[Span, list[int]]]:
        """Give spans with the places of lines in them whose id another line seems to have, in order."""
        # Found bucket by bucket, but whoever asks reads the lines in order, and only once.
        ordinals = heapq.merge(*map(self._values, list(self._found())))
        ordinal = next(ordinals, None)
        start = 0
        for span in self._all_spans():
            if ordinal is None:
                return
            end = start + span.lines
            places = []
            while ordinal is not None and ordinal < end:
                places.append(ordinal - start)
                ordinal = next(ordinals, None)
            if places:
                yield span, places
            start = end

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

    def _see(self, hashes: Sequence[int]) -> None:
        """Look whether hashes were seen before, as long as those that were fit into one set."""
        if self._seen is None:
            return
        if self._seen_twice:
            these = set(hashes)
            self._seen_twice |= _repeated(hashes) | self._seen & these
            self._seen |= these
        else:
            # Until the first repetition, to count is enough, and spares half of the looking up.
            before = len(self._seen)
            self._seen.update(hashes)
            if len(self._seen) < before + len(hashes):
                self._seen_twice = _repeated(hashes).union(*map(set(hashes).intersection, self._all_hashes()))
        if len(self._seen) > self._most_seen:
            self._seen, self._seen_twice = None, set()

    def _found(self) -> Iterator[list[_Place | array[int]]]:
        """Give the lines whose hash comes more than once, counted from 0: lists, each of them in order."""
        if self._are_ascending:
            return
        if self._seen is None:
            for places in self._buckets():
                yield from self._in_bucket(places)
        elif self._seen_twice:
            found: list[_Place | array[int]] = []
            start = 0
            for hashes in self._all_hashes():
                found.append(
                    self._kept(start + place for place, hashed in enumerate(hashes) if hashed in self._seen_twice)
                )
                start += len(hashes)
            yield found

    def _buckets(self) -> list[list[tuple[int, _Place, _Place]]]:
        """Part all hashes so that equal ones are together.

        Returns:
            For each bucket, of each piece: how many lines are before it, the hashes, and their lines in the piece.
        """
        count = 1 + sum(hashes.values for hashes, _ in self._spilled) // self._bucket
        buckets: list[list[tuple[int, _Place, _Place]]] = [[] for _ in range(count)]
        start = 0
        for hashes in self._all_hashes():
            parts: list[tuple[list[int], list[int]]] = [([], []) for _ in range(count)]
            for place, hashed in enumerate(hashes):
                some, places = parts[hashed % count]
                some.append(hashed)
                places.append(place)
            for (some, places), bucket in zip(parts, buckets, strict=True):
                bucket.append((start, self._write(some), self._write(places)))
            start += len(hashes)
        return buckets

    def _in_bucket(self, bucket: Iterable[tuple[int, _Place, _Place]]) -> Iterator[list[_Place | array[int]]]:
        """Give the lines of a bucket whose hash came before, piece by piece, and then those where it came first."""
        first: dict[int, int] = {}
        were_first: set[int] = set()
        again: list[_Place | array[int]] = []
        for start, hashes, places in bucket:
            later = []
            for line, hashed in zip(map(start.__add__, self._read(places)), self._read(hashes), strict=True):
                before = first.setdefault(hashed, line)
                if before != line:
                    were_first.add(before)
                    later.append(line)
            again.append(self._kept(later))
        yield again
        yield [self._kept(sorted(were_first))]

    def _kept(self, lines: Iterable[int]) -> _Place | array[int]:
        """Keep lines in the file, if there is one already."""
        return self._write(lines) if self._spilled else array("q", lines)

    def _all_hashes(self) -> Iterator[Sequence[int]]:
        for hashes, _ in self._spilled:
            yield self._read(hashes)
        yield self._hashes

    def _all_spans(self) -> Iterator[Span]:
        for _, spans in self._spilled:
            yield from map(Span._make, _sixes(self._read(spans)))
        yield from self._spans

    def _values(self, places: Iterable[_Place | array[int]]) -> Iterator[int]:
        for place in places:
            yield from self._read(place) if isinstance(place, _Place) else place

    def _write(self, values: Iterable[int]) -> _Place:
        if self._file is None:
            self._file = self._path.open("w+b", buffering=0)
        data = array("q", values)
        start = self._file.seek(0, 2)
        write_all(self._file, data.tobytes())
        return _Place(start, len(data))

    def _read(self, place: _Place) -> array[int]:
        assert self._file is not None  # noqa: S101  (it has a place in the file)
        data = array("q")
        self._file.seek(place.start)
        data.frombytes(self._file.read(place.values * data.itemsize))
        return data


class _Place(NamedTuple):
    """Where whole numbers stand in the file."""

    start: int
    values: int


def _repeated(hashes: Sequence[int]) -> set[int]:
    """Say which come more than once."""
    seen = set(hashes)
    if len(seen) == len(hashes):
        return set()
    twice = set()
    for hashed in hashes:
        if hashed in seen:
            seen.remove(hashed)
        else:
            twice.add(hashed)
    return twice


def _sixes(values: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give six values at a time, as many as a span has."""
    each = iter(values)
    return zip(each, each, each, each, each, each, strict=True)


def write_all(file: BinaryIO, data: bytes) -> int:
    """Write to a file without a buffer, however little it takes at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    return len(data)
