"""More lines than memory holds, sorted by key: sorted runs in one file, merged many at a time."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Final, Generic

from gong_crm.sorting.columns import Columns, Key
from gong_crm.sorting.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

RUN_BYTES: Final = 8 * 1024 * 1024
"""Memory that the lines of one run take, more or less; more would leave the cache of the processor."""

CHUNK_BYTES: Final = 64 * 1024
"""What is read of a run at once; all runs of a merge have one or two in memory."""

FEW_RUNS: Final = 128
"""Runs of that size; those that follow are four times as large, or there were too many to merge at once."""

_LINES_AT_ONCE: Final = 4_096
"""Lines that a merge hands on; joined, they take as much memory again."""

FAN_IN: Final = 640
"""Runs merged at once, more than 10 GB have; of what is beyond, some are merged before.

Each takes some 150 KB of memory.
"""

_LINE_COST: Final = 140
"""Bytes of memory that a line takes beyond its own."""

_HEAD: Final = Struct("<3I")
"""Before each chunk: its lines, the bytes of their keys, the bytes of the lines."""


@dataclass(frozen=True, slots=True)
class KeyFormat(Generic[Key]):
    """How keys of some kind stand in a file.

    Attributes:
        pack: Turns keys into bytes.
        unpack: Turns these bytes into the keys again.
    """

    pack: Callable[[list[Key]], bytes]
    unpack: Callable[[bytes], list[Key]]


NUMBERS: Final[KeyFormat[float]] = KeyFormat(
    pack=lambda keys: array("d", keys).tobytes(), unpack=lambda data: array("d", data).tolist()
)
TEXTS: Final[KeyFormat[str]] = KeyFormat(
    pack=lambda keys: "\n".join(keys).encode(), unpack=lambda data: data.decode().split("\n")
)


class Sorter(Generic[Key]):
    """Takes lines in any order and gives them by key; those of one key stay in the order of their coming.

    Args:
        keys: How the keys stand in a file; texts have no newlines.
        path: A file to be made when memory does not do; `close` removes it.
        run_bytes: Memory that the lines of one run take.
        chunk_bytes: What is read of a run at once.
        fan_in: Runs merged at once.
    """

    def __init__(
        self,
        keys: KeyFormat[Key],
        path: Path,
        *,
        run_bytes: int = RUN_BYTES,
        chunk_bytes: int = CHUNK_BYTES,
        fan_in: int = FAN_IN,
    ) -> None:
        self._keys: KeyFormat[Key] = keys
        self._path = path
        self._run_bytes = run_bytes
        self._chunk_bytes = chunk_bytes
        self._fan_in = fan_in
        self._columns: Columns[Key] = Columns()
        self._cost = 0
        self._runs: list[tuple[int, int]] = []
        self._file: BinaryIO | None = None

    def spill(self) -> None:
        """Free memory, if there is a file to spill to already."""
        if self._file is not None:
            self._spill()

    def add(self, columns: Columns[Key], size: int) -> None:
        """Take lines, each with a newline at its end.

        Args:
            columns: The lines.
            size: Their bytes.
        """
        self._columns.extend(columns)
        self._cost += size + _LINE_COST * len(columns)
        if self._cost >= self._run_bytes * (1 if len(self._runs) < FEW_RUNS else 4):
            self._spill()

    def sorted(self) -> Iterator[Columns[Key]]:
        """Give all lines in order, some at a time, without their newlines."""
        if self._file is None:
            for columns in self._columns_sorted():
                yield Columns(columns.keys, columns.numbers, b"".join(columns.lines)[:-1].split(b"\n"))
        else:
            for batch, places in self._all_merged():
                yield batch.picked(places)

    def sorted_lines(self) -> Iterator[tuple[array[int], list[bytes]]]:
        """Give the numbers and the lines as `sorted` does, without the keys."""
        if self._file is None:
            for columns in self.sorted():
                yield columns.numbers, columns.lines
        else:
            for batch, places in self._all_merged():
                yield batch.picked_lines(places)

    def close(self) -> None:
        """Remove what was spilled."""
        if self._file is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def _all_merged(self) -> Iterator[tuple[Columns[Key], list[int]]]:
        self.spill()
        while len(self._runs) > self._fan_in:
            self._merge_some()
        return self._merged(self._runs)

    def _merge_some(self) -> None:
        """Merge runs that stand side by side, no more than needed."""
        runs: list[tuple[int, int]] = []
        done = 0
        while done < len(self._runs) and (excess := len(runs) + len(self._runs) - done - self._fan_in) > 0:
            some = self._runs[done : done + min(self._fan_in, excess + 1)]
            chunks = (batch.picked(places) for batch, places in self._merged(some))
            runs.append(self._write_run(chunks, newline=b"\n"))
            done += len(some)
        self._runs = runs + self._runs[done:]

    def _spill(self) -> None:
        if self._columns:
            self._runs.append(self._write_run(self._columns_sorted()))
        self._columns, self._cost = Columns(), 0

    def _columns_sorted(self) -> Iterator[Columns[Key]]:
        """Give the lines in memory in order, a chunk at a time."""
        columns = self._columns
        order = columns.order()
        lines = max(1, self._chunk_bytes * len(order) // (self._cost + 1))
        for start in range(0, len(order), lines):
            yield columns.picked(order[start : start + lines])

    def _write_run(self, chunks: Iterable[Columns[Key]], *, newline: bytes = b"") -> tuple[int, int]:
        """Write keys, numbers and lines, chunk by chunk, and say where.

        Args:
            chunks: The lines in order.
            newline: What lines lack at their ends.
        """
        if self._file is None:
            self._file = self._path.open("w+b", buffering=0)
        start = end = self._file.seek(0, 2)
        for columns in chunks:
            keys = self._keys.pack(columns.keys)
            data = newline.join((*columns.lines, b""))
            head = _HEAD.pack(len(columns), len(keys), len(data))
            self._file.seek(end)  # a merge reads in between
            end += write_all(self._file, b"".join((head, keys, columns.numbers.tobytes(), data)))
        return start, end

    def _merged(self, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[Columns[Key], list[int]]]:
        assert self._file is not None  # noqa: S101  (runs are in the file)
        return merged([_Run(self._keys, self._file, start, end) for start, end in runs])


class _Run(Generic[Key]):
    """A sorted run, read chunk by chunk."""

    def __init__(self, keys: KeyFormat[Key], file: BinaryIO, start: int, end: int) -> None:
        self._keys: KeyFormat[Key] = keys
        self._file = file
        self._position = start
        self._end = end
        self._least = 0
        self.columns: Columns[Key] = Columns()

    @property
    def has_more(self) -> bool:
        """Tell whether not all of it is in memory."""
        return self._position < self._end

    def refill(self) -> None:
        """Have at least half a chunk in memory, if there is as much.

        Refilling only what is empty would let each round of the merge advance by less and less.
        """
        while self.has_more and len(self.columns) <= self._least:
            chunk = self._read()
            self._least = len(chunk) // 2
            self.columns.extend(chunk)

    def take(self, stop: int) -> Columns[Key]:
        """Hand out the lines up to one."""
        columns = self.columns
        if stop == len(columns):
            self.columns = Columns()
            return columns
        return columns.taken(stop)

    def _read(self) -> Columns[Key]:
        self._file.seek(self._position)
        count, key_bytes, line_bytes = _HEAD.unpack(self._file.read(_HEAD.size))
        body = self._file.read(key_bytes + 8 * count + line_bytes)
        self._position += _HEAD.size + len(body)
        return Columns(
            self._keys.unpack(body[:key_bytes]),
            array("q", body[key_bytes : key_bytes + 8 * count]),
            body[key_bytes + 8 * count : -1].split(b"\n"),
        )


def merged(runs: list[_Run[Key]]) -> Iterator[tuple[Columns[Key], list[int]]]:
    """Merge sorted runs; of one key, lines of an earlier run come first.

    Yields:
        Some lines, and the places of those among them that come next, in order.
    """
    while runs:
        for run in runs:
            run.refill()
        batch: Columns[Key] = Columns()
        bounds = [(run.columns.keys[-1], place) for place, run in enumerate(runs) if run.has_more]
        if bounds:
            # What sorts behind the last line in memory of any run has to wait for what that run still holds.
            bound, last = min(bounds)
            for place, run in enumerate(runs):
                keys = run.columns.keys
                stop = bisect_right(keys, bound) if place <= last else bisect_left(keys, bound)
                if stop:
                    batch.extend(run.take(stop))
        else:
            for run in runs:
                batch.extend(run.take(len(run.columns)))
        runs = [run for run in runs if run.columns or run.has_more]
        order = batch.order()
        for start in range(0, len(order), _LINES_AT_ONCE):
            yield batch, order[start : start + _LINES_AT_ONCE]
