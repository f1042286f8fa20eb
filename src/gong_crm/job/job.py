"""A job: waited for here, or taken up again later and elsewhere by its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gong_crm.errors import IntegrationError
from gong_crm.job.drive import DAY, Patience, drive
from gong_crm.job.outcome import Outcome
from gong_crm.job.token import token_of
from gong_crm.wire.steps import run, run_awaited

if TYPE_CHECKING:
    from gong_crm.journal import FileRow, JobRow
    from gong_crm.session import Session
    from gong_crm.wire.http import Wire

START_DEADLINE: Final = 6 * 3600.0
"""Seconds that Gong may take to begin with a file; nobody published how long it takes."""


class _AnyJob:
    """What a job knows without a call."""

    def __init__(self, session: Session, wire: Wire, row: JobRow, *, resumed: bool) -> None:
        self._session = session
        self._wire = wire
        self._row = row
        self._resumed = resumed
        self.token: str = token_of(row, self.files)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._row.id}, {'finished' if self.is_finished else 'unfinished'})"

    @property
    def id(self) -> str:
        """Name it as the journal does."""
        return self._row.id

    @property
    def files(self) -> tuple[FileRow, ...]:
        """Return how far each file is: planned, sending, accepted or settled."""
        return tuple(self._session.journal.files(self._row.id))

    @property
    def is_finished(self) -> bool:
        """Return whether every line has its outcome."""
        row = self._session.journal.job(self._row.id)
        return row is not None and row.outcome is not None

    @property
    def outcome(self) -> Outcome:
        """What became of each line.

        Raises:
            IntegrationError: If that is not known yet; wait first.
        """
        row = self._session.journal.job(self._row.id)
        if row is None:
            raise IntegrationError(f"the journal no longer knows the job {self._row.id}: it was given up, or long ago")
        if row.outcome is None:
            raise IntegrationError(f"the outcome of the job {self._row.id} is not known yet: call wait()")
        folder = self._session.journal.job_folder(row.id) / "rejects"
        return Outcome.from_dict(row.outcome, folder=folder)

    def discard(self) -> None:
        """Give the job up: what was not sent stays unsent, and it is no longer among `gong.jobs()`.

        Raises:
            JournalBusyError: If another process is pushing with this journal, or another thread waits for the job.
        """
        with self._session.journal.exclusive(self._row.id):
            self._session.journal.discard(self._row.id)

    def raise_for_rejects(self) -> None:
        """Raise when a line was rejected.

        Raises:
            RejectedError: Says how many, the first reasons, and where the reject files are.
        """
        self.outcome.raise_for_rejects()


class Job(_AnyJob):
    """A push under way or finished.

    Attributes:
        token: Takes the job up again, here, in another process, or on another machine.
    """

    def wait(self, *, deadline: float | None = DAY, start_deadline: float | None = START_DEADLINE) -> Job:
        """Send what is not sent, follow what is not settled, and return when every line has its outcome.

        Args:
            deadline: Seconds until waiting ends; None for never.
            start_deadline: Seconds that Gong may take to begin with a file; None for any time.

        Returns:
            The job itself.

        Raises:
            DeadlineError: If time is up; the job can be taken up again.
            CallError: If Gong refused a call, or could not be reached for long; the job can be taken up again.
            SourceChangedError: If a source changed since it was planned.
        """
        patience = Patience(deadline=deadline, start_deadline=start_deadline)
        run(drive(self._session, self._row, patience, resumed=self._resumed), self._wire)
        self._resumed = True
        return self


class AsyncJob(_AnyJob):
    """A push under way or finished, awaited; as `Job` otherwise."""

    async def wait(self, *, deadline: float | None = DAY, start_deadline: float | None = START_DEADLINE) -> AsyncJob:
        """Do as `Job.wait`, awaited."""
        patience = Patience(deadline=deadline, start_deadline=start_deadline)
        await run_awaited(drive(self._session, self._row, patience, resumed=self._resumed), self._wire)
        self._resumed = True
        return self
