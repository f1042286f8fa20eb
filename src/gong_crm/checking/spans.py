"""Where lines stand that are side by side, so that they can be read again."""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gong_crm.checking.blocks import CheckedBlock


class Span(NamedTuple):
    """Whole lines that stand side by side in a source.

    Attributes:
        source: Place of the source among all that are read.
        first_line: Line of the source that the first one is.
        lines: How many.
        offset: Bytes of the source before them.
        length: Their bytes.
        newline: Whether a newline is sent behind them, because the source ends without one.
    """

    source: int
    first_line: int
    lines: int
    offset: int
    length: int
    newline: bool = False


def spans_of(checked: CheckedBlock, source: int, offset: int) -> list[Span]:
    """Say where the good lines of a block stand.

    Args:
        checked: The block.
        source: Place of its source among all that are read.
        offset: Bytes of the source before it.
    """
    first_line, lines = checked.block.first_line, checked.lines
    if not checked.bad and not checked.blank:
        return [Span(source, first_line, len(lines), offset, len(checked.block.data))]
    ends = list(accumulate(map(len, lines), initial=offset))
    spans = []
    for is_good, run in groupby(range(len(lines)), lambda place: checked.ids[place] is not None):
        if is_good:
            places = list(run)
            start, stop = places[0], places[-1] + 1
            spans.append(Span(source, first_line + start, stop - start, ends[start], ends[stop] - ends[start]))
    return spans
