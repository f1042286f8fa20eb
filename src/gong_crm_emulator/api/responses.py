"""One envelope for every answer of the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gong_crm_emulator.refusals import Refusal

SERVICE_VERSION: Final = "PublicApiServer:17.main.20731"
MEDIA_TYPE: Final = "application/json;charset=UTF-8"


def answer(
    request_id: str,
    *,
    status: int = 200,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make an answer in Gong's envelope.

    The trace id equals the request id, as in 72 of 72 recordings.
    """
    return _response(request_id, status, orjson.dumps({"requestId": request_id, **(body or {})}), headers)


def refusal_answer(request_id: str, refusal: Refusal) -> Response:
    """Make the answer to a refused request."""
    body = orjson.dumps({"requestId": request_id, "errors": list(refusal.errors)})
    if refusal.pretty:
        quoted = ", ".join(orjson.dumps(error).decode() for error in refusal.errors)
        body = f'{{\n  "requestId" : "{request_id}",\n  "errors" : [ {quoted} ]\n}}'.encode()
    return _response(request_id, refusal.status, body, refusal.headers)


def _response(request_id: str, status: int, content: bytes, headers: Mapping[str, str] | None) -> Response:
    return Response(
        content,
        status_code=status,
        headers={
            "content-type": MEDIA_TYPE,
            "x-traceid": request_id,
            "x-gong-service-version": SERVICE_VERSION,
            **(headers or {}),
        },
    )
