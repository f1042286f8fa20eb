"""The entry of the command, which asks for its extra in one sentence when that is missing."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What was typed behind its name; what the process was given, if left out.

    Returns:
        The exit code: 0 all accepted, 1 a mistake in what was asked or a local error, 2 Gong refused or could not be
        reached, 3 stopped because too many lines are bad, 4 finished with rejected lines, 130 detached.
    """
    _make_streams_safe()
    try:
        with _terminated_as_interrupted():
            from gong_crm.command.app import run  # noqa: PLC0415  (the extra may be missing)

            return run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # while it starts
        sys.stderr.write("\n")
        return 130
    except ModuleNotFoundError as problem:
        if problem.name not in {"cyclopts", "rich"}:
            raise
        sys.stderr.write("gong-crm: the command needs its extra: python -m pip install 'gong-crm[cli]'\n")
        return 1


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let an end by a service manager be one by Ctrl-C: the push says how to go on, and the demo ends its emulator."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _make_streams_safe() -> None:
    """Let no sign of a record end the command: what the locale cannot say is escaped, and a closed stream is empty."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # in the order of their numbers
        if getattr(sys, name) is None:  # closed by who started us, as some daemons do
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (kept open)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
