"""A running emulator on a real socket."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from gong_crm_emulator.app import create_app
from gong_crm_emulator.errors import StartError
from gong_crm_emulator.hosts import address_of
from gong_crm_emulator.protocol import EmulatorProtocol
from gong_crm_emulator.remote import Remote, RemoteClock, RemoteFaults
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp

    from gong_crm_emulator.principals import Principal

_START_SECONDS: Final = 10.0
_GRACE_SECONDS: Final = 0.3


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
    server = EmulatorServer(server_config(app or create_app(settings), settings))
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
    """Take a port, 0 for a free one; the host "" means every address of this machine.

    Raises:
        StartError: If the port cannot be had.
    """
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError, OverflowError) as problem:
        raise StartError(
            f"Cannot listen on host {host!r} ({problem}): choose an address of this machine with --host."
        ) from problem
    # An IPv4 address first, as people write it; "::" has no other than its own.
    family, _, _, _, address = min(found, key=lambda one: one[0] is not socket.AF_INET)
    # asyncio sends without delay (TCP_NODELAY) only on sockets that name their protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except (OSError, OverflowError) as problem:
        listener.close()
        raise _cannot_bind(host, port, problem) from problem
    listener.set_inheritable(True)
    return listener


def _cannot_bind(host: str, port: int, problem: Exception) -> StartError:
    if isinstance(problem, OSError) and problem.errno == errno.EADDRNOTAVAIL:
        return StartError(
            f"Cannot listen on host {host!r} ({problem}): it is no address of this machine, choose another with --host."
        )
    return StartError(
        f"Cannot listen on {host} port {port} ({problem}): choose another with --port, or 0 for a free one."
    )


def address(listener: socket.socket) -> str:
    """Write the URL, without a path, under which this machine can open what a socket listens on."""
    host, port = listener.getsockname()[:2]
    found = address_of(host)
    if found is not None and found.is_unspecified:
        host = "127.0.0.1" if found.version == 4 else "::1"  # noqa: PLR2004  (of the Internet Protocol)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class EmulatorServer(uvicorn.Server):
    """A web server that ends soon and without complaint, whatever is still under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let calls that are nearly done end, and cut the others."""
        asyncio.get_running_loop().call_later(_GRACE_SECONDS, self._cut)
        await super().shutdown(sockets)

    def _cut(self) -> None:
        for task in list(self.server_state.tasks):
            task.cancel()


def server_config(app: ASGIApp, settings: EmulatorSettings) -> uvicorn.Config:
    """Configure the web server: silent, without headers of its own."""
    protocol = type("ImpatientProtocol", (EmulatorProtocol,), {"idle_seconds": settings.idle_seconds})
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
    )


def _await_start(server: EmulatorServer, thread: threading.Thread) -> None:
    for _ in range(int(_START_SECONDS * 1000)):  # pragma: no branch  (no machine is as slow as that)
        if server.started:
            return
        thread.join(0.001)
        if not thread.is_alive():
            break
    raise StartError("The emulator did not start: its log says why.")
