"""Where lines stand that are side by side, so that they can be read again."""

from __future__ import annotations

from typing import NamedTuple


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
