"""The command that starts the emulator."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING

import uvicorn

from gong_crm_emulator.app import create_app
from gong_crm_emulator.command_line import read_command_line
from gong_crm_emulator.errors import EmulatorError
from gong_crm_emulator.server import address, listen, server_config

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from gong_crm_emulator.settings import EmulatorSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the emulator and serve until it is told to stop."""
    try:
        host, port, settings = read_command_line(arguments)
        with contextlib.ExitStack() as opened:
            listener = opened.enter_context(listen(host, port))
            app = create_app(settings)
            opened.pop_all()
    except EmulatorError as problem:
        sys.stderr.write(f"gong-crm-emulator: {problem}\n")
        return 2
    # uvicorn raises the signal again once it has shut down; a clean stop is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    # Threads that read files give way to calls ten times as often as Python's default has it.
    sys.setswitchinterval(0.0005)
    server = uvicorn.Server(server_config(app, settings))
    _announce(listener, settings)
    server.run(sockets=[listener])
    return 0


def _announce(listener: socket.socket, settings: EmulatorSettings) -> None:
    """Say where it listens and how to get in; the first line is for programs."""
    url = address(listener)
    lines = [f"gong-crm-emulator ready at {url}", ""]
    named = list(settings.principals.items())
    shown = [(name, one) for name, one in named if not name.startswith("without-")]
    for name, one in shown:
        lines.append(f"  {name}: key {one.access_key}  secret {one.access_key_secret}  token {one.access_token}")
    if len(shown) < len(named):
        lines.append("  and one without-<scope> for each scope.")
    if settings.control:
        lines += ["", f"  look in at {url}/_emulator/"]
    sys.stdout.write("\n".join([*lines, "", "Ctrl-C stops it."]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
