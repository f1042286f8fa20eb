"""Which wave the lines about repeated objects belong to."""

from __future__ import annotations

from array import array
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson

from gong_crm.checking.instants import instants
from gong_crm.errors import SourceError
from gong_crm.sorting.columns import Columns, number_of
from gong_crm.sorting.sorter import TEXTS, Sorter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gong_crm.checking.repeated import Repeated
    from gong_crm.plan.reading import SourceReader

DROPPED: Final = 0
"""The wave of a line that says the same of its object as the line before about it."""

_HASH_BYTES: Final = 65
_WAVE_BYTES: Final = 3
"""What is sorted instead of lines, with its newline, more or less."""

MOST_WAVES: Final = 10_000
"""Each wave is a call at least, and a day has no more."""


class Waves:
    """The waves of all lines that are not in the first one.

    Args:
        repeated: What seems to be repeated.
        reader: Reads the lines.
        folder: Where to spill.
    """

    def __init__(self, repeated: Repeated, reader: SourceReader, folder: Path) -> None:
        by_object = Sorter(TEXTS, folder / "objects")
        self._later = Sorter(TEXTS, folder / "waves")
        try:
            for columns in _suspects(repeated, reader):
                by_object.add(columns, _HASH_BYTES * len(columns))
            for columns in _later(by_object):
                self._later.add(columns, _WAVE_BYTES * len(columns))
        finally:
            by_object.close()
        self._sorted = self._later.sorted()
        self._chunk: Iterator[tuple[int, int]] = iter(())
        self._next = self._advance()

    def of(self, numbers: array[int]) -> dict[int, int]:
        """Give the waves of lines, by their place, of those that are not in the first.

        Args:
            numbers: Lines by instant; all calls together go through all lines in order.
        """
        waves: dict[int, int] = {}
        place = 0
        while self._next is not None:
            number, wave = self._next
            try:
                place = numbers.index(number, place)
            except ValueError:
                break
            waves[place] = wave
            self._next = self._advance()
        return waves

    @property
    def has_more(self) -> bool:
        """Tell whether lines are left that are not in the first wave."""
        return self._next is not None

    def close(self) -> None:
        """Remove what was spilled."""
        self._later.close()

    def _advance(self) -> tuple[int, int] | None:
        found = next(self._chunk, None)
        if found is None:
            columns = next(self._sorted, None)
            if columns is None:
                return None
            self._chunk = zip(columns.numbers, map(int, columns.lines), strict=True)
            found = next(self._chunk)
        return found


def _suspects(repeated: Repeated, reader: SourceReader) -> Iterator[Columns[str]]:
    """Give the lines that seem to be repeated, to be sorted by object, instant and place."""
    for span, places in repeated.suspects():
        lines = reader.read(span.source, span.offset, span.length).split(b"\n")
        suspected = [lines[place].removesuffix(b"\r") for place in places]
        records = list(map(orjson.loads, suspected))
        keys = instants([record.get("modifiedDate") for record in records])
        yield Columns(
            # As JSON an id has no control characters, so that the tab sorts before all that ids may hold.
            [f"{orjson.dumps(one['objectId']).decode()}\t{key:016.0f}" for one, key in zip(records, keys, strict=True)],
            array("q", map(number_of(span.source, span.first_line).__add__, places)),
            [sha256(line).hexdigest().encode() + b"\n" for line in suspected],
        )


def _later(by_object: Sorter[str]) -> Iterator[Columns[str]]:
    """Count the lines of each object, and give those that are not in the first wave, with their wave as text."""
    last_id, last_hash, wave = "", b"", 0
    for columns in by_object.sorted():
        later: Columns[str] = Columns()
        for key, number, hashed in zip(columns.keys, columns.numbers, columns.lines, strict=True):
            object_id, _, key_of_line = key.rpartition("\t")
            if object_id != last_id:
                last_id, last_hash, wave = object_id, hashed, 1
                continue
            is_same = hashed == last_hash
            wave += not is_same
            last_hash = hashed
            if wave > MOST_WAVES:
                raise SourceError(
                    f"more than {MOST_WAVES:,} different lines are about the object {object_id};"
                    " each needs a file and a call of its own, and a day has no more calls: does objectId hold the ids?"
                )
            # Lines of one instant are merged in the order of their numbers, not of their objects.
            later.keys.append(f"{key_of_line}{number:019d}")
            later.numbers.append(number)
            later.lines.append(b"%d\n" % (DROPPED if is_same else wave))
        if later:
            yield later
