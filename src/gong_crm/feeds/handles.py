"""Feeds of open files and of standard input, which can be read once."""

from __future__ import annotations

import gzip
import io
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from gong_crm.errors import SourceError
from gong_crm.feeds.kinds import GZIP, START, check_start, feed_of
from gong_crm.feeds.ldjson import BLOCK_BYTES
from gong_crm.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typing_extensions import Buffer

    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.kinds import Reading


def feed(handle: Any, reading: Reading) -> Feed:  # noqa: ANN401  (whatever has read())
    """Give a feed of an open file, be it binary or text."""
    if getattr(handle, "closed", False):
        raise SourceError(f"{name_of(handle)} is closed; hand over an open file, or its path")
    name = name_of(handle)
    return feed_of(name, open_=_once(handle, name), reading=reading)


def standard_input(reading: Reading) -> Feed:
    """Give a feed of standard input."""
    handle = getattr(sys.stdin, "buffer", sys.stdin)
    if handle is None:
        raise SourceError("there is no standard input; name a file")
    return feed_of("<stdin>", open_=_once(handle, "<stdin>"), reading=reading)


def name_of(handle: object) -> str:
    """Say what people call an open file."""
    name = getattr(handle, "name", None)
    return printable(name) if isinstance(name, str) else f"<{type(handle).__name__}>"


def _once(handle: Any, name: str) -> Callable[[], BinaryIO]:  # noqa: ANN401  (whatever has read())
    """Open what is open already, as something that leaves it open and can be read once."""
    unread = [handle]

    def open_() -> BinaryIO:
        if not unread:
            raise SourceError(f"{name} was read already, and cannot be read twice; give its path instead")
        return looked_at(io.BufferedReader(_Borrowed(unread.pop(), name), BLOCK_BYTES), name)

    return open_


def looked_at(buffered: io.BufferedReader, name: str) -> BinaryIO:
    """Look at the first bytes without taking them, and decompress what follows if they say so.

    Raises:
        SourceError: If they are those of another kind of file.
    """
    start = buffered.peek(START)[:START]
    check_start(start, name)
    return decompressed(buffered, name) if start.startswith(GZIP) else cast("BinaryIO", buffered)


def decompressed(compressed: Path | BinaryIO, name: str) -> BinaryIO:
    """Open what is compressed by gzip.

    Raises:
        SourceError: If it holds another kind of file.
    """
    opened = gzip.open(compressed, "rb")  # noqa: SIM115  (whoever reads it closes it)
    try:
        check_start(opened.peek(START)[:START], name, is_decompressed=True)
    except BaseException:
        opened.close()
        raise
    return cast("BinaryIO", opened)


class _Borrowed(io.RawIOBase):
    """Reads bytes out of a handle that is someone else's to close; text becomes UTF-8 again."""

    def __init__(self, handle: Any, name: str) -> None:  # noqa: ANN401  (whatever has read())
        self._handle = handle
        self._name = name
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        if not self._left:
            self._left = self._read(len(view))
        part, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(part)] = part
        return len(part)

    def _read(self, size: int) -> bytes:
        try:
            read = self._handle.read(size)
            return read.encode("utf-8", "surrogatepass") if isinstance(read, str) else bytes(memoryview(read or b""))
        except UnicodeDecodeError as problem:
            raise SourceError(f"{self._name} is open as text and holds other bytes; open it in binary") from problem
        except Exception as problem:  # whatever the handle is of: a connection, a bucket
            raise SourceError(f"{self._name} could not be read: {problem}") from problem
