"""Bytes written whole to files without a buffer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO


def write_all(file: BinaryIO, data: bytes) -> int:
    """Write to a file without a buffer, however little it takes at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    return len(data)
