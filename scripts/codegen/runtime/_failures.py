"""What a call without a whole answer raises: httpx's own exceptions, without a secret, and with what to do."""

from __future__ import annotations

from types import TracebackType

import httpx

from . import errors
from ._redaction import HARMLESS, secrets_of, shown

_LONGEST_MESSAGE = 500
# Their frames hold headers in local variables, which pytest -l, rich and collectors of errors show.
_LIBRARIES = {"anyio", "asyncio", "contextlib", "h11", "h2", "httpcore", "httpx", "socksio", "ssl", "trio"}


def presentable(error: BaseException) -> BaseException:
    """Return an exception that shows no secret: the frames of httpx hold headers, and so does its request."""
    secrets: tuple[str, ...] = ()
    met: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in met:
            continue
        met.add(id(one))
        waiting += [one.__cause__, one.__context__]
        one.__traceback__ = _without_libraries(one.__traceback__)
        if isinstance(one, errors.CallError):
            continue
        if isinstance(one, httpx.RequestError):
            secrets = secrets or _secrets_behind(one)
            _describe(one)
        one.args = tuple(
            shown(each, secrets=secrets, limit=_LONGEST_MESSAGE, kinds=False) if isinstance(each, str) else each
            for each in one.args
        )
    return error


def _without_libraries(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback with the frames of the caller's own code and ours, hooks and payloads included."""
    kept: list[TracebackType] = []
    while traceback is not None:
        package = str(traceback.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if package not in _LIBRARIES:
            kept.append(traceback)
        traceback = traceback.tb_next
    result: TracebackType | None = None
    for one in reversed(kept):
        result = TracebackType(result, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return result


def _secrets_behind(error: httpx.RequestError) -> tuple[str, ...]:
    request = getattr(error, "_request", None)
    return secrets_of(request) if isinstance(request, httpx.Request) else ()


def _describe(error: httpx.RequestError) -> None:
    """Name the address in the message and what to do, and keep of the request what is no secret."""
    request = getattr(error, "_request", None)
    if not isinstance(request, httpx.Request):
        return
    headers = {key: value for key, value in request.headers.items() if key in HARMLESS}
    url = request.url.copy_with(username=None, password=None)
    error.request = httpx.Request(request.method, url, headers=headers)
    said = str(error) or type(error).__name__
    host = f"{url.scheme}://{url.netloc.decode('ascii')}"
    advice = _advice(error, said.lower())
    if advice:
        error.args = (f"{host}: {said}: {advice}",)


# What a message of httpx holds, and what to do about it; the first that fits counts.
_ADVICE = (
    (
        ("wrong_version_number", "wrong version number", "record layer failure"),
        "the server does not speak TLS; if that is meant, write http:// in base_url",
    ),
    (
        ("certificate",),
        "if you trust the server, pass verify_ssl= an ssl.SSLContext or a file that knows its authority",
    ),
    (("\\x15\\x03",), "the server speaks TLS; write https:// in base_url"),
)
_ADVICE_BY_KIND = (
    (httpx.ConnectTimeout, "no connection in time; look at base_url, its port, and the proxy"),
    (httpx.ConnectError, "no connection; look at base_url and its port, and whether the server runs; or at the proxy"),
    (httpx.ProxyError, "the proxy refuses; look at httpx_args and the variables HTTP_PROXY and HTTPS_PROXY"),
    (httpx.TimeoutException, "timeout= sets how long each step may take, deadline= how long the whole call"),
)


def _advice(error: httpx.RequestError, said: str) -> str:
    by_words = (advice for words, advice in _ADVICE if any(word in said for word in words))
    by_kind = (advice for kind, advice in _ADVICE_BY_KIND if isinstance(error, kind))
    is_cut = isinstance(error, httpx.ReadError) or "disconnected" in said
    cut = is_cut and error.request.url.scheme == "http"
    # Most servers with TLS hang up on plain HTTP without a word.
    on_cut = "the connection was cut; if the server speaks TLS, write https:// in base_url" if cut else ""
    return next(by_words, None) or next(by_kind, on_cut)
