"""A job on its way: its files sent, and followed until Gong is done with them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from gong_crm.errors import (
    AmbiguousError,
    ConflictError,
    DeadlineError,
    IntegrationError,
    RefusedError,
    SetupError,
    UnreachableError,
)
from gong_crm.events import Accepted, Processing, Sending, Settled, Waiting
from gong_crm.journal import FileRow, FileState, JobRow
from gong_crm.life import UNKNOWN
from gong_crm.plan.payload import open_payload
from gong_crm.schema import fields as ask_fields
from gong_crm.session import LONG, Deadline, attempt, pause
from gong_crm.wire.retry import backoff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from gong_crm.plan.model import PlannedFile
    from gong_crm.plan.payload import Payload
    from gong_crm.plan.plan import Plan
    from gong_crm.session import Session
    from gong_crm.wire.answers import Status
    from gong_crm.wire.steps import Steps


_UNANSWERED: Final = 1800.0
"""Seconds without one answered poll after which following gives up; the job can be taken up again."""


_REPORT_EVERY: Final = 0.5
"""Seconds between two reports of how much of a file was sent."""


@dataclass(frozen=True)
class Course:
    """A job on its way."""

    session: Session
    job: JobRow
    plan: Plan | None
    deadline: Deadline

    def place(self, row: FileRow) -> tuple[int, int]:
        """Give the place of a file in the order: what has the same place may be processed side by side."""
        if self.plan is None:
            return 0, 0
        file = self.plan.files[row.number]
        return file.step, file.wave

    def check_fields(self, rows: Sequence[FileRow]) -> Steps[None]:
        """Refuse to go on when the lines that are not sent yet were checked with other fields than there are."""
        for name in dict.fromkeys(one.object_type for one in rows if one.state is FileState.PLANNED):
            if name in self.job.fields:
                present = yield from ask_fields(self.session, self.job.integration, name)
                now = {one.unique_name: _essence(asdict(one)) for one in present}
                then = {one["unique_name"]: _essence(one) for one in self.job.fields[name]}
                other = sorted(field for field, essence in then.items() if now.get(field) != essence)
                if other:
                    raise SetupError(
                        f"the fields {', '.join(other)} of {name} changed since this job was planned, so its lines"
                        " must be checked anew: push the sources again; what was accepted is not sent twice"
                    )

    # Sending

    def send(self, row: FileRow) -> Steps[None]:
        """Send a file, unless Gong has it."""
        state = self.session.journal.files(self.job.id)[row.number].state
        if state in {FileState.ACCEPTED, FileState.SETTLED}:
            return
        known = state is FileState.SENDING or self.session.journal.was_accepted(row.client_request_id)
        repeated = known and (yield from self._has(row))  # asked first, for 200 MB are dearer than a question
        if not repeated:
            if self.plan is None:
                raise IntegrationError(
                    f"Gong does not know the request {row.client_request_id}; take the job up where its journal is"
                )
            repeated = yield from self._upload(row, self.plan.files[row.number], self.plan)
        self.session.journal.accepted(self.job.id, row.number, repeated=repeated)
        self.session.emit(
            Accepted(
                object_type=row.object_type,
                client_request_id=row.client_request_id,
                lines=row.lines,
                repeated=repeated,
            )
        )

    def _upload(self, row: FileRow, file: PlannedFile, plan: Plan) -> Steps[bool]:
        """Upload until Gong certainly has it; gives whether Gong had it before."""
        opened: list[Payload] = []
        try:
            return (yield from self._upload_from(row, file, plan, opened))
        finally:
            for payload in opened:
                payload.close()

    def _upload_from(self, row: FileRow, file: PlannedFile, plan: Plan, opened: list[Payload]) -> Steps[bool]:
        call = self.session.calls.upload(
            integration_id=self.job.integration,
            object_type=row.object_type,
            client_request_id=row.client_request_id,
            open_payload=lambda: self._open(row, file, plan, opened),
        )
        end, lost = time.monotonic() + LONG, 0
        while True:
            self.session.journal.sending(self.job.id, row.number)
            try:
                yield from attempt(
                    self.session, call, patience=LONG, again_after=(UnreachableError,), deadline=self.deadline
                )
            except ConflictError:
                return not lost
            except AmbiguousError as problem:
                lost += 1
                if (yield from self._has(row)):
                    return False
                if time.monotonic() > end:
                    raise
                seconds = backoff(lost)
                self.deadline.check(seconds, trouble=str(problem))
                yield from pause(self.session, seconds, reason=str(problem), deadline=self.deadline)
            else:
                return False

    def _open(self, row: FileRow, file: PlannedFile, plan: Plan, opened: list[Payload]) -> BinaryIO:
        emit, reported = self.session.emit, 0.0

        def on_bytes(sent: int) -> None:
            nonlocal reported
            now = time.monotonic()
            if now - reported >= _REPORT_EVERY or sent >= file.bytes:
                reported = now
                emit(
                    Sending(
                        object_type=row.object_type,
                        client_request_id=row.client_request_id,
                        sent=sent,
                        bytes=file.bytes,
                    )
                )

        opened.append(open_payload(file, plan, on_bytes=on_bytes))
        return cast("BinaryIO", opened[-1])

    def _has(self, row: FileRow) -> Steps[bool]:
        """Ask whether Gong has a file whose answer was lost."""
        call = self.session.calls.status(integration_id=self.job.integration, client_request_id=row.client_request_id)
        try:
            yield from attempt(self.session, call, patience=LONG, deadline=self.deadline)
        except RefusedError as problem:
            if problem.status not in UNKNOWN:
                raise
            return False
        return True

    # Following

    def follow(self, rows: Sequence[FileRow], start_deadline: float | None) -> Steps[None]:
        """Ask for the status of files until each is final; a poll that fails is no failure of the job."""
        states = {one.number: one.state for one in self.session.journal.files(self.job.id)}
        open_rows = [one for one in rows if states[one.number] is not FileState.SETTLED]
        answered, began, delay = time.monotonic(), time.monotonic(), self.session.settings.first_poll
        words: dict[int, str] = {}
        while open_rows:
            trouble = ""
            for row in list(open_rows):
                try:
                    found = yield from self._ask(row)
                except (AmbiguousError, UnreachableError) as problem:
                    if time.monotonic() - answered > _UNANSWERED:
                        raise
                    trouble = str(problem)
                    self.session.emit(Waiting(seconds=delay, reason=trouble))
                    continue
                answered = time.monotonic()
                if words.get(row.number) != found.status:
                    words[row.number] = found.status
                    self._report(row, found)
                if found.is_final:
                    self.session.journal.settled(self.job.id, row.number, found)
                    open_rows.remove(row)
            waiting = [one for one in open_rows if words.get(one.number) == "PENDING"]
            if waiting and start_deadline is not None and time.monotonic() - began > start_deadline:
                raise DeadlineError(f"Gong has not begun with {waiting[0].client_request_id} in {start_deadline} s")
            if open_rows:
                self.deadline.check(delay, trouble=trouble)
                yield from pause(self.session, delay, reason="Gong's processing", deadline=self.deadline)
                delay = min(delay * 1.5, self.session.settings.longest_poll)

    def _ask(self, row: FileRow) -> Steps[Status]:
        call = self.session.calls.status(integration_id=self.job.integration, client_request_id=row.client_request_id)
        try:
            return (yield from attempt(self.session, call, patience=0.0, again_after=(), deadline=self.deadline))
        except RefusedError as problem:
            if problem.status in UNKNOWN:
                problem.args = (f"{problem}; if Gong no longer knows this request, push the sources again",)
            raise

    def _report(self, row: FileRow, found: Status) -> None:
        names = {"object_type": row.object_type, "client_request_id": row.client_request_id, "status": found.status}
        if not found.is_final:
            self.session.emit(Processing(**names))
            return
        rejected = found.total_errors or 0
        accepted = found.total_successes if found.total_successes is not None else row.lines - rejected
        self.session.emit(Settled(**names, accepted=accepted, rejected=rejected))


def _essence(field: Mapping[str, Any]) -> tuple[Any, ...]:
    """Take of a field what its values are checked with."""
    values = field["ordered_value_list"]
    return field["type"], None if values is None else tuple(values)
