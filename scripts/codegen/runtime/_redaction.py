"""What may be shown of an answer: bounded, escaped, and without the secrets that its request carried."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx

# Headers that hold no secret; whatever another one holds is a secret, and stays with the host it was meant for.
HARMLESS = {
    *("accept", "accept-encoding", "connection", "content-length", "content-type", "host"),
    *("transfer-encoding", "user-agent"),
}
_REDACTED = "[redacted]"
# What looks like a secret or a person, whoever sent it.
_KINDS = (
    r"\b(?:bearer|basic)\s+[\w.~+/=-]+"
    r"|(?:token|secret|password|api_?key|access_?key)[\"']?\s*[:=]\s*[\"']?[^\s\"',}&<]+"
    r"|[\w.+-]+@[\w.-]+"
    r"|[\w.~+/=-]{40,}"
)
_SHORTEST_SECRET = 4
# How much of a text is looked at; enough that what is shown of it was looked at with all that follows it.
_WINDOW = 4096


def secrets_of(request: httpx.Request) -> tuple[str, ...]:
    """Return what a request carried and an answer may echo, the longest first."""
    carried = {value for key, value in request.headers.items() if key not in HARMLESS}
    carried.update((request.url.username, request.url.password))
    found = {form for secret in carried for part in _parts(secret) for form in _forms(part)}
    return tuple(sorted((form for form in found if len(form) >= _SHORTEST_SECRET), key=lambda form: (-len(form), form)))


def _parts(value: str) -> Iterator[str]:
    """Yield a header's value and what is in it: the credentials without their scheme, the pair behind base64."""
    yield value
    yield from value.split("; ")
    credentials = value.rsplit(" ", maxsplit=1)[-1]
    yield credentials
    if value.lower().startswith("basic "):
        try:
            pair = base64.b64decode(credentials).decode()
        except ValueError:
            return
        yield from (pair, *pair.split(":", maxsplit=1))


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as a body may spell it: plain, and in the escapes of JSON, URLs and HTML."""
    yield from (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), html.escape(secret))


def shown(text: str, *, secrets: Sequence[str] = (), limit: int = 200, kinds: bool = True) -> str:
    """Return a text in one line that is safe in a log and in a terminal.

    Args:
        text: Whatever a server said.
        secrets: What must not be shown, in any case of letters.
        limit: How many characters may be shown.
        kinds: Whether to hide also what only looks like a secret.
    """
    longest = max(map(len, secrets), default=0)
    window = _WINDOW + longest
    # A body in UTF-16 would show a secret with a zero byte after each letter.
    seen = text[: 2 * window].replace("\0", "")
    cut = len(seen) > window or len(text) > 2 * window
    patterns = [*map(re.escape, secrets), *([_KINDS] if kinds else [])]
    clean = re.sub("|".join(patterns), _REDACTED, seen[:window], flags=re.IGNORECASE) if patterns else seen[:window]
    if cut and longest:
        # The end may be the first half of a secret.
        clean = clean[:-longest]
    line = " ".join(clean.split())
    line = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in line)
    return f"{line[:limit]}..." if len(line) > limit or cut else line
