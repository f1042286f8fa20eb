"""gong-crm status and resume: jobs, here and later."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from gong_crm.command.ending import Exit, code_of, ending
from gong_crm.command.options import Connection, Output, Seconds
from gong_crm.command.push import finished
from gong_crm.command.results import JobReported
from gong_crm.errors import SetupError

if TYPE_CHECKING:
    from gong_crm.job.job import Job


def status(
    token: str | None = None,
    *,
    rejects: Path | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Say how far jobs are, without going on with them.

    Example: gong-crm status

    Args:
        token: The job; all unfinished ones, if left out.
        rejects: Write all rejected lines of the finished job to this file.
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        if rejects is not None and token is None:
            raise SetupError("--rejects is of one job: give its token too")
        jobs = gong.jobs() if token is None else [gong.job(token)]
        for job in jobs:
            states = [one.state.value for one in job.files]
            counts = {name: states.count(name) for name in dict.fromkeys(states)}
            shown = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing to send"
            text = f"{job.id}: {'finished' if job.is_finished else shown}\n{job.token}"
            reporter.result(text, JobReported(id=job.id, token=job.token, finished=job.is_finished, files=counts))
        if not jobs:
            reporter.note("no job is unfinished")
        if token is None:
            return Exit.ACCEPTED
        code = Exit.ACCEPTED
        if jobs[0].is_finished:
            code = code_of(jobs[0].outcome)
            finished(reporter, jobs[0].outcome)
        if rejects is not None:
            _write_rejects(jobs[0], rejects)
        return code
    return Exit.LOCAL  # pragma: no cover  (for mypy; `ending` swallows nothing)


def _write_rejects(job: Job, target: Path) -> None:
    """Write the rejected lines of all object types, one behind the other.

    Raises:
        SetupError: If the job is not finished.
    """
    if not job.is_finished:
        raise SetupError("the rejects are known when the job is finished: gong-crm resume")
    files = [job.outcome.reject_file(one.object_type) for one in job.outcome.types]
    with target.open("wb") as file:
        for path in files:
            if path is not None:
                with path.open("rb") as lines:
                    shutil.copyfileobj(lines, file)


def resume(
    token: str | None = None,
    *,
    deadline: Seconds | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Go on with a job, or with all that are unfinished.

    Example: gong-crm resume

    Args:
        token: The job; all unfinished ones, if left out.
        deadline: Seconds until waiting ends.
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        jobs = gong.jobs() if token is None else [gong.job(token)]
        codes = [finished(reporter, job.wait(deadline=deadline).outcome) for job in jobs]
        if not jobs:
            reporter.note("no job is unfinished")
        return max(codes, default=Exit.ACCEPTED)
    return Exit.LOCAL  # pragma: no cover  (for mypy; `ending` swallows nothing)
