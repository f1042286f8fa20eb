"""The command that starts the emulator."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.command_line import CommandLine, read_command_line
from gong_crm_emulator.errors import EmulatorError, ExtraMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gong_crm_emulator.settings import EmulatorSettings

_CANNOT_START: Final = 2
_NOT_FOUND: Final = 127
_NOT_RUNNABLE: Final = 126
_KILLED: Final = 128


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the emulator and serve until it is asked to stop, or until the command after `--` has ended.

    Returns:
        The exit code: 0 after SIGTERM or Ctrl-C, 2 when it could not start, else that of the command.
    """
    try:
        asked = read_command_line(sys.argv[1:] if arguments is None else arguments)
        return _run(asked) if asked.command else _serve(asked)
    except EmulatorError as problem:
        _say(f"gong-crm-emulator: {problem}", stream=sys.stderr)
        return _CANNOT_START


def _server() -> Any:  # noqa: ANN401  (a module)
    """Load the server, which is not part of the base install."""
    try:
        return import_module("gong_crm_emulator.server")
    except ModuleNotFoundError as missing:
        raise ExtraMissingError(missing) from missing


def _serve(asked: CommandLine) -> int:
    server = _server()
    with contextlib.ExitStack() as opened:
        listener = opened.enter_context(server.listen(asked.host, asked.port))
        app = server.create_app(asked.settings)
        opened.pop_all()
    # uvicorn raises the signal again once it has shut down; a clean stop is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    # Threads that read files give way to calls ten times as often as Python's default has it.
    sys.setswitchinterval(0.0005)
    _announce(server.address(listener), asked.settings)
    server.EmulatorServer(server.server_config(app, asked.settings)).run(sockets=[listener])
    return 0  # pragma: no cover  (it is ended by a signal)


def _run(asked: CommandLine) -> int:
    """Run a command against an emulator of its own."""
    with _server().running_emulator(settings=asked.settings, host=asked.host, port=asked.port) as emulator:
        admin = asked.settings.principals.get("admin") or next(iter(asked.settings.principals.values()))
        environment = {
            **{name: value for name, value in os.environ.items() if name != "GONG_ACCESS_TOKEN"},
            "GONG_BASE_URL": emulator.url,
            "GONG_ACCESS_KEY": admin.access_key,
            "GONG_ACCESS_KEY_SECRET": admin.access_key_secret,
        }
        try:
            process = subprocess.Popen(asked.command, env=environment)  # noqa: S603  (what the user asked for)
        except OSError as problem:
            _say(f"gong-crm-emulator: {asked.command[0]} cannot be run: {problem}.", stream=sys.stderr)
            return _NOT_FOUND if isinstance(problem, FileNotFoundError) else _NOT_RUNNABLE
        with process, _signals_to(process):
            code = process.wait()
    return _KILLED - code if code < 0 else code


@contextlib.contextmanager
def _signals_to(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave the end to the command: what asks us to stop is passed on, and Ctrl-C reaches it from the terminal."""
    passed = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP
    before = {number: signal.getsignal(number) for number in (*passed, signal.SIGINT)}
    for number in passed:
        signal.signal(number, lambda number, _: process.send_signal(number))
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(url: str, settings: EmulatorSettings) -> None:
    """Say where it listens and how to get in; the first line is for programs."""
    lines = [f"gong-crm-emulator ready at {url}", ""]
    named = list(settings.principals.items())
    shown = [(name, one) for name, one in named if not name.startswith("without-")]
    for name, one in shown:
        lines.append(f"  {name}: key {one.access_key}  secret {one.access_key_secret}  token {one.access_token}")
    if len(shown) < len(named):
        lines.append("  and one without-<scope> for each scope.")
    if settings.control:
        lines += ["", f"  look in at {url}/_emulator/"]
    _say("\n".join([*lines, "", "Ctrl-C stops it."]), stream=sys.stdout)


def _say(text: str, *, stream: Any) -> None:  # noqa: ANN401  (a text stream, or None where there is none)
    """Write to whoever listens; a closed stream, or one that lacks letters, is no reason to stop."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
        return
    # What could not be written is not tried again at exit.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
