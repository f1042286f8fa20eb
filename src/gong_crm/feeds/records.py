"""Records of a program, any iterable of mappings, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gong_crm.feeds.block import Block
from gong_crm.feeds.casts import as_line
from gong_crm.feeds.ldjson import BLOCK_BYTES
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gong_crm.findings import Finding


class RecordsFeed:
    """One line for each record.

    Args:
        records: Mappings of member to value; a generator can be read once.
        name: What people call it.
    """

    path: Path | None = None

    def __init__(self, records: Iterable[Any], *, name: str = "<records>") -> None:
        self.name = name
        self._records = records

    def blocks(self) -> Iterator[Block]:
        """Give a line for each record, in order."""
        lines: list[bytes] = []
        findings: list[Finding] = []
        first, offset, size = 1, 0, 0
        for row, record in enumerate(self._records, 1):
            line, found = as_line(record, origin=self.origin(row))
            lines.append(line)
            findings.extend(found)
            size += len(line)
            if size >= BLOCK_BYTES:
                yield Block(data=b"".join(lines), first_line=first, offset=offset, findings=tuple(findings))
                first, offset, size = row + 1, offset + size, 0
                lines, findings = [], []
        if lines:
            yield Block(data=b"".join(lines), first_line=first, offset=offset, findings=tuple(findings))

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:  # noqa: ARG002  (a row has no bytes)
        """Say which record a line comes from."""
        return Origin(source=self.name, line=line, is_row=True)
