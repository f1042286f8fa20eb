"""The scenarios that cassettes hold: how they are recorded once, and played by both clients."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # it has no types

from contract_tests.suite.drive.cleanup import OURS
from contract_tests.suite.drive.client_driver import ClientDriver, Mode
from contract_tests.suite.drive.scenario import Step, steps
from contract_tests.suite.evidence.cassettes import Metadata, Recording, files_in, read_recording
from contract_tests.suite.evidence.tape import HOST, tape
from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import FAMILIES, Family, operation_of
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.network import Network
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import Target


class Unplayable(AssertionError):  # noqa: N818  (says what a cassette is)
    """A cassette and the scenario that it holds have parted ways."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The scenario as one family of operations goes through it; a cassette a step."""

    family: Family

    def __str__(self) -> str:
        """Name the scenario as tests do."""
        return self.family

    def steps(self, run_name: str) -> tuple[Step, ...]:
        """List its steps in order."""
        return steps(self.family, name=f"{OURS} {run_name} {self.family}")

    def file_of(self, step: Step) -> str:
        """Name the cassette of a step after its operation."""
        operation = operation_of(step.name, self.family)
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation.id).lower()
        shared = "_of_legacy" if operation.family == "shared" and self.family == "legacy" else ""
        return f"{name}_{step.about}{shared}.yaml"

    def files(self) -> tuple[str, ...]:
        """Name its cassettes in order."""
        return tuple(self.file_of(step) for step in self.steps(""))


SCENARIOS: Final = tuple(Scenario(family=family) for family in FAMILIES)


def record(scenario: Scenario, *, session: Session, folder: Path, metadata: Metadata) -> int:
    """Go through a scenario and keep what was exchanged in an empty folder.

    Returns:
        The id of the integration that lived and died.

    Raises:
        Breach: The target breaks a clause on the way; the step is not kept then.
        TooLarge: A body does not belong into a cassette.
    """
    recorder = tape("all", target=session.target)

    def opened(step: Step) -> AbstractContextManager[Any]:
        opening: AbstractContextManager[Any] = recorder.use_cassette(folder / scenario.file_of(step))
        return opening

    def labelled(cassette: Any) -> None:  # noqa: ANN401  (the recorder's cassette has no types)
        for name, value in metadata.as_mapping().items():
            cassette.get_metadata(name, value)

    driver = _driver(scenario, session, mode="sync", run_name=metadata.run_name)
    _go(driver, scenario.steps(metadata.run_name), opened=opened, after=labelled)
    return driver.integration_id


def play(scenario: Scenario, *, mode: Mode, contract: Contract, folder: Path) -> None:
    """Go through what was recorded in a folder; no call is let through to anybody.

    Raises:
        Unplayable: A cassette is missing, lacks an answer, or holds one that nobody asked for.
        Breach: A recorded answer breaks a clause; it says since when.
    """
    recordings = {name: _recorded(folder / name) for name in scenario.files()}
    first = recordings[scenario.files()[0]]
    player = tape("none")

    def opened(step: Step) -> AbstractContextManager[Any]:
        name = scenario.file_of(step)
        return _with_its_name(player.use_cassette(folder / name), recordings[name])

    driver = _driver(scenario, _session(contract, first), mode=mode, run_name=first.metadata.run_name)
    _go(driver, scenario.steps(first.metadata.run_name), opened=opened, after=_all_played)


def _driver(scenario: Scenario, session: Session, *, mode: Mode, run_name: str) -> ClientDriver:
    return ClientDriver(session, family=scenario.family, mode=mode, run_name=f"{run_name}-{scenario.family[0]}")


def _go(
    driver: ClientDriver,
    steps_: tuple[Step, ...],
    *,
    opened: Callable[[Step], AbstractContextManager[Any]],
    after: Callable[[Any], None],
) -> None:
    async def go() -> None:
        try:
            for step in steps_:
                with opened(step) as cassette:
                    await step.go(driver)
                    after(cassette)
        finally:
            await driver.close()

    asyncio.run(go())


def _recorded(path: Path) -> Recording:
    if not path.is_file():
        raise Unplayable(f"{path.name} is missing, but the scenario has this step: run `nox -s record`")
    return read_recording(path)


def _all_played(cassette: Any) -> None:  # noqa: ANN401  (the recorder's cassette has no types)
    left = [
        f"{one.method} {one.uri}" for number, one in enumerate(cassette.requests) if not cassette.play_counts[number]
    ]
    if left:
        name = Path(cassette.path).name
        raise Unplayable(f"nobody asks for {len(left)} recorded answers of {name}, the first one to {left[0]}")


@contextmanager
def _with_its_name(cassette: AbstractContextManager[Any], recording: Recording) -> Iterator[Any]:
    """Play a cassette, and report its faults with its name and date."""
    metadata, name = recording.metadata, recording.path.name
    try:
        with cassette as opened:
            yield opened
    except CannotOverwriteExistingCassetteException as error:
        raise Unplayable(
            f"{name} has no answer to what is asked now; run `nox -s record` if the change is meant. {_why(error)}"
        ) from None
    except Breach as breach:
        if breach.exchange is None:
            raise
        since = f"recorded {metadata.recorded_at} from {metadata.recorded_from}, in {name}"
        raise Breach(breach.clause, expected=breach.expected, exchange=replace(breach.exchange, since=since)) from None


def _why(error: Any) -> str:  # noqa: ANN401  (the recorder's error has no types)
    """Say what was asked, and in what the closest recorded request differs; the recorder's advice fits other modes."""
    asked = f"Asked was {error.failed_request.method} {error.failed_request.uri}"
    differences = (
        [f"{name}: {message}" for name, message in error.similar_requests[0][2]] if error.similar_requests else []
    )
    return f"{asked}; the closest recorded request differs in {'; '.join(differences) or 'having been played already'}"


def _session(contract: Contract, first: Recording) -> Session:
    """Make a session for answers that are there already, so it never pauses."""
    authorization = first.interactions[0].request_headers["authorization"]
    target = Target(
        name=first.metadata.recorded_from, base_url=HOST, credentials=Credentials(authorization=authorization)
    )
    return Session(
        target=target,
        contract=contract,
        budget=CallBudget(rate=None, max_calls=1_000_000, patience=60.0, sleep=lambda _: None),
        judge=Judge(contract=contract),
        network=Network(HOST),
    )


def left_over(folder: Path) -> list[str]:
    """List the files of a folder that no scenario plays; a cassette in a folder of its own is never played."""
    played = {folder / name for scenario in SCENARIOS for name in scenario.files()}
    return [str(path.relative_to(folder)) for path in files_in(folder) if path not in played]
