# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""What may be sent as a file, and how it is read: the same bytes at each attempt, or a word on why not."""

from __future__ import annotations

import contextlib
import inspect
import io
import mmap
import os
import re
import weakref
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable

# httpx asks for 64 KiB at a time and sends on whatever it gets; larger pieces halve the time, awaited ones most.
_PIECE = 512 * 1024
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:;[\x20-\x7e]*)?", re.ASCII)


@runtime_checkable
class Readable(Protocol):
    """A handle opened in binary mode, or whatever reads like one."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


Payload = Readable | bytes | bytearray | memoryview | os.PathLike[str] | mmap.mmap | Iterator[bytes]

_WANTED = "send bytes, a pathlib.Path, a handle opened in binary mode, a memory map, or an iterator of bytes"
# Payloads that cannot go back and were read from, so that a second attempt does not send what is left of them.
_SPENT: weakref.WeakSet[Any] = weakref.WeakSet()


class Part:
    """Reads a payload for httpx, which takes it for a file."""

    def __init__(self, handle: Any, *, start: int, sent: bool, opened: bool) -> None:  # noqa: ANN401  (of any kind)
        self._handle = handle
        self._opened = opened
        self._start = start
        self._read = 0
        self._length: int | None = None
        if _seekable(handle):
            here = handle.tell()
            if here != start and not sent and not opened:
                raise ValueError(
                    f"the payload stands at byte {here}, not at {start}:"
                    f" seek({start}) to send it from there, or say File(..., start={here})"
                )
            # A memory map returns nothing from seek before Python 3.13.
            handle.seek(0, io.SEEK_END)
            whole = handle.tell()
            handle.seek(min(start, whole))
            if start > whole:
                self.close()
                raise ValueError(f"the payload has {whole} bytes, it cannot start at {start}")
            self._length = whole - start
        elif start or sent or _spent(handle):
            self.close()
            raise ValueError("the payload can be read only once, and was: open it anew, or send a seekable copy")

    def close(self) -> None:
        """Close what was opened here, and nothing of the caller's."""
        if self._opened:
            self._handle.close()

    def tell(self) -> int:
        """Return how much was read, counted from the start of the part."""
        if self._length is None:
            raise io.UnsupportedOperation("a payload that can be read only once has no position")
        return self._read

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place of the part."""
        if self._length is None:
            if self._read:
                raise ValueError("the payload can be read only once, and was: open it anew, or send a seekable copy")
            return 0
        self._read = offset + (self._length if whence == io.SEEK_END else 0)
        self._handle.seek(self._start + self._read)
        return self._read

    def read(self, size: int = -1) -> bytes:
        """Return at least as much as asked for, while there is something."""
        if self._length is None:
            return self._read_once(size)
        if self._handle.tell() != self._start + self._read:
            raise ValueError("somebody else moved the payload while it was sent: give each call a handle of its own")
        left = self._length - self._read
        chunk = _bytes(self._handle.read(left if size < 0 else min(max(size, _PIECE), left)))
        self._read += len(chunk)
        return chunk

    def _read_once(self, size: int) -> bytes:
        chunk = _bytes(self._handle.read(size))
        if not chunk and not self._read:
            raise ValueError("the payload gave no byte: it was read before, or is empty; b'' sends nothing")
        self._read += len(chunk)
        with contextlib.suppress(TypeError):  # some objects of others take no weak reference
            _SPENT.add(_source(self._handle))
        return chunk


class _Pieces:
    """Reads an iterator, each piece as it comes."""

    def __init__(self, pieces: Iterator[Any]) -> None:
        self.pieces = pieces

    def read(self, _size: int = -1) -> bytes:
        for piece in self.pieces:
            # An empty piece would be taken for the end.
            if content := _bytes(piece):
                return content
        return b""


def content_of(payload: Any, *, start: int, sent: bool) -> bytes | Part:  # noqa: ANN401  (whatever the caller gave)
    """Return what httpx sends for a payload.

    Raises:
        TypeError: If it is nothing that can be sent.
        ValueError: If `start` is no byte, if it stands elsewhere than there, or was read before and cannot go back.
    """
    if type(start) is not int or start < 0:
        raise ValueError(f"start is the number of a byte, counted from 0, not {str(start)[:40]!r}")
    if isinstance(payload, (bytes, bytearray, memoryview)):
        content = bytes(payload)
        if start > len(content):
            raise ValueError(f"the payload has {len(content)} bytes, it cannot start at {start}")
        return content[start:]
    if isinstance(payload, os.PathLike):
        return Part(open(payload, "rb"), start=start, sent=sent, opened=True)  # noqa: PTH123  (closed by `released`)
    if isinstance(payload, str):
        raise TypeError(
            f"a text is neither a file nor its content: send pathlib.Path(...) for the file of that name,"
            f" or .encode() for its bytes; got {payload[:40]!r}"
        )
    if hasattr(payload, "read"):
        _refuse_text(payload)
        return Part(payload, start=start, sent=sent, opened=False)
    if isinstance(payload, Iterator):
        return Part(_Pieces(payload), start=start, sent=sent, opened=False)
    raise TypeError(f"nothing that can be sent: {type(payload).__name__}; {_WANTED}")


def _refuse_text(handle: Any) -> None:  # noqa: ANN401  (whatever the caller gave)
    """Ask a handle for nothing: what it returns tells text from bytes, and takes nothing away."""
    try:
        nothing = handle.read(0)
    except (io.UnsupportedOperation, TypeError) as error:
        raise TypeError(f"the {type(handle).__name__} cannot be read: {error}; {_WANTED}") from None
    if isinstance(nothing, str):
        raise TypeError(f"the handle was opened in text mode, open it with 'rb'; {_WANTED}")
    if inspect.isawaitable(nothing):
        if inspect.iscoroutine(nothing):
            nothing.close()
        raise TypeError(f"the handle has to be awaited, which the parts of a form cannot be; {_WANTED}")


def name_of(payload: Any, file_name: Any) -> str:  # noqa: ANN401  (whatever the caller gave)
    """Return the name to send: the one given, else that of the payload's file, else "data"."""
    if file_name is not None and not isinstance(file_name, str):
        raise TypeError(f"file_name is a text, not {type(file_name).__name__}")
    name = file_name or os.path.basename(_path_of(payload)) or "data"  # noqa: PTH119  (no path to be, but a name)
    # What UTF-8 cannot hold arrives as a question mark; httpx escapes quotes and line breaks.
    return name.encode("utf-8", "replace").decode("utf-8")


def _path_of(payload: Any) -> str:  # noqa: ANN401  (whatever the caller gave)
    if isinstance(payload, os.PathLike):
        return os.fsdecode(payload)
    name = getattr(payload, "name", None)
    # <stdin> is no name, nor is the number of a pipe.
    return name if isinstance(name, str) and not name.startswith("<") else ""


def media_type_of(mime_type: str | None) -> str | None:
    """Return the media type, if it can be one.

    Raises:
        ValueError: If it would begin a header of its own.
    """
    if mime_type is not None and not (isinstance(mime_type, str) and _MEDIA_TYPE.fullmatch(mime_type)):
        raise ValueError(f"{str(mime_type)[:60]!r} is no media type; one looks like application/x-ndjson")
    return mime_type


@contextlib.contextmanager
def released(files: Iterable[Any]) -> Iterator[None]:
    """Close in the end what was opened to be sent."""
    try:
        yield
    finally:
        for _, (_, content, *_) in files:
            if isinstance(content, Part):
                content.close()


def as_file(part: bytes | Part) -> IO[bytes] | bytes:
    """Return what the types of httpx call a file."""
    return cast("IO[bytes]", part) if isinstance(part, Part) else part


def _seekable(handle: Any) -> bool:  # noqa: ANN401  (of any kind)
    if hasattr(handle, "seekable"):
        return bool(handle.seekable())
    return isinstance(handle, mmap.mmap)


def _spent(handle: Any) -> bool:  # noqa: ANN401  (of any kind)
    try:
        return _source(handle) in _SPENT
    except TypeError:
        return False


def _source(handle: Any) -> Any:  # noqa: ANN401  (of any kind)
    return handle.pieces if isinstance(handle, _Pieces) else handle


def _bytes(piece: object) -> bytes:
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(piece)
    if piece is None:
        raise ValueError("the payload has no bytes for now: it is a handle that does not block; open it otherwise")
    raise TypeError(f"the payload gives {type(piece).__name__} where bytes are due; {_WANTED}")
