"""Which host names and addresses belong to this machine, and how they are written."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_BRACKETED: Final = re.compile(r"\[([^\[\]]*:[^\[\]]*)\](?::[0-9]*)?")
_NAME: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP address, an IPv4 one also in its IPv6 form; None for a name."""
    try:
        # Only IPv6 knows zones; behind a percent sign any name could follow an IPv4 address.
        address = ipaddress.ip_address(name.strip("[]").partition("%")[0] if ":" in name else name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str) -> bool:
    """Say whether a host name or address is this machine's own, reachable from it alone."""
    address = address_of(name)
    if address is None:
        return normal(name) == "localhost"
    return address.is_loopback


def normal(name: str) -> str:
    """Write a host name or address as they are compared: in small letters, without a final dot, an address its way."""
    address = address_of(name)
    return name.lower().rstrip(".") if address is None else str(address)


def name_in(host: str) -> str:
    """Take the name out of a Host header, without its port."""
    bracketed = _BRACKETED.fullmatch(host)
    if bracketed is not None:
        return normal(bracketed[1])
    return normal(host.rpartition(":")[0] if host.count(":") == 1 else host)


def read_name(text: str) -> str:
    """Read the host name that somebody meant who wrote a name, a name with a port, or a URL.

    Raises:
        ValueError: If there is no host name in it.
    """
    if address_of(text) is not None:
        return normal(text)
    try:
        name = urlsplit(text if "://" in text else f"//{text}").hostname
    except ValueError as problem:
        raise ValueError(f"{text!r} is no host name: {problem}") from problem
    if name and address_of(name) is not None:
        return normal(name)
    if not name or _NAME.fullmatch(normal(name)) is None:
        raise ValueError(f"{text!r} is no host name")
    return normal(name)
