"""What was called and what was answered."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT: Final = 1_000
_SHOWN_BYTES: Final = 4_096
_SECRET: Final = frozenset({"authorization", "cookie", "set-cookie"})


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
        request_headers: What came, without secrets.
        request_body: The beginning of what came.
        request_bytes: How much came.
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
    status: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""
    response_bytes: int = 0
    milliseconds: float = 0.0
    injected: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Write the entry for the control API."""
        return {_camel(name): value for name, value in asdict(self).items()}


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
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            operation=self._operation_of(scope["method"], scope["path"]),
            request_headers=_shown_headers(scope["headers"]),
        )
        self._entries.append(entry)
        return entry


def _receiving(entry: Entry, receive: Receive) -> Receive:
    async def received() -> Message:
        message = await receive()
        body = message.get("body", b"")
        if body:
            if entry.request_bytes < _SHOWN_BYTES:
                entry.request_body += _shown(body, entry.request_bytes)
            entry.request_bytes += len(body)
        return message

    return received


def _sending(entry: Entry, send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
            entry.response_headers = _shown_headers(message["headers"])
        elif body := message.get("body", b""):
            if entry.response_bytes < _SHOWN_BYTES:
                entry.response_body += _shown(body, entry.response_bytes)
            entry.response_bytes += len(body)
        await send(message)

    return sent


def _shown(body: bytes, before: int) -> str:
    return bytes(body[: _SHOWN_BYTES - before]).decode("utf-8", "replace")


def _shown_headers(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    shown = {}
    for name_bytes, value_bytes in headers:
        name, value = name_bytes.decode("latin-1"), value_bytes.decode("latin-1")
        shown[name] = f"{value.partition(' ')[0]} (hidden)" if name in _SECRET else value
    return shown


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
