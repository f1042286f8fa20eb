"""The front door as a user has it, blocking or awaited, written once."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gong_crm import AsyncGongCrm, Budget, Field, GongCrm
from tests.gong_crm.faults.harness.checker import Numbers, Said
from tests.gong_crm.faults.harness.meddling import Act, Meddling
from tests.gong_crm.faults.harness.tables import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from pathlib import Path

    from gong_crm.job.outcome import Outcome

Inputs: TypeAlias = "Mapping[str, Sequence[Path]]"
Script: TypeAlias = "Callable[[Any], Coroutine[Any, Any, Any]]"

NAME: Final = "Acme CRM"
OWNER: Final = "ops@acme.example"
UNHURRIED: Final = Budget(per_second=None, per_day=None)
TIER: Final = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("gold", "silver"))
"""A custom field of accounts."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How the front door is opened, each time anew.

    Attributes:
        url: Where Gong is.
        journal: The journal's folder.
        awaited: Whether through AsyncGongCrm.
        acts: What is done at chosen calls.
        more: Further arguments of GongCrm.
    """

    url: str
    journal: Path
    awaited: bool = False
    acts: tuple[Act, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    def but(self, *acts: Act, **more: Any) -> Opening:  # noqa: ANN401  (arguments of GongCrm)
        """Give the same with other acts and arguments."""
        return replace(self, acts=acts, more=more)

    def open(self) -> Any:  # noqa: ANN401  (GongCrm or AsyncGongCrm)
        """Open it."""
        arguments: dict[str, Any] = {
            "base_url": self.url,
            "access_key": "key-admin",
            "access_key_secret": "secret-admin",
            "journal": self.journal,
            "budget": UNHURRIED,
            "timeout": TIMEOUT,
            **self.more,
        }
        if self.acts:
            arguments["transport"] = Meddling(*self.acts)
        return (AsyncGongCrm if self.awaited else GongCrm)(**arguments)

    def use(self, script: Script) -> Any:  # noqa: ANN401  (what the script gives)
        """Open it, run a script with it, and close it."""
        return asyncio.run(self._use(script)) if self.awaited else _driven(self._use(script))

    async def _use(self, script: Script) -> Any:  # noqa: ANN401  (same)
        gong = self.open()
        try:
            return await script(gong)
        finally:
            await result(gong.aclose() if self.awaited else gong.close())

    def push(self, inputs: Inputs) -> Said:
        """Push all files through it, and follow them to the end."""
        said: Said = self.use(lambda gong: push(gong, inputs))
        return said

    def resume_or_push(self, inputs: Inputs) -> Said:
        """Take up what was left, or push all files."""
        said: Said = self.use(lambda gong: resume_or_push(gong, inputs))
        return said


def _driven(steps: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  (what the steps return)
    """Drive what never waits, without an event loop, which would take Ctrl-C for itself."""
    try:
        steps.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("a blocking call was awaited")


async def result(value: Any) -> Any:  # noqa: ANN401  (what the front door gives)
    """Await what has to be awaited."""
    return await value if inspect.isawaitable(value) else value


async def integration_of(gong: Any) -> Any:  # noqa: ANN401  (Integration or its awaited twin)
    """Find the integration, or register it, as a nightly job does."""
    return await result(gong.integration(NAME)) or await result(gong.register(name=NAME, owner_email=OWNER))


async def push(gong: Any, inputs: Inputs) -> Said:  # noqa: ANN401  (GongCrm or its awaited twin)
    """Push all files and follow them to the end."""
    integration = await integration_of(gong)
    job = await result(integration.push(dict(inputs)))
    return said_by(job.outcome)


async def resume_or_push(gong: Any, inputs: Inputs) -> Said:  # noqa: ANN401  (same)
    """Take up what a killed or failed process left; push only where it left nothing."""
    jobs = await result(gong.resume())
    return said_by(jobs[-1].outcome) if jobs else await push(gong, inputs)


def said_by(outcome: Outcome) -> Said:
    """Put an outcome into the words of the judge."""
    numbers, rejects = {}, {}
    for one in outcome.types:
        numbers[one.object_type] = Numbers(
            read=one.read, accepted=one.accepted, rejected=one.rejected, duplicates=one.duplicates
        )
        rows, lines = outcome.reject_rows(one.object_type), outcome.reject_file(one.object_type)
        rejects[one.object_type] = b"".join(path.read_bytes() for path in rows or [lines] if path is not None)
    return Said(numbers=numbers, rejects=rejects)
