"""Records of a program, any iterable of mappings, as lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gong_crm.errors import SourceError
from gong_crm.feeds.block import Block
from gong_crm.feeds.casts import as_line
from gong_crm.feeds.ldjson import BLOCK_BYTES
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gong_crm.findings import Finding


class RecordsFeed:
    """One line for each record.

    Args:
        records: Mappings of member to value, or a cursor; a generator can be read once.
        name: What people call it.
    """

    path: Path | None = None

    def __init__(self, records: Any, *, name: str = "<records>") -> None:  # noqa: ANN401  (any iterable, and cursors that are none)
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


def _mappings(records: Any, source: str) -> Iterable[Any]:  # noqa: ANN401  (any iterable, and cursors that are none)
    """Give the rows of a cursor the names that its description knows; all else is as it is."""
    if not is_cursor(records):
        unchanged: Iterable[Any] = records
        return unchanged
    names = [column[0] for column in records.description]
    refuse_twice(names, source)
    rows = records if isinstance(records, Iterable) else _fetched(records)
    return (dict(zip(names, row, strict=True)) if isinstance(row, tuple) else row for row in rows)


def _fetched(cursor: Any) -> Iterator[Any]:  # noqa: ANN401  (of any database)
    while rows := cursor.fetchmany(1000):
        yield from rows


def is_cursor(source: object) -> bool:
    """Return whether a source is a cursor that has a result; not every cursor can be iterated."""
    return getattr(source, "description", None) is not None and callable(getattr(source, "fetchmany", None))
