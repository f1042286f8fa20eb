"""Ordered plans of what goes wrong, as data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from gong_crm_emulator.errors import PlanError
from gong_crm_emulator.lines import values
from gong_crm_emulator.middleware.under_way import connection_of, until_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gong_crm_emulator.middleware.journal import Entry

KINDS: Final = (
    *("answer", "answer-after-accepting", "stall", "slow"),
    *("close-before-reading", "close-after-accepting", "truncate", "pass"),
)
_LONGEST_SECONDS: Final = 3_600.0
_MOST_TIMES: Final = 1_000_000


@dataclass(kw_only=True)
class Fault:
    """One step of a plan.

    Attributes:
        kind: One of KINDS.
        times: How many calls it meets.
        met: How many calls it has met.
        status: Status of an answer.
        headers: Headers of an answer.
        body: Body of an answer.
        seconds: How long a `stall` waits before the call goes on.
        bytes_per_second: How fast the body of a `slow` answer comes.
        keep_bytes: How many bytes of the body a `truncate` lets through.
    """

    kind: str
    times: int = 1
    met: int = 0
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0
    bytes_per_second: int = 1_000
    keep_bytes: int = 10


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
        """Take the step that the next call meets.

        Returns:
            The step, or None when all are used up.
        """
        for fault in self.faults:
            if fault.met < fault.times:
                fault.met += 1
                return fault
        return None

    def as_json(self) -> dict[str, Any]:
        """Write the plan for the control API."""
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
        """List the plans.

        Returns:
            The plans, oldest first.
        """
        return list(self._plans)

    def remove(self, number: int) -> bool:
        """Drop a plan."""
        before = len(self._plans)
        self._plans = [plan for plan in self._plans if plan.id != number]
        return len(self._plans) < before

    def add(self, record: Any) -> Plan:  # noqa: ANN401  (any JSON)
        """Take a plan in.

        Args:
            record: `{"operation": ..., "faults": [{"kind": ..., ...}, ...]}`.

        Raises:
            PlanError: If it names an operation or a fault that does not exist, or a member is wrong.
        """
        if not isinstance(record, dict) or not isinstance(record.get("faults"), list) or not record["faults"]:
            raise PlanError('A plan is {"operation": "...", "faults": [{"kind": "..."}, ...]} with one fault at least.')
        operation = record.get("operation")
        if operation != "*" and operation not in self._operations:
            known = ", ".join(sorted(self._operations))
            raise PlanError(f"There is no operation {operation!r}: choose * or one of {known}.")
        faults = [_read_fault(step) for step in record["faults"]]
        self._count += 1
        plan = Plan(id=self._count, operation=str(operation), faults=faults)
        self._plans.append(plan)
        return plan

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Put the plans around an application."""

        async def disturbed(scope: Scope, receive: Receive, send: Send) -> None:
            fault = self._take(scope)
            if fault is None or fault.kind == "pass":
                await app(scope, receive, send)
                return
            entry: Entry | None = scope.get("gong.entry")
            if entry is not None:
                entry.injected = fault.kind
            await _meet(fault, app, scope, receive, send)

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


async def _meet(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.kind == "answer":
        await _answer(fault, send)
    elif fault.kind == "answer-after-accepting":
        await app(scope, receive, _swallow)
        await _answer(fault, send)
    elif fault.kind == "stall":
        await asyncio.sleep(fault.seconds)
        await app(scope, receive, send)
    elif fault.kind == "slow":
        await app(scope, receive, _slowed(send, fault.bytes_per_second))
    elif fault.kind == "close-before-reading":
        await _cut(scope, receive, at_once=True)
    elif fault.kind == "close-after-accepting":
        await app(scope, receive, _swallow)
        await _cut(scope, receive, at_once=True)
    else:
        await app(scope, receive, _shortened(send, fault.keep_bytes))
        await _cut(scope, receive, at_once=False)


async def _answer(fault: Fault, send: Send) -> None:
    body = fault.body.encode()
    headers = {"content-type": "text/html", **{name.lower(): value for name, value in fault.headers.items()}}
    headers["content-length"] = str(len(body))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _swallow(message: Message) -> None:
    del message


def _slowed(send: Send, bytes_per_second: int) -> Send:
    piece = max(1, bytes_per_second // 20)

    async def slow(message: Message) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or len(body) <= piece:
            await send(message)
            return
        for start in range(0, len(body), piece):
            last = start + piece >= len(body)
            await send(
                {
                    **message,
                    "body": body[start : start + piece],
                    "more_body": not last or message.get("more_body", False),
                }
            )
            await asyncio.sleep(piece / bytes_per_second)

    return slow


def _shortened(send: Send, keep: int) -> Send:
    """Announce the whole body and send only its beginning."""
    left = keep

    async def shortened(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.body":
            body = message.get("body", b"")[: min(left, len(message.get("body", b"")) - 1)]
            left -= len(body)
            message = {**message, "body": body, "more_body": True}
        await send(message)

    return shortened


async def _cut(scope: Scope, receive: Receive, *, at_once: bool) -> None:
    connection = connection_of(scope)
    if connection is None:
        raise RuntimeError("Only the emulator's own server can close a connection for a fault.")
    if at_once:
        connection.abort()
    else:
        connection.close()
    await until_gone(receive)


def _read_fault(record: Any) -> Fault:  # noqa: ANN401  (any JSON)
    if not isinstance(record, dict) or record.get("kind") not in KINDS:
        raise PlanError(f"The kind of a fault must be one of {', '.join(KINDS)}.")
    unknown = record.keys() - _MEMBERS.keys()
    if unknown:
        raise PlanError(
            f"A fault has no member {', '.join(sorted(unknown))}: choose from {', '.join(sorted(_MEMBERS))}."
        )
    fault = Fault(kind=record["kind"])
    for name, value in record.items():
        attribute, rule, good = _MEMBERS[name]
        if not good(value):
            raise PlanError(f"{name} of a fault must be {rule}.")
        setattr(
            fault,
            attribute,
            orjson.dumps(value).decode() if attribute == "body" and not isinstance(value, str) else value,
        )
    if isinstance(record.get("body"), dict | list):
        fault.body = orjson.dumps(record["body"]).decode()
        fault.headers = {"content-type": "application/json;charset=UTF-8", **fault.headers}
    return fault


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and isinstance(text, str) and (name + text).isascii() and (name + text).isprintable()
        for name, text in value.items()
    )


_MEMBERS: Final[dict[str, tuple[str, str, Callable[[object], bool]]]] = {
    "kind": ("kind", "a text", lambda value: values.string(value) is None),
    "times": ("times", "a whole number from 1", lambda value: _whole(value, 1, _MOST_TIMES)),
    "status": ("status", "an HTTP status from 200 to 599", lambda value: _whole(value, 200, 599)),
    "headers": ("headers", "an object of printable ASCII texts", _texts),
    "body": ("body", "a text or JSON", lambda value: isinstance(value, str | dict | list)),
    "seconds": (
        "seconds",
        "a number from 0 to 3600",
        lambda value: values.number(value) is None and 0 <= cast("float", value) <= _LONGEST_SECONDS,
    ),
    "bytesPerSecond": ("bytes_per_second", "a whole number from 1", lambda value: _whole(value, 1, 10**9)),
    "keepBytes": ("keep_bytes", "a whole number from 0", lambda value: _whole(value, 0, 10**9)),
}
