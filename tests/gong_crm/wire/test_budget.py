"""The calls that are allowed, over threads, processes and clocks that jump."""

import multiprocessing
import sqlite3
import threading
import time
from itertools import chain
from pathlib import Path

import pytest

from gong_crm.errors import DailyLimitError, JournalError
from gong_crm.wire.budget import Budget, CallBudget


def call_often(path: Path, calls: int, queue: "multiprocessing.Queue[list[float]]") -> None:
    """Make calls as fast as the budget allows, and tell when."""
    budget = CallBudget(path, Budget(per_second=20))
    times = []
    for _ in range(calls):
        while (seconds := budget.reserve()) > 0:
            time.sleep(seconds)
        times.append(time.monotonic())
    queue.put(times)


def test_three_processes_keep_one_pace(tmp_path: Path) -> None:
    """Over all processes of a journal, no second sees more calls than a second may."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    workers = [context.Process(target=call_often, args=(tmp_path / "budget.db", 14, queue)) for _ in range(3)]
    for worker in workers:
        worker.start()
    times = sorted(chain.from_iterable(queue.get(timeout=60) for _ in workers))
    for worker in workers:
        worker.join()
    assert 42 == len(times)
    assert all(later - earlier >= 0.99 for earlier, later in zip(times, times[20:], strict=False))


def test_six_threads_keep_one_pace(tmp_path: Path) -> None:
    """Over all threads, calls keep their distance."""
    budget, times = CallBudget(tmp_path / "budget.db", Budget(per_second=100)), []

    def call() -> None:
        for _ in range(5):
            while (seconds := budget.reserve()) > 0:
                time.sleep(seconds)
            times.append(time.monotonic())

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 30 == len(times)
    assert 0.29 <= max(times) - min(times)


def test_a_pause_holds_for_everybody_and_a_shorter_one_does_not_end_it(tmp_path: Path) -> None:
    """After a 429 no caller of the journal calls before the longest pause is over."""
    budget, other = (CallBudget(tmp_path / "budget.db", Budget()) for _ in range(2))
    budget.pause(30)
    other.pause(1)
    assert 29 < other.reserve() <= 30
    assert 29 < budget.reserve() <= 30


def test_a_time_from_before_a_restart_is_passed_over(tmp_path: Path) -> None:
    """The monotonic clock begins anew with the machine; what is written then lies far ahead and stops nobody."""
    budget = CallBudget(tmp_path / "budget.db", Budget())
    budget.reserve()
    with sqlite3.connect(tmp_path / "budget.db") as database:
        database.execute("UPDATE pace SET last = 9e9, pause = 9e9")
    database.close()
    assert 0.0 == budget.reserve()
    budget.pause(2)
    assert 1 < budget.reserve() <= 2


def test_the_calls_of_a_day_run_out_and_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls of any 24 hours are counted; when they are used up, an error says when it goes on."""
    now = 1_000_000.0 * 3600
    monkeypatch.setattr(time, "time", lambda: now)
    budget = CallBudget(tmp_path / "budget.db", Budget(per_second=None, per_day=3))
    assert 3 == budget.left_today()
    assert [0.0, 0.0, 0.0] == [budget.reserve() for _ in range(3)]
    assert 0 == budget.left_today()
    with pytest.raises(DailyLimitError, match="the 3 calls that Gong allows a day are used up; go on in 24 h"):
        budget.reserve()
    now += 24 * 3600
    assert 3 == budget.left_today()
    assert 0.0 == budget.reserve()


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0, -3.0, 3.0])
def test_a_clock_that_jumps_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    """Whichever way the wall clock is set, the next call is made within its pace."""
    budget = CallBudget(tmp_path / "budget.db", Budget(per_second=3))
    budget.reserve()
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + jump)
    assert 0.0 <= budget.reserve() <= 0.35


def test_without_limits_nothing_waits(tmp_path: Path) -> None:
    """None means any number of calls."""
    budget = CallBudget(tmp_path / "budget.db", Budget(per_second=None, per_day=None))
    assert [0.0] * 20 == [budget.reserve() for _ in range(20)]
    assert budget.left_today() is None


@pytest.mark.parametrize(
    "numbers", [{"per_second": 0}, {"per_second": -1}, {"per_second": float("nan")}, {"per_day": 0}]
)
def test_numbers_that_make_no_sense_are_refused(numbers: dict[str, float]) -> None:
    """A budget of nothing is a mistake."""
    with pytest.raises(ValueError, match="must be a positive number or None"):
        Budget(**numbers)  # type: ignore[arg-type]  # the numbers of both kinds


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """A budget file that somebody else wrote ends in a sentence that names it."""
    (tmp_path / "budget.db").write_bytes(b"not a database at all, but long enough to be looked at" * 10)
    with pytest.raises(
        JournalError, match=r"the call budget .*budget.db cannot be used: file is not a database; remove it"
    ):
        CallBudget(tmp_path / "budget.db", Budget()).reserve()
