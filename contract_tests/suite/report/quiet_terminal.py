"""The last wall before a terminal: whatever pytest prints, no secret and nothing that acts on a terminal."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final, TextIO

_ACTING: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[[0-9;]*m)")
"""Control characters, but for line ends, tabs and the colours that pytest itself writes."""


class QuietFile:
    """Writes text without secrets."""

    def __init__(self, wrapped: TextIO, hide: Callable[[str], str]) -> None:
        self._wrapped = wrapped
        self._hide = hide

    def write(self, text: str) -> int:
        """Write a text without secrets; what acts on a terminal is shown as an escape."""
        return self._wrapped.write(_ACTING.sub(lambda found: f"\\x{ord(found[0]):02x}", self._hide(text)))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a file has)
        return getattr(self._wrapped, name)


def quiet(terminal_writer: Any, hide: Callable[[str], str]) -> None:  # noqa: ANN401  (pytest names no public type)
    """Let a terminal writer of pytest write without secrets, and libraries log no header."""
    terminal_writer._file = QuietFile(terminal_writer._file, hide)  # there is no setting for it
    for name in ("httpcore", "httpx", "urllib3", "vcr"):
        logging.getLogger(name).setLevel(logging.WARNING)
