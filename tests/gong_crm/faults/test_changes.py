"""Files that change between the plan and the upload, or while they are sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.errors import SourceChangedError
from tests.gong_crm.faults.harness.checker import Look, complaints
from tests.gong_crm.faults.harness.inputs import Maker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Opening


def _longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b'{"objectId": "late", "modifiedDate": "2027-01-01T00:00:00Z"}\n')


def _other_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Account 1", b"Account X"))


def _other_bytes_of_the_same_time(path: Path) -> None:
    before = path.stat()
    _other_bytes(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _gone(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


def _accounts_in_order(folder: Path) -> Path:
    """Write accounts in order, which go up as they lie on the disk."""
    records = [
        {"objectId": f"account-{n}", "modifiedDate": f"2026-01-01T00:00:{n:02}Z", "name": f"Account {n}"}
        for n in range(20)
    ]
    return Maker(folder).lines("accounts.ldjson", records)


def _once_planned(change: Callable[[Path], None], path: Path) -> Callable[[Any], None]:
    done: list[bool] = []

    def on_event(event: Any) -> None:  # noqa: ANN401  (an Event)
        if event.kind == "planned" and not done:
            done.append(True)
            change(path)

    return on_event


@pytest.mark.parametrize("change", [_longer, _other_bytes, _other_bytes_of_the_same_time, _shorter, _emptied])
def test_a_file_that_changes_before_it_is_sent_is_never_sent_in_part(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """A file that changed since it was planned: nothing of it is in Gong, and a new push sends it whole."""
    source = _accounts_in_order(tmp_path / "input")
    with pytest.raises(SourceChangedError, match="accounts"):
        opening.but(on_event=_once_planned(change, source)).push({"ACCOUNT": [source]})
    assert [] == Look(emulator.url).uploads()
    said = opening.push({"ACCOUNT": [source]})
    assert [] == complaints(emulator.url, {"ACCOUNT": [source]}, said=said)


def test_a_file_that_went_away_is_sent_when_it_is_back(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path
) -> None:
    """A source that is gone when it is to be sent is reported by name; put back, the job goes on."""
    source = _accounts_in_order(tmp_path / "input")
    with pytest.raises(SourceChangedError, match="accounts"):
        opening.but(on_event=_once_planned(_gone, source)).push({"ACCOUNT": [source]})
    source.with_suffix(".away").rename(source)
    said = opening.resume_or_push({"ACCOUNT": [source]})
    assert [] == complaints(emulator.url, {"ACCOUNT": [source]}, said=said)


def test_a_file_that_changes_while_it_is_sent_is_never_accepted(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path
) -> None:
    """A file whose bytes change under the upload never arrives whole, so Gong takes nothing of it."""
    source = tmp_path / "accounts.ldjson"
    filler = "x" * 1_900
    with source.open("w") as file:
        for number in range(10_000):
            file.write(f'{{"objectId": "a{number}", "modifiedDate": "2026-01-01T00:00:00Z", "name": "{filler}"}}\n')
    size = source.stat().st_size
    changed: list[int] = []

    def on_event(event: Any) -> None:  # noqa: ANN401  (an Event)
        if event.kind == "sending" and not changed:
            changed.append(event.sent)
            before = source.stat()
            with source.open("r+b") as file:
                file.seek(size - 500)
                file.write(b"y")
            os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(SourceChangedError, match="accounts"):
        opening.but(on_event=on_event, timeout=20.0).push({"ACCOUNT": [source]})
    assert changed[0] < size - 500
    assert ([], 0) == (Look(emulator.url).uploads(), Look(emulator.url).state()["rawLines"])
