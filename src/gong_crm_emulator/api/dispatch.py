"""The checks that every call passes, in Gong's order: credentials, route, method, media type, scope."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from gong_crm_emulator import refusals
from gong_crm_emulator.api.call import Call
from gong_crm_emulator.api.responses import refusal_answer
from gong_crm_emulator.errors import StateError
from gong_crm_emulator.middleware.visitors import api_refused_because

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope, Send

    from gong_crm_emulator.api.routes import Operation
    from gong_crm_emulator.auth.credentials import CallerKnown
    from gong_crm_emulator.middleware.journal import Entry
    from gong_crm_emulator.runtime import Runtime

_LINGER_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger("gong_crm_emulator")


class Dispatch:
    """An ASGI application that checks each call and hands it to its endpoint."""

    def __init__(self, operations: Iterable[Operation], *, runtime: Runtime) -> None:
        self._runtime = runtime
        self._idle_seconds = runtime.tenant.settings.idle_seconds
        self._paths: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            self._paths.setdefault(operation.path, {})[operation.method] = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        request = Request(scope, self._impatient(receive))
        request_id = self._runtime.tenant.ids.request_id()
        try:
            response = await self._respond(request, request_id)
        except (sqlite3.Error, OSError) as problem:
            _LOG.error("The state cannot be read or written (%s): %s is answered with 500", problem, request.method)
            response = refusal_answer(request_id, refusals.Refusal(500, refusals.SERVER_FAULT))
        except Exception:  # noqa: BLE001  (whatever fails in the emulator, the caller gets Gong's envelope)
            _LOG.exception("The emulator failed on %s %r", request.method, request.url.path)
            response = refusal_answer(request_id, refusals.Refusal(500, refusals.SERVER_FAULT))
        if response.headers.get("connection") == "close":
            await _send_and_linger(response, receive, send)
        else:
            await response(scope, receive, send)

    async def _respond(self, request: Request, request_id: str) -> Response:
        reason = api_refused_because(request.scope, self._runtime.tenant.settings)
        if reason is not None:
            return refusal_answer(request_id, refusals.Refusal(403, reason))
        try:
            caller = self._runtime.access.caller(request.headers.get("authorization", ""))
        except refusals.Refusal as refusal:
            return refusal_answer(request_id, refusal)
        entry: Entry = request.scope["gong.entry"]
        entry.caller = caller.name
        try:
            self._check_limit()
            operation = self._operation(request)
            _check_scope(caller, operation)
            call = Call(request=request, request_id=request_id, tenant=self._runtime.tenant, work=self._runtime.work)
            response = await operation.endpoint(call)
        except refusals.Refusal as refusal:
            response = refusal_answer(request_id, refusal)
        except StateError as problem:
            status = self._runtime.tenant.settings.unknown_id_status
            response = refusal_answer(request_id, refusals.of_state(problem, unknown_id_status=status))
        response.headers["x-ratelimit-remaining"] = str(self._runtime.limit.remaining())
        return response

    def _check_limit(self) -> None:
        seconds = self._runtime.limit.take()
        if seconds:
            raise refusals.over_limit(seconds)

    def _impatient(self, receive: Receive) -> Receive:
        """Give up on a caller who falls silent within a request (slowloris)."""

        async def received() -> Message:
            try:
                async with asyncio.timeout(self._idle_seconds):
                    return await receive()
            except TimeoutError as silence:
                raise refusals.too_slow(self._idle_seconds) from silence

        return received

    def _operation(self, request: Request) -> Operation:
        methods = self._paths.get(request.url.path)
        if methods is None:
            raise refusals.no_path()
        operation = methods.get(request.method)
        if operation is None:
            raise refusals.wrong_method(sorted(methods))
        if operation.media_type is not None:
            sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if sent != operation.media_type:
                raise refusals.wrong_media_type()
        return operation


def _check_scope(caller: CallerKnown, operation: Operation) -> None:
    if caller.scoped and operation.scope not in caller.scopes:
        raise refusals.no_scope(operation.scope)


async def _send_and_linger(response: Response, receive: Receive, send: Send) -> None:
    """Answer before the body has been read, then wait briefly for the caller to notice.

    A socket closed with unread bytes is reset, and the reset may overtake the answer.
    """
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            await _drain(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drain(receive: Receive) -> None:
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
