"""What the values of options may be: each function reads one kind, and refuses what makes no sense."""

from __future__ import annotations

import argparse
from typing import Final
from urllib.parse import urlsplit

from gong_crm_emulator import hosts

_LONGEST_SECONDS: Final = 10**9
_HIGHEST_PORT: Final = 65_535
_MOST: Final = 10**9
_LEAST_RATE: Final = 1e-6


def _refused(text: str, rule: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"must be {rule}, not {text!r}")


def whole(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError as problem:
        raise _refused(text[:60], "a whole number") from problem


def _between(text: str, least: int, most: int, rule: str) -> int:
    number = whole(text)
    if not least <= number <= most:
        raise _refused(text, rule)
    return number


def port(text: str) -> int:
    """Read a port."""
    return _between(text, 0, _HIGHEST_PORT, f"a port from 0 to {_HIGHEST_PORT}")


def count(text: str) -> int:
    """Read how often something happens, which may be never."""
    return _between(text, 0, _MOST, "a whole number from 0")


def positive(text: str) -> int:
    """Read how often something may happen at most."""
    return _between(text, 1, _MOST, "a whole number from 1")


def seconds(text: str) -> float:
    """Read a number of seconds, which may be none."""
    number = _number(text)
    if not 0 <= number <= _LONGEST_SECONDS:  # not a number is not within either
        raise _refused(text, "a number of seconds from 0")
    return number


def rate(text: str) -> float | None:
    """Read calls a second, or None for the word off."""
    if text == "off":
        return None
    number = _number(text)
    if not _LEAST_RATE <= number < _MOST:
        raise _refused(text, f"a number of calls a second above 0 (from {_LEAST_RATE:f}), or off")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def token(text: str) -> str:
    """Read a bearer token, of which a header can be made."""
    if not text.strip():
        raise _refused(text, "a text that is not empty")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise _refused(text, "a text of printable ASCII letters without spaces")
    return text


def text(text: str) -> str:
    """Read a text that is not empty."""
    if not text.strip():
        raise _refused(text, "a text that is not empty")
    return text


def host(text: str) -> str:
    """Read a host name, which may come with a port or as a URL."""
    try:
        return hosts.read_name(text)
    except ValueError as problem:
        raise _refused(text, "a host name") from problem


def url(text: str) -> str:
    """Read a whole address."""
    try:
        parts = urlsplit(text)
        good = bool(parts.scheme and parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        good = False
    if not good:
        raise _refused(text, "a whole address such as https://host/path")
    return text
