"""What lets the clients of others send through a session: httpx, sync and async, and requests."""

import asyncio
from io import BytesIO
from typing import Any, Final

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.wire.session import Session

EXCHANGE: Final = "exchange"
"""Where a response of httpx keeps its exchange, among its extensions."""

_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


class SessionTransport(httpx.BaseTransport):
    """Lets a client of httpx send through a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call, and hand its exchange over with the response."""
        request.read()
        return _response(request, self._session.send(request))


class AsyncSessionTransport(httpx.AsyncBaseTransport):
    """Lets an asynchronous client of httpx send through a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call in a thread, and hand its exchange over with the response."""
        await request.aread()
        return _response(request, await asyncio.to_thread(self._session.send, request))


class SessionAdapter(HTTPAdapter):
    """Lets a client of requests, such as schemathesis, send one call through a session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.exchange: Exchange | None = None

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # noqa: ANN401  (as the base class has it)
        """Send a call, and keep its exchange."""
        self.exchange = exchange = self._session.send(_httpx_request(request))
        kept = {name: value for name, value in exchange.headers.items() if name not in _OF_THE_WIRE}
        body = BytesIO(exchange.content)
        raw = HTTPResponse(body, headers=kept, status=exchange.status, preload_content=False)
        response = self.build_response(request, raw)
        assert response.content is not None  # read now, as requests does for whoever does not stream
        return response


def _response(request: httpx.Request, exchange: Exchange) -> httpx.Response:
    kept = {name: value for name, value in exchange.headers.items() if name not in _OF_THE_WIRE}
    return httpx.Response(
        exchange.status, headers=kept, content=exchange.content, request=request, extensions={EXCHANGE: exchange}
    )


def _httpx_request(request: requests.PreparedRequest) -> httpx.Request:
    body = request.body or b""
    content = body.encode() if isinstance(body, str) else body
    assert isinstance(content, bytes)  # generated bodies are never streamed
    headers = {name: _text(value) for name, value in request.headers.items() if name.lower() != "content-length"}
    return httpx.Request(str(request.method), str(request.url), headers=headers, content=content)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
