"""The rate limit: what a 429 says, and that it is true."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.network import Network
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import Target, emulator_target

pytestmark = pytest.mark.layer("refusals")

BURST = 25


@pytest.fixture
def hurried(target: Target, budget: CallBudget, contract: Contract) -> Iterator[Caller]:
    """A caller that does not pace itself, on a target that may be hurried."""
    if not target.loopback:
        pytest.skip("only a target on this machine is hurried; elsewhere each 429 that is met is judged")
    if target.name == "emulator":
        with emulator_target(rate=3.0) as limited:
            yield _hurried(limited, contract, replace(budget, rate=None, max_calls=200, calls=0))
    else:
        yield _hurried(target, contract, replace(budget, rate=None, max_calls=min(200, budget.left), calls=0))


def _hurried(target: Target, contract: Contract, budget: CallBudget) -> Caller:
    session = Session(
        target=target,
        contract=contract,
        budget=budget,
        judge=Judge(contract=contract),
        network=Network(target.base_url),
        attempts=3,  # nobody else calls a target on this machine, so waiting as long as asked has to help
    )
    return Caller(session)


@pytest.mark.clause("limit.retry-after", "limit.retry-after-true", "limit.envelope")
def test_too_many_calls(hurried: Caller, integration: Integration) -> None:  # noqa: ARG001  (so that one is listed)
    """A 429 has the envelope and a whole number of seconds in Retry-After, after which the call is served."""
    for _ in range(BURST):
        answer = hurried.list_crm_integrations("current")
        answer.require("limit.retry-after-true", answer.status != 429, "the call served after waiting")
        if hurried.limited:
            return
    pytest.skip(f"{BURST} calls at once met no limit")
