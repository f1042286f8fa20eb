"""Cassettes and the scenarios that they hold cannot part ways unseen."""

import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from contract_tests.suite.drive.client_driver import Mode
from contract_tests.suite.evidence.cassettes import CASSETTES
from contract_tests.suite.evidence.replay import SCENARIOS, Scenario, Unplayable, left_over, play
from contract_tests.suite.evidence.tape import Ordered
from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.wire.closed_network import closed_network

SCENARIO = Scenario(family="current")
REGISTER = "register_crm_integration_only_once.yaml"
UPLOAD = "upload_crm_entities_every_type.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the recordings."""
    return Path(shutil.copytree(CASSETTES / "emulator", tmp_path / "emulator"))


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The contract that answers are held against."""
    return Contract(clauses=read_clauses(), document=Document(), strict=True)


def edit(path: Path, change: Callable[[list[Any]], object]) -> None:
    """Change the exchanges of a cassette."""
    cassette = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(cassette["interactions"])
    path.write_text(Ordered.serialize(cassette), encoding="utf-8")


def test_an_untouched_recording_is_played(folder: Path, contract: Contract) -> None:
    """One recording answers either client, with the network closed."""
    with closed_network():
        for scenario, mode in product(SCENARIOS, get_args(Mode)):
            play(scenario, mode=mode, contract=contract, folder=folder)


def test_an_answer_that_nobody_asks_for_fails(folder: Path, contract: Contract) -> None:
    """An orphan in a cassette is named."""
    edit(folder / REGISTER, lambda exchanges: exchanges.append(exchanges[0]))
    with pytest.raises(Unplayable, match=f"nobody asks for 1 recorded answers of {REGISTER}, the first one to PUT"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_a_question_that_was_not_recorded_fails(folder: Path, contract: Contract) -> None:
    """A call without a recorded answer is never let through, and the cassette is named."""
    edit(folder / UPLOAD, lambda exchanges: exchanges.pop())
    with pytest.raises(Unplayable, match=f"{UPLOAD} has no answer to what is asked now"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_a_changed_upload_gets_no_old_answer(folder: Path, contract: Contract) -> None:
    """An upload whose lines differ from the recorded ones is another request."""

    def change(exchanges: list[Any]) -> None:
        request = exchanges[0]["request"]
        request["body"] = request["body"].replace("2024-02-04T08:00:00Z", "2024-02-04T08:00:01Z")

    edit(folder / UPLOAD, change)
    with pytest.raises(Unplayable, match="the body differs"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_changed_ids_of_a_read_get_no_old_answer(folder: Path, contract: Contract) -> None:
    """A GET whose JSON body differs from the recorded one is another request."""

    def change(exchanges: list[Any]) -> None:
        read = next(one["request"] for one in exchanges if one["request"]["method"] == "GET" and one["request"]["body"])
        read["body"] = '["somebody-else"]'

    edit(folder / UPLOAD, change)
    with pytest.raises(Unplayable, match="the body differs"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_a_missing_cassette_fails(folder: Path, contract: Contract) -> None:
    """A step without a file says how to record it."""
    (folder / REGISTER).unlink()
    with pytest.raises(Unplayable, match=f"{REGISTER} is missing, .*nox -s record"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_a_cassette_that_nobody_plays_is_left_over(folder: Path) -> None:
    """A file that belongs to no step is listed, in a folder of its own too."""
    (folder / "deeper").mkdir()
    shutil.copy(folder / REGISTER, folder / "old.yaml")
    shutil.copy(folder / REGISTER, folder / "deeper" / REGISTER)
    assert [f"deeper/{REGISTER}", "old.yaml"] == left_over(folder)


def test_a_breach_tells_since_when(folder: Path, contract: Contract) -> None:
    """A recorded answer that breaks a clause names the day, the origin and the cassette."""

    def change(exchanges: list[Any]) -> None:
        exchanges[0]["response"]["body"]["string"] = '{"requestId":"4jqnz03u5y2oz0ec7lp","integrationId":"7"}'

    edit(folder / REGISTER, change)
    with pytest.raises(Breach, match=rf"since     recorded \d{{4}}-\d\d-\d\d from emulator, in {REGISTER}"):
        play(SCENARIO, mode="sync", contract=contract, folder=folder)


def test_files_are_named_after_operations() -> None:
    """Every cassette begins with the snake case of an operation."""
    names = [name for scenario in SCENARIOS for name in scenario.files()]
    assert len(names) == len(set(names))
    assert "upload_crm_entities_legacy_every_type.yaml" in names
    assert "get_crm_request_status_failed_then_corrected_of_legacy.yaml" in names
