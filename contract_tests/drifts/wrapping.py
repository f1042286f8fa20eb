"""The ASGI application that puts a behaviour around another application."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract_tests.drifts.exchange import Answer, Behaviour, Call, Headers

_LARGEST: Final = 16_000_000
"""Bytes of a body up to which a drift looks at it; a larger one streams by, so that memory does not grow with it."""

_CONTROL: Final = "/_emulator/"


class Wrapped:
    """An application that answers as a behaviour says.

    Attributes:
        in_force: Whether the behaviour has changed a call or an answer yet.
    """

    def __init__(self, app: ASGIApp, *, begin: Callable[[], Behaviour]) -> None:
        self._app = app
        self._begin = begin
        self._behaviour = begin()
        self.in_force = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http" or scope["path"].startswith(_CONTROL):
            if scope.get("path", "").endswith(("/reset", "/restore")):
                self._behaviour = self._begin()
            await self._app(scope, receive, send)
            return
        messages, body = await _read(receive)
        if body is None:
            await self._app(scope, _replayed(messages, receive), send)
            return

        passed: list[Call] = []
        given: list[Answer] = []

        async def ask(call: Call) -> Answer:
            passed.append(call)
            given.append(await ask_app(self._app, call, scope=scope))
            return given[-1]

        headers, query = _decoded(scope["headers"]), scope["query_string"].decode("latin-1")
        call = Call(method=scope["method"], path=scope["path"], query_string=query, headers=headers, body=body)
        answer = await self._behaviour(call, ask)
        self.in_force = self.in_force or call not in passed or answer not in given
        await _send(answer, send)


async def ask_app(app: ASGIApp, call: Call, *, scope: Scope | None = None) -> Answer:
    """Hand a call to an application in process."""
    requests: list[Message] = [{"type": "http.request", "body": call.body, "more_body": False}]
    answers: list[Message] = []

    async def receive() -> Message:
        return requests.pop() if requests else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)

    await app(_scope_of(call, scope), receive, send)
    start, *chunks = answers
    body = b"".join(chunk.get("body", b"") for chunk in chunks)
    return Answer(status=start["status"], headers=_decoded(start["headers"]), body=body)


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _scope_of(call: Call, scope: Scope | None) -> Scope:
    plain: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"}
    plain |= {"root_path": "", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}
    return {
        **(scope or plain),
        "method": call.method,
        "path": call.path,
        "raw_path": call.path.encode(),
        "query_string": call.query_string.encode("latin-1"),
        "headers": _encoded(call.headers),
        "state": {},
    }


async def _read(receive: Receive) -> tuple[list[Message], bytes | None]:
    messages: list[Message] = []
    size = 0
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if size > _LARGEST:
            return messages, None
    return messages, b"".join(message.get("body", b"") for message in messages)


def _replayed(messages: list[Message], receive: Receive) -> Receive:
    waiting = list(messages)

    async def again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return again


async def _send(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": _encoded(answer.headers)})
    half = len(answer.body) // 2 if answer.header("content-length") is None else 0
    if half:
        await send({"type": "http.response.body", "body": answer.body[:half], "more_body": True})
    await send({"type": "http.response.body", "body": answer.body[half:], "more_body": False})
