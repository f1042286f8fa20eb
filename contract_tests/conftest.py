"""The options and fixtures of the contract suite; no test names its target."""

import contextlib
import signal
import subprocess
import uuid
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Final, Literal, NoReturn

import pytest

from contract_tests.options import add_options
from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import Cleanup
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.shared_integration import LOSSES, Integration, SharedIntegration
from contract_tests.suite.drive.valid_calls import ValidCalls
from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import FAMILIES, Family
from contract_tests.suite.report.choosing import SERVERLESS, chosen, module_of
from contract_tests.suite.report.quiet_terminal import quiet
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.call_budget import BudgetSpent, CallBudget
from contract_tests.suite.wire.network import Bounds, Network
from contract_tests.suite.wire.one_run import only_run
from contract_tests.suite.wire.redaction import Redactor
from contract_tests.suite.wire.session import LimitedForLong, Session, TargetGone
from contract_tests.suite.wire.targets import Target, TargetUnusable, emulator_target, live_target

__all__ = ["Integration"]

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
USAGE: Final = 4
"""Exit code when the target cannot be judged as asked: no credentials, a foreign integration, nobody there."""

# Layers that need no server first, then what needs the target without an integration, then the rest.
ORDER: Final = (
    *("clauses", "document", "evidence", "replay"),
    *("lifecycle", "registration", "authentication", "refusals"),
    *("schema", "objects", "values", "requests", "lines", "limits", "conformance"),
)
REPORTER: Final = pytest.StashKey[Reporter]()
SHARED: Final = pytest.StashKey[SharedIntegration]()
GONE: Final = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("contract", "the contract suite")
    group.addoption("--target", choices=("emulator", "replay", "live"), default="emulator", help="what is judged")
    add_options(group.addoption)
    group.addoption("--to-the-letter", action="store_true", help="the older name of --strict, for one more release")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, refuse what cannot work, and start the reporter."""
    config.addinivalue_line("markers", "clause(*ids): the clauses of clauses.yaml that a test asserts")
    config.addinivalue_line("markers", "layer(name): the layer of the suite that a module belongs to")
    live = config.getoption("--target") == "live"
    if live and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("--target live is judged by one process: leave out -n, for the company has one list")
    # pytest owns --strict, which fails on what is dubious in the tests; here it fails on what is dubious in the server.
    config.option.fail_on_remarks = config.option.to_the_letter or bool(config.getoption("strict", default=False))
    directory: Path | None = config.getoption("--report")
    if directory is not None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise pytest.UsageError(f"--report {directory}: no report can be written there: {error.strerror}") from None
    reporter = Reporter(clauses=read_clauses(), directory=directory, judges_server=live)
    config.stash[REPORTER] = reporter
    config.pluginmanager.register(reporter, "contract-reporter")
    for name in ("SIGTERM", "SIGHUP"):  # end like Ctrl-C: clean up, and write the report
        with contextlib.suppress(AttributeError, ValueError):
            signal.signal(getattr(signal, name), _interrupt)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt(f"{signal.Signals(number).name} came")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Leave out what is not asked for, and put the layers in order, whatever a plugin of the user's has shuffled."""
    as_written = {item: place for place, item in enumerate(items)}
    yield
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    others = [item for item in items if not item.path.is_relative_to(HERE)]
    kept = chosen(ours, config, config.stash[REPORTER].clauses)
    if config.getoption("--target") == "live":
        kept = [item for item in kept if module_of(item) not in SERVERLESS]  # those judge the project, no server
    if config.getoption("--target") != "live":  # a warning is an error in our own CI, and nobody's who judges a server
        for item in kept:
            item.add_marker(pytest.mark.filterwarnings("error"), append=False)
    names = {name: place for place, name in enumerate(ORDER)}
    kept.sort(key=lambda item: (names.get(module_of(item), len(names)), as_written[item]))
    left_out = [item for item in ours if item not in set(kept)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = [*others, *kept]


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
    return [path for path in sorted(HERE.glob("test_*.py")) if path.stem.removeprefix("test_") not in SERVERLESS]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Stop the run when the target takes no more calls; notice when its integration is gone."""
    if call.excinfo is None:
        return
    if call.excinfo.errisinstance((BudgetSpent, LimitedForLong, TargetGone)):
        item.session.shouldstop = str(call.excinfo.value).partition("\n")[0]
        item.config.stash[REPORTER].target_is_gone = call.excinfo.errisinstance(TargetGone)
    elif SHARED in item.config.stash and not call.excinfo.errisinstance((pytest.skip.Exception, NotJudged)):
        _see_whether_it_is_there(item, call)


def _see_whether_it_is_there(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    shared = item.config.stash[SHARED]
    try:
        suspect = shared.vanished()
        other = shared.cleanup.of_another_run() if suspect else None
    except (NotJudged, BudgetSpent, LimitedForLong):
        return  # the next call of a test says so
    if suspect is None:
        return
    if other:
        item.session.shouldstop = f"another run of this suite is at work on the target: it has registered {other!r}"
        item.config.stash[REPORTER].status = USAGE
        return
    item.config.stash[GONE] = True
    assert call.excinfo is not None
    breach = call.excinfo.value if isinstance(call.excinfo.value, Breach) else None
    try:
        raise shared.loss(suspect, breach)
    except Breach as error:
        call.excinfo = pytest.ExceptionInfo.from_exception(error)
    if shared.losses >= LOSSES:
        item.session.shouldfail = f"the integration has vanished {LOSSES} times, so nothing can be judged on it"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Let the integration, and all that was made of it, be made anew where it is gone."""
    result = yield
    if item.config.stash.get(GONE, False):  # the default of a stash
        item.config.stash[GONE] = False
        fixtures = item._fixtureinfo.name2fixturedefs.get("integration", ())  # type: ignore[attr-defined]
        for fixture in fixtures:
            fixture.finish(item._request)  # type: ignore[attr-defined]  # nothing public does it
    return result


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
def cleanup(  # noqa: PLR0913, PLR0917  # each is a fixture
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
def session(  # noqa: PLR0913, PLR0917  # each is a fixture
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
            done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
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
