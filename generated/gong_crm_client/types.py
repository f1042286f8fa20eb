# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""Contains some shared types for properties"""

import contextlib
import io
import os
import weakref
from collections.abc import Mapping, MutableMapping
from typing import IO, BinaryIO, Generic, Literal, TypeVar, cast

from attrs import define, field


class Unset:
    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # The name of the one instance: what pickle, copy and deepcopy give back is that instance.
        return "UNSET"


UNSET: Unset = Unset()

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]

# Handles that cannot go back and were read from, so that a second attempt does not send what is left of them.
_SPENT: "weakref.WeakSet[BinaryIO]" = weakref.WeakSet()


# httpx asks for 64 KiB at a time and sends on whatever it gets; larger pieces halve the time, awaited ones most.
_PIECE = 512 * 1024


@define
class File:
    """Contains information for file uploads

    The part is what the handle gives from ``start`` to its end, at each attempt anew.

    Attributes:
        payload: A handle opened in binary mode; it must stand at ``start`` when it is first sent.
        file_name: The name told to the server; without one, the name of the handle's file, or "data".
        mime_type: The media type told to the server.
        start: The byte of the handle at which the part starts.
    """

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = "application/x-ndjson"
    start: int = field(default=0, kw_only=True)
    _sent: bool = field(default=False, init=False, repr=False, eq=False)

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        path = getattr(self.payload, "name", None)
        known = isinstance(path, str) and not path.startswith("<")  # <stdin> is no name, nor is a number
        name = self.file_name or (os.path.basename(str(path)) if known else "") or "data"
        if isinstance(self.payload, (bytes, str, io.TextIOBase)):
            return name, self.payload, self.mime_type  # httpx sends the first two and refuses the third
        part = _Part(self.payload, start=self.start, sent=self._sent)
        self._sent = True
        return name, cast("IO[bytes]", part), self.mime_type


class _Part:
    """Reads the same bytes of a handle at each attempt, or says why it cannot"""

    def __init__(self, payload: BinaryIO, *, start: int, sent: bool) -> None:
        self._payload = payload
        self._start = start
        self._read = 0
        self._length: int | None = None
        if hasattr(payload, "seekable") and payload.seekable():
            here = payload.tell()
            if here != start and not sent:
                raise ValueError(
                    f"the payload stands at byte {here}, not at {start}:"
                    f" seek({start}) to send it from there, or say File(..., start={here})"
                )
            self._length = payload.seek(0, io.SEEK_END) - start
            payload.seek(start)
            if self._length < 0:
                raise ValueError(f"the payload has {self._length + start} bytes, it cannot start at {start}")
        elif start or sent or payload in _SPENT:
            raise ValueError("the payload can be read only once, and was: open it anew, or send a seekable copy")

    def tell(self) -> int:
        if self._length is None:
            raise io.UnsupportedOperation("a payload that can be read only once has no position")
        return self._read

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if self._length is None:
            if self._read:
                raise ValueError("the payload can be read only once, and was: open it anew, or send a seekable copy")
            return 0
        self._read = offset + (self._length if whence == io.SEEK_END else 0)
        self._payload.seek(self._start + self._read)
        return self._read

    def read(self, size: int = -1) -> bytes:
        if self._length is None:
            return self._read_once(size)
        if self._payload.tell() != self._start + self._read:
            raise ValueError("somebody else moved the payload while it was sent: give each call a handle of its own")
        left = self._length - self._read
        chunk = self._payload.read(left if size < 0 else min(max(size, _PIECE), left))
        self._read += len(chunk)
        return chunk

    def _read_once(self, size: int) -> bytes:
        chunk = self._payload.read(size)
        if not chunk and not self._read:
            raise ValueError("the payload gave no byte: it was read before, or is empty; io.BytesIO() sends nothing")
        self._read += len(chunk)
        with contextlib.suppress(TypeError):  # some objects of others take no weak reference
            _SPENT.add(self._payload)
        return chunk


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]
