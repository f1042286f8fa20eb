"""What the settings of a client may be; what is said of the others shows no secret."""

from __future__ import annotations

import base64
import functools
import re
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_SCHEME = 20
# The base64 of an access key and its secret, which people send as a bearer token by mistake.
_KEY_PAIR = re.compile(r"[\x21-\x39\x3b-\x7a]+:[\x21-\x7a]+")


def masked_address(base_url: str) -> str:
    return repr(re.sub(r"(?s)^(\w*:?//)?.*@", r"\1[redacted]@", base_url))


def masked_prefix(prefix: str) -> str:
    return repr(prefix if is_scheme(prefix) else "[redacted]")


def is_scheme(prefix: str) -> bool:
    """Return whether a prefix is what it should be, and not a secret in the wrong place."""
    return not prefix or (isinstance(prefix, str) and prefix.isalpha() and len(prefix) <= _LONGEST_SCHEME)


def checked_address(base_url: str) -> str:
    if fault := _fault_of_address(base_url):
        raise ValueError(f"base_url {fault}")
    return base_url


def _fault_of_address(base_url: str) -> str | None:
    if not isinstance(base_url, str):
        return f"is a text, not {type(base_url).__name__}"
    if not re.match(r"https?://[^/]", base_url):
        return f"begins with https:// or http:// and a host, and {masked_address(base_url)[:80]} does not"
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = None
    advice = "; in a password write / as %2F, ? as %3F, # as %23 and @ as %40" if "@" in base_url else ""
    if url is None or not re.fullmatch(r"[\w.:-]+", url.host):
        return f"has a host or a port that cannot be one{advice}"
    if re.search(r"[?#]", base_url) or "@" in url.path:
        return f"has more than a path behind its host{advice}"
    if re.search(r"/v2(?:/crm)?/*$", base_url):
        return "ends in /v2, as in Gong's older documents: leave that out, each path begins with it"
    return None


def fault_of_header(value: str, *, name: str = "X") -> str | None:
    """Return why a header cannot be sent; who raises has the value in no local variable."""
    if not isinstance(value, str) or not isinstance(name, str):
        return "is no text"
    if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII):
        return "has a name that no header may have"
    if not value.isascii() or not value.replace("\t", "").isprintable():
        return "holds a line break or another sign that no header may hold"
    if value != value.strip():
        return "holds a blank at an end, which no header may hold"
    return None


def is_word(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\x21-\x7e]+", value) is not None


def is_key_pair(token: str) -> bool:
    try:
        pair = base64.b64decode(token, validate=True).decode("ascii")
    except ValueError:
        return False
    return _KEY_PAIR.fullmatch(pair) is not None


def without_frames(init: Callable[..., None]) -> Callable[..., None]:
    """Let what a client refuses be raised where no local variable holds a token, a header or half a client."""

    @functools.wraps(init)
    def checked(self: Any, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401  (those of the class)
        try:
            init(self, *arguments, **settings)
        except (TypeError, ValueError) as error:
            problem = error.with_traceback(None)
        else:
            return
        del self, arguments, settings
        raise problem

    return checked
