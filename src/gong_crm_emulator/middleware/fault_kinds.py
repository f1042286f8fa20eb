"""The kinds of fault: each is one entry of a table, with its members and with what it does to a call."""

from __future__ import annotations

import asyncio
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson

from gong_crm_emulator.errors import PlanError
from gong_crm_emulator.middleware.under_way import connection_of, until_gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_NAME: Final = 100
"""Characters of a name in a plan that a sentence shows."""

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_LONGEST_SECONDS: Final = 3_600
_MOST_BYTES: Final = 10**9
_LONGEST_BODY: Final = 10_000_000


class Meet(Protocol):
    """What a kind does to a call."""

    async def __call__(
        self, members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Disturb one call."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member that a kind knows.

    Attributes:
        name: Its name.
        rule: What it must be, in words.
        is_good: Says whether a value is that.
        default: What holds when it is left out.
    """

    name: str
    rule: str
    is_good: Callable[[Any], bool]
    default: Any


@dataclass(frozen=True, kw_only=True)
class FaultKind:
    """A kind of fault.

    Attributes:
        name: Its name in plans.
        what: What happens to a call that meets it, in words.
        meet: What happens, in code.
        members: What can be said about it, beside `times`.
        disturbs: Whether the call is disturbed at all.
    """

    name: str
    what: str
    meet: Meet
    members: tuple[Member, ...] = ()
    disturbs: bool = True


def read_members(kind: FaultKind, record: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a plan says about a fault.

    Raises:
        PlanError: If the kind has no such member, or a value is wrong.
    """
    reject_unknown(f"fault of kind {kind.name}", record, known=("kind", "times", *(one.name for one in kind.members)))
    for member in kind.members:
        if member.name in record and not member.is_good(record[member.name]):
            raise PlanError(f"{member.name} of a fault must be {member.rule}.")
    return {member.name: record.get(member.name, member.default) for member in kind.members}


def reject_unknown(what: str, record: Iterable[str], *, known: tuple[str, ...]) -> None:
    """Refuse members that nobody reads.

    Raises:
        PlanError: If there is one; the sentence says what there is instead.
    """
    for name in record:
        if name not in known:
            near = difflib.get_close_matches(name[:LONGEST_NAME], known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}."
            raise PlanError(f"A {what} has no member {name[:LONGEST_NAME]}: {hint}")


# Members


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_seconds(value: Any) -> bool:  # noqa: ANN401  (any JSON)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_SECONDS


def _is_headers(value: Any) -> bool:  # noqa: ANN401  (any JSON)
    return isinstance(value, dict) and all(
        _HEADER_NAME.fullmatch(name) and isinstance(text, str) and text.isascii() and text.isprintable()
        for name, text in value.items()
    )


def _is_body(value: Any) -> bool:  # noqa: ANN401  (any JSON)
    try:
        return isinstance(value, str | dict | list) and len(_body(value)) <= _LONGEST_BODY
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        return False


def _body(value: str | dict[str, Any] | list[Any]) -> bytes:
    return value.encode() if isinstance(value, str) else orjson.dumps(value)


# What the kinds do


async def _answer(members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    del app, scope, receive
    body = _body(members["body"])
    usual = "text/html" if isinstance(members["body"], str) else "application/json;charset=UTF-8"
    headers = {"content-type": usual, **{name.lower(): value for name, value in members["headers"].items()}}
    headers["content-length"] = str(len(body))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": members["status"], "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _answer_after_accepting(
    members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    await app(scope, receive, _swallow)
    await _answer(members, app, scope, receive, send)


async def _stall(members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(members["seconds"])
    await app(scope, receive, send)


async def _slow(members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, _slowed(send, members["bytesPerSecond"]))


async def _close_before_reading(
    members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    del members, app, send
    await _cut(scope, receive, at_once=True)


async def _close_after_accepting(
    members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    del members, send
    await app(scope, receive, _swallow)
    await _cut(scope, receive, at_once=True)


async def _truncate(members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, _shortened(send, members["keepBytes"]))
    await _cut(scope, receive, at_once=False)


async def _pass(members: Mapping[str, Any], app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    del members
    await app(scope, receive, send)


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
            more = start + piece < len(body) or message.get("more_body", False)
            await send({**message, "body": body[start : start + piece], "more_body": more})
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


_ANSWER: Final = (
    Member(name="status", rule="an HTTP status from 200 to 599", is_good=_whole(200, 599), default=500),
    Member(
        name="headers", rule="an object of header names with printable ASCII texts", is_good=_is_headers, default={}
    ),
    Member(name="body", rule="a text or JSON, up to 10 MB", is_good=_is_body, default=""),
)
KINDS: Final = (
    FaultKind(name="answer", what="this answer comes in the place of the true one", meet=_answer, members=_ANSWER),
    FaultKind(
        name="answer-after-accepting",
        what="the call is carried out, and this answer comes in the place of the true one",
        meet=_answer_after_accepting,
        members=_ANSWER,
    ),
    FaultKind(
        name="stall",
        what="the call waits before it goes on",
        meet=_stall,
        members=(Member(name="seconds", rule="a number from 0 to 3600", is_good=_is_seconds, default=0),),
    ),
    FaultKind(
        name="slow",
        what="the true answer trickles out",
        meet=_slow,
        members=(
            Member(name="bytesPerSecond", rule="a whole number from 1", is_good=_whole(1, _MOST_BYTES), default=1_000),
        ),
    ),
    FaultKind(
        name="close-before-reading",
        what="the connection is closed before the body is read, and nothing is stored",
        meet=_close_before_reading,
    ),
    FaultKind(
        name="close-after-accepting",
        what="the call is carried out, and the connection closed in the place of its answer",
        meet=_close_after_accepting,
    ),
    FaultKind(
        name="truncate",
        what="the answer announces more bytes than come",
        meet=_truncate,
        members=(Member(name="keepBytes", rule="a whole number from 0", is_good=_whole(0, _MOST_BYTES), default=10),),
    ),
    FaultKind(
        name="pass", what="the call goes through, so that a later one meets the next step", meet=_pass, disturbs=False
    ),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
