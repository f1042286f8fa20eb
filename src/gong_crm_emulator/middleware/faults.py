"""Ordered plans of what goes wrong, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gong_crm_emulator.errors import PlanError
from gong_crm_emulator.middleware.fault_kinds import BY_NAME, LONGEST_NAME, read_members, reject_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

    from gong_crm_emulator.middleware.journal import Entry

_MOST_TIMES = 1_000_000


@dataclass(kw_only=True)
class Fault:
    """One step of a plan.

    Attributes:
        kind: Name of one of the kinds in fault_kinds.
        members: What the kind needs to know.
        times: How many calls it meets.
        met: How many calls it has met.
    """

    kind: str
    members: dict[str, Any] = field(default_factory=dict)
    times: int = 1
    met: int = 0


@dataclass(kw_only=True)
class Plan:
    """Faults that the next calls of one operation meet, in order.

    Attributes:
        id: Number of the plan.
        operation: The operation's id, or `*` for every one.
        faults: The steps.
    """

    id: int
    operation: str
    faults: list[Fault]

    def next(self) -> Fault | None:
        """Take the step that the next call meets, or None when all are used up."""
        for fault in self.faults:
            if fault.met < fault.times:
                fault.met += 1
                return fault
        return None

    def as_json(self) -> dict[str, Any]:
        """Write the plan for the control API: its steps, and whether all have been met."""
        left = sum(fault.times - fault.met for fault in self.faults)
        steps = [{"kind": fault.kind, "times": fault.times, "met": fault.met} for fault in self.faults]
        return {"id": self.id, "operation": self.operation, "faults": steps, "left": left, "consumed": left == 0}


class FaultPlans:
    """The plans in force; the first that has a step left for a call is followed."""

    def __init__(self, operations: Collection[str], *, operation_of: Callable[[str, str], str | None]) -> None:
        self._operations = operations
        self._operation_of = operation_of
        self._plans: list[Plan] = []
        self._count = 0

    def clear(self) -> None:
        """Drop all plans."""
        self._plans.clear()

    def plans(self) -> list[Plan]:
        """List the plans, oldest first."""
        return list(self._plans)

    def remove(self, number: int) -> bool:
        """Drop a plan, and say whether there was one."""
        before = len(self._plans)
        self._plans = [plan for plan in self._plans if plan.id != number]
        return len(self._plans) < before

    def add(self, record: Any) -> Plan:  # noqa: ANN401  (any JSON)
        """Take a plan in: `{"operation": ..., "faults": [{"kind": ..., ...}, ...]}`.

        Raises:
            PlanError: If it names an operation or a fault that does not exist, or a member is wrong.
        """
        if not isinstance(record, dict) or not isinstance(record.get("faults"), list) or not record["faults"]:
            raise PlanError('A plan is {"operation": "...", "faults": [{"kind": "..."}, ...]} with one fault at least.')
        reject_unknown("plan", record, known=("operation", "faults"))
        operation = record.get("operation")
        if not isinstance(operation, str) or operation not in {"*", *self._operations}:
            known = ", ".join(sorted(self._operations))
            raise PlanError(f"There is no operation {str(operation)[:LONGEST_NAME]!r}: choose * or one of {known}.")
        faults = [_read_fault(step) for step in record["faults"]]
        self._count += 1
        plan = Plan(id=self._count, operation=operation, faults=faults)
        self._plans.append(plan)
        return plan

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Put the plans around an application, whose calls then meet the faults."""

        async def disturbed(scope: Scope, receive: Receive, send: Send) -> None:
            fault = self._take(scope)
            if fault is None:
                await app(scope, receive, send)
                return
            kind = BY_NAME[fault.kind]
            entry: Entry | None = scope.get("gong.entry")
            if entry is not None and kind.disturbs:
                entry.injected = fault.kind
            await kind.meet(fault.members, app, scope, receive, send)

        return disturbed

    def _take(self, scope: Scope) -> Fault | None:
        if not self._plans:
            return None
        operation = self._operation_of(scope["method"], scope["path"])
        for plan in self._plans:
            fault = plan.next() if plan.operation in {"*", operation} else None
            if fault is not None:
                return fault
        return None


def _read_fault(record: Any) -> Fault:  # noqa: ANN401  (any JSON)
    kind = BY_NAME.get(str(record.get("kind"))) if isinstance(record, dict) else None
    if kind is None:
        raise PlanError(f"The kind of a fault must be one of {', '.join(BY_NAME)}.")
    times = record.get("times", 1)
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= _MOST_TIMES:
        raise PlanError("times of a fault must be a whole number from 1.")
    members = {name: value for name, value in record.items() if name not in {"kind", "times"}}
    return Fault(kind=kind.name, members=read_members(kind, members), times=times)
