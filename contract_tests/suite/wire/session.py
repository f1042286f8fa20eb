"""Where every call of a run is paced, counted, answered and judged."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.breach import NotJudged
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import operation_at
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.network import Arrived, Network, NoAnswer
from contract_tests.suite.wire.targets import Target

ATTEMPTS: Final = 8
PROBE_AFTER: Final = 5.0
"""Seconds after which a longer Retry-After is put to the proof once."""

LOST_IN_A_ROW: Final = 5
"""Calls without an answer after which nobody is there any more."""

_SAFE: Final = frozenset({"GET", "HEAD"})


class LimitedForLong(Exception):  # noqa: N818  (says what happened; the run stops on it)
    """The target will not take calls for a long time."""


class TargetGone(NotJudged):
    """The target has stopped answering; the run stops on it."""


@dataclass(kw_only=True)
class Session:
    """Sends the calls of a run, one after another.

    Attributes:
        judge: Holds every answer against the contract; None for calls that only look or clean up.
        attempts: How many 429 in a row are too many for one call, though each was waited out.
        before: Called with each request before it is sent.
        watchers: Called with each exchange before it is judged.
    """

    target: Target
    contract: Contract
    budget: CallBudget
    judge: Judge | None
    network: Network
    attempts: int = ATTEMPTS
    before: list[Callable[[httpx.Request], None]] = field(default_factory=list)
    watchers: list[Callable[[Exchange], None]] = field(default_factory=list)
    _uploads: dict[tuple[str, str], Exchange] = field(default_factory=dict, repr=False)
    _lost: int = 0

    def send(self, request: httpx.Request) -> Exchange:
        """Send a call whose body was read, wait out rate limits, judge the answer.

        Raises:
            Breach: A clause that holds for every answer is broken.
            NotJudged: No answer came.
            LimitedForLong: The target asks to wait for very long.
        """
        promised = waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            exchange = self._take(request)
            if exchange.status != 429:  # too many requests
                self._early(exchange, promised=promised, waited=waited)
                break
            promised = self._promised(exchange, attempt=attempt)
            if waited >= PROBE_AFTER:
                raise LimitedForLong(f"the target answers 429 and asks to wait {promised:g} seconds; come back then")
            pause = min(max(promised, 0.1), PROBE_AFTER)
            waited += pause
            self.budget.sleep(pause)
        return exchange

    def answer(self, exchange: Exchange) -> Answer:
        """Put an answer into the hands of a test."""
        return Answer(exchange=exchange, contract=self.contract)

    def _take(self, request: httpx.Request) -> Exchange:
        for notify in self.before:
            notify(request)
        started = self.budget.clock()
        arrived = self._arrive(request)
        exchange = self._exchange(request, arrived, seconds=self.budget.clock() - started)
        for watch in self.watchers:
            watch(exchange)
        if self.judge is not None:
            self.judge.judge(self.answer(exchange))
        return exchange

    def _arrive(self, request: httpx.Request) -> Arrived:
        """Send once; a call that is safe to repeat once more when the connection was lost."""
        for again in (False, True):
            self.budget.admit()
            try:
                arrived = self.network.send(_plain(request))
            except NoAnswer as error:
                if request.method in _SAFE and error.dropped and not again:
                    continue
                raise self._not_judged(request, str(error)) from None
            self._lost = 0
            return arrived
        raise AssertionError("the second round returns or raises")

    def _not_judged(self, request: httpx.Request, why: str) -> NotJudged:
        self._lost += 1
        gone = self._lost >= LOST_IN_A_ROW
        advice = (
            f"{self._lost} calls in a row had none, so the run stops; see whether the target is still there"
            if gone
            else "see whether the target, or what stands in front of it, was restarted; then run again"
        )
        unanswered = self._exchange(request, Arrived(status=0, headers={}, content=b""), seconds=0.0)
        return (TargetGone if gone else NotJudged)(unanswered, why=why, advice=advice)

    def _exchange(self, request: httpx.Request, arrived: Arrived, *, seconds: float) -> Exchange:
        path = request.url.path.removeprefix(self.target.prefix)
        exchange = Exchange(
            operation=operation_at(request.method, path),
            method=request.method,
            url=str(request.url),
            path=path,
            request_headers=dict(request.headers),
            request_body=request.content,
            status=arrived.status,
            headers=arrived.headers,
            content=arrived.content,
            seconds=seconds,
            valid_credentials=request.headers.get("authorization", "") in self.target.valid,
            unreadable=arrived.fault,
        )
        return self._with_upload(exchange)

    def _with_upload(self, exchange: Exchange) -> Exchange:
        """Let a status call show the upload that it asks for."""
        key = (exchange.query.get("integrationId", ""), exchange.query.get("clientRequestId", ""))
        if exchange.request_headers.get("content-type", "").startswith("multipart/"):
            self._uploads.setdefault(key, exchange)
        elif exchange.operation is not None and exchange.operation.name == "getCrmRequestStatus":
            return replace(exchange, upload=self._uploads.get(key))
        return exchange

    def _promised(self, exchange: Exchange, *, attempt: int) -> float:
        """Read Retry-After, and hold a judged 429 against what is promised of one."""
        text = exchange.headers.get("retry-after", "")
        whole = text.isascii() and text.isdigit()
        self.budget.met_limit()
        if self.judge is not None:
            answer = self.answer(exchange)
            answer.require("limit.retry-after", whole, "Retry-After: a whole number of seconds")
            whole_envelope = exchange.member("requestId") and exchange.member("errors")
            answer.require("limit.envelope", whole_envelope, "requestId and errors in JSON")
            answer.require(
                "limit.retry-after-true", attempt < self.attempts, "the service back after waiting as it said"
            )
        return float(text[:9]) if whole else 1.0

    def _early(self, exchange: Exchange, *, promised: float, waited: float) -> None:
        if self.judge is not None and promised > PROBE_AFTER and waited >= PROBE_AFTER:
            self.answer(exchange).require(
                "limit.retry-after-true",
                holds=False,
                expected=f"no service before {promised:g} seconds, as Retry-After said; it was back after {waited:g}",
            )


def _plain(request: httpx.Request) -> httpx.Request:
    """Copy a request whose body was read, so that it can be sent again."""
    headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"transfer-encoding"]
    if request.method == "DELETE" and "content-type" not in request.headers:
        # As clients do; nobody knows whether it is needed (U-14).
        headers.append((b"content-type", b"application/json"))
    return httpx.Request(request.method, request.url, headers=headers, content=request.content)
