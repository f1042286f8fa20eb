"""What the tests are given: the target, the care taken of it, and what they share."""

import contextlib
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import Cleanup
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.shared_integration import Integration, SharedIntegration
from contract_tests.suite.drive.valid_calls import ValidCalls
from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import FAMILIES, Family
from contract_tests.suite.report.quiet_terminal import quiet
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.network import Bounds, Network
from contract_tests.suite.wire.one_run import only_run
from contract_tests.suite.wire.redaction import Redactor
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import Target, TargetUnusable, emulator_target, live_target

ROOT: Final = Path(__file__).parents[1]
USAGE: Final = 4
"""Exit code when the target cannot be judged as asked: no credentials, a foreign integration, nobody there."""

REPORTER: Final = pytest.StashKey[Reporter]()
SHARED: Final = pytest.StashKey[SharedIntegration]()


@pytest.fixture(scope="session")
def reporter(pytestconfig: pytest.Config) -> Reporter:
    """What the run reports."""
    return pytestconfig.stash[REPORTER]


@pytest.fixture(scope="session")
def contract(pytestconfig: pytest.Config, reporter: Reporter) -> Contract:
    """The contract that answers are held against."""
    strict = pytestconfig.option.fail_on_remarks or pytestconfig.getoption("--target") == "emulator"
    return Contract(
        clauses=reporter.clauses, document=the_document(), strict=strict, only=reporter.only, keep=reporter.keep_remark
    )


@pytest.fixture(scope="session")
def run_name() -> str:
    """A name of this run, for client request ids and object ids that nobody else uses."""
    return uuid.uuid4().hex[:10]


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config, reporter: Reporter) -> Iterator[Target]:
    """The server that is judged."""
    with ExitStack() as stack:
        try:
            if pytestconfig.getoption("--target") == "emulator":
                yield stack.enter_context(emulator_target())
                return
            target = live_target(pytestconfig.getoption("--base-url"))
            hide = Redactor(target.secrets).hide
            reporter.hide = hide
            terminal = pytestconfig.pluginmanager.get_plugin("terminalreporter")
            if terminal is not None:
                quiet(terminal._tw, hide)  # there is no setting for it
            if target.in_the_clear:
                reporter.facts["warning"] = "credentials travel unencrypted, for the URL is plain http"
            stack.enter_context(only_run(target))
        except TargetUnusable as error:
            pytest.exit(str(error), returncode=USAGE)
        yield target


@pytest.fixture(scope="session")
def budget(pytestconfig: pytest.Config, target: Target) -> CallBudget:
    """The pace, calls and patience of the run."""
    option = pytestconfig.getoption
    return CallBudget(
        rate=option("--rate") or (None if target.loopback else 3.0),
        max_calls=option("--max-calls") or (20_000 if target.loopback else 4_000),
        patience=option("--patience") or (30.0 if target.loopback else 3_600.0),
    )


@pytest.fixture(scope="session")
def bounds(pytestconfig: pytest.Config) -> Bounds:
    """What one answer may take."""
    seconds = pytestconfig.getoption("--answer-within")
    return Bounds(seconds=seconds, silence=seconds) if seconds else Bounds()


@pytest.fixture(scope="session")
def cleanup(  # noqa: PLR0913, PLR0917  (each is a fixture)
    pytestconfig: pytest.Config,
    reporter: Reporter,
    contract: Contract,
    budget: CallBudget,
    target: Target,
    run_name: str,
    bounds: Bounds,
) -> Iterator[Cleanup]:
    """Takes care of what exists on the target: looks before the run, cleans up after failures and Ctrl-C too."""
    try:
        network = Network(target.base_url, bounds=bounds)
        session = Session(target=target, contract=contract, budget=budget, judge=None, network=network)
        cleanup = Cleanup(
            session=session, run_name=run_name, use_integration=pytestconfig.getoption("--use-integration")
        )
        cleanup.prepare()
    except TargetUnusable as error:
        pytest.exit(str(error), returncode=USAGE)
    yield cleanup
    reporter.left_behind = cleanup.finish()
    if reporter.left_behind:
        reporter.facts["left behind"] = reporter.left_behind


@pytest.fixture(scope="session")
def session(  # noqa: PLR0913, PLR0917  (each is a fixture)
    reporter: Reporter, contract: Contract, budget: CallBudget, target: Target, cleanup: Cleanup, bounds: Bounds
) -> Session:
    """Where every call is paced, counted and judged."""
    reporter.facts |= {"target": target.name, "at": target.base_url, "strict": contract.strict, **_versions()}
    return Session(
        target=target,
        contract=contract,
        budget=budget,
        judge=Judge(contract=contract),
        network=Network(target.base_url, bounds=bounds),
        before=[cleanup.before],
        watchers=[cleanup.watch, lambda _: reporter.facts.update(calls=budget.calls)],
    )


def _versions() -> dict[str, str]:
    """Say which version of the suite judges, and in a checkout which commit."""
    found = {"version": version("gong-crm")}
    if (ROOT / ".git").exists():  # an installed suite may lie inside the checkout of something else
        command = ("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
            found["commit"] = done.stdout.strip()
    return found


@pytest.fixture(scope="session")
def gong(session: Session) -> Iterator[Caller]:
    """The raw caller with the main credentials."""
    caller = Caller(session)
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
    answer = gong.call("registerCrmIntegration", "legacy", content=b"{}", content_type="application/json")
    return answer.status != 404


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest, legacy_served: Literal[True, False]) -> Family:
    """Each family of operations in turn."""
    chosen_family: Family = request.param
    if chosen_family == "legacy" and not legacy_served:
        pytest.skip("the target does not serve the legacy family (U-18)")
    return chosen_family


@pytest.fixture
def legacy(legacy_served: Literal[True, False]) -> None:
    """Skip a test of the legacy family where the target does not serve it."""
    if not legacy_served:
        pytest.skip("the target does not serve the legacy family (U-18)")


@pytest.fixture(scope="session")
def shared(
    pytestconfig: pytest.Config, session: Session, gong: Caller, cleanup: Cleanup, contract: Contract
) -> SharedIntegration:
    """Registers the integration that the tests share, and keeps it in sight."""
    shared = SharedIntegration(gong=gong, cleanup=cleanup, contract=contract)
    session.watchers.append(shared.watch)
    pytestconfig.stash[SHARED] = shared
    return shared


@pytest.fixture(scope="session")
def integration(request: pytest.FixtureRequest, shared: SharedIntegration) -> Integration:
    """The integration that the tests share; the clean-up deletes it at the end."""
    try:
        return shared.register()
    except Breach:
        if shared.losses:
            request.session.shouldfail = "the integration has vanished and none can be registered in its place"
        raise


@pytest.fixture(scope="session")
def valid_calls(gong: Caller, integration: Integration, run_name: str) -> ValidCalls:
    """A valid call of each operation; the request that the status call asks for is known."""
    calls = ValidCalls(integration_id=integration.id, prefix=run_name)
    calls.make_known(gong)
    return calls


@pytest.fixture(scope="session")
def batch(
    gong: Caller, follower: Follower, integration: Integration, shared: SharedIntegration, run_name: str
) -> Batch:
    """Many uploads at once, each followed when a test asks."""
    prefix = f"{run_name}{shared.losses or ''}"
    return Batch(gong=gong, follower=follower, integration_id=integration.id, prefix=prefix)


@pytest.fixture(scope="session")
def families(legacy_served: Literal[True, False]) -> tuple[Family, ...]:
    """The families that the target serves."""
    return FAMILIES if legacy_served else ("current",)
