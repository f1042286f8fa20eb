"""Recorded exchanges are played through the generated client with the network closed, and obey the document."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

import httpx
import pytest

from contract_tests.suite.drive.client_driver import Mode
from contract_tests.suite.evidence.cassette_faults import faults_of
from contract_tests.suite.evidence.cassettes import (
    CASSETTES,
    NO_EVIDENCE,
    ORIGINS,
    Origin,
    age_of,
    files_in,
    recording_of,
    sha256_of,
    today,
)
from contract_tests.suite.evidence.replay import SCENARIOS, Scenario, Unplayable, left_over, play
from contract_tests.suite.evidence.secrets import planted, shown_in
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.operations import OPERATIONS, operation_at
from contract_tests.suite.report.reporter import Reporter
from contract_tests.suite.wire.closed_network import NetworkClosed, closed_network

pytestmark = pytest.mark.layer("replay")

FILES: Final = files_in(CASSETTES)
RECORDED: Final = tuple(origin for origin in ORIGINS if files_in(CASSETTES / origin))


def name_of(path: Path) -> str:
    """Name a cassette as its folder and its file do."""
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(autouse=True)
def network() -> Iterator[None]:
    """Nothing here reaches a network."""
    with closed_network():
        yield


@pytest.fixture(autouse=True, scope="module")
def age(request: pytest.FixtureRequest) -> None:
    """Report in the summary how old the cassettes are, and whether the document has changed since."""
    reporter = request.config.pluginmanager.get_plugin("contract-reporter")
    assert isinstance(reporter, Reporter)
    for origin in ORIGINS:
        recordings = [recording_of(path) for path in files_in(CASSETTES / origin)]
        reporter.facts[f"cassettes/{origin}"] = age_of(recordings, on=today(), sha256=sha256_of())


def test_the_network_is_closed_to_a_synchronous_client() -> None:
    """A call that is not played cannot reach anybody."""
    with pytest.raises(NetworkClosed, match=r"127\.0\.0\.1"):
        httpx.get("http://127.0.0.1:9/")


def test_the_network_is_closed_to_an_asynchronous_client() -> None:
    """Neither can a call of an asynchronous client."""

    async def call() -> None:
        async with httpx.AsyncClient() as client:
            await client.get("http://gong.invalid/")

    with pytest.raises(NetworkClosed, match=r"gong\.invalid"):
        asyncio.run(call())


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
@pytest.mark.parametrize("origin", RECORDED)
def test_a_scenario_is_played_to_its_end(contract: Contract, origin: Origin, scenario: Scenario, mode: Mode) -> None:
    """Either client finds each answer once, in its order, and every answer keeps the clauses."""
    folder = CASSETTES / origin
    if origin == "live" and not any((folder / name).exists() for name in scenario.files()):
        pytest.skip(f"the {scenario} scenario was not recorded live")
    try:
        play(scenario, mode=mode, contract=replace(contract, strict=origin == "emulator"), folder=folder)
    except Unplayable as error:
        pytest.fail(str(error), pytrace=False)


@pytest.mark.parametrize("origin", ORIGINS)
def test_no_cassette_is_left_over(origin: Origin) -> None:
    """Every file of the folder belongs to a scenario that is played."""
    assert [] == left_over(CASSETTES / origin)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_exchanges_obey_the_document(contract: Contract, path: Path) -> None:
    """Parameters, bodies, taken lines, statuses and headers are as openapi.yaml says today."""
    faults = faults_of(recording_of(path), contract.document)
    assert [] == faults, "run `nox -s record` if the document changed and the emulator follows it"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_secret_is_shown(path: Path) -> None:
    """Neither a credential of this machine nor anything in the shape of one stands in the file."""
    assert [] == shown_in(path.read_text(encoding="utf-8"), secrets=planted())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_cassette_says_where_it_comes_from(path: Path) -> None:
    """The folder and the file agree on who has answered, and the emulator is never called evidence."""
    metadata = recording_of(path).metadata
    assert path.parent.name == metadata.recorded_from
    assert (metadata.recorded_from == "emulator") == (metadata.about == NO_EVIDENCE)
    assert metadata.day <= today()


def test_every_operation_is_recorded() -> None:
    """Each of the seventeen operations succeeds in a cassette of the emulator."""
    exchanges = [one for path in files_in(CASSETTES / "emulator") for one in recording_of(path).interactions]
    operations = (operation_at(one.method, one.path) for one in exchanges if one.status < 300)
    assert {operation.id for operation in OPERATIONS} == {one.id for one in operations if one is not None}
