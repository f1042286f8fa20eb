"""Lines that only Gong refuses: their way back through waves, sorting, splitting and feeds to what they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from gong_crm_emulator import EmulatorSettings, RunningEmulator, running_emulator
from tests.gong_crm.faults.harness.checker import Look, complaints
from tests.gong_crm.faults.harness.inputs import BAD_LINES, Maker
from tests.gong_crm.faults.harness.judgement import GongKnows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_KNOWS: Final = GongKnows(no_underscores=True)


@pytest.fixture(scope="module")
def _strict() -> Iterator[RunningEmulator]:
    settings = EmulatorSettings(pending_polls=0, in_progress_polls=0, strict_order=True, strict_object_ids=True)
    with running_emulator(settings=settings) as emulator:
        yield emulator


@pytest.fixture
def strict(_strict: RunningEmulator) -> RunningEmulator:
    """Give an emulator that refuses "_" in object ids, which no check may know."""
    _strict.reset()
    return _strict


def _sources(folder: Path, *, refused: int) -> Inputs:
    """Make sources of all kinds with lines that only Gong refuses, among good, bad and repeated ones."""
    maker = Maker(folder)
    odd = [maker.record(f"odd_{n % 7}", name=f"Odd {n}") for n in range(refused)]
    rows = "".join(f'row_{n},2026-03-0{n + 1}T00:00:00Z,"Comma, {n}"\n' for n in range(5))
    contacts = folder / "contacts.csv"
    contacts.write_text(f"objectId,modifiedDate,lastName\ngood-1,2026-01-01T00:00:00Z,Good\n{rows}bad-1,,Bad\n")
    return {
        "ACCOUNT": [
            maker.lines("one.ldjson", [*maker.accounts(6, again=3), *odd[::2]], bad=BAD_LINES[:4], repeat=1, crlf=True),
            maker.lines("two.ldjson.gz", [*maker.accounts(4, prefix="other"), *odd[1::2]], bad=BAD_LINES[4:6]),
        ],
        "CONTACT": [contacts],
        "DEAL": [maker.lines("deals.ldjson", [maker.deal(n) for n in range(3)])],
    }


@pytest.mark.parametrize("refused", [3, 14, 150])
def test_what_gong_refuses_comes_back_as_it_was(
    strict: RunningEmulator, opening: Opening, tmp_path: Path, refused: int
) -> None:
    """Lines that Gong refuses, in any source and wave, come back byte by byte beside those of the check."""
    inputs = _sources(tmp_path / "input", refused=refused)
    said = replace(opening, url=strict.url).push(inputs)
    assert refused + 5 == sum(one["totalErrorCount"] for one in Look(strict.url).uploads())
    assert [] == complaints(strict.url, inputs, said=said, knows=_KNOWS)


def test_corrected_rejects_can_be_pushed(strict: RunningEmulator, opening: Opening, tmp_path: Path) -> None:
    """A reject file that was corrected goes up as a source of its own, and then Gong has every line."""
    inputs = _sources(tmp_path / "input", refused=3)
    there = replace(opening, url=strict.url)
    said = there.push(inputs)
    corrected = tmp_path / "corrected.ldjson"
    lines = said.rejects["ACCOUNT"].split(b"\n")
    corrected.write_bytes(b"\n".join(line.replace(b"odd_", b"even-") for line in lines if b"odd_" in line))
    again = there.push({"ACCOUNT": [corrected]})
    numbers = again.numbers["ACCOUNT"]
    assert (3, 3, 0) == (numbers.read, numbers.accepted, numbers.rejected)
    rows = said.rejects["CONTACT"].decode().splitlines()
    assert "objectId,modifiedDate,lastName" == rows[0]
    fixed = tmp_path / "corrected.csv"
    fixed.write_text(
        "\n".join(row.replace("row_", "row-").replace("bad-1,,", "ok-1,2026-01-01T00:00:00Z,") for row in rows)
    )
    last = there.push({"CONTACT": [fixed]})
    assert (6, 6) == (last.numbers["CONTACT"].read, last.numbers["CONTACT"].accepted)
