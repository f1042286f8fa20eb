# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""The network under httpx, with an end to each call and an ear for answers that come early."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    import httpx
    from httpcore import SOCKET_OPTION

_PIECE = 1 << 16


@dataclass(kw_only=True, slots=True)
class Watch:
    """What one call may take, and what it did so far.

    Attributes:
        deadline: The moment at which the call ends, on the monotonic clock; None for never.
        answer_seconds: How long the whole answer may take once the request was sent; None for ever.
        reported: How long the call may take, for the message.
    """

    deadline: float | None
    answer_seconds: float | None
    reported: float | None
    wrote: bool = False
    reads: int = 0
    _answer_by: float | None = None

    def starts(self) -> None:
        """Begin a request, the first or one after a redirect."""
        self.wrote, self.reads, self._answer_by = False, 0, None

    def writes(self) -> None:
        """Note that a part of the request goes out."""
        self.wrote = True

    def left(self, timeout: float | None) -> float | None:
        """Return how long a step may take, at most as long as httpx allows.

        Raises:
            httpcore.ReadTimeout: If the call has had its time.
        """
        return self._least(timeout, self.deadline)

    def left_of_answer(self, timeout: float | None) -> float | None:
        """Return how long reading the answer may go on."""
        self.reads += 1
        if self._answer_by is None and self.answer_seconds is not None:
            self._answer_by = time.monotonic() + self.answer_seconds
        return self._least(self._least(timeout, self.deadline), self._answer_by)

    def _least(self, timeout: float | None, moment: float | None) -> float | None:
        if moment is None:
            return timeout
        left = moment - time.monotonic()
        if left <= 0:
            if moment == self.deadline:
                raise httpcore.ReadTimeout(f"the call took longer than its deadline of {self.reported:g} seconds")
            raise httpcore.ReadTimeout(f"the answer was not whole after {self.answer_seconds:g} seconds")
        return left if timeout is None else min(timeout, left)


WATCH: ContextVar[Watch | None] = ContextVar("gong_crm_client_watch", default=None)


def guard(http: httpx.Client | httpx.AsyncClient) -> None:
    """Put our streams under every connection pool that a client of httpx opened for itself.

    httpx has no argument for httpcore's public `network_backend`; a test fails when the way there changes.
    """
    for transport in (http._transport, *http._mounts.values()):  # noqa: SLF001  (see above)
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool):
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001  (httpcore has no public way)
        elif isinstance(pool, httpcore.AsyncConnectionPool):
            pool._network_backend = _AsyncBackend(pool._network_backend)  # noqa: SLF001  (httpcore has no public way)


def _step(timeout: float | None) -> float | None:
    watch = WATCH.get()
    return watch.left(timeout) if watch else timeout


def _sending(timeout: float | None) -> float | None:
    watch = WATCH.get()
    if watch is None:
        return timeout
    watch.writes()
    return watch.left(timeout)


def _reading(timeout: float | None) -> float | None:
    watch = WATCH.get()
    return watch.left_of_answer(timeout) if watch else timeout


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._backend.connect_tcp(host, port, _step(timeout), local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._backend.connect_unix_socket(path, _step(timeout), socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _reading(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In pieces where there is a deadline: the time limit below us is one for each send of the socket.
        watch = WATCH.get()
        piece = _PIECE if watch and watch.deadline else max(1, len(buffer))
        for start in range(0, len(buffer), piece):
            self._stream.write(buffer[start : start + piece], _sending(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _step(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (httpcore's own signature)
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own signature)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(host, port, _step(timeout), local_address, socket_options)
        return _AsyncStream(stream)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own signature)
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_unix_socket(path, _step(timeout), socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _AsyncStream(httpcore.AsyncNetworkStream):
    """Listens while it sends: a server that refuses a file early answers, closes, and resets the connection.

    asyncio throws away what was not read when a write meets the reset, the answer included.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._heard = bytearray()
        self._ended = False
        self._spare: socket.socket | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  (httpcore's signature)
        left = _reading(timeout)
        try:
            if not self._heard and not self._ended:
                return await self._stream.read(max_bytes, left)
        except httpcore.ReadError:
            if not self._rescue():
                raise
        finally:
            self._drop_spare()
        data = bytes(self._heard[:max_bytes])
        del self._heard[:max_bytes]
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  (httpcore's signature)
        if not buffer:
            # What h11 makes of an empty body; to refuse it would leave the request unfinished and the connection lost.
            return
        watch = WATCH.get()
        # Nobody answers before the head of the request is out.
        first = watch is not None and not watch.wrote
        left = _sending(timeout)
        if first or self._multiplexed():
            await self._stream.write(buffer, left)
            return
        self._keep_spare()
        if self._spare is not None:
            await self._write_with_spare(buffer, left)
        elif len(buffer) < _PIECE and not self._stream.get_extra_info("is_readable"):
            await self._stream.write(buffer, left)
        else:
            await self._write_and_listen(buffer, left)

    async def _write_with_spare(self, buffer: bytes, timeout: float | None) -> None:  # noqa: ASYNC109  (httpcore's signature)
        if self._stream.get_extra_info("is_readable"):
            self._rescue()
        if not self._answered():
            try:
                await self._stream.write(buffer, timeout)
            except (httpcore.WriteError, httpcore.WriteTimeout):
                self._rescue()
                if not self._answered():
                    raise
            else:
                return
        # httpcore goes on to read the answer after this error, and after no other.
        raise httpcore.WriteError("the server answered before it had the whole request")

    async def _write_and_listen(self, buffer: bytes, timeout: float | None) -> None:  # noqa: ASYNC109  (httpcore's signature)
        import anyio.lowlevel  # noqa: PLC0415  (httpcore has loaded it by now)

        failure: Exception | None = None
        heard = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(self._listen, heard, group.cancel_scope)
            await anyio.lowlevel.checkpoint()
            try:
                if not self._answered():
                    await self._stream.write(buffer, timeout)
                    group.cancel_scope.cancel()
            except (httpcore.WriteError, httpcore.WriteTimeout) as error:
                failure = error
            # A reset may overtake the answer; a time limit is one.
            with anyio.move_on_after(1 if isinstance(failure, httpcore.WriteError) else 0):
                await heard.wait()
            group.cancel_scope.cancel()
        if self._answered():
            raise httpcore.WriteError("the server answered before it had the whole request")
        if failure is not None:
            raise failure

    def _keep_spare(self) -> None:
        """Keep another handle of the same socket, which stays readable when asyncio has closed its own."""
        if self._spare is not None or self._stream.get_extra_info("ssl_object") is not None:
            return
        raw = self._stream.get_extra_info("socket")
        if raw is not None and raw.fileno() >= 0:
            self._spare = socket.socket(fileno=os.dup(raw.fileno()))
            self._spare.settimeout(0)

    def _rescue(self) -> bool:
        """Read what asyncio threw away: between a look and a write there is a moment, in which an answer may come."""
        with contextlib.suppress(OSError):
            self._heard += self._spare.recv(_PIECE) if self._spare else b""
        return bool(self._heard)

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    async def _listen(self, heard: Any, scope: Any) -> None:  # noqa: ANN401  (of anyio, which is loaded late)
        while not self._answered():
            try:
                data = await self._stream.read(_PIECE)
            except (httpcore.ReadError, httpcore.ReadTimeout):
                data = b""
            self._heard += data
            self._ended = not data
        heard.set()
        scope.cancel()

    def _answered(self) -> bool:
        return self._ended or _holds_a_final_answer(bytes(self._heard))

    def _multiplexed(self) -> bool:
        tls = self._stream.get_extra_info("ssl_object")
        return tls is not None and tls.selected_alpn_protocol() == "h2"

    async def aclose(self) -> None:
        self._drop_spare()
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own signature)
    ) -> httpcore.AsyncNetworkStream:
        self._drop_spare()
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, _step(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (httpcore's own signature)
        return self._stream.get_extra_info(info)


def _holds_a_final_answer(data: bytes) -> bool:
    """Return whether bytes hold the beginning of an answer that is not an interim one, such as 100 or 103."""
    while data[:7] == b"HTTP/1." and data[8:10] == b" 1":
        _, found, data = data.partition(b"\r\n\r\n")
        if not found:
            return False
    return len(data) > len("HTTP/1.1 ")
