"""A push: checked, planned, written down, and driven."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from gong_crm.events import Planned
from gong_crm.fields import SCHEMA_TYPES
from gong_crm.job.drive import drive
from gong_crm.job.token import token_of
from gong_crm.journal import FileRow, FileState, JobRow
from gong_crm.schema import fields as ask_fields
from gong_crm.wire.steps import work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gong_crm.feeds import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.job.drive import Patience
    from gong_crm.plan.model import PlannedFile
    from gong_crm.plan.plan import Plan
    from gong_crm.session import Session
    from gong_crm.wire.steps import Steps


OBJECT_TYPES: Final = ("BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
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


def plan(session: Session, integration_id: int, request: PushRequest) -> Steps[Plan]:
    """Check and plan without sending; the plan's folder is the caller's to remove."""
    fields = yield from _fields(session, integration_id, request.sources)
    with session.journal.exclusive():
        folder = session.journal.new_folder()
        return (yield from work(lambda: _plan(session, request, fields, folder)))


def push(session: Session, integration_id: int, request: PushRequest, patience: Patience) -> Steps[JobRow]:
    """Check, plan, write down a job, and drive it."""
    with session.journal.exclusive():
        fields = yield from _fields(session, integration_id, request.sources)
        folder = session.journal.new_folder()
        job = yield from work(lambda: _planned(session, integration_id, request, fields, folder))
        yield from drive(session, job, patience, resumed=False)
    return job


def _planned(
    session: Session, integration_id: int, request: PushRequest, fields: Mapping[str, Sequence[Field]], folder: Path
) -> JobRow:
    """Plan, and write the job down; from here on it can be taken up again."""
    made = _plan(session, request, fields, folder)
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
            client_request_id=client_request_id(one, job, again=request.again, stages=stages),
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


def _plan(session: Session, request: PushRequest, fields: Mapping[str, Sequence[Field]], folder: Path) -> Plan:
    # Who only follows or reads back needs none of these.
    from gong_crm.feeds import feed  # noqa: PLC0415  (heavy, on first use)
    from gong_crm.plan.planning import plan_push  # noqa: PLC0415  (heavy, on first use)
    from gong_crm.rules import Rules  # noqa: PLC0415  (heavy, on first use)

    feeds = {
        name: feed(source, object_type=name, legacy=session.legacy, fields=fields.get(name, ()), csv=request.csv)
        for name, source in request.sources.items()
    }
    rules = {name: Rules(name, legacy=session.legacy, fields=fields.get(name, ())) for name in request.sources}
    return plan_push(feeds, rules, folder=folder, stop_after_errors=request.max_errors, on_progress=session.emit)


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
