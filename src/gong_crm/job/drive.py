"""The drive of a job to its end: wave by wave, in the order that Gong asks for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gong_crm.errors import CallError, DailyLimitError, DeadlineError, JournalError
from gong_crm.job.course import Course
from gong_crm.job.token import token_of
from gong_crm.journal import FileState
from gong_crm.life import explained
from gong_crm.plan.plan import Plan
from gong_crm.session import Deadline, pause
from gong_crm.wire.steps import work

if TYPE_CHECKING:
    from gong_crm.journal import FileRow, JobRow
    from gong_crm.session import Session
    from gong_crm.wire.steps import Steps


DAY: Final = 24 * 3600.0


_ACCOUNTS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for Gong.

    Attributes:
        deadline: Seconds until waiting ends; None for never.
        start_deadline: Seconds that Gong may take to begin with a file; None for any time.
        wait: Whether to go on after the first files are sent.
    """

    deadline: float | None
    start_deadline: float | None
    wait: bool = True


def drive(session: Session, job: JobRow, patience: Patience, *, resumed: bool) -> Steps[None]:
    """Send what is not sent and follow what is not settled, to the end.

    Args:
        session: What all calls share.
        job: The job.
        patience: How long to wait.
        resumed: Whether time has passed since the job was planned, so that fields may have changed.
    """
    with session.journal.exclusive(job.id):
        rows = session.journal.files(job.id)
        token = token_of(job, rows)
        try:
            yield from explained(session, job.integration, _drive(session, job, rows, patience, resumed=resumed))
        except (CallError, DeadlineError, DailyLimitError, JournalError, KeyboardInterrupt) as problem:
            problem.add_note("The job can be taken up again: gong.resume(), or gong.job(token).wait()")
            problem.token = token  # type: ignore[union-attr]  # an interrupt carries it too
            raise


def _drive(session: Session, job: JobRow, rows: list[FileRow], patience: Patience, *, resumed: bool) -> Steps[None]:
    known = session.journal.job(job.id)
    if known is None or known.outcome is not None:
        return
    late = f"Gong is not done in {patience.deadline} s; take the job up again later"
    made = None if job.adopted else Plan.load(session.journal.job_folder(job.id))
    course = Course(session, job, made, Deadline.after(patience.deadline, late))
    if resumed:
        yield from course.check_fields(rows)
    before = None
    for (step, _), files in groupby(rows, key=course.place):
        some = list(files)
        if before == _ACCOUNTS < step and any(one.state is FileState.PLANNED for one in some):
            reason = "Gong to process the accounts"
            yield from pause(session, session.account_pause, reason=reason, deadline=course.deadline)
        before = step
        for row in some:
            yield from course.send(row)
        if not patience.wait:
            return
        yield from course.follow(some, patience.start_deadline)
    from gong_crm.job.settle import settle  # noqa: PLC0415  (a fifth of the import, and only an end needs it)

    yield from work(lambda: settle(session, job, made))
