"""A table of texts for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gong_crm.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """Write rows of equal length in columns.

    Args:
        rows: The rows, the names of the columns first.
        words: How many columns, from the left, are words; the others are numbers and stand to the right.

    Returns:
        A line for each row, without a newline at the end.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
