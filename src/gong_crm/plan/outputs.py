"""Files of the lines that could not stay where they stood, each with a map to where its lines came from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from gong_crm.plan.model import STEPS, PlannedFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAP_SUFFIX: Final = ".map"
_PENDING_BYTES: Final = 4 * 1024 * 1024
"""What waits in memory, for all waves together; many waves would keep too many files open."""


class Outputs:
    """Writes the files of one object type.

    Args:
        folder: Where to.
        object_type: What the lines hold.
        limit: The most bytes of one file.
    """

    def __init__(self, folder: Path, object_type: str, *, limit: int) -> None:
        self._folder = folder
        self._object_type = object_type
        self._limit = limit
        self._waves: dict[int, _Part] = {}
        self._done: list[PlannedFile] = []
        self._pending = 0

    def write(self, wave: int, numbers: Sequence[int], lines: Sequence[bytes]) -> None:
        """Write lines of a wave, given without their newlines, behind those written before."""
        part = self._waves.get(wave) or self._new_part(wave, 1)
        data = b"\n".join(lines) + b"\n"
        if part.size + len(data) <= self._limit:
            part.add(data, numbers)
        else:
            self._write_cut(part, numbers, lines)
        self._pending += len(data)
        if self._pending > _PENDING_BYTES:
            self._flush()

    def finish(self) -> list[PlannedFile]:
        """Give all files, in the order in which they must be sent."""
        for part in self._waves.values():
            self._finish(part)
        return sorted(self._done, key=lambda planned: (planned.wave, planned.part))

    def _write_cut(self, part: _Part, numbers: Sequence[int], lines: Sequence[bytes]) -> None:
        """Write lines that do not all fit."""
        ends = list(accumulate((len(line) + 1 for line in lines), initial=0))
        done = 0
        while done < len(lines):
            fit = bisect_right(ends, ends[done] + self._limit - part.size) - 1
            if fit > done:
                part.add(b"\n".join(lines[done:fit]) + b"\n", numbers[done:fit])
                done = fit
            else:
                self._finish(part)
                part = self._new_part(part.wave, part.number + 1)

    def _new_part(self, wave: int, number: int) -> _Part:
        path = self._folder / f"{self._object_type}-{wave}-{number}.ldjson"
        part = self._waves[wave] = _Part(path, wave, number)
        return part

    def _flush(self) -> None:
        for part in self._waves.values():
            part.flush()
        self._pending = 0

    def _finish(self, part: _Part) -> None:
        part.flush()
        self._done.append(
            PlannedFile(
                object_type=self._object_type,
                step=STEPS[self._object_type],
                wave=part.wave,
                part=part.number,
                lines=part.lines,
                bytes=part.size,
                sha256=part.hash.hexdigest(),
                path=part.path,
            )
        )


class _Part:
    """A file that is being written."""

    def __init__(self, path: Path, wave: int, number: int) -> None:
        self.path = path
        self.wave = wave
        self.number = number
        self.size = 0
        self.lines = 0
        self.hash = sha256()
        self._data: list[bytes] = []
        self._map = array("q")

    def add(self, data: bytes, numbers: Sequence[int]) -> None:
        self.size += len(data)
        self.lines += len(numbers)
        self.hash.update(data)
        self._data.append(data)
        self._map.extend(numbers)

    def flush(self) -> None:
        if self._data:
            with self.path.open("ab") as file:
                file.writelines(self._data)
            with self.path.with_suffix(MAP_SUFFIX).open("ab") as file:
                self._map.tofile(file)
            self._data, self._map = [], array("q")


def number_at(path: Path, line: int) -> int:
    """Give the number of a line of a written file, from 1, by its map."""
    number = array("q")
    with path.with_suffix(MAP_SUFFIX).open("rb") as file:
        file.seek((line - 1) * number.itemsize)
        number.frombytes(file.read(number.itemsize))
    return number[0]
