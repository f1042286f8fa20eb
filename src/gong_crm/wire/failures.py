"""What the client raises and what Gong refuses, as errors of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx

from gong_crm.errors import (
    AmbiguousError,
    AuthenticationError,
    CallError,
    ConflictError,
    GongCrmError,
    RefusedError,
    SetupError,
    ThrottledError,
    UnreachableError,
)
from gong_crm.wire.answers import Mismatch
from gong_crm.wire.retry import retry_after

if TYPE_CHECKING:
    from gong_crm.wire.calls import Call
    from gong_crm.wire.settings import Settings


_NOTHING_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


_MAY_PASS: Final = frozenset({408, 425, 500, 502, 503, 504})


_HINTS: Final = {
    401: "check the access key and its secret, or the token, and that it has the scope of this operation",
    403: "is the base URL the one that Gong's API page shows for your company, and is this machine trusted there?",
    404: "is the base URL the one that Gong's API page shows for your company, without a path?",
    413: "the file is larger than Gong takes",
}


def translated(call: Call[Any], problem: Exception, settings: Settings) -> Exception:
    """Give an error of ours for one of the client's; one that is no answer to the call stays what it is."""
    if isinstance(problem, GongCrmError):
        return problem
    if isinstance(problem, UnicodeEncodeError):
        return SetupError(f"{call.operation}: what is to be sent holds text that is no Unicode (a lone surrogate)")
    if type(problem).__name__ == "UnexpectedResponse":
        return _unexpected(call, problem, settings)
    kind: type[CallError] = AmbiguousError
    said = settings.redactor.clean(str(problem)) or type(problem).__name__
    if isinstance(problem, _NOTHING_SENT):
        kind = UnreachableError
        text = f"nothing was sent: {said}"  # the client names the address, and what to look at
    elif isinstance(problem, httpx.HTTPError):
        text = f"the answer of {settings.base_url} was lost ({said})"
    elif isinstance(problem, (TypeError, AttributeError, KeyError, Mismatch)):
        text = f"the answer of {settings.base_url} breaks the contract ({said})"
    else:
        return problem
    return kind(
        f"{call.operation}: {text}",
        operation=call.operation,
        client_request_id=call.client_request_id,
        retryable=True,
    )


def _unexpected(call: Call[Any], problem: Any, settings: Settings) -> CallError:  # noqa: ANN401  (the client's error)
    clean = settings.redactor.clean
    status, excerpt = int(problem.status_code), clean(str(problem.excerpt), limit=200)
    kind, retryable = _kind(status)
    hint = _hint(status)
    return kind(
        f"{call.operation}: {settings.base_url} answered {status}, {clean(str(problem.problem))}{hint}",
        operation=call.operation,
        status=status,
        request_id=clean(problem.request_id, limit=64) if problem.request_id else None,
        client_request_id=call.client_request_id,
        retryable=retryable,
        retry_after=retry_after(problem.headers),
        excerpt=excerpt,
    )


def refusal(call: Call[Any], response: Any, settings: Settings) -> CallError:  # noqa: ANN401  (a generic class of the client)
    """Give the error for an answer with a status of 400 or more."""
    status = int(response.status_code)
    model = response.parsed.to_dict() if response.parsed is not None else {}
    sentences = settings.redactor.sentences(model.get("errors") or ())
    request_id = model.get("requestId")
    kind, retryable = _kind(status)
    hint = _hint(status)
    said = f": {' '.join(sentences)}" if sentences else ""
    return kind(
        f"{call.operation} was refused with {status}{said}{hint}",
        operation=call.operation,
        status=status,
        sentences=sentences,
        request_id=settings.redactor.clean(str(request_id), limit=64) if request_id else None,
        client_request_id=call.client_request_id,
        retryable=retryable,
        retry_after=retry_after(response.headers),
    )


def _kind(status: int) -> tuple[type[CallError], bool]:
    """Say what a status means for the call, and whether the same call may succeed later."""
    if status in _MAY_PASS or status > httpx.codes.INTERNAL_SERVER_ERROR:
        return AmbiguousError, True
    if status < httpx.codes.MULTIPLE_CHOICES:
        return AmbiguousError, True
    kinds: dict[int, type[CallError]] = {401: AuthenticationError, 409: ConflictError, 429: ThrottledError}
    return kinds.get(status, RefusedError), status == httpx.codes.TOO_MANY_REQUESTS


def _hint(status: int) -> str:
    if httpx.codes.is_redirect(status):
        return "; it sends the caller elsewhere, so it is not Gong's API: check the base URL"
    return f"; {_HINTS[status]}" if status in _HINTS else ""
