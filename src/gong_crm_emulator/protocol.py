"""How bytes become calls: the web server's protocol, with bounds, deadlines and deaf ears for upgrades."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gong_crm_emulator.middleware.under_way import BEGUN, CONNECTION

if TYPE_CHECKING:
    import asyncio

LONGEST_HEAD: Final = 65_536
"""Bytes of a request line with its headers."""

MOST_WAITING: Final = 10
"""Calls of one connection that wait for those before them; what comes behind is not looked at meanwhile."""

_METHOD: Final = re.compile(rb"[A-Z][A-Z-]{0,30}(?: |\Z)")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_UPGRADE: Final = re.compile(rb"(?im)^(?:upgrade|http2-settings):[^\n]*\n")
_CONNECTION: Final = re.compile(rb"(?im)^connection:([^\r\n]*)")
_CHUNKS_END: Final = b"\r\n\r\n"
_TOO_LONG: Final = b"The request line and its headers are longer than %d bytes." % LONGEST_HEAD
_REFUSED: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_TOO_LONG), _TOO_LONG)
)


class EmulatorProtocol(HttpToolsProtocol):
    """uvicorn's protocol, fed a whole head at a time.

    The parser takes an upgrade for the end of HTTP, and the body with it is lost.
    An upgrade that is not taken is to be ignored (RFC 9110, 7.8), and the JDK's client offers one with every call,
    so it never gets to see one.
    """

    idle_seconds = 30.0
    _deadline: asyncio.TimerHandle | None = None
    _patience: asyncio.TimerHandle | None = None
    _begun = 0.0
    _in_body = False
    _body_left: int | None = None
    _tail = b""
    _without_body = 0
    _unseen = b""

    # Coming

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Expect a request soon, and watch over everything that is not taken at once."""
        super().connection_made(transport)
        self._head = bytearray()
        transport.set_write_buffer_limits(high=0)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._relax()
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser with one whole head, then with exactly its body, then with the next head."""
        data = self._unseen + data
        while data and len(self.pipeline) < MOST_WAITING and not self.transport.is_closing():
            data = self._take_body(data) if self._in_body else self._take_head(data)
        self._unseen = data
        if data:
            self.flow.pause_reading()

    def on_response_complete(self) -> None:
        """Look at what came behind the calls that waited."""
        super().on_response_complete()
        if self._unseen and not self.transport.is_closing():
            self.data_received(b"")

    def _take_head(self, data: bytes) -> bytes:
        if not self._head:
            data = data.lstrip(b"\r\n")
            self._begun = time.monotonic()
            self._expect()
        looked_at = max(0, len(self._head) - len(_CHUNKS_END))
        self._head += data
        end = _HEAD_END.search(self._head, looked_at)
        length = len(self._head) if end is None else end.end()
        if end is None and length <= LONGEST_HEAD and _METHOD.match(self._head):
            return b""
        head, self._head = bytes(self._head), bytearray()
        if length > LONGEST_HEAD:
            self.transport.write(_REFUSED)
            self.transport.close()
            return b""
        super().data_received(_without_upgrade(head[:length]))
        return head[length:]

    def _take_body(self, data: bytes) -> bytes:
        if self._body_left is not None:
            piece = data[: self._body_left]
            self._body_left -= len(piece)
        else:
            end = (self._tail + data).find(_CHUNKS_END)
            # The last chunk ends so, and what else ends so is a piece like any other.
            piece = data if end < 0 else data[: end + len(_CHUNKS_END) - len(self._tail)]
            self._tail = b"" if end >= 0 else (self._tail + piece)[1 - len(_CHUNKS_END) :]
            self._without_body += len(piece)
        if self.cycle.response_complete:
            self._expect()  # the rest of a body that nobody wants
        super().data_received(piece)
        if self._in_body and self._without_body > LONGEST_HEAD:
            self.transport.close()  # endless trailers, or the size of a chunk written with endless zeros
        return data[len(piece) :]

    def on_message_begin(self) -> None:
        """Hand over the connection and the moment at which the call began."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {CONNECTION: self.transport, BEGUN: self._begun}

    def on_headers_complete(self) -> None:
        """Leave the rest to the application, which watches the body."""
        self._relax()
        headers = dict(self.headers)
        length = headers.get(b"content-length", b"")
        self._in_body = True
        self._body_left = int(length) if length.isdigit() and b"transfer-encoding" not in headers else None
        self._tail = b""
        self._without_body = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note that a body is more than its framing."""
        self._without_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next head."""
        self._relax()
        self._in_body = False
        super().on_message_complete()

    def _expect(self) -> None:
        self._relax()
        self._deadline = self.loop.call_later(self.idle_seconds, self.transport.close)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # Going

    def pause_writing(self) -> None:
        """Give a caller who does not read some time."""
        super().pause_writing()
        self._wait(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Be content with a caller who has read."""
        self._stop_waiting()
        super().resume_writing()

    def _wait(self, before: int) -> None:
        self._patience = self.loop.call_later(self.idle_seconds, self._look_again, before)

    def _look_again(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= before:
            self.transport.abort()
        else:
            self._wait(left)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _without_upgrade(head: bytes) -> bytes:
    if b"upgrade" not in head.lower():
        return head
    return _CONNECTION.sub(_without_tokens, _UPGRADE.sub(b"", head))


def _without_tokens(connection: re.Match[bytes]) -> bytes:
    tokens = [token.strip() for token in connection[1].split(b",")]
    kept = [token for token in tokens if token.lower() not in {b"upgrade", b"http2-settings"}]
    return b"Connection: " + b", ".join(kept)
