"""A server of a few lines on a real socket, which keeps each request and gives the answers it was given."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.types import Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

Call = Callable[..., Response[Any]]

ACCEPTED = b'{"requestId": "4al018gzaztcr8nbukw", "clientRequestId": "r1"}'


@dataclass(kw_only=True)
class Request:
    """One request as its bytes came over the wire, the body with any chunking removed."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass(kw_only=True)
class Server:
    """Where it listens, what it will answer and what it was asked."""

    url: str
    answers: list[bytes] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)

    def answer(self, status: int, body: bytes, *headers: str, reason: str = "Whatever") -> None:
        """Queue an answer; without any in the queue, uploads are accepted with 201."""
        lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close", *headers]
        self.answers.append("\r\n".join([*lines, "", ""]).encode() + body)

    @property
    def part(self) -> bytes:
        """Return the content of the only part of the last multipart request."""
        request = self.requests[-1]
        boundary = request.headers["content-type"].split("boundary=")[1].encode()
        before, head, rest = request.body.partition(b"\r\n\r\n")
        assert before.startswith(b"--" + boundary)
        assert head
        content, end, after = rest.rpartition(b"\r\n--" + boundary + b"--\r\n")
        assert end
        assert b"" == after
        return content


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve on a free port of the loopback until the test is over."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        served = Server(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        stopping = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, served, stopping), daemon=True)
        thread.start()
        yield served
        stopping.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join()


def _serve(listener: socket.socket, served: Server, stopping: threading.Event) -> None:
    while not stopping.is_set():
        connection, _ = listener.accept()
        # A client that gives up in the middle of a request leaves nothing to record.
        with connection, connection.makefile("rb") as stream:
            try:
                request = _read(stream)
            except (ConnectionError, EOFError):
                continue
            if request is not None:
                served.requests.append(request)
                while served.silent.is_set():
                    time.sleep(0.01)
                if not served.answers:
                    served.answer(201, ACCEPTED)
                with contextlib.suppress(ConnectionError):
                    connection.sendall(served.answers.pop(0))


def _read(stream: BinaryIO) -> Request | None:
    line = stream.readline().decode().strip()
    if not line:
        return None
    headers: dict[str, str] = {}
    while header := stream.readline().decode().strip():
        key, _, value = header.partition(":")
        headers[key.lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", ""):
        return Request(line=line, headers=headers, body=_unchunked(stream))
    wanted = int(headers.get("content-length", 0))
    body = stream.read(wanted)
    if len(body) != wanted:
        raise EOFError
    return Request(line=line, headers=headers, body=body)


def _unchunked(stream: BinaryIO) -> bytes:
    found = b""
    while True:
        head = stream.readline()
        if not head:
            raise EOFError
        size = int(head, 16)
        found += stream.read(size)
        stream.readline()
        if not size:
            return found


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, server: Server) -> Call:
    """Return a function that calls a module of the client, once blocking and once awaited."""

    def made(module: ModuleType, /, client: AuthenticatedClient | None = None, **arguments: Any) -> Response[Any]:  # noqa: ANN401  (arguments of any operation)
        client = client or AuthenticatedClient(base_url=server.url, token="not-a-secret")
        if request.param == "sync":
            with client:
                answer: Response[Any] = module.sync_detailed(client=client, **arguments)
                return answer
        return asyncio.run(_awaited(module, client, arguments))

    return made


async def _awaited(module: ModuleType, client: AuthenticatedClient, arguments: dict[str, Any]) -> Response[Any]:
    async with client:
        answer: Response[Any] = await module.asyncio_detailed(client=client, **arguments)
        return answer
