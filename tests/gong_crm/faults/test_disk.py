"""A journal on a disk that is full, or that cannot be written."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from gong_crm.errors import JournalError
from tests.gong_crm.faults.harness.checker import complaints
from tests.gong_crm.faults.harness.inputs import BAD_LINES, Maker
from tests.gong_crm.faults.harness.meddling import Act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_ROOMY: Final = "size=40m"


def _slow(*values: int) -> list[Any]:
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a small disk in memory, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", _ROOMY, "tmpfs", str(folder)],  # noqa: S607  (where it lies, differs)
            check=False,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("There is no mount command here, so no small disk can be made.")
    if done.returncode:
        pytest.skip("Only root may mount the small disk that this test fills.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607  (same)


def _remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)  # noqa: S607  (same)


def _fill(folder: Path) -> None:
    """Take the last byte of a disk."""
    with (folder / "filler").open("ab", buffering=0) as file:
        for size in (65_536, 4_096, 512, 1):
            _write_until_full(file, size)


def _write_until_full(file: Any, size: int) -> None:  # noqa: ANN401  (an open file)
    try:
        while file.write(b"x" * size):
            pass
    except OSError:
        return


async def _nothing(_: object) -> None:
    """Open and close only."""


def test_a_full_disk_is_reported_before_anything_is_sent(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, disk: Path
) -> None:
    """A disk without room for the journal is a JournalError, and Gong gets nothing; with room the push ends right."""
    there = replace(opening, journal=disk / "journal")
    _fill(disk)
    with pytest.raises(JournalError, match="journal"):
        there.push(inputs)
    assert [] == emulator.journal()
    (disk / "filler").unlink()
    said = there.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.parametrize(
    "room", [0, 24, 96, *(pytest.param(room, marks=pytest.mark.slow) for room in (8, 48, 160, 240, 320))]
)
def test_a_small_disk_stops_a_push_that_goes_on_when_there_is_room(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path, disk: Path, room: int
) -> None:
    """On a disk with some kilobytes a push ends with a JournalError or well; with room it always ends well."""
    maker = Maker(tmp_path / "input")
    accounts = maker.lines("accounts.ldjson", maker.accounts(60, again=9), bad=BAD_LINES * 9)
    inputs = {"ACCOUNT": [accounts], "CONTACT": [maker.contacts("contacts.csv", 60, bad=9)]}
    there = replace(opening, journal=disk / "journal")
    there.use(_nothing)
    _fill(disk)
    with (disk / "filler").open("r+b") as filler:
        filler.truncate(filler.seek(0, 2) - room * 1024)
    try:
        said = there.push(inputs)
    except JournalError:
        (disk / "filler").unlink()
        said = there.resume_or_push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "call", [1, 6, 7, 11, *(pytest.param(call, marks=pytest.mark.slow) for call in (3, 5, 8, 9, 10, 12, 13))]
)
def test_a_disk_that_fills_up_at_any_call_loses_nothing(  # noqa: PLR0913  (a row of the table, and fixtures)
    *, emulator: RunningEmulator, opening: Opening, inputs: Inputs, disk: Path, call: int, when: str
) -> None:
    """A disk that fills up in the middle of a push stops it at most; when there is room again, all is there once."""
    full = Act(operation="*", number=call, when=when, do=lambda: _fill(disk))
    there = replace(opening, journal=disk / "journal")
    try:
        said = there.but(full).push(inputs)
    except JournalError:
        (disk / "filler").unlink()
        said = there.resume_or_push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


def test_a_folder_that_cannot_be_written_is_reported_before_anything_is_sent(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, disk: Path
) -> None:
    """A journal's folder on a disk for reading only is a JournalError, whether it was written before or not."""
    used = replace(opening, journal=disk / "used")
    used.use(_nothing)
    _remount(disk, "ro")
    for there in (used, replace(opening, journal=disk), replace(opening, journal=disk / "new")):
        with pytest.raises(JournalError, match=str(there.journal)):
            there.push(inputs)
    assert [] == emulator.journal()


def test_a_file_in_the_place_of_the_journal_is_reported(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path
) -> None:
    """A file where the journal's folder should be, or on the way to it, is a JournalError."""
    (tmp_path / "state").write_text("a file")
    for journal in (tmp_path / "state", tmp_path / "state" / "below"):
        with pytest.raises(JournalError, match="state"):
            replace(opening, journal=journal).push(inputs)
    assert [] == emulator.journal()
