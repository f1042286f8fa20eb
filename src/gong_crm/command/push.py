"""gong-crm push: check, plan, send and follow."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from gong_crm.command.ending import Exit, code_of, ending
from gong_crm.command.options import Connection, Count, Csv, Output, Seconds
from gong_crm.command.results import Detached, OutcomeReported, PlanReported
from gong_crm.command.sources import read_sources
from gong_crm.errors import IntegrationError
from gong_crm.printable import printable

if TYPE_CHECKING:
    from gong_crm.command.reporter import Reporter
    from gong_crm.front import GongCrm
    from gong_crm.integration import Integration
    from gong_crm.job.outcome import Outcome, Rejection
    from gong_crm.plan.plan import Plan

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_MOST_RULES: Final = 10


def push(  # noqa: PLR0913  (options)
    *sources: str,
    integration: str | None = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    max_errors: Count | None = None,
    again: Annotated[bool, Parameter(negative="")] = False,
    wait: bool = True,
    deadline: Seconds | None = None,
    csv: Csv | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Push sources into Gong, each record exactly once.

    Lines that are bad are held back and written to a reject file; the others are sent.
    Ctrl-C detaches, and the command that goes on is printed.

    Example: gong-crm push ACCOUNT=accounts.ldjson CONTACT=contacts.csv DEAL='exports/deals-*.csv.gz'

    Args:
        sources: TYPE=SOURCE: a file, a pattern, a folder, or - for standard input,
            which holds LDJSON, and CSV when one of the options for it is given.
        integration: Name or id of the integration, where this journal does not know it yet.
        dry_run: Do everything but send, and show the plan.
        max_errors: Send nothing when more lines than this are bad (exit 3).
        again: Send files that Gong has already.
        wait: Wait for the end; else print the token, with which `gong-crm resume` goes on.
        deadline: Seconds until waiting ends.
    """
    csv, connection, output = csv or Csv(), connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        wanted = read_sources(sources)
        mine = find(gong, integration)
        if dry_run:
            plan = mine.plan(wanted, csv=csv.options(), max_errors=max_errors)
            planned = _reported(plan)
            reporter.result(plan.table().rstrip("\n"), planned)
            plan.discard()
            return Exit.REJECTED if planned.held_back else Exit.ACCEPTED
        job = mine.push(wanted, csv=csv.options(), max_errors=max_errors, again=again, wait=wait, deadline=deadline)
        if not wait:
            reporter.result(job.token, Detached(token=job.token))
            return Exit.ACCEPTED
        return finished(reporter, job.outcome)
    return Exit.LOCAL  # pragma: no cover  (for mypy; `ending` swallows nothing)


def _reported(plan: Plan) -> PlanReported:
    return PlanReported(
        files=len(plan.files),
        lines=sum(one.to_send for one in plan.types),
        bytes=sum(one.bytes for one in plan.types),
        held_back=sum(one.held_back for one in plan.types),
        duplicates=sum(one.duplicates for one in plan.types),
        calls=plan.calls,
        seconds=plan.expected_seconds,
    )


def find(gong: GongCrm, wanted: str | None) -> Integration:
    """Find the integration, or say how to make one.

    Raises:
        IntegrationError: If there is none.
    """
    found = gong.integration(wanted)
    if found is None:
        raise IntegrationError("Gong has no integration yet; make one: gong-crm register NAME OWNER_EMAIL")
    return found


def finished(reporter: Reporter, outcome: Outcome) -> int:
    """Show what became of the lines, and give the exit code."""
    reporter.result(str(outcome), OutcomeReported(**outcome.to_dict(), folder=str(outcome.folder)))
    counts: Counter[str] = Counter()
    first: dict[str, Rejection] = {}
    for one in outcome.rejections():  # may be millions
        fault = f"{one.object_type} {one.member} {_QUOTED.sub('', one.message)}"
        counts[fault] += 1
        first.setdefault(fault, one)
    for fault, count in counts.most_common(_MOST_RULES):
        one = first[fault]
        said = f"{one.object_type} {one.member or 'line'} {one.message}; first {one.origin}"
        reporter.note(f"{count:,} x {printable(said)}")
    if len(counts) > _MOST_RULES:
        reporter.note(f"and {len(counts) - _MOST_RULES:,} other faults; the reject files have all lines")
    return code_of(outcome)
