"""The checks that every call passes, in Gong's order: credentials, route, method, media type, scope."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from starlette.requests import Request

from gong_crm_emulator import errors
from gong_crm_emulator.answers import RequestIds, refusal_answer
from gong_crm_emulator.call import Call, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope, Send

    from gong_crm_emulator.principals import Principal
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.state import Tenant
    from gong_crm_emulator.work import BackgroundWork

_LINGER_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger("gong_crm_emulator")


class Credentials:
    """The access keys and tokens that are good now.

    Args:
        settings: Where the principals stand.
    """

    def __init__(self, settings: EmulatorSettings) -> None:
        every = settings.principals.values()
        self._keys = {(one.access_key, one.access_key_secret): one for one in every}
        self._tokens = {one.access_token: one for one in every}
        self._keys_have_scopes = settings.keys_have_scopes

    def caller(self, authorization: str) -> tuple[Principal, bool]:
        """Find out who calls.

        Args:
            authorization: The Authorization header, or "".

        Returns:
            The principal, and whether its scopes count.

        Raises:
            Refusal: 401 if nobody is known by that header.
        """
        scheme, _, credential = authorization.partition(" ")
        token = credential.strip()
        if scheme.lower() == "bearer" and token in self._tokens:
            return self._tokens[token], True
        if scheme.lower() == "basic":
            principal = self._keys.get(_key_and_secret(token))
            if principal is not None:
                return principal, self._keys_have_scopes
        raise errors.no_credentials()


def _key_and_secret(token: str) -> tuple[str, str]:
    try:
        key, _, secret = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ("", "")
    return key, secret


class Gate:
    """An ASGI application that checks each call and hands it to its endpoint.

    Args:
        operations: The route table.
        tenant: The state.
        work: The background threads.
    """

    def __init__(self, operations: Iterable[Operation], *, tenant: Tenant, work: BackgroundWork) -> None:
        self._tenant = tenant
        self._work = work
        self._ids = RequestIds(tenant.settings.seed)
        self._credentials = Credentials(tenant.settings)
        self._paths: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            self._paths.setdefault(operation.path, {})[operation.method] = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call.

        Args:
            scope: What ASGI knows of the call.
            receive: Gives its body.
            send: Takes the answer.
        """
        request = Request(scope, receive)
        request_id = self._ids.take()
        try:
            response = await self._respond(request, request_id)
        except Exception:  # noqa: BLE001  (whatever fails in the stand-in, the caller gets Gong's envelope)
            _LOG.exception("The stand-in failed on %s %s", request.method, request.url.path)
            response = refusal_answer(request_id, errors.Refusal(500, errors.SERVER_FAULT))
        if response.headers.get("connection") == "close":
            await _send_and_linger(response, receive, send)
        else:
            await response(scope, receive, send)

    async def _respond(self, request: Request, request_id: str) -> Response:
        try:
            principal, scoped = self._credentials.caller(request.headers.get("authorization", ""))
        except errors.Refusal as refusal:
            return refusal_answer(request_id, refusal)
        try:
            operation = self._operation(request)
            if scoped:
                _check_scope(principal, operation)
            call = Call(request=request, request_id=request_id, tenant=self._tenant, work=self._work)
            response = await operation.endpoint(call)
        except errors.Refusal as refusal:
            response = refusal_answer(request_id, refusal)
        response.headers["x-ratelimit-remaining"] = "17"
        return response

    def _operation(self, request: Request) -> Operation:
        methods = self._paths.get(request.url.path)
        if methods is None:
            raise errors.no_path()
        operation = methods.get(request.method)
        if operation is None:
            raise errors.wrong_method(sorted(methods))
        if operation.media_type is not None:
            sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if sent != operation.media_type:
                raise errors.wrong_media_type()
        return operation


def _check_scope(principal: Principal, operation: Operation) -> None:
    if operation.scope not in principal.scopes:
        raise errors.no_scope(operation.scope)


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
