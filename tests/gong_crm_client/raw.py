"""A server that does on the wire what a test tells it, connection by connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from gong_crm_client import AuthenticatedClient

TOKEN = "top-secret-token"
EMPTY = b'{"requestId": "x", "integrations": []}'


def http(status: int, body: bytes, *headers: str) -> bytes:
    """Return the bytes of an answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextlib.contextmanager
def serving(follow: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve each connection by a function in a thread of its own, and give the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopping = threading.Event()

        def run() -> None:
            while not stopping.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=_guarded, args=(follow, connection), daemon=True).start()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            stopping.set()
            socket.create_connection(("127.0.0.1", port)).close()
            thread.join()


def _guarded(follow: Callable[[socket.socket], None], connection: socket.socket) -> None:
    # A client that gives up leaves a socket that nobody can write to.
    with connection, contextlib.suppress(OSError):
        follow(connection)


def head_of(connection: socket.socket) -> bytes:
    """Read the head of a request, and maybe more."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(1)
        if not piece:
            raise OSError
        data += piece
    return data


def answering(data: bytes) -> Callable[[socket.socket], None]:
    """Return a server that reads a head and answers."""

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(data)

    return follow


def made(mode: str, module: ModuleType, client: AuthenticatedClient, **arguments: Any) -> Any:  # noqa: ANN401  (any operation)
    """Call a module, blocking or awaited."""
    if mode == "sync":
        with client:
            return module.sync_detailed(client=client, **arguments)

    async def awaited() -> Any:  # noqa: ANN401  (any operation)
        async with client:
            return await module.asyncio_detailed(client=client, **arguments)

    return asyncio.run(awaited())
