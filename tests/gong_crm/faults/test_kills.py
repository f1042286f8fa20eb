"""A pushing process that is killed at any moment, and taken up by another."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.gong_crm.faults.harness.checker import Said, complaints
from tests.gong_crm.faults.harness.inputs import BAD_LINES, Maker
from tests.gong_crm.faults.harness.processes import Pusher, read_end

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs

_QUICK, _ALL = 8, 100
_SECONDS = 1.5
"""How long an undisturbed push of these tests takes at most, on a quiet machine."""


def _moments() -> list[object]:
    """Give moments after the beginning, in seconds; a seed makes them the same in each run."""
    chance = random.Random(2026)  # noqa: S311  (moments that repeat under a seed, no secret)
    moments = [chance.uniform(0, _SECONDS) for _ in range(_ALL)]
    return [
        pytest.param(moment, number, id=f"kill-{number}", marks=[] if number < _QUICK else [pytest.mark.slow])
        for number, moment in enumerate(moments)
    ]


@pytest.mark.parametrize(("moment", "number"), _moments())
def test_a_push_killed_at_a_random_moment_is_taken_up(
    emulator: RunningEmulator, tmp_path: Path, moment: float, number: int
) -> None:
    """Killed at a random moment, a push is finished by another process: nothing lost, nothing doubled."""
    maker = Maker(tmp_path / "input", seed=number)
    inputs = maker.few() if number < _QUICK else maker.all_types(size=4, bad=BAD_LINES[:3])
    pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, awaited=number % 2 == 1)
    with pusher.start() as process:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
        time.sleep(moment)
        process.kill()
    said = pusher.finish(resume=True)
    assert isinstance(said, Said), said
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(1, 16))
def test_a_push_killed_at_any_call_is_taken_up(
    emulator: RunningEmulator, inputs: Inputs, tmp_path: Path, call: int, when: str
) -> None:
    """Killed just before a call or just after its answer came, a push is finished by another process."""
    pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, die=({"call": call, "when": when},))
    said = pusher.finish()
    if said is None:
        said = pusher.finish(resume=True)
    assert isinstance(said, Said), said
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.slow
def test_a_push_killed_again_and_again_ends_at_last(emulator: RunningEmulator, inputs: Inputs, tmp_path: Path) -> None:
    """Killed after each fifth call, by turns before and after it, a push still ends with each record there once."""
    for attempt in range(20):
        when = "before" if attempt % 2 else "after"
        pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, die=({"call": 5, "when": when},))
        with pusher.start(resume=attempt > 0, mortal=True) as process:
            said = read_end(process)
        if said is not None:
            break
    assert isinstance(said, Said), said
    assert [] == complaints(emulator.url, inputs, said=said)
