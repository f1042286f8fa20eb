"""The whole lines that a feed hands on, some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gong_crm.findings import Finding, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whole lines of one feed.

    Attributes:
        data: The lines with their ends, as LDJSON; only the last line of a feed may lack its newline.
            What the feed holds stands here byte by byte, blank lines and carriage returns included, without a byte
            order mark.
        first_line: Number of the first line in the feed as LDJSON, from 1.
        offset: Bytes of the feed as LDJSON before `data`, a byte order mark included.
        findings: What the feed itself says of lines in here, of rows that make no good line for example;
            a line with an error here is refused whatever it holds.
        places: Where lines come from when that is not the line of the same number: (line, offset, length) for each.
        lines: The same lines, each with its end, where the feed has them one by one anyway.
    """

    data: bytes
    first_line: int
    offset: int
    findings: tuple[Finding, ...] = ()
    places: Sequence[tuple[int, int, int]] | None = None
    lines: list[bytes] | None = None


class Feed(Protocol):
    """A source of lines of one object type; the one extension point.

    Attributes:
        name: What people call it: a path, `<stdin>`, `<records>`.
        path: The file whose bytes are the LDJSON that `blocks` gives, when it is one that can be read again;
            else None, and what `blocks` gives is spooled before it is sent.
    """

    @property
    def name(self) -> str:
        """Say what people call it."""

    @property
    def path(self) -> Path | None:
        """Name the file that holds the lines as they are, if there is one."""

    def blocks(self) -> Iterator[Block]:
        """Give all lines, in order, about 32 KB at a time; a longer line comes alone."""

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:
        """Say where a line comes from that has no entry in `Block.places`."""
