"""The walks that cassettes hold, step by step: how they are recorded and how they are played."""

import asyncio
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Final, get_args

from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # it has no types

from contract_tests.suite.drive.cleanup import OURS
from contract_tests.suite.drive.client_driver import ClientDriver, Mode
from contract_tests.suite.drive.data_files import LINES, ldjson
from contract_tests.suite.drive.scenario import Step, steps
from contract_tests.suite.evidence.cassettes import Metadata, Recording, files_in, read_recording
from contract_tests.suite.evidence.tape import HIDDEN, HOST, secrets_of, tape
from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import FAMILIES, Family, operation_of
from contract_tests.suite.wire.call_budget import CallBudget, Pauses
from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.targets import Target
from contract_tests.suite.wire.transport import Session
from gong_crm_client.models import CrmDataUpload, GenericDealStageRequest
from gong_crm_client.types import File


class Unplayable(AssertionError):  # noqa: N818  # says what a cassette is
    """A cassette and the walk that it holds have parted ways."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One walk: which operations are called, and through which client."""

    family: Family
    mode: Mode

    def __str__(self) -> str:
        """Name the walk as tests do."""
        return f"{self.family}-{self.mode}"

    def steps(self, run_name: str) -> tuple[Step, ...]:
        """Tell the walk.

        Args:
            run_name: How the names of this run begin.

        Returns:
            Its steps in order.
        """
        told = steps(f"{OURS} {run_name} {self.family} {self.mode}")
        return (*told[:-1], *_LEGACY_ALONE, told[-1]) if self.family == "legacy" else told

    def file_of(self, step: Step) -> str:
        """Name the cassette of a step after its operation.

        Args:
            step: A step.

        Returns:
            A file name.
        """
        operation = operation_of(step.name, self.family)
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation.id).lower()
        shared = "_of_legacy" if operation.family == "shared" and self.family == "legacy" else ""
        return f"{name}_{step.about}{shared}_{self.mode}.yaml"

    def files(self) -> tuple[str, ...]:
        """Name the cassettes of the walk.

        Returns:
            File names in order.
        """
        return tuple(self.file_of(step) for step in self.steps(""))


WALKS: Final = tuple(Walk(family=family, mode=mode) for family, mode in product(FAMILIES, get_args(Mode)))


@contextmanager
def _knowing_it_is_old() -> Iterator[None]:
    """Call what Gong has deprecated on purpose; the client warns everybody else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


async def _map_users(driver: ClientDriver) -> None:
    client_request_id = driver.next_id("users")
    data = ldjson([{"crmUserId": f"{driver.run_name}-usr", "emailAddress": f"{driver.run_name}@example.com"}])
    file = File(payload=BytesIO(data), file_name="lines.ldjson", mime_type=LINES)
    of_request = {"integration_id": driver.integration_id, "client_request_id": client_request_id}
    with _knowing_it_is_old():
        answer = await driver.call("mapCrmUsersLegacy", body=CrmDataUpload(data_file=file), **of_request)
    answer.exchange.require("map-users.success", answer.exchange.status == 201, "201")
    await driver.done(client_request_id)


async def _stages(driver: ClientDriver) -> None:
    names = enumerate(("Discovery", "Proposal"), 1)
    stages = [
        GenericDealStageRequest(internal_name=name.lower(), name=name, is_active=True, sort_order=number)
        for number, name in names
    ]
    with _knowing_it_is_old():
        answer = await driver.call("uploadCrmStagesLegacy", integration_id=driver.integration_id, body=stages)
    answer.exchange.require("stages.success", answer.exchange.status == 200, "200")


_LEGACY_ALONE: Final = (
    Step(name="mapCrmUsersLegacy", about="until_done", go=_map_users),
    Step(name="uploadCrmStagesLegacy", about="two", go=_stages),
)


def record(walk: Walk, *, session: Session, target: Target, folder: Path, metadata: Metadata) -> None:
    """Walk against a target and keep what was exchanged, a cassette a step.

    Args:
        walk: Which walk.
        session: Where calls are paced and judged.
        target: Who answers.
        folder: An empty folder.
        metadata: What each cassette says of itself.

    Raises:
        Breach: The target breaks a clause on the way; the step is not kept then.
        TooLarge: A body does not belong into a cassette.
    """
    recorder = tape("all", secrets=secrets_of(target))

    def opened(step: Step) -> AbstractContextManager[Any]:
        opening: AbstractContextManager[Any] = recorder.use_cassette(folder / walk.file_of(step))
        return opening

    def labelled(cassette: Any, _: Step) -> None:  # noqa: ANN401  # the recorder's cassette has no types
        for name, value in metadata.told().items():
            cassette.get_metadata(name, value)

    driver = ClientDriver(session, target, family=walk.family, mode=walk.mode, run_name=metadata.run_name)
    _go(driver, walk.steps(metadata.run_name), opened=opened, after=labelled)


def play(walk: Walk, *, contract: Contract, folder: Path) -> None:
    """Walk through what was recorded; no call is let through to anybody.

    Args:
        walk: Which walk.
        contract: What answers are held against.
        folder: Where the cassettes are.

    Raises:
        Unplayable: A cassette is missing, lacks an answer, or holds one that nobody asked for.
        Breach: A recorded answer breaks a clause; it says since when.
    """
    recordings = {name: _recorded(folder / name) for name in walk.files()}
    first = recordings[walk.files()[0]]
    metadata, player = first.metadata, tape("none")

    def opened(step: Step) -> AbstractContextManager[Any]:
        return _told(player.use_cassette(folder / walk.file_of(step)), recordings[walk.file_of(step)])

    driver = ClientDriver(
        _session(contract), _hidden_target(first), family=walk.family, mode=walk.mode, run_name=metadata.run_name
    )
    _go(driver, walk.steps(metadata.run_name), opened=opened, after=_all_played)


def _go(
    driver: ClientDriver,
    story: Iterable[Step],
    *,
    opened: Callable[[Step], AbstractContextManager[Any]],
    after: Callable[[Any, Step], None],
) -> None:
    async def go() -> None:
        try:
            for step in story:
                with opened(step) as cassette:
                    await step.go(driver)
                    after(cassette, step)
        finally:
            await driver.close()

    asyncio.run(go())


def _recorded(path: Path) -> Recording:
    if not path.is_file():
        raise Unplayable(f"{path.name} is missing, but the walk has this step: run `nox -s record`")
    return read_recording(path)


def _all_played(cassette: Any, _: Step) -> None:  # noqa: ANN401  # the recorder's cassette has no types
    left = [
        f"{one.method} {one.uri}" for number, one in enumerate(cassette.requests) if not cassette.play_counts[number]
    ]
    if left:
        name = Path(cassette.path).name
        raise Unplayable(f"nobody asks for {len(left)} recorded answers of {name}, the first one to {left[0]}")


@contextmanager
def _told(cassette: AbstractContextManager[Any], recording: Recording) -> Iterator[Any]:
    """Play a cassette, and tell its faults with its name and date."""
    metadata, name = recording.metadata, recording.path.name
    try:
        with cassette as opened:
            yield opened
    except CannotOverwriteExistingCassetteException as error:
        why = str(error).partition("How to fix:")[0].strip()  # the recorder's advice is for other record modes
        raise Unplayable(
            f"{name} has no answer to what is asked now; run `nox -s record` if the change is meant. {why}"
        ) from None
    except Breach as breach:
        if breach.exchange is None:
            raise
        since = f"recorded {metadata.recorded_at} from {metadata.recorded_from}, in {name}"
        raise Breach(breach.clause, expected=breach.expected, exchange=replace(breach.exchange, since=since)) from None


@dataclass(kw_only=True)
class _Unhurried(CallBudget):
    """A budget for answers that are there already."""

    def pauses(self) -> Pauses:
        """Never pause."""
        return Pauses(first=0.0, last=0.0)


def _session(contract: Contract) -> Session:
    return Session(
        contract=contract,
        budget=_Unhurried(rate=None, max_calls=1_000_000, patience=60.0),
        judge=Judge(contract=contract),
        valid=frozenset({f"Basic {HIDDEN}", f"Bearer {HIDDEN}"}),
        loopback=True,
    )


def _hidden_target(first: Recording) -> Target:
    authorization = first.interactions[0].request_headers["authorization"]
    origin = first.metadata.recorded_from
    return Target(name=origin, base_url=HOST, credentials=Credentials(authorization=authorization))


def left_over(folder: Path) -> list[str]:
    """List the files of a folder that no walk plays.

    Args:
        folder: A folder of cassettes.

    Returns:
        Their names; a cassette in a folder of its own is never played.
    """
    played = {folder / name for walk in WALKS for name in walk.files()}
    return [str(path.relative_to(folder)) for path in files_in(folder) if path not in played]
