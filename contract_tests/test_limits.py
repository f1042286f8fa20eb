"""The rate limit: what a 429 says, and that it is true."""

from collections.abc import Iterator

import pytest

from contract_tests.conftest import Integration
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import Governor
from contract_tests.suite.wire.targets import Target, emulator_target
from contract_tests.suite.wire.transport import Desk

pytestmark = pytest.mark.layer("refusals")

BURST = 25


@pytest.fixture
def hurried(target: Target, governor: Governor, contract: Contract) -> Iterator[Caller]:
    """A caller that does not pace itself, on a target that may be hurried."""
    if not target.loopback:
        pytest.skip("only a target on this machine is hurried; elsewhere each 429 that is met is judged")
    if target.name == "emulator":
        with emulator_target(rate=3.0) as limited:
            yield _hurried(limited, contract, budget=200, patience=governor.patience)
    else:
        yield _hurried(target, contract, budget=min(200, governor.left), patience=governor.patience)


def _hurried(target: Target, contract: Contract, *, budget: int, patience: float) -> Caller:
    governor = Governor(rate=None, budget=budget, patience=patience)
    # Nobody else calls a target on this machine, so waiting as told has to help.
    desk = Desk(
        contract=contract,
        governor=governor,
        judge=Judge(contract=contract),
        valid=target.valid,
        loopback=True,
        attempts=3,
    )
    return Caller(desk, base_url=target.base_url, credentials=target.credentials)


@pytest.mark.clause("limit.retry-after", "limit.retry-after-true", "limit.envelope")
def test_too_many_calls(hurried: Caller, integration: Integration) -> None:  # noqa: ARG001  # so that one is listed
    """A 429 has the envelope and a whole number of seconds in Retry-After, after which the call is served."""
    for _ in range(BURST):
        answer = hurried.list("current")
        answer.require("limit.retry-after-true", answer.status != 429, "the call served after waiting")
        if hurried.limited:
            return
    pytest.skip(f"{BURST} calls at once met no limit")
