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
from contract_tests.suite.wire.targets import Target, emulator_target, environment_of, live_target

ROOT: Final = Path(__file__).parents[3]
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
def signals() -> Iterator[None]:
    """Let what is started receive Ctrl-C: a job in the background of a shell inherits that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def start(target: Target, *arguments: str) -> "subprocess.Popen[str]":
    """Start the suite against a live target."""
    return subprocess.Popen(
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
    output, _ = run.communicate(timeout=180)
    assert (4, [number]) == (run.returncode, listed(emulator)), output
    assert f"--use-integration {number}" in output
    assert "nothing was touched" in output


def test_a_named_integration_may_be_used(emulator: Target) -> None:
    """An integration that --use-integration names is deleted for the run."""
    number = register(emulator, FOREIGN)
    run = start(emulator, "contract_tests/test_refusals.py::test_stages", "--use-integration", str(number))
    output, _ = run.communicate(timeout=180)
    assert (0, []) == (run.returncode, listed(emulator)), output


def test_an_integration_that_was_misnamed_is_said(emulator: Target) -> None:
    """A wrong id behind --use-integration stops the run with a sentence and exit code 4."""
    run = start(emulator, "contract_tests/test_limits.py", "--use-integration", "12345")
    output, _ = run.communicate(timeout=180)
    assert run.returncode == 4
    assert "--use-integration 12345: no such integration" in output


def test_what_an_earlier_run_has_left_is_deleted(emulator: Target) -> None:
    """An integration under the name of the suite is ours to delete."""
    register(emulator, {"name": f"{OURS} of yesterday", "ownerEmail": "contract.suite@example.com"})
    run = start(emulator, "contract_tests/test_refusals.py::test_stages")
    output, _ = run.communicate(timeout=180)
    assert (0, []) == (run.returncode, listed(emulator)), output


def test_nothing_is_left_after_a_failure(emulator: Target) -> None:
    """A run that is out of calls stops early, and still deletes what it has created."""
    run = start(emulator, "contract_tests/test_refusals.py", "--max-calls", "90")
    output, _ = run.communicate(timeout=180)
    assert run.returncode != 0
    assert "--max-calls 90 is spent" in output
    assert [] == listed(emulator)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_after_an_interruption(emulator: Target, sent: signal.Signals) -> None:
    """A run that is interrupted, by Ctrl-C or by a CI that stops it, deletes what it has created and reports."""
    run = start(emulator, "contract_tests/test_refusals.py", "contract_tests/test_objects.py", "--rate", "40")
    deadline = time.monotonic() + 120
    while not listed(emulator) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert listed(emulator), run.poll()
    run.send_signal(sent)
    output, _ = run.communicate(timeout=180)
    assert (2, []) == (run.returncode, listed(emulator)), output
    assert "clauses:" in output


def test_wrong_credentials_are_said(emulator: Target) -> None:
    """Credentials that the target does not take stop the run with a sentence and exit code 4."""
    run = start(replace(emulator, secret="wrong"), "contract_tests/test_limits.py")  # wrong on purpose
    output, _ = run.communicate(timeout=180)
    assert run.returncode == 4, output
    assert "does not take these credentials" in output


def test_nobody_there_is_said() -> None:
    """A target that does not answer stops the run with a sentence and exit code 4."""
    target = live_target("http://127.0.0.1:9", environment={"GONG_ACCESS_TOKEN": "any"})
    run = start(target, "contract_tests/test_limits.py", "--base-url", "http://127.0.0.1:9")
    output, _ = run.communicate(timeout=180)
    assert run.returncode == 4
    assert "nobody answers at http://127.0.0.1:9" in output
