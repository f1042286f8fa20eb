"""A running stand-in on a real socket."""

from __future__ import annotations

import socket
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from gong_crm_emulator.app import create_app
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp

    from gong_crm_emulator.principals import Principal

_START_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class RunningEmulator:
    """A stand-in that answers.

    Attributes:
        url: Its address, `http://127.0.0.1:PORT`.
        principals: Who may call it, by name.
    """

    url: str
    principals: Mapping[str, Principal]

    def reset(self) -> None:
        """Forget everything: integrations, objects, requests."""
        request = urllib.request.Request(f"{self.url}/_emulator/api/reset", method="POST")  # noqa: S310  (our own address)
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310  (our own address)
            pass


class StartError(Exception):
    """The stand-in could not start; the sentence says why and what to do."""


@contextmanager
def running_emulator(
    *, settings: EmulatorSettings | None = None, app: ASGIApp | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[RunningEmulator]:
    """Run a stand-in in a thread for as long as the block lasts.

    Args:
        settings: The switches, or None for their defaults.
        app: An application to serve in place of a fresh one, such as `create_app(settings)` wrapped by another.
        host: Address to listen on.
        port: Port to listen on, or 0 for a free one.

    Yields:
        The running stand-in.

    Raises:
        StartError: If the port is taken or the server does not come up.
    """
    settings = settings or EmulatorSettings()
    listener = listen(host, port)
    server = uvicorn.Server(server_config(app or create_app(settings)))
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

    Args:
        host: Address to listen on.
        port: Port, or 0 for a free one.

    Returns:
        The listening socket.

    Raises:
        StartError: If the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
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
    """Write the URL of a listening socket.

    Args:
        listener: The socket.

    Returns:
        The URL without a path.
    """
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_config(app: ASGIApp) -> uvicorn.Config:
    """Configure the web server: silent, without headers of its own.

    Args:
        app: What it serves.

    Returns:
        The configuration.
    """
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=True, timeout_keep_alive=30
    )


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(int(_START_SECONDS * 1000)):
        if server.started:
            return
        thread.join(0.001)
        if not thread.is_alive():
            break
    raise StartError("The stand-in did not start: its log says why.")
