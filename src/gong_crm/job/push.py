"""The steps of a push: check and plan, then send and follow, wave by wave, in the order that Gong asks for."""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

from gong_crm.errors import (
    AmbiguousError,
    CallError,
    ConflictError,
    DailyLimitError,
    DeadlineError,
    IntegrationError,
    JournalBusyError,
    JournalError,
    RefusedError,
    SetupError,
    UnreachableError,
)
from gong_crm.events import Accepted, Planned, Processing, Sending, Settled, Waiting
from gong_crm.integrations import SCHEMA_TYPES, UNKNOWN, explained
from gong_crm.integrations import fields as ask_fields
from gong_crm.job.settle import settle
from gong_crm.job.token import Token
from gong_crm.journal import FileRow, FileState, JobRow
from gong_crm.plan import Plan, open_payload, plan_push
from gong_crm.session import LONG, Deadline, attempt, pause
from gong_crm.wire.retry import backoff
from gong_crm.wire.steps import work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from gong_crm.feeds import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.plan import Payload, PlannedFile
    from gong_crm.session import Session
    from gong_crm.wire.calls import Status
    from gong_crm.wire.steps import Steps

OBJECT_TYPES: Final = ("BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD")
DAY: Final = 24 * 3600.0
_UNHEARD: Final = 1800.0
"""Seconds without one answered poll after which following gives up; the job can be taken up again."""
_TELL_EVERY: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants pushed.

    Attributes:
        sources: The sources of each object type.
        csv: How CSV is to be read.
        again: Whether files are sent that Gong has already.
        max_errors: The most lines that may be held back before nothing is sent, or None.
    """

    sources: Mapping[str, Any]
    csv: CsvOptions | None = None
    again: bool = False
    max_errors: int | None = None


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


def plan(session: Session, integration_id: int, order: Order) -> Steps[Plan]:
    """Check and plan without sending; the plan's folder is the caller's to remove."""
    fields = yield from _fields(session, integration_id, order.sources)
    with session.journal.exclusive():
        folder = session.journal.new_folder()
        return (yield from work(lambda: _plan(session, order, fields, folder)))


def push(session: Session, integration_id: int, order: Order, patience: Patience) -> Steps[JobRow]:
    """Check, plan, write down a job, and drive it."""
    with session.journal.exclusive():
        fields = yield from _fields(session, integration_id, order.sources)
        folder = session.journal.new_folder()
        job = yield from work(lambda: _planned(session, integration_id, order, fields, folder))
        yield from drive(session, job, patience, resumed=False)
    return job


def _planned(
    session: Session, integration_id: int, order: Order, fields: Mapping[str, Sequence[Field]], folder: Path
) -> JobRow:
    """Plan, and write the job down; from here on it can be taken up again."""
    made = _plan(session, order, fields, folder)
    made.save()
    job = JobRow(
        id=folder.name,
        created=time.time(),
        base_url=session.settings.base_url,
        integration=integration_id,
        legacy=session.legacy,
        fields={name: [asdict(one) for one in some] for name, some in fields.items()},
        adopted=False,
        outcome=None,
    )
    stages = session.journal.last_accepted(job.base_url, job.integration, "STAGE")
    rows = [
        FileRow(
            number=number,
            object_type=one.object_type,
            client_request_id=client_request_id(one, job, again=order.again, stages=stages),
            lines=one.lines,
            state=FileState.PLANNED,
        )
        for number, one in enumerate(made.files)
    ]
    session.journal.add(job, rows)
    session.emit(
        Planned(
            token=token_of(job, rows),
            files=len(rows),
            lines=sum(one.lines for one in made.files),
            bytes=sum(one.bytes for one in made.files),
            held_back=sum(one.held_back for one in made.types),
            duplicates=sum(one.duplicates for one in made.types),
        )
    )
    return job


def _fields(session: Session, integration_id: int, sources: Mapping[str, Any]) -> Steps[dict[str, tuple[Field, ...]]]:
    found: dict[str, tuple[Field, ...]] = {}
    for name in sources:
        if name in SCHEMA_TYPES:
            found[name] = yield from ask_fields(session, integration_id, name)
    return found


def _plan(session: Session, order: Order, fields: Mapping[str, Sequence[Field]], folder: Path) -> Plan:
    from gong_crm.checking import Rules  # noqa: PLC0415
    from gong_crm.feeds import feed  # noqa: PLC0415

    feeds = {
        name: feed(source, object_type=name, legacy=session.legacy, fields=fields.get(name, ()), csv=order.csv)
        for name, source in order.sources.items()
    }
    rules = {name: Rules(name, legacy=session.legacy, fields=fields.get(name, ())) for name in order.sources}
    return plan_push(feeds, rules, folder=folder, stop_after_errors=order.max_errors, on_progress=session.emit)


def client_request_id(file: PlannedFile, job: JobRow, *, again: bool, stages: Sequence[str] = ()) -> str:
    """Name the request of a file by its content, so that the same file is never taken twice.

    An empty file is a sign of life and has a new name each time, as has one that is to be sent again.
    So have stages, unless they are those that were sent last: they need no modifiedDate, so a list that is again what
    it was once is news.
    The wave counts, because an object that changes back has the same line in a later wave.

    Args:
        file: The file.
        job: The job that sends it.
        again: Whether it is to be sent although Gong may have it.
        stages: The requests by which Gong took stages last.

    Returns:
        Letters, digits and dashes, at most 55.
    """
    name = file.object_type.lower().replace("_", "-")
    content = _short(str(job.integration), str(job.legacy), file.object_type, str(file.wave), file.sha256)
    if not (again or not file.bytes or file.object_type == "STAGE"):
        return f"{name}-{content}"
    same = [one for one in stages if one.startswith(f"{name}-{content}")]
    return same[0] if same and file.bytes and not again else f"{name}-{content}-{_short(job.id)[:8]}"


def _short(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


def token_of(job: JobRow, files: Sequence[FileRow]) -> str:
    """Write the token of a job."""
    requests = tuple((one.object_type, one.client_request_id, one.lines) for one in files)
    return str(
        Token(job=job.id, base_url=job.base_url, integration=job.integration, legacy=job.legacy, requests=requests)
    )


@contextmanager
def _alone(session: Session, job: str) -> Iterator[None]:
    """Keep two threads from driving one job."""
    with session.guard:
        if job in session.driven:
            raise JournalBusyError(f"the job {job} is being waited for already, in another thread or task")
        session.driven.add(job)
    try:
        yield
    finally:
        with session.guard:
            session.driven.discard(job)


def drive(session: Session, job: JobRow, patience: Patience, *, resumed: bool) -> Steps[None]:
    """Send what is not sent and follow what is not settled, to the end.

    Args:
        session: What all calls share.
        job: The job.
        patience: How long to wait.
        resumed: Whether time has passed since the job was planned, so that fields may have changed.
    """
    with session.journal.exclusive(), _alone(session, job.id):
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
    course = _Course(session, job, made, Deadline.after(patience.deadline, late))
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
    yield from work(lambda: settle(session, job, made))


_ACCOUNTS: Final = 1


@dataclass(frozen=True)
class _Course:
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
                yield from pause(self.session, backoff(lost), reason=str(problem), deadline=self.deadline)
            else:
                return False

    def _open(self, row: FileRow, file: PlannedFile, plan: Plan, opened: list[Payload]) -> BinaryIO:
        emit, told = self.session.emit, 0.0

        def on_bytes(sent: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= _TELL_EVERY or sent >= file.bytes:
                told = now
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
        heard, began, delay = time.monotonic(), time.monotonic(), self.session.settings.first_poll
        words: dict[int, str] = {}
        while open_rows:
            for row in list(open_rows):
                try:
                    found = yield from self._ask(row)
                except (AmbiguousError, UnreachableError) as problem:
                    if time.monotonic() - heard > _UNHEARD:
                        raise
                    self.session.emit(Waiting(seconds=delay, reason=str(problem)))
                    continue
                heard = time.monotonic()
                if words.get(row.number) != found.status:
                    words[row.number] = found.status
                    self._tell(row, found)
                if found.is_final:
                    self.session.journal.settled(self.job.id, row.number, found)
                    open_rows.remove(row)
            waiting = [one for one in open_rows if words.get(one.number) == "PENDING"]
            if waiting and start_deadline is not None and time.monotonic() - began > start_deadline:
                raise DeadlineError(f"Gong has not begun with {waiting[0].client_request_id} in {start_deadline} s")
            if open_rows:
                yield from pause(self.session, delay, reason="Gong's processing", deadline=self.deadline)
                delay = min(delay * 1.5, self.session.settings.longest_poll)

    def _ask(self, row: FileRow) -> Steps[Status]:
        call = self.session.calls.status(integration_id=self.job.integration, client_request_id=row.client_request_id)
        return (yield from attempt(self.session, call, patience=0.0, again_after=(), deadline=self.deadline))

    def _tell(self, row: FileRow, found: Status) -> None:
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
