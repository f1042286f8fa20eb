"""Good lines side by side with what sorting and finding them again needs, one list for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_BITS: Final = 40
"""A number names a line among all sources of a plan: the place of the source, then this many bits for the line."""


@dataclass(slots=True)
class Columns:
    """Some lines; entry i of each list is about the same line.

    Attributes:
        keys: Instants, as texts that sort as the instants do.
        numbers: Source and line, see `number_of`.
        lines: The lines.
    """

    keys: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def extend(self, other: Columns) -> None:
        """Add lines behind these."""
        self.keys += other.keys
        self.numbers += other.numbers
        self.lines += other.lines

    def order(self) -> list[int]:
        """Give the places of the lines by instant; those of one instant stay as they are."""
        return sorted(range(len(self.keys)), key=self.keys.__getitem__)

    def picked(self, places: Sequence[int]) -> Columns:
        """Give the lines at some places, in that order."""
        if len(places) == 1:
            return self.cut(places[0], places[0] + 1)
        pick = itemgetter(*places)  # the quickest way by far; of one place it would give no list
        return Columns(list(pick(self.keys)), list(pick(self.numbers)), list(pick(self.lines)))

    def cut(self, start: int, stop: int) -> Columns:
        """Give the lines from one place to another."""
        return Columns(self.keys[start:stop], self.numbers[start:stop], self.lines[start:stop])


def number_of(source: int, line: int) -> int:
    """Name a line among all sources of a plan; numbers ascend as the lines were given."""
    return source << LINE_BITS | line


def split_number(number: int) -> tuple[int, int]:
    """Say which source and which line a number names."""
    return number >> LINE_BITS, number & ((1 << LINE_BITS) - 1)
