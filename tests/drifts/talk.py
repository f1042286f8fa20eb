"""A scripted talk with a server in process, and the transcript it leaves."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, Final, Self

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.operations import ROUTES
from contract_tests.drifts.wrapping import ask_app

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message

WHEN: Final = "2026-01-02T03:04:05Z"
ENTITIES: Final = {"current": "uploadCrmEntities", "legacy": "uploadCrmEntitiesLegacy"}
_REQUEST_ID: Final = re.compile(r"[a-z0-9]{18,19}")
_BOUNDARY: Final = "0f7e9a31c4d84d2f"
_HOST: Final = (("host", "127.0.0.1"),)


def basic(key: str, secret: str) -> str:
    """Write an Authorization header for an access key."""
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


ADMIN: Final = basic("key-admin", "secret-admin")


class Clock:
    """Seconds that pass only when a talk waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Difference(Exception):  # noqa: N818  (not an error: it is what a test looks for)
    """A server answered otherwise than another one did before; a talk goes on no further."""


class Talk:
    """One talk: what was said to a server, and what it answered.

    Args:
        app: The server.
        clock: The clock of its rate limit, if it has one.
        expected: What another server answered by meaning, or None.
        expected_layout: What another server answered byte for byte, or None.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        clock: Clock,
        expected: Sequence[str] | None = None,
        expected_layout: Sequence[str] | None = None,
    ) -> None:
        self._app = app
        self._expected = expected
        self._expected_layout = expected_layout
        self._clock = clock
        self._seen: set[str] = set()
        self.meanings: list[str] = []
        self.bytes: list[str] = []
        self.integration = 0

    async def __aenter__(self) -> Self:
        """Start afresh, whatever was said to the server before."""
        answer = await ask_app(self._app, Call(method="POST", path="/_emulator/api/reset", headers=_HOST))
        assert 200 <= answer.status < 300, answer
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave the server as it is, for the next talk."""

    async def say(  # noqa: PLR0913  (the parts of an HTTP request)
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: bytes = b"",
        media_type: str | None = None,
        authorization: str | None = ADMIN,
    ) -> Answer:
        """Call the server and take down what it answers.

        Args:
            method: HTTP method.
            path: Path.
            query: Query parameters.
            body: The body.
            media_type: Its content type, or None for none.
            authorization: The Authorization header, or None for none.

        Returns:
            The answer.

        Raises:
            Difference: If another server was expected to answer otherwise.
        """
        headers = {"authorization": authorization, "content-type": media_type, "accept-encoding": "gzip"}
        call = Call(
            method=method,
            path=path,
            headers=tuple((name, value) for name, value in headers.items() if value is not None),
            body=body,
        ).with_parameters({name: str(value) for name, value in (query or {}).items()})
        answer = await ask_app(self._app, call)
        self._take_down(f"{method} {path}?{call.query_string}", answer)
        return answer

    async def ask(self, operation: str, *, send: object = None, **more: Any) -> Answer:  # noqa: ANN401  (passed on)
        """Call an operation, with a JSON body when there is something to send."""
        if send is not None:
            more = {"body": json.dumps(send).encode(), "media_type": "application/json", **more}
        return await self.say(*ROUTES[operation], **more)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._clock.now += seconds

    def on(self, **more: object) -> dict[str, object]:
        """Give the query of a call that concerns the integration."""
        return {"integrationId": self.integration, **more}

    async def register(self) -> None:
        """Register an integration and remember its id."""
        sent = {"name": "Trial integration", "ownerEmail": "Owner@example.com"}
        answer = await self.ask("registerCrmIntegration", send=sent)
        found = answer.member("integrationId")
        self.integration = found if isinstance(found, int) else 4711

    async def upload(  # noqa: PLR0913  (the parts of an upload)
        self,
        object_type: str,
        *lines: object,
        name: str,
        family: str = "current",
        operation: str = "",
        part: str = 'name="dataFile"; filename="lines.ldjson"',
        polls: int = 5,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """Upload lines, records or raw bytes, and ask for their status some times."""
        content = b"".join(line if isinstance(line, bytes) else _dump(line) + b"\n" for line in lines)
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n\r\n".encode()
        about = {} if operation == "mapCrmUsersLegacy" else {"objectType": object_type}
        answer = await self.ask(
            operation or ENTITIES[family],
            query=query or self.on(clientRequestId=name, **about),
            body=head + content + f"\r\n--{_BOUNDARY}--\r\n".encode(),
            media_type=f"multipart/form-data; boundary={_BOUNDARY}",
        )
        await self.follow(name, polls=polls)
        return answer

    async def follow(self, name: str, *, polls: int = 5) -> None:
        """Ask for the status of a request some times."""
        for _ in range(polls):
            await self.ask("getCrmRequestStatus", query=self.on(clientRequestId=name))

    async def read(self, object_type: str, *ids: str, operation: str = "getCrmEntities") -> Answer:
        """Read objects."""
        return await self.ask(operation, send=list(ids), query=self.on(objectType=object_type))

    def _take_down(self, asked: str, answer: Answer) -> None:
        headers = {name: value for name, value in answer.headers if name != "content-length"}
        trace = headers.get("x-traceid")
        request_id = answer.member("requestId")
        if trace is not None:
            headers["x-traceid"] = "equal" if trace == request_id else "other"
        shown = self._shown(request_id)
        body = answer.json()
        if isinstance(body, dict) and "requestId" in body:
            body = {**body, "requestId": shown}
        text = json.dumps(body, sort_keys=True) if body is not None else answer.body.decode("latin-1")
        self.meanings.append(f"{asked} -> {answer.status} {json.dumps(headers, sort_keys=True)} {text}")
        layout = answer.body.decode("latin-1").replace(str(request_id), str(shown))
        length = "whole" if answer.header("content-length") is not None else "chunked"
        self.bytes.append(f"{asked} -> {answer.status} {length} {headers} {layout}")
        _compare(self._expected, self.meanings)
        _compare(self._expected_layout, self.bytes)

    def _shown(self, request_id: object) -> object:
        if not isinstance(request_id, str) or not _REQUEST_ID.fullmatch(request_id):
            return request_id
        shown = "seen before" if request_id in self._seen else "fresh"
        self._seen.add(request_id)
        return shown


def _compare(expected: Sequence[str] | None, told: Sequence[str]) -> None:
    if expected is not None and expected[len(told) - 1 : len(told)] != told[-1:]:
        raise Difference(told[-1])


def _dump(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


async def close(app: ASGIApp) -> None:
    """Let an application end its threads.

    Args:
        app: The application.
    """
    coming: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(_: Message) -> None:
        pass

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
