"""Files, handles and standard input that hold LDJSON, compressed or not."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from gong_crm.errors import SourceError
from gong_crm.feeds.block import Block
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK_BYTES: Final = 32 * 1024
"""What a block holds, more or less; larger ones are slower, because they leave the cache of the processor."""

LONGEST_LINE: Final = 200_000_000
"""No upload may be longer, so a longer line is no line."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class LdjsonFeed:
    """Lines as they stand in a file, a handle or a pipe.

    Args:
        name: What people call it.
        open_: Opens it in binary, decompressed, at its beginning.
        path: The file, when its bytes are the lines.
    """

    def __init__(self, name: str, *, open_: Callable[[], BinaryIO], path: Path | None = None) -> None:
        self.name = name
        self.path = path
        self._open = open_

    def blocks(self) -> Iterator[Block]:
        """Give all lines, in order."""
        number, offset = 1, 0
        with damage_reported(self.name), self._open() as handle:
            for data in _cut(handle, self.name):
                mark = len(BYTE_ORDER_MARK) if offset == 0 and data.startswith(BYTE_ORDER_MARK) else 0
                offset += mark
                content = data[mark:]
                # To cut the lines counts them too; to count them alone would take longer.
                # What is this long is one line, and a copy of it would be as long.
                lines = [content] if len(content) > 3 * BLOCK_BYTES else io.BytesIO(content).readlines()
                if lines:
                    yield Block(data=content, first_line=number, offset=offset, lines=lines)
                number += len(lines)
                offset += len(content)

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:
        """Say where a line comes from."""
        return Origin(source=self.name, line=line, offset=offset, length=length)


@contextmanager
def damage_reported(name: str) -> Iterator[None]:
    """Say which source it is that cannot be read.

    Raises:
        SourceError: If it is damaged, or the system does not give it.
    """
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise SourceError(f"{name} is damaged: {problem}; copy or compress it again") from problem
    except OSError as problem:
        raise SourceError(f"{name} could not be read: {problem.strerror or problem}") from problem


def _cut(handle: BinaryIO, name: str) -> Iterator[bytes]:
    """Read whole lines, some at a time."""
    while data := handle.read(BLOCK_BYTES):
        if data.endswith(b"\n"):
            yield data
            continue
        rest = handle.readline(BLOCK_BYTES)
        if len(rest) < BLOCK_BYTES or rest.endswith(b"\n"):
            yield data + rest
            continue
        # A line as long as this comes alone, so that nothing else waits for it or is copied with it.
        start = data.rfind(b"\n") + 1
        if start:
            yield data[:start]
        yield _long_line(handle, data[start:] + rest, name)


def _long_line(handle: BinaryIO, start: bytes, name: str) -> bytes:
    line = io.BytesIO()
    line.write(start)
    while True:
        part = handle.readline(BLOCK_BYTES)
        line.write(part)
        if len(part) < BLOCK_BYTES or part.endswith(b"\n"):
            return line.getvalue()
        if line.tell() > LONGEST_LINE:
            raise SourceError(
                f"{name} has a line of more than {LONGEST_LINE:,} bytes, the most that one upload may hold; "
                "write one JSON object a line"
            )
