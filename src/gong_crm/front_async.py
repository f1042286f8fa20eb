"""The public door, awaited: the same steps as `gong_crm.front`, with the same words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from gong_crm import life, schema
from gong_crm.errors import GongCrmError
from gong_crm.front import AnyDoor
from gong_crm.integration import known_types
from gong_crm.job.drive import DAY, Patience
from gong_crm.job.job import START_DEADLINE, AsyncJob
from gong_crm.job.push import PushRequest, plan, push
from gong_crm.wire.steps import run_awaited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gong_crm.feeds import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.plan.plan import Plan
    from gong_crm.schema import FieldChanges
    from gong_crm.session import Session
    from gong_crm.wire.answers import Registration, Status
    from gong_crm.wire.http import Wire


class AsyncGongCrm(AnyDoor):
    """The door to Gong's CRM API, awaited; it takes what `GongCrm` takes."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; jobs that are not finished can be taken up again."""
        await self._wire.aclose()
        self._end_evidence()

    async def integration(self, wanted: str | int | None = None) -> AsyncIntegration | None:
        """Do as `GongCrm.integration`."""
        found = await run_awaited(life.find(self._session, wanted), self._wire)
        return None if found is None else self._of(found)

    async def integrations(self) -> list[AsyncIntegration]:
        """Do as `GongCrm.integrations`."""
        return [self._of(one) for one in await run_awaited(life.listed(self._session), self._wire)]

    async def register(self, *, name: str, owner_email: str) -> AsyncIntegration:
        """Do as `GongCrm.register`."""
        steps = life.register(self._session, name=name, owner_email=owner_email)
        return self._of(await run_awaited(steps, self._wire))

    def _of(self, found: Registration) -> AsyncIntegration:
        return AsyncIntegration(
            id=found.id, name=found.name, owner_email=found.owner_email, _session=self._session, _wire=self._wire
        )

    def job(self, token: str) -> AsyncJob:
        """Do as `GongCrm.job`."""
        return AsyncJob(self._session, self._wire, self._row(token), resumed=True)

    def jobs(self) -> list[AsyncJob]:
        """Do as `GongCrm.jobs`."""
        return [AsyncJob(self._session, self._wire, row, resumed=True) for row in self._unfinished()]

    async def resume(self) -> list[AsyncJob]:
        """Do as `GongCrm.resume`."""
        jobs, failures = self.jobs(), []
        for job in jobs:
            try:
                await job.wait()
            except GongCrmError as problem:
                failures.append(problem)
        if failures:
            raise failures[0]
        return jobs


@dataclass(frozen=True, kw_only=True)
class AsyncIntegration:
    """An integration of Gong's, awaited; as `Integration` otherwise."""

    id: int
    name: str
    owner_email: str
    _session: Session = field(repr=False, compare=False)
    _wire: Wire = field(repr=False, compare=False)

    async def fields(self, object_type: str) -> tuple[Field, ...]:
        """Do as `Integration.fields`."""
        return await run_awaited(schema.fields(self._session, self.id, object_type), self._wire)

    async def describe_fields(
        self,
        object_type: str,
        fields: Sequence[Field],
        *,
        remove: Iterable[str] = (),
        allow_loss: bool = False,
        dry_run: bool = False,
    ) -> FieldChanges:
        """Do as `Integration.describe_fields`."""
        steps = schema.describe_fields(
            self._session, self.id, object_type, fields, remove=remove, allow_loss=allow_loss, dry_run=dry_run
        )
        return await run_awaited(steps, self._wire)

    async def read(self, object_type: str, object_ids: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """Do as `Integration.read`."""
        return await run_awaited(life.read(self._session, self.id, object_type, object_ids), self._wire)

    async def status(self, client_request_id: str) -> Status:
        """Do as `Integration.status`."""
        return await run_awaited(life.status(self._session, self.id, client_request_id), self._wire)

    async def delete(self, *, deadline: float | None = DAY) -> None:
        """Do as `Integration.delete`."""
        await run_awaited(life.delete(self._session, self.id, deadline=deadline), self._wire)

    async def plan(
        self, sources: Mapping[str, Any], *, csv: CsvOptions | None = None, max_errors: int | None = None
    ) -> Plan:
        """Do as `Integration.plan`."""
        request = PushRequest(sources=known_types(sources), csv=csv, max_errors=max_errors)
        return await run_awaited(plan(self._session, self.id, request), self._wire)

    async def push(  # noqa: PLR0913  (each is a choice that people make)
        self,
        sources: Mapping[str, Any],
        *,
        csv: CsvOptions | None = None,
        max_errors: int | None = None,
        again: bool = False,
        wait: bool = True,
        deadline: float | None = DAY,
        start_deadline: float | None = START_DEADLINE,
    ) -> AsyncJob:
        """Do as `Integration.push`; checking, sorting and the journal run in a thread."""
        request = PushRequest(sources=known_types(sources), csv=csv, again=again, max_errors=max_errors)
        patience = Patience(deadline=deadline, start_deadline=start_deadline, wait=wait)
        row = await run_awaited(push(self._session, self.id, request, patience), self._wire)
        return AsyncJob(self._session, self._wire, row, resumed=not wait)
