"""How a call is made: within the budget, tried again where that is safe, and never past a deadline."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar, cast

from gong_crm.errors import AmbiguousError, CallError, DeadlineError, ThrottledError, UnreachableError
from gong_crm.events import Retrying, Waiting
from gong_crm.wire.retry import backoff
from gong_crm.wire.steps import Pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm.events import Event
    from gong_crm.journal import Journal
    from gong_crm.wire.budget import CallBudget
    from gong_crm.wire.calls import Call, Calls
    from gong_crm.wire.settings import Settings
    from gong_crm.wire.steps import Steps

T = TypeVar("T")

SHORT: Final = 10.0
"""Seconds for which a call that somebody waits for is tried again."""
LONG: Final = 900.0
"""Seconds for which a call in the middle of a push is tried again."""
_MOST_THROTTLED: Final = 100
_WORTH_REPORTING: Final = 5.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """When waiting ends.

    Attributes:
        end: Time of the monotonic clock, or None for never.
        message: What to say then.
    """

    end: float | None = None
    message: str = ""

    @classmethod
    def after(cls, seconds: float | None, message: str) -> Deadline:
        """Make one that ends some seconds from now, or never."""
        return cls(None if seconds is None else time.monotonic() + seconds, message)

    def check(self, seconds: float, *, trouble: str = "") -> None:
        """Refuse a wait that would go past the end.

        Args:
            seconds: How long it would be.
            trouble: What failed last, if anything did.

        Raises:
            DeadlineError: If it would.
        """
        if self.end is not None and time.monotonic() + seconds > self.end:
            raise DeadlineError(f"{self.message}; what failed last: {trouble}" if trouble else self.message)


NEVER: Final = Deadline()


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the steps of one GongCrm share."""

    settings: Settings
    calls: Calls
    journal: Journal
    budget: CallBudget
    legacy: bool
    account_pause: float
    emit: Callable[[Event], None]


def pause(session: Session, seconds: float, *, reason: str, deadline: Deadline = NEVER) -> Steps[None]:
    """Wait, and report it when it takes long."""
    deadline.check(seconds)
    if seconds >= _WORTH_REPORTING:
        session.emit(Waiting(seconds=seconds, reason=reason))
    yield Pause(seconds)


def make(session: Session, call: Call[T], *, deadline: Deadline = NEVER) -> Steps[T]:
    """Make a call once, when the budget allows it."""
    while (seconds := session.budget.reserve()) > 0:
        yield from pause(session, seconds, reason="the calls that Gong allows", deadline=deadline)
    return cast("T", (yield call))


def attempt(
    session: Session,
    call: Call[T],
    *,
    patience: float = SHORT,
    again_after: tuple[type[CallError], ...] = (UnreachableError, AmbiguousError),
    deadline: Deadline = NEVER,
) -> Steps[T]:
    """Make a call, and make it again when it failed in a way that may pass.

    Args:
        session: What all calls share.
        call: The call.
        patience: Seconds after which a failure counts; being asked to slow down is no failure.
        again_after: The failures after which this call may be made again without doing harm.
        deadline: When waiting ends in any case.

    Returns:
        The answer.

    Raises:
        CallError: The last failure.
    """
    end = time.monotonic() + patience
    failure: CallError
    failed = throttled = 0
    while True:
        try:
            return (yield from make(session, call, deadline=deadline))
        except ThrottledError as problem:
            throttled += 1
            if throttled > _MOST_THROTTLED:
                raise
            seconds = problem.retry_after or backoff(throttled + 1)
            session.budget.pause(seconds)
            failure = problem
        except again_after as problem:
            failed += 1
            seconds = backoff(failed)
            if not problem.retryable or time.monotonic() + seconds > end:
                raise
            failure = problem
        deadline.check(seconds, trouble=str(failure))
        session.emit(
            Retrying(operation=call.operation, attempt=failed + throttled, seconds=seconds, reason=str(failure))
        )
        yield from pause(session, seconds, reason="a call that failed", deadline=deadline)
