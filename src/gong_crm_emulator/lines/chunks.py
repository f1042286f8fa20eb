"""The cutting of a file into lines, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHUNK: Final = 1 << 18
"""Bytes read and stored at a time; also what is read again after a kill."""

_STARTS: Final = {
    b"\x1f\x8b": "it is gzip-compressed",
    b"PK\x03\x04": "it is a ZIP archive",
    b"\xff\xfe": "it is UTF-16, not UTF-8",
    b"\xfe\xff": "it is UTF-16, not UTF-8",
}
"""First bytes that tell another kind of file, which gets one general error instead of one for each line."""


def other_kind(start: bytes) -> str | None:
    """Say what a file is that begins like another kind of file, or None for a file of lines."""
    return next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), None)


def chunks(file: BinaryIO, *, start: int, max_line: int) -> Iterator[tuple[list[bytes | None], int]]:
    """Cut a file into lists of lines."""
    file.seek(start)
    line_start = start
    rest = b""
    dropping = False
    while chunk := file.read(_CHUNK):
        lines: list[bytes | None] = []
        lines.extend((rest + chunk).split(b"\n"))
        rest = lines.pop() or b""
        if lines:
            line_start = file.tell() - len(rest)
            lines[0] = None if dropping else lines[0]
            dropping = False
            yield _bounded(lines, max_line), line_start
        if dropping or len(rest) > max_line:
            rest, dropping = b"", True
    if rest or dropping:
        yield _bounded([None if dropping else rest], max_line), file.tell()


def _bounded(lines: list[bytes | None], max_line: int) -> list[bytes | None]:
    """Put None for lines that are too long; beyond the first they are no longer than a chunk."""
    suspects = 1 if max_line >= _CHUNK else len(lines)
    for place, line in enumerate(lines[:suspects]):
        if line is not None and len(line) > max_line:
            lines[place] = None
    return lines
