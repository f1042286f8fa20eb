"""A session waits out limits for as long as the server says, and repeats only what is safe to repeat."""

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.network import Network
from contract_tests.suite.wire.session import LOST_IN_A_ROW, LimitedForLong, Session, TargetGone
from contract_tests.suite.wire.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "s3cr3t-never-shown"
TARGET = Target(name="live", base_url="http://127.0.0.1", credentials=Credentials.bearer(SECRET))
Scripted = tuple[int, dict[str, str]] | httpx.TransportError


def session_with(*script: Scripted, pauses: list[float] | None = None) -> Session:
    """Make a session whose server gives one answer after another, or none."""
    waiting: Iterator[Scripted] = iter(script)

    def answer(_: httpx.Request) -> httpx.Response:
        step = next(waiting)
        if isinstance(step, httpx.TransportError):
            raise step
        status, headers = step
        body = {"requestId": f"request{status}{time.monotonic_ns()}", "errors": ["too many"], "integrations": []}
        return httpx.Response(status, json=body, headers=headers)

    contract = Contract(clauses=read_clauses(), document=the_document())
    sleep = (lambda _: None) if pauses is None else pauses.append
    return Session(
        target=TARGET,
        contract=contract,
        budget=CallBudget(rate=None, max_calls=100, patience=1, sleep=sleep),
        judge=Judge(contract=contract),
        network=Network(TARGET.base_url, transport=httpx.MockTransport(answer)),
    )


def call(session: Session, method: str = "GET") -> int:
    """Make one call, and return the status of its answer."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    return session.send(httpx.Request(method, "http://127.0.0.1/v2/crm/integrations", headers=headers)).status


def test_retry_after_is_waited_out() -> None:
    """A 429 is waited out as Retry-After says, and the pace falls to what Gong documents."""
    pauses: list[float] = []
    session = session_with((429, {"Retry-After": "2"}), (200, {}), pauses=pauses)
    assert 200 == call(session)
    assert (2.0, 3.0) == (pauses[0], session.budget.rate)


def test_a_long_limit_ends_the_run() -> None:
    """A limit of hours ends the run with a sentence instead of a wait."""
    with pytest.raises(LimitedForLong, match="5000 seconds"):
        call(session_with((429, {"Retry-After": "5000"}), (429, {"Retry-After": "5000"})))


@pytest.mark.parametrize("value", ["soon", "", "1.5", "-1", "Fri, 27 Nov 2026 09:00:00 GMT"])
def test_a_retry_after_that_is_no_number_is_a_breach(value: str) -> None:
    """Whatever is no whole number of seconds breaks the clause, and nothing else happens."""
    with pytest.raises(Breach, match=r"limit\.retry-after"):
        call(session_with((429, {"Retry-After": value}), (200, {})))


def test_an_endless_number_of_seconds_ends_the_run() -> None:
    """A Retry-After of thousands of digits is no arithmetic of ours."""
    with pytest.raises(LimitedForLong):
        call(session_with((429, {"Retry-After": "9" * 5000}), (429, {"Retry-After": "9" * 5000})))


def test_a_lost_read_is_repeated_once() -> None:
    """A GET whose connection was lost is sent again, since that is safe."""
    assert 200 == call(session_with(httpx.RemoteProtocolError("gone"), (200, {})))


def test_a_lost_write_is_not_judged() -> None:
    """A PUT whose connection was lost may have worked, so it is not repeated, and nothing is said of the server."""
    with pytest.raises(
        NotJudged, match=r"PUT /v2/crm/integrations got no answer\n  why       the connection was closed"
    ):
        call(session_with(httpx.RemoteProtocolError("gone"), (200, {})), "PUT")


def test_a_server_that_is_gone_ends_the_run() -> None:
    """After some calls in a row without an answer nobody is there any more."""
    session = session_with(*[httpx.ReadTimeout("slow")] * LOST_IN_A_ROW)
    for _ in range(LOST_IN_A_ROW - 1):
        with pytest.raises(NotJudged):
            call(session)
    with pytest.raises(TargetGone, match="5 calls in a row had none"):
        call(session)


@pytest.mark.parametrize("kind", [httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.ReadError])
def test_the_words_of_a_library_are_not_shown(kind: type[httpx.TransportError]) -> None:
    """The text of an exception may repeat a header, so none of it is shown."""
    with pytest.raises(NotJudged) as caught:
        call(session_with(kind(f"Illegal header value b'Bearer {SECRET}'")), "PUT")
    assert SECRET not in str(caught.value)
