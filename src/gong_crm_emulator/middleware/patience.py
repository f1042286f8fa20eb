"""How long a caller may be silent in the middle of a body."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def impatient(app: ASGIApp, *, seconds: float) -> ASGIApp:
    """Put an end to silence around an application: a caller who says no more is taken for one who has gone."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def received() -> Message:
            try:
                async with asyncio.timeout(seconds):
                    return await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}

        await app(scope, received, send)

    return wrapped
