"""Sources that are missing, broken, empty, of a wrong type, or pushed on several nights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gong_crm.errors import SetupError, SourceError
from tests.gong_crm.faults.harness.checker import Look, complaints
from tests.gong_crm.faults.harness.inputs import Maker

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening


@pytest.mark.parametrize("name", ["missing.ldjson", "missing.csv", "missing.gz", "no-*.ldjson", "empty-folder"])
def test_a_source_that_is_not_there_is_named(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path, name: str
) -> None:
    """A missing file, a pattern and a folder without files are SourceErrors that name them; nothing is sent."""
    (tmp_path / "empty-folder").mkdir()
    with pytest.raises(SourceError, match=name.replace("*", r"\*")):
        opening.push({**inputs, "DEAL": [tmp_path / name]})
    assert [] == Look(emulator.url).uploads()
    said = opening.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.parametrize("kept", [None, -100, 30])
def test_a_broken_gzip_is_named(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path, kept: int | None
) -> None:
    """A file that is no gzip although its name says so, or was cut off, is reported by name; nothing of it is sent."""
    maker = Maker(tmp_path / "input")
    deals = maker.lines("deals.ldjson.gz", [maker.deal(number) for number in range(3_000)])
    deals.write_bytes(b"no gzip at all" if kept is None else deals.read_bytes()[:kept])
    with pytest.raises(SourceError, match="deals"):
        opening.push({**inputs, "DEAL": [deals]})
    assert [] == Look(emulator.url).uploads()


@pytest.mark.parametrize(
    ("wrong", "near"), [("ACCOUNTS", "ACCOUNT"), ("contact", "CONTACT"), ("Deal", "DEAL"), ("USER", "BUSINESS_USER")]
)
def test_a_wrong_object_type_is_reported_with_the_near_one(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, wrong: str, near: str
) -> None:
    """An object type that Gong does not have is refused with the one that was meant; nothing is sent."""
    with pytest.raises(SetupError, match=rf"'{wrong}'.*{near}"):
        opening.push({wrong: inputs["ACCOUNT"]})
    assert [] == Look(emulator.url).uploads()


def test_an_empty_file_is_a_sign_of_life_each_night(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path
) -> None:
    """An empty file goes up as it is, on the second night too, beside files that did not change."""
    maker = Maker(tmp_path / "input")
    inputs = {**maker.few(), "DEAL": [maker.lines("deals.ldjson", [])]}
    for night in (1, 2):
        said = opening.push(inputs)
        assert [] == complaints(emulator.url, inputs, said=said, empty_nights=night)


def test_the_same_files_on_two_nights_are_sent_once(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs
) -> None:
    """A second night with the same files sends nothing twice and says the same of each line."""
    for _ in range(2):
        said = opening.push(inputs)
        assert [] == complaints(emulator.url, inputs, said=said)


def test_a_list_that_goes_back_is_sent_again(emulator: RunningEmulator, opening: Opening, tmp_path: Path) -> None:
    """Stages carry no date, so a list that is again what it was two nights ago is news and not a repetition."""
    maker = Maker(tmp_path / "input")
    for name in ("Open", "Begun", "Open"):
        stages = maker.lines("stages.ldjson", [{"objectId": "s1", "name": name, "sortOrder": 1}])
        said = opening.push({"STAGE": [stages]})
        assert (1, 0) == (said.numbers["STAGE"].accepted, said.numbers["STAGE"].duplicates)
        assert [name] == [one["members"]["name"] for one in Look(emulator.url).objects("STAGE")]
    opening.push({"STAGE": [stages]})
    assert 3 == len(Look(emulator.url).uploads()), "the same list as last night is no news"


def test_a_lost_journal_doubles_nothing(emulator: RunningEmulator, opening: Opening, inputs: Inputs) -> None:
    """The same push with a new journal, after the old one was lost, sends nothing twice."""
    for name in ("one", "another"):
        said = replace(opening, journal=opening.journal / name).push(inputs)
        assert [] == complaints(emulator.url, inputs, said=said)


def test_all_sources_of_all_types_arrive(emulator: RunningEmulator, opening: Opening, tmp_path: Path) -> None:
    """All six types, two sources of one, CSV and gzip, with bad and repeated lines: each line has its outcome."""
    inputs = Maker(tmp_path / "input").all_types(size=30)
    said = opening.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.parametrize("seed", range(8))
def test_any_order_and_any_repetition_arrive(
    emulator: RunningEmulator, blocking: Opening, tmp_path: Path, seed: int
) -> None:
    """Whatever the order of lines and the number of versions, Gong has each version once, in waves, in order."""
    maker = Maker(tmp_path / "input", seed=seed)
    inputs = {"ACCOUNT": [maker.lines("accounts.ldjson", maker.accounts(1 + seed, again=4 * seed), repeat=seed)]}
    said = blocking.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)
