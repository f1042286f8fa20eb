"""The streaming of an uploaded data file from the request to disk."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from gong_crm_emulator.refusals import CLOSE, NO_FILE, Refusal, bad_request
from gong_crm_emulator.store.tracking import StoredFile

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from starlette.requests import Request

PART: Final = "dataFile"
_OVERHEAD: Final = 1_000_000
"""Bytes beyond the file that a request may have for boundaries, part headers and other parts."""

_BOUNDARY: Final = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


class TooLarge(Exception):  # noqa: N818  (says why reading stopped)
    """The data file is larger than allowed; the rest of it was not read."""


class _Parts:
    """Write the part dataFile to a file and pass over every other part."""

    def __init__(self, target: BinaryIO, *, limit: int) -> None:
        self._target = target
        self._limit = limit
        self._field = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._wanted = False
        self.files = 0
        self.bytes = 0
        self.ended = False

    def on_part_begin(self) -> None:
        self._disposition = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if bytes(self._field).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._wanted = options.get(b"name") == PART.encode()
        self.files += self._wanted

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._wanted:
            return
        self.bytes += end - start
        if self.bytes > self._limit:
            raise TooLarge
        self._target.write(memoryview(data)[start:end])

    def on_end(self) -> None:
        self.ended = True


async def receive_file(request: Request, *, folder: Path, limit: int) -> StoredFile:
    """Stream the part `dataFile` of a multipart request to disk.

    Memory does not grow with the file. Whatever goes wrong, nothing stays on disk.

    Raises:
        Refusal: If the body is no multipart form, ends early, or has no part or several parts `dataFile`.
        TooLarge: If the file is above the limit, at once when the request's length says so.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit + _OVERHEAD:
        raise TooLarge
    boundary = _boundary(request.headers.get("content-type", ""))
    name = f"{uuid.uuid4().hex}.ldjson"
    path = folder / name
    try:
        with path.open("wb") as target:
            parts = await _parse(request, boundary=boundary, target=target, limit=limit)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if parts.files != 1 or not parts.ended:
        path.unlink(missing_ok=True)
        raise _incomplete(parts)
    return StoredFile(name=name, bytes=parts.bytes)


async def _parse(request: Request, *, boundary: bytes, target: BinaryIO, limit: int) -> _Parts:
    parts = _Parts(target, limit=limit)
    received = 0
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": parts.on_part_begin,
            "on_header_field": parts.on_header_field,
            "on_header_value": parts.on_header_value,
            "on_header_end": parts.on_header_end,
            "on_headers_finished": parts.on_headers_finished,
            "on_part_data": parts.on_part_data,
            "on_end": parts.on_end,
        },
    )
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > limit + _OVERHEAD:
                raise TooLarge
            parser.write(chunk)
            if received - parts.bytes > _OVERHEAD:
                sentence = f"Parts other than {PART} must not be larger than {_OVERHEAD:,} bytes together"
                raise Refusal(400, sentence, headers=CLOSE)
    except MultipartParseError as problem:
        raise bad_request(f"The multipart body cannot be read: {problem}") from problem
    except ClientDisconnect as gone:
        raise bad_request("The body ended before its announced length") from gone
    return parts


def _boundary(content_type: str) -> bytes:
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise bad_request("The multipart body cannot be read: Content-Type names no valid boundary")
    return boundary


def _incomplete(parts: _Parts) -> Refusal:
    if parts.files > 1:
        return bad_request(f"{PART} part must come once, not {parts.files} times")
    if parts.files == 1:
        return bad_request("The multipart body cannot be read: it ends before its closing boundary")
    return bad_request(NO_FILE)
