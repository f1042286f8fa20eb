"""The options of the contract suite, the order of its tests, and what ends a run; no test names its target."""

import contextlib
import signal
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

import pytest

from contract_tests.fixtures import (  # noqa: F401  (pytest looks for fixtures here)
    REPORTER,
    SHARED,
    USAGE,
    batch,
    bounds,
    budget,
    cleanup,
    contract,
    families,
    family,
    follower,
    gong,
    integration,
    legacy,
    legacy_served,
    reporter,
    run_name,
    session,
    shared,
    target,
    valid_calls,
)
from contract_tests.options import add_options
from contract_tests.suite.drive.shared_integration import LOSSES
from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.report.choosing import SERVERLESS, chosen, module_of
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.call_budget import BudgetSpent
from contract_tests.suite.wire.session import LimitedForLong, TargetGone

HERE: Final = Path(__file__).parent

# Layers that need no server first, then what needs the target without an integration, then the rest.
ORDER: Final = (
    *("clauses", "document", "evidence", "replay"),
    *("lifecycle", "registration", "authentication", "refusals"),
    *("schema", "objects", "values", "requests", "lines", "limits", "conformance"),
)
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
    plugin = Reporter(clauses=read_clauses(), directory=directory, judges_server=live)
    config.stash[REPORTER] = plugin
    config.pluginmanager.register(plugin, "contract-reporter")
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
    watched = item.config.stash[SHARED]
    try:
        suspect = watched.vanished()
        other = watched.cleanup.of_another_run() if suspect else None
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
        raise watched.loss(suspect, breach)
    except Breach as error:
        call.excinfo = pytest.ExceptionInfo.from_exception(error)
    if watched.losses >= LOSSES:
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
