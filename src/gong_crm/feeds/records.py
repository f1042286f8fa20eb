"""Records of a program, any iterable of mappings, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gong_crm.errors import SourceError
from gong_crm.feeds.block import Block
from gong_crm.feeds.casts import as_line
from gong_crm.feeds.ldjson import BLOCK_BYTES
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
        self._records = _mappings(records, name)

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
                yield _block(lines, first, offset, findings)
                first, offset, size = row + 1, offset + size, 0
                lines, findings = [], []
        if lines:
            yield _block(lines, first, offset, findings)

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:  # noqa: ARG002  (a row has no bytes)
        """Say which record a line comes from."""
        return Origin(source=self.name, line=line, is_row=True)


def _block(lines: list[bytes], first: int, offset: int, findings: Sequence[Finding]) -> Block:
    return Block(data=b"".join(lines), first_line=first, offset=offset, findings=tuple(findings), lines=lines)


def refuse_twice(names: Sequence[str], source: str) -> None:
    """Refuse columns of one name, because a record keeps the last of them silently.

    Raises:
        SourceError: If there are any.
    """
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SourceError(f"{source} has more than one column {twice!r}; rename or drop all but one")


def _mappings(records: Iterable[Any], source: str) -> Iterable[Any]:
    """Give the rows of a cursor the names that its description knows; all else is as it is."""
    description = getattr(records, "description", None)
    if description is None or not callable(getattr(records, "fetchmany", None)):
        return records
    names = [column[0] for column in description]
    refuse_twice(names, source)
    return (dict(zip(names, row, strict=True)) if isinstance(row, tuple) else row for row in records)
