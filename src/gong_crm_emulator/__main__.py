"""The command that starts the stand-in."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from gong_crm_emulator.app import create_app
from gong_crm_emulator.server import StartError, address, listen, server_config
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the stand-in and serve until it is told to stop.

    Args:
        arguments: Command line, or None for that of the process.

    Returns:
        The exit code: 0 after SIGTERM or Ctrl-C, 2 when it could not start.
    """
    options = _parser().parse_args(arguments)
    settings = EmulatorSettings(
        processing=options.processing,
        pending_seconds=options.pending_seconds,
        in_progress_seconds=options.in_progress_seconds,
        main_seconds=options.main_seconds,
        data=options.data,
    )
    try:
        listener = listen(options.host, options.port)
    except StartError as problem:
        sys.stderr.write(f"gong-crm-emulator: {problem}\n")
        return 2
    # uvicorn raises the signal again once it has shut down; a clean stop is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    server = uvicorn.Server(server_config(create_app(settings)))
    _announce(listener, settings)
    server.run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gong-crm-emulator", description="A stand-in for Gong's generic CRM API.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps the state (default: none, all is forgotten)")
    parser.add_argument(
        "--processing",
        choices=("at-once", "polls", "time", "by-hand"),
        default="time",
        help="what moves asynchronous requests on (default: %(default)s)",
    )
    for name, default in (("pending", 1.0), ("in-progress", 1.0), ("main", 2.0)):
        parser.add_argument(
            f"--{name}-seconds", type=float, default=default, help="in mode time (default: %(default)s)"
        )
    return parser


def _announce(listener: socket.socket, settings: EmulatorSettings) -> None:
    """Say where it listens and how to get in; the first line is for programs."""
    lines = [f"gong-crm-emulator ready at {address(listener)}", ""]
    for name in ("admin", "reader", "nobody"):
        one = settings.principals[name]
        lines.append(f"  {name}: key {one.access_key}  secret {one.access_key_secret}  token {one.access_token}")
    lines += ["  and one without-<scope> for each scope.", "", "Ctrl-C stops it."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
