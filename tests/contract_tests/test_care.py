"""The care that the suite takes of a live target, each rule against a local server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx
import pytest

from contract_tests.suite.drive.cleanup import OURS
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import RESERVE, BudgetSpent, CallBudget
from contract_tests.suite.wire.targets import (
    Target,
    TargetUnusable,
    emulator_target,
    environment_of,
    is_loopback,
    limited_tokens,
    live_target,
)
from contract_tests.suite.wire.transport import LimitedForLong, Session, SessionTransport

ROOT: Final = Path(__file__).parents[2]
FOREIGN: Final = {"name": "Somebody's CRM", "ownerEmail": "somebody@example.com"}


@pytest.fixture
def emulator() -> Iterator[Target]:
    """A server of its own, judged from outside in a process of its own."""
    with emulator_target() as target:
        yield target


def register(target: Target, body: dict[str, str]) -> int:
    """Register an integration behind the back of the suite."""
    headers = {"Authorization": target.credentials.authorization or ""}
    answer = httpx.put(f"{target.base_url}/v2/crm/integrations", json=body, headers=headers)
    number: int = answer.json()["integrationId"]
    return number


def listed(target: Target) -> list[int]:
    """List what is registered, behind the back of the suite."""
    headers = {"Authorization": target.credentials.authorization or ""}
    entries = httpx.get(f"{target.base_url}/v2/crm/integrations", headers=headers).json()["integrations"]
    return [entry["integrationId"] for entry in entries]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let what is started hear Ctrl-C: a job in the background of a shell inherits that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(target: Target, *arguments: str) -> "subprocess.Popen[str]":
    """Start the suite against a live target."""
    return subprocess.Popen(  # noqa: S603  # our own suite
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--target", "live", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment_of(target)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_foreign_integration_is_never_touched(emulator: Target) -> None:
    """With an integration that is not ours the run stops with a sentence and exit code 4, and touches nothing."""
    number = register(emulator, FOREIGN)
    run = start(emulator, "contract_tests/test_schema.py")
    output, _ = run.communicate(timeout=60)
    assert (4, [number]) == (run.returncode, listed(emulator)), output
    assert f"--use-integration {number}" in output
    assert "nothing was touched" in output


def test_a_named_integration_may_be_used(emulator: Target) -> None:
    """An integration that --use-integration names is deleted for the run."""
    number = register(emulator, FOREIGN)
    run = start(emulator, "contract_tests/test_limits.py", "--use-integration", str(number))
    output, _ = run.communicate(timeout=60)
    assert (0, []) == (run.returncode, listed(emulator)), output


def test_an_integration_that_was_misnamed_is_said(emulator: Target) -> None:
    """A wrong id behind --use-integration stops the run with a sentence and exit code 4."""
    run = start(emulator, "contract_tests/test_limits.py", "--use-integration", "12345")
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 4
    assert "--use-integration 12345: no such integration" in output


def test_what_an_earlier_run_has_left_is_deleted(emulator: Target) -> None:
    """An integration under the name of the suite is ours to delete."""
    register(emulator, {"name": f"{OURS} of yesterday", "ownerEmail": "contract.suite@example.com"})
    run = start(emulator, "contract_tests/test_limits.py")
    output, _ = run.communicate(timeout=60)
    assert (0, []) == (run.returncode, listed(emulator)), output


def test_nothing_is_left_after_a_failure(emulator: Target) -> None:
    """A run that is out of calls stops early, and still deletes what it has created."""
    run = start(emulator, "contract_tests/test_refusals.py", "--max-calls", "90")
    output, _ = run.communicate(timeout=60)
    assert run.returncode != 0
    assert "--max-calls 90 is spent" in output
    assert [] == listed(emulator)


@pytest.mark.usefixtures("ctrl_c")
def test_nothing_is_left_after_ctrl_c(emulator: Target) -> None:
    """A run that is interrupted deletes what it has created."""
    run = start(emulator, "contract_tests/test_refusals.py", "contract_tests/test_objects.py", "--rate", "40")
    deadline = time.monotonic() + 30
    while not listed(emulator) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert listed(emulator)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert (2, []) == (run.returncode, listed(emulator))


def test_wrong_credentials_are_said(emulator: Target) -> None:
    """Credentials that the target does not take stop the run with a sentence and exit code 4."""
    run = start(replace(emulator, secret="wrong"), "contract_tests/test_limits.py")  # wrong on purpose
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 4, output
    assert "does not take these credentials" in output


def test_nobody_there_is_said() -> None:
    """A target that does not answer stops the run with a sentence and exit code 4."""
    target = live_target("http://127.0.0.1:9", environment={"GONG_ACCESS_TOKEN": "any"})
    run = start(target, "contract_tests/test_limits.py", "--base-url", "http://127.0.0.1:9")
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 4
    assert "nobody answers at http://127.0.0.1:9" in output


def test_calls_stay_under_the_rate() -> None:
    """Calls are spread so that no second sees more than the rate."""
    now = [0.0]
    budget = CallBudget(
        rate=3.0, max_calls=100, patience=1, clock=lambda: now[0], sleep=lambda wait: now.__setitem__(0, now[0] + wait)
    )
    times = []
    for _ in range(10):
        budget.admit()
        times.append(now[0])
    assert all(sum(start <= time < start + 0.999 for time in times) <= 3 for start in times)


def test_the_budget_keeps_calls_for_cleaning() -> None:
    """The last calls of a budget are kept for cleaning up."""
    budget = CallBudget(rate=None, max_calls=10 * RESERVE, patience=1)
    for _ in range(9 * RESERVE):
        budget.admit()
    with pytest.raises(BudgetSpent):
        budget.admit()
    budget.cleaning = True
    budget.admit()
    assert 9 * RESERVE + 1 == budget.calls


def answers(*told: tuple[int, dict[str, str]]) -> httpx.MockTransport:
    """Make a server that gives one answer after another."""
    waiting = iter(told)

    def answer(_: httpx.Request) -> httpx.Response:
        status, headers = next(waiting)
        body = {"requestId": f"request{status}{time.monotonic_ns()}", "errors": ["too many"], "integrations": []}
        return httpx.Response(status, json=body, headers=headers)

    return httpx.MockTransport(answer)


def call(transport: httpx.MockTransport) -> list[float]:
    """Make one call, and tell which pauses the budget made."""
    pauses: list[float] = []
    budget = CallBudget(rate=None, max_calls=100, patience=1, sleep=pauses.append)
    contract = Contract(clauses=read_clauses(), document=the_document())
    session = Session(contract=contract, budget=budget, judge=Judge(contract=contract), valid=frozenset())
    with httpx.Client(base_url="http://127.0.0.1", transport=SessionTransport(session, transport)) as client:
        client.get("/v2/crm/integrations")
    return pauses


def test_retry_after_is_waited_out() -> None:
    """A 429 is waited out as Retry-After says, and the pace falls to what Gong documents."""
    pauses = call(answers((429, {"Retry-After": "2"}), (200, {})))
    assert 2.0 == pauses[0]


def test_a_long_limit_ends_the_run() -> None:
    """A limit of hours ends the run with a sentence instead of a wait."""
    with pytest.raises(LimitedForLong, match="5000 seconds"):
        call(answers((429, {"Retry-After": "5000"}), (429, {"Retry-After": "5000"})))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "no credentials"),
        ({"GONG_ACCESS_KEY": "key"}, "belong together"),
        ({"GONG_ACCESS_TOKEN": "token", "GONG_BASE_URL": "api.gong.io"}, "no http or https URL"),
        ({"GONG_ACCESS_TOKEN": "token", "GONG_LIMITED_ACCESS_TOKEN": "other|api:crm:nothing"}, "unknown scope"),
    ],
)
def test_unusable_targets_are_said(environment: dict[str, str], sentence: str) -> None:
    """Missing or half credentials, a wrong URL and an unknown scope are said in one sentence."""
    with pytest.raises(TargetUnusable, match=sentence):
        live_target(None, environment=environment)


def test_limited_tokens_are_read() -> None:
    """Limited tokens are separated by blanks, and name the scopes that they have."""
    none, some = limited_tokens("first second|api:crm:upload,api:crm:schema")
    assert (frozenset(), frozenset({"api:crm:upload", "api:crm:schema"})) == (none.scopes, some.scopes)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("https://api.gong.io", False),
    ],
)
def test_loopback_is_told_from_the_world(url: str, loopback: bool) -> None:  # noqa: FBT001  # a row of the table
    """Only addresses of this machine may be hurried and fuzzed without a word."""
    assert loopback == is_loopback(url)
