"""An integration, and what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gong_crm import life, schema
from gong_crm.errors import SetupError
from gong_crm.job.drive import DAY, Patience
from gong_crm.job.job import START_DEADLINE, Job
from gong_crm.job.push import OBJECT_TYPES, PushRequest, plan, push
from gong_crm.wire.steps import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm.feeds import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.plan.plan import Plan
    from gong_crm.schema import FieldChanges
    from gong_crm.session import Session
    from gong_crm.wire.answers import Status
    from gong_crm.wire.http import Wire


@dataclass(frozen=True, kw_only=True)
class Integration:
    """An integration of Gong's.

    Attributes:
        id: Gong's number for it, of 64 bits.
        name: Its name.
        owner_email: Who is responsible for it.
    """

    id: int
    name: str
    owner_email: str
    _session: Session = field(repr=False, compare=False)
    _wire: Wire = field(repr=False, compare=False)

    def fields(self, object_type: str) -> tuple[Field, ...]:
        """Ask for the custom fields of ACCOUNT, CONTACT, DEAL or LEAD; for `check(..., fields=...)`."""
        return run(schema.fields(self._session, self.id, object_type), self._wire)

    def describe_fields(
        self,
        object_type: str,
        fields: Sequence[Field],
        *,
        remove: Iterable[str] = (),
        allow_loss: bool = False,
        dry_run: bool = False,
    ) -> FieldChanges:
        """Add and change custom fields; those that are there already stay.

        Gong takes all fields of a type at once and refuses an upload that leaves one out; this sends the whole.

        Args:
            object_type: ACCOUNT, CONTACT, DEAL or LEAD.
            fields: The fields to be there afterwards.
            remove: Unique names of fields to remove, with their values in all objects.
            allow_loss: Whether values may be lost, by a removal or by another type of a field.
            dry_run: Whether to return the changes without sending them.

        Returns:
            The changes.

        Raises:
            SetupError: If values would be lost and that was not allowed; nothing was sent.
        """
        steps = schema.describe_fields(
            self._session, self.id, object_type, fields, remove=remove, allow_loss=allow_loss, dry_run=dry_run
        )
        return run(steps, self._wire)

    def read(self, object_type: str, object_ids: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """Read objects back, any number, 100 a call; None for one that Gong does not have, or not yet.

        Objects show up to 30 minutes after their file was accepted.
        """
        return run(life.read(self._session, self.id, object_type, object_ids), self._wire)

    def status(self, client_request_id: str) -> Status:
        """Ask where a request stands."""
        return run(life.status(self._session, self.id, client_request_id), self._wire)

    def delete(self, *, deadline: float | None = DAY) -> None:
        """Delete the integration and everything that came with it, and return when it is gone.

        Args:
            deadline: Seconds to wait; Gong says that it can take 24 hours.

        Raises:
            DeadlineError: If Gong is not done in time; it goes on by itself.
        """
        run(life.delete(self._session, self.id, deadline=deadline), self._wire)

    def plan(self, sources: Mapping[str, Any], *, csv: CsvOptions | None = None, max_errors: int | None = None) -> Plan:
        """Check everything and say what would be sent, without sending; spooled files go with the plan's `discard`.

        Args:
            sources: For each object type a source, or a list of them; see `push`.
            csv: How CSV is to be read, where that cannot be guessed.
            max_errors: The most lines that may be bad.
        """
        request = PushRequest(sources=known_types(sources), csv=csv, max_errors=max_errors)
        return run(plan(self._session, self.id, request), self._wire)

    def push(  # noqa: PLR0913  (each is a choice that people make)
        self,
        sources: Mapping[str, Any],
        *,
        csv: CsvOptions | None = None,
        max_errors: int | None = None,
        again: bool = False,
        wait: bool = True,
        deadline: float | None = DAY,
        start_deadline: float | None = START_DEADLINE,
    ) -> Job:
        """Check, plan, send and follow, until every line has its outcome.

        Lines that the check finds bad are held back and reported; the others are sent, in the order that Gong asks for.
        After a kill or a loss of the network, `gong.resume()` goes on, or the same push again: nothing is sent twice.

        Args:
            sources: For each object type a source, or a list of them: a path (LDJSON or CSV, with .gz too), a pattern,
                a folder, an open file, an iterable of mappings, or a data frame.
            csv: How CSV is to be read, where that cannot be guessed.
            max_errors: The most lines that may be bad; with more, nothing is sent.
            again: Whether files are sent that Gong has already.
            wait: Whether to wait for the end; else it returns when the first files are sent, and `job.wait()` goes on.
            deadline: Seconds until waiting ends; None for never.
            start_deadline: Seconds that Gong may take to begin with a file; None for any time.

        Returns:
            The job.

        Raises:
            SetupError: If a source or an object type cannot be; nothing was sent.
            DeadlineError: If time is up; the job can be taken up again.
            CallError: If Gong refused a call, or could not be reached for long; the job can be taken up again.
        """
        request = PushRequest(sources=known_types(sources), csv=csv, again=again, max_errors=max_errors)
        patience = Patience(deadline=deadline, start_deadline=start_deadline, wait=wait)
        row = run(push(self._session, self.id, request, patience), self._wire)
        return Job(self._session, self._wire, row, resumed=not wait)


def _refuse_twice(sources: Mapping[str, Any]) -> None:
    """Refuse what can be read once and is given twice, for it would be empty at the second time."""
    from gong_crm.feeds.options import STANDARD_INPUT  # noqa: PLC0415  (feeds are heavy, on first use)

    seen: set[object] = set()
    for name, source in sources.items():
        for part in source if isinstance(source, list | tuple) else (source,):
            if isinstance(part, Mapping):
                break  # a list of records
            is_input = isinstance(part, str) and part in STANDARD_INPUT
            if not (is_input or hasattr(part, "__next__") or callable(getattr(part, "read", None))):
                continue
            key = "-" if is_input else id(part)
            if key in seen:
                what = "standard input" if is_input else f"the same {type(part).__name__}"
                raise SetupError(f"{what} is given twice, for {name} at last, and can be read once only")
            seen.add(key)


def known_types(sources: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse object types that Gong does not have.

    Raises:
        SetupError: Names the near one.
    """
    import difflib  # noqa: PLC0415  (for a refusal only)

    if not sources:
        raise SetupError("there is no source: give one for at least one object type")
    for name in sources:
        if name not in OBJECT_TYPES:
            near = difflib.get_close_matches(str(name).upper(), OBJECT_TYPES, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(OBJECT_TYPES)}"
            raise SetupError(f"there is no object type {name!r}{hint}")
    _refuse_twice(sources)
    return {name: sources[name] for name in OBJECT_TYPES if name in sources}
