"""The end of a job: Gong's verdicts taken back to the lines as they came, and the numbers held against each other."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gong_crm.errors import JournalError, SourceChangedError
from gong_crm.events import Finished
from gong_crm.findings import Origin
from gong_crm.job.outcome import Outcome, Rejection, TypeOutcome, write_rejection
from gong_crm.job.reject_rows import RejectRows
from gong_crm.job.token import token_of
from gong_crm.plan.model import TypePlan
from gong_crm.plan.origins import each_origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from gong_crm.journal import FileRow, JobRow
    from gong_crm.plan.plan import Plan
    from gong_crm.session import Session

REJECTS: Final = "rejects"
"""The folder of a job that stays when it is finished."""
_DAMAGED: Final = (ValueError, LookupError, TypeError, EOFError, OverflowError, MemoryError)
"""What reading a file raises that somebody, or a disk, altered."""
_ALTERED: Final = "a file in the folder of the job is damaged; check the sources again to see which they are"
_UNSAID: Final = "Gong does not say why; it lists 20 errors a file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What Gong made of a file.

    Attributes:
        accepted: Lines that Gong has.
        rejected: Lines that it refused.
        reasons: Why, for each refused line that Gong listed.
        rest: Why, for all other lines, where the whole file was refused; else "".
        discrepancy: Where its numbers contradict what was sent, or "".
    """

    accepted: int
    rejected: int
    reasons: dict[int, str] = field(default_factory=dict)
    rest: str = ""
    discrepancy: str = ""

    @property
    def known(self) -> Sequence[int]:
        """The refused lines that are known, ascending."""
        return range(1, self.rejected + 1) if self.rest else sorted(self.reasons)


def verdict(row: FileRow) -> Verdict:
    """Read what Gong said of a file; where its numbers contradict each other, the smaller number of accepted counts."""
    assert row.result is not None  # noqa: S101  (a settled file has one)
    result = row.result
    reasons = {one.line: one.description for one in result.errors if 1 <= one.line <= row.lines}
    general = [one.description for one in result.errors if one.line == 0]
    accepted = _accepted(row, bool(general), len(reasons))
    rejected = row.lines - accepted
    said = (result.total_successes, result.total_errors)
    odd = (
        (result.status == "DONE") == bool(rejected)
        or (None not in said and sum(one or 0 for one in said) != row.lines and not general)
        or len(reasons) > rejected
    )
    if len(reasons) > rejected:
        accepted, rejected = row.lines - len(reasons), len(reasons)
    rest = (" ".join(general) or _UNSAID) if rejected == row.lines else ""  # then it is known which lines, if not why
    why = f": {' '.join(general)}" if general else ""
    numbers = f"{result.status} with {said[0]} good and {said[1]} bad{why}"
    discrepancy = f"{row.client_request_id} has {row.lines} lines, and Gong says {numbers}"
    return Verdict(
        accepted=accepted, rejected=rejected, reasons=reasons, rest=rest, discrepancy=discrepancy if odd else ""
    )


def _accepted(row: FileRow, general: bool, listed: int) -> int:  # noqa: FBT001  (one of two shapes of a failure)
    assert row.result is not None  # noqa: S101  (a settled file has one)
    if row.result.total_successes is not None:
        return min(row.result.total_successes, row.lines)
    if row.result.status == "DONE":
        return row.lines
    if row.result.total_errors is not None and not general:
        return max(0, row.lines - row.result.total_errors)
    return 0 if general or not listed else row.lines - listed


def settle(session: Session, job: JobRow, plan: Plan | None) -> None:
    """Write the reject files and the outcome of a job whose files are settled; what it spooled goes.

    Raises:
        BalanceError: If lines were lost or doubled on the way.
        JournalError: If the files cannot be written.
    """
    rows = session.journal.files(job.id)
    folder = session.journal.job_folder(job.id)
    types = plan.types if plan is not None else _adopted(rows)
    try:
        shutil.rmtree(folder / REJECTS, ignore_errors=True)
        (folder / REJECTS).mkdir(parents=True)
        ends = [_TypeEnd(one, rows, plan, folder / REJECTS) for one in types]
        outcome = Outcome(
            token=token_of(job, rows),
            types=tuple(one.write() for one in ends),
            discrepancies=tuple(text for one in ends for text in one.discrepancies),
            notes=(*_repeated(rows), *(text for one in ends for text in one.notes)),
            folder=folder / REJECTS,
        )
    except OSError as problem:
        raise JournalError(
            f"the reject files cannot be written to {folder}: {problem.strerror or problem}"
        ) from problem
    session.journal.finish(job.id, outcome.to_dict())
    if plan is not None:
        plan.discard()
    session.emit(
        Finished(
            token=outcome.token,
            read=outcome.read,
            accepted=outcome.accepted,
            rejected=outcome.rejected,
            duplicates=outcome.duplicates,
        )
    )


def _repeated(rows: Sequence[FileRow]) -> Iterator[str]:
    """Say how many files Gong had before."""
    count = sum(row.repeated for row in rows)
    if count:
        were, their, them = ("was", "its", "it") if count == 1 else ("were", "their", "them")
        yield (
            f"{count} of {len(rows)} files {were} accepted before, unchanged, and {were} not sent again;"
            f" {their} earlier outcome counts (to send {them} anew, say again=True, or --again)"
        )


def _adopted(rows: Sequence[FileRow]) -> list[TypePlan]:
    """Make up for the plan that a job from a token has not here."""
    lines: dict[str, int] = {}
    for row in rows:
        lines[row.object_type] = lines.get(row.object_type, 0) + row.lines
    return [
        TypePlan(object_type=name, read=count, held_back=0, duplicates=0, to_send=count, bytes=0)
        for name, count in lines.items()
    ]


class _TypeEnd:
    """The end of the lines of one object type."""

    def __init__(self, planned: TypePlan, rows: Sequence[FileRow], plan: Plan | None, folder: Path) -> None:
        self._planned = planned
        self._rows = [(row, verdict(row)) for row in rows if row.object_type == planned.object_type]
        self._plan = plan
        self._folder = folder
        self._csv = RejectRows(plan, planned.object_type)
        self.discrepancies = [one.discrepancy for _, one in self._rows if one.discrepancy]
        self.notes: list[str] = []

    def write(self) -> TypeOutcome:
        name = self._planned.object_type
        refused = sum(one.rejected for _, one in self._rows)
        rejected = self._planned.held_back + refused
        held = listed = 0
        if rejected:
            with (
                (self._folder / f"{name}.ldjson").open("wb") as lines,
                (self._folder / f"{name}.reasons.ldjson").open("wb") as reasons,
            ):
                held = self._write_held(lines, reasons)
                listed = self._write_refused(lines, reasons)
        written = list(self._csv.write(self._folder, name))
        self.notes += [why for _, why in written if why]
        return TypeOutcome(
            object_type=name,
            read=self._planned.read,
            accepted=sum(one.accepted for _, one in self._rows),
            rejected=rejected,
            duplicates=self._planned.duplicates,
            files=len(self._rows),
            bytes=self._planned.bytes,
            unlisted=refused - listed,
            reject_file=f"{name}.ldjson" if held + listed and self._plan is not None else None,
            reject_rows=tuple(target for target, _ in written if target),
        )

    def _write_held(self, lines: BinaryIO, reasons: BinaryIO) -> int:
        count = 0
        try:
            for held in self._plan.held_back(self._planned.object_type) if self._plan is not None else ():
                lines.write(held.raw)
                count += 1
                self._csv.add(held.origin)
                for one in held.findings:
                    message = f"{one.message}; {one.hint}" if one.hint else one.message
                    why = _Why(judge="check", message=message, member=one.member, object_id=one.object_id)
                    reasons.write(write_rejection(self._rejection(held.origin, why)))
        except _DAMAGED:
            pass  # what is missing is counted below
        if count != self._planned.held_back:
            name = self._planned.object_type
            self.notes.append(f"lines of {name} that were held back cannot be written out: {_ALTERED}")
        return count

    def _write_refused(self, lines: BinaryIO, reasons: BinaryIO) -> int:
        count = 0
        for row, judged in self._rows:
            for number, origin, raw in self._origins(row, judged.known):
                count += 1
                lines.write(raw)
                self._csv.add(origin)
                message = judged.reasons.get(number, judged.rest)
                why = _Why(judge="gong", message=message, object_id=_object_id(raw))
                reasons.write(write_rejection(self._rejection(origin, why)))
        return count

    def _origins(self, row: FileRow, numbers: Sequence[int]) -> Iterator[tuple[int, Origin, bytes]]:
        if self._plan is None:
            yield from ((number, Origin(source=row.client_request_id, line=number), b"") for number in numbers)
            return
        try:
            yield from each_origin(self._plan.files[row.number], self._plan, numbers)
        except SourceChangedError as problem:
            self.notes.append(
                f"the lines that Gong refused of {row.client_request_id} cannot be written out: {problem}"
            )
        except _DAMAGED:
            self.notes.append(
                f"the lines that Gong refused of {row.client_request_id} cannot be written out: {_ALTERED}"
            )

    def _rejection(self, origin: Origin, why: _Why) -> Rejection:
        return Rejection(
            object_type=self._planned.object_type,
            origin=origin,
            judge=why.judge,
            message=why.message,
            member=why.member,
            object_id=why.object_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """Why a line is rejected."""

    judge: str
    message: str
    member: str | None = None
    object_id: str | None = None


def _object_id(raw: bytes) -> str | None:
    """Read the id of a line that the check took for good."""
    try:
        record = json.loads(raw)
    except ValueError:
        return None
    found = record.get("objectId") if isinstance(record, dict) else None
    return found if isinstance(found, str) else None
