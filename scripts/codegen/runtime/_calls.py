"""One call: sent once, answered within its time and size, and without a secret in what it raises."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import httpx

from . import errors
from ._failures import presentable
from ._payloads import released
from ._redaction import HARMLESS, shown
from ._streams import WATCH, Watch
from .types import Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

T = TypeVar("T")
H = TypeVar("H")

# What the decoders below can undo with a bound on what comes out.
ACCEPTED_ENCODINGS = "gzip, deflate"
_DIGITS = 16
_GZIP = b"\x1f\x8b"


class Settings(Protocol):
    """What a call needs to know of its client."""

    raise_on_unexpected_status: bool

    def get_httpx_client(self) -> httpx.Client:
        """Return the connections for blocking calls."""
        ...

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the connections for awaited calls."""
        ...

    def _limits(self) -> tuple[float | None, int]:
        """Return the seconds that a whole call may take, and the bytes that its answer may have."""
        ...


def call(client: Settings, arguments: dict[str, Any]) -> httpx.Response:
    """Send a request and return its whole answer.

    Args:
        client: The client to call with.
        arguments: What `httpx.Client.build_request` takes.

    Raises:
        UnexpectedResponse: If the answer is larger than the client takes.
        httpx.TransportError: If there is no whole answer; no frame and no local variable of httpx hangs on to it.
    """
    problem: BaseException
    with released(arguments.get("files", ())):
        try:
            http = client.get_httpx_client()
            return _sent(http, arguments, client._limits())  # noqa: SLF001  (ours)
        except BaseException as error:  # noqa: BLE001  (raised again below)
            problem = presentable(error)
    # Raised out here, so that no other exception hangs on to it.
    raise problem


async def call_async(client: Settings, arguments: dict[str, Any]) -> httpx.Response:
    """Send a request and return its whole answer, awaited; see `call`."""
    problem: BaseException
    with released(arguments.get("files", ())):
        try:
            http = client.get_async_httpx_client()
            return await _sent_async(http, arguments, client._limits())  # noqa: SLF001  (ours)
        except BaseException as error:  # noqa: BLE001  (raised again below)
            problem = presentable(error)
    raise problem


def opened(pool: Callable[[Callable[[], dict[str, Any]]], H], make: Callable[[], dict[str, Any]]) -> H:
    """Return the connections of a pool; what httpx refuses is raised without its frames, as from a call."""
    try:
        return pool(make)
    except Exception as error:  # noqa: BLE001  (raised again below)
        problem = presentable(error)
    raise problem


def build_response(client: Settings, response: httpx.Response, parse: Callable[..., T | None]) -> Response[T]:
    """Return what an API function returns: the answer, parsed as the document describes it.

    Raises:
        UnexpectedResponse: If the body is not as documented.
    """
    try:
        parsed = parse(client=client, response=response)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        problem = errors.problem_of(error)
    else:
        failure: errors.CallError | None = None
        if parsed is None:
            failure = errors.UnexpectedResponse.from_response(response, "the status is not documented")
        elif not response.is_success:
            failure = errors.RefusedCall.from_response(response, parsed)
        return Response(
            status_code=response.status_code,
            content=response.content,
            headers=response.headers,
            parsed=parsed,
            failure=failure,
        )
    # Raised out here, so that no exception that holds the whole body hangs on to it.
    raise errors.UnexpectedResponse.from_response(response, problem)


def _sent(http: httpx.Client, arguments: dict[str, Any], limits: tuple[float | None, int]) -> httpx.Response:
    watch = _watch(http, limits[0])
    request = first = _built(http, arguments, limits[0])
    token = WATCH.set(watch)
    try:
        for _ in range(http.max_redirects + 1):
            watch.starts()
            auth = httpx.USE_CLIENT_DEFAULT if request is first else None
            response = http.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                _refuse_stale(response, watch)
                following = response.next_request if http.follow_redirects else None
                if following is None and request is first and _is_plain(response, limits[1]):
                    response.read()
                    return response
                if following is None:
                    return _whole(response, b"".join(_bounded(response, limits[1])), first)
            finally:
                response.close()
            request = _without_secrets(following, first)
        raise httpx.TooManyRedirects("the server redirects for ever", request=request)
    finally:
        WATCH.reset(token)


async def _sent_async(
    http: httpx.AsyncClient, arguments: dict[str, Any], limits: tuple[float | None, int]
) -> httpx.Response:
    watch = _watch(http, limits[0])
    request = first = _built(http, arguments, limits[0])
    token = WATCH.set(watch)
    try:
        for _ in range(http.max_redirects + 1):
            watch.starts()
            auth = httpx.USE_CLIENT_DEFAULT if request is first else None
            response = await http.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                _refuse_stale(response, watch)
                following = response.next_request if http.follow_redirects else None
                if following is None and request is first and _is_plain(response, limits[1]):
                    await response.aread()
                    return response
                if following is None:
                    return _whole(response, b"".join([one async for one in _bounded_async(response, limits[1])]), first)
            finally:
                await response.aclose()
            request = _without_secrets(following, first)
        raise httpx.TooManyRedirects("the server redirects for ever", request=request)
    finally:
        WATCH.reset(token)


def _watch(http: httpx.Client | httpx.AsyncClient, seconds: float | None) -> Watch:
    deadline = None if seconds is None else time.monotonic() + seconds
    return Watch(deadline=deadline, answer_seconds=http.timeout.read, reported=seconds)


def _built(http: httpx.Client | httpx.AsyncClient, arguments: dict[str, Any], seconds: float | None) -> httpx.Request:
    # A whole address, which httpx takes as it is; a path it joins and reads once more.
    base = str(http.base_url).rstrip("/")
    request = http.build_request(**{**arguments, "url": base + arguments["url"]})
    steps = request.extensions.get("timeout", {})
    if seconds is not None and (steps.get("pool") is None or steps["pool"] > seconds):
        # The one step that does not pass our streams: waiting for a connection that other calls hold.
        request.extensions = {**request.extensions, "timeout": {**steps, "pool": seconds}}
    return request


def _refuse_stale(response: httpx.Response, watch: Watch) -> None:
    """Refuse an answer that was there before the request: it came in one packet with the one before."""
    if watch.wrote and not watch.reads and response.http_version != "HTTP/2":
        raise httpx.RemoteProtocolError(
            "the server had answered before it was asked; the answer is not taken, and the connection is closed",
            request=response.request,
        )


def _without_secrets(request: httpx.Request, first: httpx.Request) -> httpx.Request:
    """Return a request that a redirect asks for, with nothing of ours for another host."""
    if not _same_host(request.url, first.url):
        for key in {key for key in request.headers if key not in HARMLESS}:
            del request.headers[key]
    return request


def _same_host(url: httpx.URL, other: httpx.URL) -> bool:
    ports = {"http": 80, "https": 443}
    here, there = ((one.scheme, one.host, one.port or ports.get(one.scheme)) for one in (url, other))
    # As in browsers and httpx, a host that asks to be called by TLS is still the host.
    return here == there or (there, here) == (("http", there[1], 80), ("https", there[1], 443))


def _is_plain(response: httpx.Response, limit: int) -> bool:
    """Return whether an answer names a length that is allowed, to which HTTP holds it, and needs no decoding."""
    length = response.headers.get("content-length", "")
    # A longer number is too much, whatever it says; a transport in a test hands over whatever it likes.
    is_allowed = length.isdecimal() and len(length) < _DIGITS and int(length) <= limit
    # Beside chunks the length means nothing, and h11 goes on for as long as they come.
    is_framed = not {"content-encoding", "transfer-encoding"} & response.headers.keys()
    return is_allowed and is_framed and not response.is_stream_consumed


def _whole(response: httpx.Response, content: bytes, first: httpx.Request) -> httpx.Response:
    """Return an answer that is read, with the first request, whose secrets are to be hidden."""
    answer = httpx.Response(response.status_code, content=content, request=first)
    answer.headers = response.headers
    return answer


def _bounded(response: httpx.Response, limit: int) -> Iterator[bytes]:
    decoder = _Decoder(response, limit)
    # A transport in a test hands over answers that are read already.
    if response.is_stream_consumed:
        yield decoder.passed(response.content)
        return
    for piece in response.iter_raw():
        yield decoder.decoded(piece)


async def _bounded_async(response: httpx.Response, limit: int) -> AsyncIterator[bytes]:
    decoder = _Decoder(response, limit)
    if response.is_stream_consumed:
        yield decoder.passed(response.content)
        return
    async for piece in response.aiter_raw():
        yield decoder.decoded(piece)


class _Decoder:
    """Undoes the compression of an answer, and stops when too much comes out."""

    def __init__(self, response: httpx.Response, limit: int) -> None:
        self._response = response
        self._limit = limit
        self._left = limit
        named = response.headers.get("content-encoding", "").lower().split(",")
        codings = [one.strip() for one in named if one.strip() not in ("", "identity")]
        if codings not in ([], ["gzip"], ["x-gzip"], ["deflate"]):
            # Not what was asked for, and two layers turn a kilobyte into a gigabyte.
            reported = shown(", ".join(codings))
            raise httpx.DecodingError(f"the answer is encoded as {reported}", request=response.request)
        self._inflate: Any = None
        self._wbits = 0
        self._raw_deflate = codings == ["deflate"]
        if codings:
            self._wbits = zlib.MAX_WBITS | (0 if self._raw_deflate else 16)
            self._inflate = zlib.decompressobj(self._wbits)

    def passed(self, content: bytes) -> bytes:
        """Count bytes that need no decoding."""
        self._left -= len(content)
        if self._left < 0:
            few = httpx.Response(self._response.status_code, content=content[:4096], request=self._response.request)
            few.headers = self._response.headers
            raise errors.UnexpectedResponse.from_response(few, f"the answer has more than {self._limit} bytes")
        return content

    def decoded(self, piece: bytes) -> bytes:
        """Decode a piece of the body."""
        if self._inflate is None:
            return self.passed(piece)
        content = []
        while piece:
            if self._inflate.eof:
                # zlib would keep all that follows the end.
                self._begin_member(piece)
            content.append(self.passed(self._inflated(piece)))
            piece = self._inflate.unused_data
        return b"".join(content)

    def _begin_member(self, piece: bytes) -> None:
        """Go on with the next of several members, of which gzip may consist; nothing else may follow an end."""
        if self._wbits <= zlib.MAX_WBITS or not piece.startswith(_GZIP[: len(piece)]):
            raise httpx.DecodingError("the answer goes on after its compression ends", request=self._response.request)
        self._inflate = zlib.decompressobj(self._wbits)

    def _inflated(self, piece: bytes) -> bytes:
        try:
            content: bytes = self._inflate.decompress(piece, self._left + 1)
        except zlib.error as error:
            if self._raw_deflate:
                # Some servers leave out the frame of zlib; both are called deflate.
                self._raw_deflate = False
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                return self._inflated(piece)
            raise httpx.DecodingError(str(error), request=self._response.request) from None
        self._raw_deflate = False
        return content
