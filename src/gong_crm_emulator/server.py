"""A running emulator on a real socket."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gong_crm_emulator.app import create_app
from gong_crm_emulator.errors import StartError
from gong_crm_emulator.middleware.faults import CONNECTION
from gong_crm_emulator.remote import Remote, RemoteClock, RemoteFaults
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp

    from gong_crm_emulator.principals import Principal

_START_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class RunningEmulator:
    """An emulator that answers.

    Attributes:
        url: Its address, `http://127.0.0.1:PORT`.
        principals: Who may call it, by name.
    """

    url: str
    principals: Mapping[str, Principal]

    @property
    def clock(self) -> RemoteClock:
        """Its clock."""
        return RemoteClock(self.url)

    @property
    def faults(self) -> RemoteFaults:
        """Its fault plans."""
        return RemoteFaults(self.url)

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
        """Call the control API.

        Returns:
            The JSON answer.
        """
        return Remote(self.url).control(method, path, body)

    def journal(self) -> list[dict[str, Any]]:
        """List the calls it answered.

        Returns:
            The calls, newest first.
        """
        calls: list[dict[str, Any]] = self.control("GET", "journal?limit=1000")["calls"]
        return calls

    def reset(self) -> None:
        """Forget everything: integrations, objects, requests, faults, journal; the clock starts anew."""
        self.control("POST", "reset")


@contextmanager
def running_emulator(
    *, settings: EmulatorSettings | None = None, app: ASGIApp | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[RunningEmulator]:
    """Run an emulator in a thread for as long as the block lasts.

    Raises:
        StartError: If the port is taken or the server does not come up.
    """
    settings = settings or EmulatorSettings()
    listener = listen(host, port)
    server = uvicorn.Server(server_config(app or create_app(settings), settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="gong-crm-emulator")
    thread.start()
    try:
        _await_start(server, thread)
        yield RunningEmulator(url=address(listener), principals=settings.principals)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Raises:
        StartError: If the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends without delay (TCP_NODELAY) only on sockets that name their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as problem:
        listener.close()
        raise StartError(
            f"Cannot listen on {host} port {port} ({problem}): choose another with --port, or 0 for a free one."
        ) from problem
    listener.set_inheritable(True)
    return listener


def address(listener: socket.socket) -> str:
    """Write the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class ClosableProtocol(HttpToolsProtocol):
    """The web server's protocol, with a deadline for request heads and its connection handed to faults."""

    idle_seconds = 30.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Expect a request soon."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._relax()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Expect the rest of the head soon."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {CONNECTION: self.transport}
        self._expect()

    def on_headers_complete(self) -> None:
        """Leave the rest to the application, which watches the body."""
        self._relax()
        super().on_headers_complete()

    def _expect(self) -> None:
        self._relax()
        self._deadline = self.loop.call_later(self.idle_seconds, self.transport.close)

    def _relax(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def server_config(app: ASGIApp, settings: EmulatorSettings) -> uvicorn.Config:
    """Configure the web server: silent, without headers of its own."""
    protocol = type("ClosableProtocol", (ClosableProtocol,), {"idle_seconds": settings.idle_seconds})
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
    )


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(int(_START_SECONDS * 1000)):
        if server.started:
            return
        thread.join(0.001)
        if not thread.is_alive():
            break
    raise StartError("The emulator did not start: its log says why.")
