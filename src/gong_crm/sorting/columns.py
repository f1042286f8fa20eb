"""Good lines side by side with what sorting and finding them again needs, a column for each."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_BITS: Final = 40
"""A number names a line among all sources of a plan: the place of the source, then this many bits for the line."""

Key = TypeVar("Key", bound=float | str)
"""What lines are sorted by: instants as numbers, or texts."""

Value = TypeVar("Value")


@dataclass(slots=True)
class Columns(Generic[Key]):
    """Some lines; entry i of each column is about the same line.

    Attributes:
        keys: What they are sorted by.
        numbers: Source and line, see `number_of`.
        lines: The lines.
    """

    keys: list[Key] = field(default_factory=list)
    numbers: array[int] = field(default_factory=lambda: array("q"))
    lines: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def extend(self, other: Columns[Key]) -> None:
        """Add lines behind these."""
        self.keys += other.keys
        self.numbers += other.numbers
        self.lines += other.lines

    def order(self) -> list[int]:
        """Give the places of the lines by key; those of one key stay as they are."""
        return sorted(range(len(self.keys)), key=self.keys.__getitem__)

    def picked(self, places: Sequence[int]) -> Columns[Key]:
        """Give the lines at some places, in that order."""
        numbers, lines = self.picked_lines(places)
        return Columns(_picked(self.keys, places), numbers, lines)

    def picked_lines(self, places: Sequence[int]) -> tuple[array[int], list[bytes]]:
        """Give the numbers and the lines at some places without their keys, in that order."""
        return array("q", _picked(self.numbers, places)), _picked(self.lines, places)

    def taken(self, stop: int) -> Columns[Key]:
        """Give the lines up to a place, and keep the rest."""
        some = Columns(self.keys[:stop], self.numbers[:stop], self.lines[:stop])
        del self.keys[:stop], self.numbers[:stop], self.lines[:stop]
        return some


def _picked(values: Sequence[Value], places: Sequence[int]) -> list[Value]:
    if len(places) == 1:
        return [values[places[0]]]
    return list(itemgetter(*places)(values))  # the quickest way by far; of one place it would give no list


def number_of(source: int, line: int) -> int:
    """Name a line among all sources of a plan; numbers ascend as the lines were given."""
    return source << LINE_BITS | line


def split_number(number: int) -> tuple[int, int]:
    """Say which source and which line a number names."""
    return number >> LINE_BITS, number & ((1 << LINE_BITS) - 1)
