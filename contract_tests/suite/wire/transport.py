"""The httpx transports that every call of the suite goes through."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import operation_at
from contract_tests.suite.wire.call_budget import CallBudget

ATTEMPTS = 8
PROBE_AFTER = 5.0
"""Seconds after which a longer Retry-After is put to the proof once."""


LIMITS: Final = {
    # A new connection costs nothing on loopback, and is never held up by a delayed acknowledgement (40 ms a call).
    True: httpx.Limits(max_keepalive_connections=0),
    False: httpx.Limits(max_keepalive_connections=2),
}


class LimitedForLong(Exception):  # noqa: N818  # says what happened; the run stops on it
    """The target will not take calls for a long time."""


@dataclass(kw_only=True)
class Session:
    """Where calls are paced, counted, judged and remembered.

    Attributes:
        valid: The values of the Authorization header that the target knows.
        loopback: Whether the target is on this machine.
        attempts: How many 429 in a row are too many for one call, though each was waited out.
        listeners: Called with each exchange after it was judged; the clean-up and the report listen.
    """

    contract: Contract
    budget: CallBudget
    judge: Judge
    valid: frozenset[str]
    loopback: bool = False
    attempts: int = ATTEMPTS
    listeners: list[Callable[[Exchange], None]] = field(default_factory=list)

    def take(self, request: httpx.Request, response: httpx.Response, *, seconds: float) -> Exchange:
        """Judge an answer and remember it.

        Args:
            request: The request, its body read.
            response: The answer, its body read.
            seconds: How long the answer took.

        Returns:
            The exchange.

        Raises:
            Breach: A clause that holds for every answer is broken.
        """
        exchange = Exchange(
            contract=self.contract,
            operation=operation_at(request.method, request.url.path),
            method=request.method,
            url=str(request.url),
            request_headers=dict(request.headers),
            request_body=request.content,
            status=response.status_code,
            headers=dict(response.headers),
            content=response.content,
            seconds=seconds,
            valid_credentials=request.headers.get("authorization", "") in self.valid,
        )
        for listener in self.listeners:
            listener(exchange)
        self.judge.judge(exchange)
        return exchange

    def pause_after(self, exchange: Exchange, *, attempt: int, waited: float) -> float:
        """Say how long to wait after a 429, and hold it against what is promised of one.

        Args:
            exchange: The 429.
            attempt: How many there were for this call, from 1.
            waited: Seconds waited so far for this call.

        Returns:
            Seconds.

        Raises:
            Breach: Retry-After is missing, no whole number of seconds, or not true.
            LimitedForLong: It is true and long.
        """
        told = exchange.headers.get("retry-after", "")
        exchange.require(
            "limit.retry-after", told.isascii() and told.isdigit(), "Retry-After: a whole number of seconds"
        )
        self.budget.met_limit()
        exchange.require("limit.retry-after-true", attempt < self.attempts, "the service back after waiting as it said")
        if waited >= PROBE_AFTER:
            raise LimitedForLong(f"the target answers 429 and asks to wait {told} seconds; come back then")
        return min(max(float(told), 0.1), PROBE_AFTER)


class SessionTransport(httpx.BaseTransport):
    """Sends calls one after another under the care of a session."""

    def __init__(self, session: Session, wrapped: httpx.BaseTransport | None = None) -> None:
        self._session = session
        self._wrapped = wrapped or httpx.HTTPTransport(retries=1, limits=LIMITS[session.loopback])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call, wait out rate limits, judge the answer."""
        request.read()
        promised = waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            self._session.budget.admit()
            started = time.monotonic()
            response = self._wrapped.handle_request(_plain(request))
            response.read()
            response.request = request
            exchange = self._session.take(request, response, seconds=time.monotonic() - started)
            if exchange.status != 429:  # too many requests
                _early(exchange, promised=promised, waited=waited)
                break
            pause = self._session.pause_after(exchange, attempt=attempt, waited=waited)
            promised = float(exchange.headers["retry-after"])
            waited += pause
            self._session.budget.sleep(pause)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._wrapped.close()


class AsyncSessionTransport(httpx.AsyncBaseTransport):
    """Sends calls of an asynchronous client under the care of a session."""

    def __init__(self, session: Session, wrapped: httpx.AsyncBaseTransport | None = None) -> None:
        self._session = session
        self._wrapped = wrapped or httpx.AsyncHTTPTransport(retries=1, limits=LIMITS[session.loopback])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call, wait out rate limits, judge the answer."""
        await request.aread()
        promised = waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            await asyncio.sleep(self._session.budget.reserve())
            started = time.monotonic()
            response = await self._wrapped.handle_async_request(_plain(request))
            await response.aread()
            response.request = request
            exchange = self._session.take(request, response, seconds=time.monotonic() - started)
            if exchange.status != 429:  # too many requests
                _early(exchange, promised=promised, waited=waited)
                break
            pause = self._session.pause_after(exchange, attempt=attempt, waited=waited)
            promised = float(exchange.headers["retry-after"])
            waited += pause
            await asyncio.sleep(pause)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wrapped.aclose()


def _plain(request: httpx.Request) -> httpx.Request:
    """Copy a request whose body was read, so that it can be sent again."""
    headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"transfer-encoding"]
    if request.method == "DELETE" and "content-type" not in request.headers:
        headers.append(
            (b"content-type", b"application/json")
        )  # as clients do; nobody knows whether it is needed (U-14)
    return httpx.Request(
        request.method, request.url, headers=headers, content=request.content, extensions=request.extensions
    )


def _early(exchange: Exchange, *, promised: float, waited: float) -> None:
    if promised > PROBE_AFTER and waited >= PROBE_AFTER:
        exchange.require(
            "limit.retry-after-true",
            holds=False,
            expected=f"no service before {promised:g} seconds, as Retry-After said; it was back after {waited:g}",
        )
