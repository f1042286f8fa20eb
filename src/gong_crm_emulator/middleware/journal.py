"""What was called and what was answered."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT: Final = 1_000
_SHOWN_BYTES: Final = 4_096
_MOST_HEADERS: Final = 50
_LONGEST_TEXT: Final = 2_000
_LONGEST_VALUE: Final = 500
_LONGEST_NAME: Final = 100
_OAUTH: Final = "/oauth2/"
_HIDDEN: Final = "(hidden)"
# What is not known to be harmless may be a secret, by whatever name.
_SHOWN_HEADERS: Final = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "allow", "cache-control", "connection", "content-length"),
        *("content-type", "date", "expect", "host", "origin", "retry-after", "sec-fetch-dest", "sec-fetch-mode"),
        *("sec-fetch-site", "te", "transfer-encoding", "user-agent", "vary", "www-authenticate"),
        *("x-gong-service-version", "x-ratelimit-remaining", "x-traceid"),
    )
)
_SHOWN_PARAMETERS: Final = frozenset(
    (
        *("clientRequestId", "integrationId", "objectType", "objectsCrmIds", "client_id", "grant_type"),
        *("redirect_uri", "response_type", "scope", "validity_duration"),
    )
)
_BOUNDARY: Final = re.compile(r'boundary="?([^";\s]+)')
_DATA_FILE: Final = re.compile(r'name="?dataFile"?(?![^;\s])')
_SCHEMES: Final = {"basic": "Basic", "bearer": "Bearer"}


@dataclass(kw_only=True)
class Entry:
    """One call.

    Attributes:
        number: Place in the order of arrival, from 1.
        at: Clock time of its arrival.
        method: HTTP method.
        path: Path.
        query: Query string.
        operation: The operation it names, or None.
        caller: Name of the principal, or None.
        request_headers: What came; what may be a secret is hidden.
        request_body: The beginning of what was read.
        request_bytes: How much of the body was read before the answer.
        request_announced: How much the caller announced, or None.
        request_complete: Whether the body was read to its end.
        status: Status answered, or None when the connection was closed without an answer.
        response_headers: What was answered.
        response_body: The beginning of what was answered.
        response_bytes: How much was answered.
        milliseconds: How long it took.
        injected: Which fault was injected, or None.
    """

    number: int
    at: float
    method: str
    path: str
    query: str
    operation: str | None
    caller: str | None = None
    request_headers: dict[str, str] = field(default_factory=dict)
    request_body: str = ""
    request_bytes: int = 0
    request_announced: int | None = None
    request_complete: bool = False
    status: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""
    response_bytes: int = 0
    milliseconds: float = 0.0
    injected: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Write the entry for the control API."""
        return {_camel(name): value for name, value in asdict(self).items()}

    def is_in(self, group: str) -> bool:
        """Say whether the call is of a group: `ok`, `refused`, `none` for no answer, or "" for all."""
        if self.status is None:
            return group in {"", "none"}
        return group in {"", "refused" if self.status >= HTTPStatus.BAD_REQUEST else "ok"}

    def searchable(self) -> str:
        """Give all texts in which people search, in small letters."""
        return "\n".join(
            [self.method, self.path, self.query, self.operation or "", self.request_body, self.response_body]
        ).lower()


class Journal:
    """The last thousand calls."""

    def __init__(self, now: Callable[[], float], *, operation_of: Callable[[str, str], str | None]) -> None:
        self._now = now
        self._operation_of = operation_of
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._count = 0

    def clear(self) -> None:
        """Forget all calls."""
        self._entries.clear()
        self._count = 0

    def entries(self) -> list[Entry]:
        """List the calls.

        Returns:
            The calls, newest first.
        """
        return list(reversed(self._entries))

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Put the journal around an application.

        Returns:
            An application that writes down each call; the entry lies in the scope under `gong.entry`.
        """

        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            entry = self._begin(scope)
            scope["gong.entry"] = entry
            started = time.perf_counter()
            try:
                await app(scope, _receiving(entry, receive), _sending(entry, send))
            finally:
                entry.milliseconds = round((time.perf_counter() - started) * 1000, 3)

        return recorded

    def _begin(self, scope: Scope) -> Entry:
        self._count += 1
        entry = Entry(
            number=self._count,
            at=self._now(),
            method=scope["method"],
            path=scope["path"][:_LONGEST_TEXT],
            query=_shown_parameters(scope["query_string"].decode("latin-1")[:_LONGEST_TEXT]),
            operation=self._operation_of(scope["method"], scope["path"]),
            request_headers=_shown_headers(scope["headers"]),
            request_announced=_announced(scope["headers"]),
        )
        self._entries.append(entry)
        return entry


def _receiving(entry: Entry, receive: Receive) -> Receive:
    beginning = bytearray()

    async def received() -> Message:
        message = await receive()
        if entry.status is None and message["type"] == "http.request":  # what comes after the answer is thrown away
            body = message.get("body", b"")
            if entry.request_bytes < _SHOWN_BYTES:
                # As a whole, since a secret may come in two pieces, and the second does not look like one.
                beginning.extend(body[: _SHOWN_BYTES - len(beginning)])
                entry.request_body = _shown(entry, bytes(beginning))
            entry.request_bytes += len(body)
            entry.request_complete = not message.get("more_body", False)
        return message

    return received


def _sending(entry: Entry, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
            entry.response_headers = _shown_headers(message["headers"])
        elif body := message.get("body", b""):
            if entry.response_bytes < _SHOWN_BYTES:
                hidden = entry.path.startswith(_OAUTH) and entry.status == HTTPStatus.OK
                entry.response_body += _HIDDEN if hidden else _text(body, entry.response_bytes)
            entry.response_bytes += len(body)
        await send(message)

    return sent


def _shown(entry: Entry, body: bytes) -> str:
    """Show the body of a request; of a form only what is known to be harmless, or the data file."""
    text = _text(body, 0)
    if entry.path.startswith(_OAUTH):
        return _shown_parameters(text)
    boundary = _BOUNDARY.search(entry.request_headers.get("content-type", ""))
    return text if boundary is None else _shown_parts(text, f"--{boundary[1]}")


def _shown_parts(text: str, boundary: str) -> str:
    first, *parts = text.split(boundary)
    return boundary.join([first, *map(_shown_part, parts)])


def _shown_part(part: str) -> str:
    head, blank, content = part.partition("\r\n\r\n")
    if not content.strip() or _DATA_FILE.search(head):
        return part
    return f"{head}{blank}{_HIDDEN}\r\n"


def _text(body: bytes, before: int) -> str:
    return bytes(body[: _SHOWN_BYTES - before]).decode("utf-8", "replace")


def _shown_parameters(query: str) -> str:
    """Show a query or form; a value is hidden unless its parameter is one that we know to be harmless."""
    return "&".join(map(_shown_parameter, query.split("&")))


def _shown_parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if name in _SHOWN_PARAMETERS or not pair:
        return pair
    # What has no value may be a secret itself, with the equals signs that end Base64.
    return f"{name}{equals}{_HIDDEN}" if value.strip("=") else _HIDDEN


def _shown_headers(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers[:_MOST_HEADERS]]
    return {name[:_LONGEST_NAME]: _shown_header(name, value) for name, value in pairs}


def _shown_header(name: str, value: str) -> str:
    if name in _SHOWN_HEADERS:
        return value[:_LONGEST_VALUE]
    scheme = _SCHEMES.get(value.partition(" ")[0].lower()) if name == "authorization" else None
    return _HIDDEN if scheme is None else f"{scheme} {_HIDDEN}"


def _announced(headers: list[tuple[bytes, bytes]]) -> int | None:
    length = dict(headers).get(b"content-length", b"")
    return int(length) if length.isdigit() else None


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
