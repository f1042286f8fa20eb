"""The options and fixtures of the contract suite; no test names its target."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import OURS, Cleanup
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.valid_calls import ValidCalls
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import FAMILIES, Family
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.call_budget import BudgetSpent, CallBudget
from contract_tests.suite.wire.targets import Target, TargetUnusable, emulator_target, is_loopback, live_target
from contract_tests.suite.wire.transport import LimitedForLong, Session

HERE: Final = Path(__file__).parent
USAGE: Final = 4
"""Exit code when the target cannot be judged as asked: no credentials, a foreign integration, nobody there."""

# Layers that need no server first, then what needs the target without an integration, then the rest.
ORDER: Final = (
    *("clauses", "document", "evidence", "replay"),
    *("lifecycle", "registration", "authentication", "refusals"),
    *("schema", "objects", "requests", "lines", "limits", "conformance"),
)
_SERVERLESS: Final = frozenset({"clauses", "document", "evidence", "replay"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("contract", "the contract suite")
    group.addoption("--target", choices=("emulator", "replay", "live"), default="emulator", help="what is judged")
    group.addoption("--base-url", help="where the live target is; GONG_BASE_URL, else Gong's own host")
    group.addoption("--use-integration", type=int, metavar="ID", help="an integration that may be deleted for the run")
    group.addoption("--max-calls", type=int, default=None, help="calls at most (2000; on this machine 20000)")
    group.addoption("--rate", type=float, default=None, help="calls a second at most (3 beyond loopback)")
    group.addoption("--patience", type=float, default=None, help="seconds to wait for what is asynchronous")
    group.addoption("--fuzz", action="store_true", help="fuzz a host beyond loopback too")
    group.addoption("--to-the-letter", action="store_true", help="the older name of --strict, for one more release")
    group.addoption("--report", type=Path, metavar="DIR", help="write JUnit, JSON and HTML into this directory")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers and start the reporter."""
    # pytest owns --strict, which fails on what is dubious in the tests; here it fails on what is dubious in the server.
    config.option.fail_on_remarks = config.option.to_the_letter or bool(config.getoption("strict"))
    config.addinivalue_line("markers", "clause(*ids): the clauses of clauses.yaml that a test asserts")
    config.addinivalue_line("markers", "layer(name): the layer of the suite that a module belongs to")
    reporter = Reporter(clauses=read_clauses(), directory=config.getoption("--report"))
    config.pluginmanager.register(reporter, "contract-reporter")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the layers in order."""
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    others = [item for item in items if not item.path.is_relative_to(HERE)]
    names = {name: place for place, name in enumerate(ORDER)}
    ours.sort(key=lambda item: names.get(item.path.stem.removeprefix("test_"), len(names)))
    items[:] = [*others, *ours]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave what needs a server out of a replay, so that it is over in seconds."""
    left_out = config.getoption("--target") == "replay" and collection_path in _needing_a_server()
    return True if left_out else None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what a replay leaves out, and which option has a new name."""
    lines = []
    if config.getoption("--target") == "replay":
        names = ", ".join(path.stem.removeprefix("test_") for path in _needing_a_server())
        lines.append(f"contract: --target replay has no server, so these are left out: {names}")
    if config.option.to_the_letter:
        lines.append("contract: --to-the-letter is now called --strict; the older name goes with the next release")
    return lines


def _needing_a_server() -> list[Path]:
    return [path for path in sorted(HERE.glob("test_*.py")) if path.stem.removeprefix("test_") not in _SERVERLESS]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Stop the run when the target takes no more calls."""
    if call.excinfo is not None and call.excinfo.errisinstance((BudgetSpent, LimitedForLong)):
        item.session.shouldstop = str(call.excinfo.value)


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The integration that the tests of a run share."""

    id: int
    name: str
    owner_email: str


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> Contract:
    """The contract that answers are held against."""
    reporter = request.config.pluginmanager.get_plugin("contract-reporter")
    assert isinstance(reporter, Reporter)
    strict = request.config.option.fail_on_remarks or request.config.getoption("--target") == "emulator"
    return Contract(
        clauses=reporter.clauses,
        document=the_document(),
        strict=strict,
        remarks=reporter.remarks,
        only=reporter.only,
    )


@pytest.fixture(scope="session")
def run_name() -> str:
    """A name of this run, for client request ids and object ids that nobody else uses."""
    return uuid.uuid4().hex[:10]


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The server that is judged."""
    with ExitStack() as stack:
        try:
            if request.config.getoption("--target") == "emulator":
                yield stack.enter_context(emulator_target())
            else:
                yield live_target(request.config.getoption("--base-url"))
        except TargetUnusable as error:
            pytest.exit(str(error), returncode=USAGE)


@pytest.fixture(scope="session")
def budget(request: pytest.FixtureRequest, target: Target) -> CallBudget:
    """The pace, budget and patience of the run."""
    loopback = is_loopback(target.base_url)
    option = request.config.getoption
    return CallBudget(
        rate=option("--rate") or (None if loopback else 3.0),
        max_calls=option("--max-calls") or (20_000 if loopback else 2_000),
        patience=option("--patience") or (30.0 if loopback else 3_600.0),
    )


@pytest.fixture(scope="session")
def cleanup(request: pytest.FixtureRequest, budget: CallBudget, target: Target) -> Iterator[Cleanup]:
    """Takes care of what exists on the target: looks before the run, cleans up after failures and Ctrl-C too."""
    cleanup = Cleanup(target=target, budget=budget, use_integration=request.config.getoption("--use-integration"))
    try:
        cleanup.prepare()
    except TargetUnusable as error:
        pytest.exit(str(error), returncode=USAGE)
    yield cleanup
    cleanup.finish()


@pytest.fixture(scope="session")
def session(
    request: pytest.FixtureRequest, contract: Contract, budget: CallBudget, target: Target, cleanup: Cleanup
) -> Session:
    """Where every call is paced, counted and judged."""
    reporter = request.config.pluginmanager.get_plugin("contract-reporter")
    assert isinstance(reporter, Reporter)
    reporter.facts |= {"target": target.name, "at": target.base_url, "strict": contract.strict}
    return Session(
        contract=contract,
        budget=budget,
        judge=Judge(contract=contract),
        valid=target.valid,
        loopback=target.loopback,
        listeners=[cleanup.watch, lambda _: reporter.facts.update(calls=budget.calls)],
    )


@pytest.fixture(scope="session")
def gong(session: Session, target: Target) -> Iterator[Caller]:
    """The raw caller with the main credentials."""
    caller = Caller(session, base_url=target.base_url, credentials=target.credentials)
    yield caller
    caller.close()


@pytest.fixture(scope="session")
def follower(gong: Caller, budget: CallBudget) -> Follower:
    """Follows requests and objects with the patience of the run."""
    return Follower(gong=gong, budget=budget)


@pytest.fixture(scope="session")
def legacy_served(gong: Caller) -> bool:
    """Whether the target serves the legacy family at all; nobody knows whether Gong still does (U-18)."""
    if gong.list_crm_integrations("legacy").status != 404:
        return True
    return gong.call("registerCrmIntegration", "legacy", content=b"{}", content_type="application/json").status != 404


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest, legacy_served: Literal[True, False]) -> Family:
    """Each family of operations in turn."""
    chosen: Family = request.param
    if chosen == "legacy" and not legacy_served:
        pytest.skip("the target does not serve the legacy family (U-18)")
    return chosen


@pytest.fixture
def legacy(legacy_served: Literal[True, False]) -> None:
    """Skip a test of the legacy family where the target does not serve it."""
    if not legacy_served:
        pytest.skip("the target does not serve the legacy family (U-18)")


@pytest.fixture(scope="session")
def integration(gong: Caller, cleanup: Cleanup, run_name: str) -> Integration:
    """The integration that the tests share; the cleanup deletes it at the end."""
    cleanup.sweep()  # what a walk has left when it failed
    name, owner_email = f"{OURS} {run_name}", "contract.suite@example.com"
    answer = gong.register_crm_integration("current", name=name, owner_email=owner_email)
    answer.require("register.success", answer.status == 200, "200 with integrationId")
    return Integration(id=answer.member("integrationId"), name=name, owner_email=owner_email)


@pytest.fixture(scope="session")
def valid_calls(gong: Caller, integration: Integration, run_name: str) -> ValidCalls:
    """A valid call of each operation; the request that the status call asks for is known."""
    calls = ValidCalls(integration_id=integration.id, prefix=run_name)
    calls.make_known(gong)
    return calls


@pytest.fixture(scope="session")
def batch(gong: Caller, follower: Follower, integration: Integration, run_name: str) -> Batch:
    """Many uploads at once, each followed when a test asks."""
    return Batch(gong=gong, follower=follower, integration_id=integration.id, prefix=run_name)


@pytest.fixture(scope="session")
def families(legacy_served: Literal[True, False]) -> tuple[Family, ...]:
    """The families that the target serves."""
    return FAMILIES if legacy_served else ("current",)
