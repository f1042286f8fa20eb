"""Two processes and many threads with one journal, Ctrl-C, and tokens."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from gong_crm import Budget
from gong_crm.errors import JournalBusyError
from tests.gong_crm.faults.harness.checker import Look, Said, calls_at_once, complaints
from tests.gong_crm.faults.harness.inputs import Maker
from tests.gong_crm.faults.harness.processes import Pusher, read_end
from tests.gong_crm.faults.harness.pushing import NAME, OWNER, integration_of, result, said_by
from tests.gong_crm.faults.harness.tables import STATUS, UPLOAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_PATIENT: Final = {"timeout": 60.0}


def _until(true: Callable[[], bool]) -> None:
    """Wait for something that another process brings about."""
    until = time.monotonic() + 120
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def _was_called(emulator: RunningEmulator, operation: str) -> bool:
    return any(call["operation"] == operation for call in emulator.journal())


def test_a_second_process_is_refused_and_may_read(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path
) -> None:
    """While one process pushes, a second is refused with a sentence at once, and can still list the jobs."""
    emulator.faults.add(UPLOAD, {"kind": "stall", "seconds": 1.0})
    pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, awaited=opening.awaited, more=_PATIENT)
    with pusher.start() as process:
        _until(lambda: _was_called(emulator, UPLOAD))
        process.send_signal(signal.SIGSTOP)  # so that it holds the journal for as long as this looks on
        for refused in (opening.push, opening.resume_or_push):
            with pytest.raises(JournalBusyError, match="another process is pushing") as caught:
                refused(inputs)
            assert str(opening.journal) in str(caught.value)
        jobs = opening.use(_jobs)
        process.send_signal(signal.SIGCONT)
        said = read_end(process)
    assert [(False, "sending")] == [(finished, states[0]) for finished, states in jobs]
    assert isinstance(said, Said), said
    assert [] == complaints(emulator.url, inputs, said=said)
    assert [] == opening.use(_jobs)


async def _jobs(gong: Any) -> list[tuple[bool, list[str]]]:  # noqa: ANN401  (either door)
    return [(job.is_finished, [str(file.state) for file in job.files]) for job in await result(gong.jobs())]


def test_processes_that_resume_at_once_do_the_work_once(
    emulator: RunningEmulator, inputs: Inputs, tmp_path: Path
) -> None:
    """Of processes that take up a killed push at once one does it; the others are refused or find it done."""
    pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, die=({"call": 7, "when": "after"},))
    assert pusher.finish() is None
    ends = [read_end(process) for process in [pusher.start(resume=True) for _ in range(3)]]
    done = [one for one in ends if isinstance(one, Said)]
    assert {"JournalBusyError"} >= {str(one).partition(":")[0] for one in ends if not isinstance(one, Said)}
    assert done
    for said in done:
        assert [] == complaints(emulator.url, inputs, said=said)


def test_six_threads_with_one_door_lose_and_double_nothing(
    emulator: RunningEmulator, blocking: Opening, tmp_path: Path
) -> None:
    """Six threads push six object types through one GongCrm, within the budget that they share."""
    everything = Maker(tmp_path / "input").all_types(size=6)
    with blocking.but(budget=Budget(per_second=40)).open() as gong:
        integration = gong.register(name=NAME, owner_email=OWNER)
        together = threading.Barrier(len(everything))

        def one(object_type: str) -> Said:
            together.wait()
            return said_by(integration.push({object_type: everything[object_type]}).outcome)

        with ThreadPoolExecutor(len(everything)) as threads:
            said = list(threads.map(one, everything))
    whole = Said(
        numbers={name: numbers for some in said for name, numbers in some.numbers.items()},
        rejects={name: data for some in said for name, data in some.rejects.items()},
    )
    found = complaints(emulator.url, everything, said=whole)
    assert [] == [one for one in found if not one.startswith("types out of order")]
    assert 40 >= calls_at_once(Look(emulator.url).calls())


@pytest.mark.parametrize("doors", [1, 6])
def test_six_threads_with_the_same_files_send_them_once(
    emulator: RunningEmulator, blocking: Opening, inputs: Inputs, doors: int
) -> None:
    """Six threads push the same files at once, through one GongCrm or one each: Gong has each record once."""
    gongs = [blocking.open() for _ in range(doors)]
    gongs[0].register(name=NAME, owner_email=OWNER)
    together = threading.Barrier(6)

    def one(number: int) -> Said:
        together.wait()
        return said_by(gongs[number % doors].integration().push(inputs).outcome)

    with ThreadPoolExecutor(6) as threads:
        for said in threads.map(one, range(6)):
            assert [] == complaints(emulator.url, inputs, said=said)
    for gong in gongs:
        gong.close()


@pytest.mark.parametrize("operation", [UPLOAD, STATUS])
def test_ctrl_c_detaches_and_the_token_picks_up(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path, operation: str
) -> None:
    """Ctrl-C in the middle ends the process with KeyboardInterrupt; the token finishes the job in another."""
    emulator.faults.add(operation, {"kind": "stall", "seconds": 30})
    pusher = Pusher(url=emulator.url, folder=tmp_path, inputs=inputs, awaited=opening.awaited, more=_PATIENT)
    with pusher.start() as process:
        _until(lambda: _was_called(emulator, operation))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert "KeyboardInterrupt" in errors
    # Under asyncio the event loop raises a KeyboardInterrupt of its own.
    assert opening.awaited or "The job can be taken up again: gong.resume()" in errors
    emulator.faults.clear()
    said = opening.use(_finish_the_one_left)
    assert [] == complaints(emulator.url, inputs, said=said)


async def _finish_the_one_left(gong: Any) -> Said:  # noqa: ANN401  (either door)
    [left] = await result(gong.jobs())
    job = await result((await result(gong.job(left.token))).wait())
    return said_by(job.outcome)


def test_a_push_that_is_not_waited_for_is_finished_later(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs
) -> None:
    """A push that returns when the first files are sent leaves a job that the same journal finishes later."""

    async def begin(gong: Any) -> None:  # noqa: ANN401  (either door)
        await result((await integration_of(gong)).push(dict(inputs), wait=False))

    opening.use(begin)
    said = opening.use(_finish_the_one_left)
    assert [] == complaints(emulator.url, inputs, said=said)


def test_a_token_tells_the_numbers_where_there_is_no_journal(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, tmp_path: Path
) -> None:
    """On a machine without the journal a token follows what was sent and counts it; nothing is sent again."""

    async def begin(gong: Any) -> str:  # noqa: ANN401  (either door)
        token: str = (await result((await integration_of(gong)).push(dict(inputs)))).token
        return token

    async def finish(gong: Any, token: str) -> dict[str, int]:  # noqa: ANN401  (same)
        job = await result((await result(gong.job(token))).wait())
        return {one.object_type: one.accepted for one in job.outcome.types}

    token = opening.use(begin)
    elsewhere = replace(opening, journal=tmp_path / "elsewhere")
    assert {"ACCOUNT": 10, "CONTACT": 5} == elsewhere.use(lambda gong: finish(gong, token))
    assert [] == complaints(emulator.url, inputs, said=None)
