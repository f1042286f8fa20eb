"""A run stays within the pace and the calls that it was given."""

from itertools import pairwise

import pytest

from contract_tests.suite.wire.call_budget import RESERVE, BudgetSpent, CallBudget


def test_calls_stay_under_the_rate() -> None:
    """Calls are spread so that no second sees more than the rate."""
    now = [0.0]
    budget = CallBudget(
        rate=3.0, max_calls=100, patience=1, clock=lambda: now[0], sleep=lambda wait: now.__setitem__(0, now[0] + wait)
    )
    times = []
    for _ in range(10):
        budget.admit()
        times.append(now[0])
    assert all(sum(start <= time < start + 0.999 for time in times) <= 3 for start in times)


def test_the_budget_keeps_calls_for_cleaning() -> None:
    """The last calls of a budget are kept for cleaning up."""
    budget = CallBudget(rate=None, max_calls=10 * RESERVE, patience=1)
    for _ in range(9 * RESERVE):
        budget.admit()
    with pytest.raises(BudgetSpent):
        budget.admit()
    budget.cleaning = True
    budget.admit()
    assert 9 * RESERVE + 1 == budget.calls


def test_polls_end_with_patience() -> None:
    """Pauses grow, the last question is asked when patience ends, and what is stuck once costs less patience later."""
    now, asked = [0.0], list[float]()
    budget = CallBudget(
        rate=None, max_calls=9, patience=5, clock=lambda: now[0], sleep=lambda wait: now.__setitem__(0, now[0] + wait)
    )
    asked.extend(now[0] for _ in budget.polls())
    assert 5.0 == pytest.approx(asked[-1])
    assert 0.2 == pytest.approx(max(later - sooner for sooner, later in pairwise(asked)))
    assert budget.stuck
    begin = now[0]
    list(budget.polls())
    assert 1.5 == pytest.approx(now[0] - begin)


def test_what_nobody_promises_costs_little_patience() -> None:
    """A brief wait ends after seconds and finds nothing stuck."""
    now = [0.0]
    budget = CallBudget(
        rate=3.0, max_calls=9, patience=3600, clock=lambda: now[0], sleep=lambda wait: now.__setitem__(0, now[0] + wait)
    )
    list(budget.polls(brief=True))
    assert 3.0 == pytest.approx(now[0])
    assert not budget.stuck
