"""The calls that are being answered, so that none outlives the state with which it began."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

CONNECTION: Final = "gong_crm_emulator.connection"
"""Scope extension in which the server of the emulator hands over its connection."""

BEGUN: Final = "gong_crm_emulator.begun"
"""Scope extension that says when the first byte of a call came, by the monotonic clock."""


class Connection(Protocol):
    """What can be done to a connection."""

    def abort(self) -> None:
        """Close at once."""

    def close(self) -> None:
        """Close once all is written."""


def connection_of(scope: Scope) -> Connection | None:
    """Find the connection over which a call came, if the emulator's own server handed it over."""
    return cast("Connection | None", scope.get("extensions", {}).get(CONNECTION))


async def until_gone(receive: Receive) -> None:
    """Wait for the caller to notice that the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


class CallsUnderWay:
    """The calls that are being answered now."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._replaced = 0.0

    def cut(self) -> None:
        """Cut every call but the one that asks for it, those that are half received too: their state is gone."""
        self._replaced = time.monotonic()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Put the watch around an application."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            task = asyncio.current_task()
            if scope["type"] != "http" or task is None:
                await app(scope, receive, send)
                return
            if scope.get("extensions", {}).get(BEGUN, self._replaced) < self._replaced:
                await _cut(scope, receive)
                return
            self._tasks.add(task)
            try:
                await app(scope, receive, send)
            except asyncio.CancelledError:
                task.uncancel()
                await _cut(scope, receive)
            finally:
                self._tasks.discard(task)

        return watched


async def _cut(scope: Scope, receive: Receive) -> None:
    connection = connection_of(scope)
    if connection is None:
        raise asyncio.CancelledError  # another server has its own way to drop a call
    connection.abort()
    await until_gone(receive)
