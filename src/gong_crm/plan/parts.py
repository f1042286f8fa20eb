"""Lines that are in order already, as spans of their sources, cut into files and hashed on the way."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from gong_crm.checking.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_SPANS: Final = 1_000
"""In one file; more, and reading it piece by piece would cost more than writing it anew."""


@dataclass(slots=True)
class Part:
    """What one file will hold.

    Attributes:
        spans: Where its bytes stand.
        size: How many they are.
        lines: How many lines.
    """

    spans: list[Span] = field(default_factory=list)
    size: int = 0
    lines: int = 0
    hash: Any = field(default_factory=sha256)


class SpanParts:
    """Takes lines in order.

    Args:
        limit: The most bytes of one part.
    """

    def __init__(self, *, limit: int) -> None:
        self.parts: list[Part] = []
        self._limit = limit
        self._part = Part()
        self._ends_open = False

    def is_scattered(self) -> bool:
        """Tell whether the lines stand in too many places."""
        return len(self._part.spans) > MOST_SPANS

    def spans(self) -> Iterator[Span]:
        """Give all spans so far, in order."""
        for part in self.parts:
            yield from part.spans

    def add(self, span: Span, lines: Sequence[bytes], data: bytes | memoryview) -> None:
        """Take the lines of a span.

        Args:
            span: Where they stand.
            lines: The lines, each at most as long as a part.
            data: The same, in one piece.
        """
        if self._size() + len(data) <= self._limit:
            self._append(span, data)
            return
        ends = list(accumulate(map(len, lines), initial=0))
        done = 0
        while done < len(lines):
            fit = bisect_right(ends, ends[done] + self._limit - self._size()) - 1
            if fit > done:
                piece = data[ends[done] : ends[fit]]
                self._append(
                    Span(span.source, span.first_line + done, fit - done, span.offset + ends[done], len(piece)), piece
                )
                done = fit
            else:
                self._part = Part()
                self._ends_open = False

    def _size(self) -> int:
        """Count the bytes so far, with the newline that a source forgot."""
        return self._part.size + self._ends_open

    def _append(self, span: Span, data: bytes | memoryview) -> None:
        part = self._part
        if not part.spans:
            self.parts.append(part)
        if self._ends_open:
            part.spans[-1] = part.spans[-1]._replace(newline=True)
            part.size += 1
            part.hash.update(b"\n")
        last = part.spans[-1] if part.spans else None
        if (
            last
            and last.source == span.source
            and last.offset + last.length == span.offset
            and last.first_line + last.lines == span.first_line
        ):
            part.spans[-1] = last._replace(length=last.length + span.length, lines=last.lines + span.lines)
        else:
            part.spans.append(span)
        part.size += span.length
        part.lines += span.lines
        part.hash.update(data)
        self._ends_open = data[-1] != ord("\n")
