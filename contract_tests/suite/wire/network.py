"""How a call reaches a target: one policy for proxy, certificates, time and size."""

import os
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from contract_tests.suite.ledger.visible import shortened, visible
from contract_tests.suite.wire.targets import TargetUnusable, is_loopback

CA_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where a private certificate authority is named; the first one is the documented one."""

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_CHUNK: Final = 2**16


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one answer may take.

    Attributes:
        seconds: From the first byte of the request to the last one of the answer.
        silence: Seconds without a byte.
        size: Bytes on the wire, and again of the body once it is decompressed.
    """

    seconds: float = 60.0
    silence: float = 30.0
    size: int = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """An answer as far as it came; fault says why it was not read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    fault: str | None = None


class NoAnswer(Exception):  # noqa: N818  (says what happened)
    """A call has got no answer.

    Attributes:
        dropped: Whether the connection was lost, so that asking again may help.
    """

    def __init__(self, why: str, *, dropped: bool) -> None:
        super().__init__(why)
        self.dropped = dropped


class BoundMet(httpcore.ReadError):
    """An answer took more than it may; says what in words."""


@dataclass
class _Allowance:
    """What is left of the bounds for the call that is under way."""

    deadline: float = float("inf")
    size: int = 0
    bounds: Bounds = field(default_factory=Bounds)

    def renew(self) -> None:
        self.deadline = time.monotonic() + self.bounds.seconds
        self.size = self.bounds.size

    def seconds(self, timeout: float | None) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise BoundMet(f"it had not ended after {self.bounds.seconds:g} seconds")
        return left if timeout is None else min(left, timeout)

    def take(self, content: bytes) -> bytes:
        self.size -= len(content)
        if self.size < 0:
            raise BoundMet(f"it is larger than {self.bounds.size:,} bytes")
        return content


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose reads keep to the allowance of the call, headers and all."""

    def __init__(self, wrapped: httpcore.NetworkStream, allowance: _Allowance) -> None:
        self._wrapped = wrapped
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            content = self._wrapped.read(max_bytes, self._allowance.seconds(timeout))
        except httpcore.ReadTimeout:
            self._allowance.seconds(timeout)  # says so when it is the call that took too long, and not a silence
            raise
        return self._allowance.take(content)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wrapped.write(buffer, timeout)

    def close(self) -> None:
        self._wrapped.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._wrapped.start_tls(ssl_context, server_hostname, timeout), self._allowance)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (as httpcore has it)
        return self._wrapped.get_extra_info(info)


class _BoundedBackend(httpcore.SyncBackend):
    """Opens connections that keep to the allowance of the call."""

    def __init__(self, allowance: _Allowance) -> None:
        self._allowance = allowance

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        opened = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _BoundedStream(opened, self._allowance)


class Network:
    """Sends one request at a time, and reads no more of its answer than it may take."""

    def __init__(
        self, base_url: str, *, bounds: Bounds | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._base_url = base_url
        self._allowance = _Allowance(bounds=bounds or Bounds())
        self._transport = transport or self._open()

    def _open(self) -> httpx.HTTPTransport:
        transport = httpx.HTTPTransport(
            verify=certificates(),
            proxy=proxy_of(self._base_url),
            # A new connection costs nothing on loopback, and is never held up by a delayed acknowledgement (40 ms).
            limits=httpx.Limits(max_keepalive_connections=0 if is_loopback(self._base_url) else 2),
            retries=1,
        )
        # httpx has no setting for it, and only below its parser are the headers of an answer bounded too.
        transport._pool._network_backend = _BoundedBackend(self._allowance)
        return transport

    def send(self, request: httpx.Request) -> Arrived:
        """Send a request whose body was read.

        Raises:
            NoAnswer: None came, or none that is HTTP.
        """
        bounds = self._allowance.bounds
        request.extensions["timeout"] = httpx.Timeout(min(bounds.silence, bounds.seconds)).as_dict()
        self._allowance.renew()
        try:
            response = self._transport.handle_request(request)
        except (httpx.TransportError, BoundMet) as error:
            raise NoAnswer(_words(error), dropped=_is_dropped(error)) from None  # its text may repeat a header
        return self._read(response)

    def _read(self, response: httpx.Response) -> Arrived:
        pieces, fault = [], None
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)
        try:
            for piece in stream:
                pieces.append(piece)
                if time.monotonic() > self._allowance.deadline:
                    fault = f"it had not ended after {self._allowance.bounds.seconds:g} seconds"
                    break
        except (httpx.TransportError, BoundMet) as error:
            fault = _bound_met(error)
            if fault is None:
                raise NoAnswer(f"the answer broke off: {_words(error)}", dropped=_is_dropped(error)) from None
        finally:
            stream.close()
        content = b"".join(pieces)
        if fault is None:
            content, fault = unpacked(
                content, response.headers.get("content-encoding", ""), most=self._allowance.bounds.size
            )
        return Arrived(status=response.status_code, headers=dict(response.headers), content=content, fault=fault)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


def unpacked(content: bytes, encoding: str, *, most: int) -> tuple[bytes, str | None]:
    """Decompress a body, but no further than it may be large; say what is wrong with it."""
    codings = [name for name in (one.strip().lower() for one in encoding.split(",")) if name not in {"", "identity"}]
    if not codings or not content:
        return content, None
    if codings not in (["gzip"], ["x-gzip"], ["deflate"]):
        return content, f"its content encoding {shortened(visible(encoding), most=50)!r} was not asked for"
    try:
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        plain = unpacker.decompress(content, most + 1)
    except zlib.error:
        return content, f"it cannot be decompressed as {codings[0]}"
    if len(plain) > most:
        return plain[:_CHUNK], f"it is larger than {most:,} bytes once decompressed"
    return plain, None if unpacker.eof else "its compressed body is cut short"


def certificates(environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """Say which authorities are trusted: those of a variable, else the usual ones.

    Raises:
        TargetUnusable: The variable names no readable file of certificates.
    """
    name = next((name for name in CA_VARIABLES if environment.get(name)), None)
    if name is None:
        return _usual_certificates()
    try:
        return ssl.create_default_context(cafile=environment[name])
    except (OSError, ssl.SSLError) as error:
        raise TargetUnusable(f"{name} names no readable file of PEM certificates: {error.strerror or error}") from None


@cache
def _usual_certificates() -> ssl.SSLContext:
    """Read the usual authorities once, which takes as long as a dozen calls on this machine."""
    return httpx.create_ssl_context(trust_env=False)


def proxy_of(base_url: str) -> str | None:
    """Say through which proxy a target is reached: never for this machine, elsewhere as the environment says."""
    address = urlsplit(base_url)
    if is_loopback(base_url) or proxy_bypass(address.hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _bound_met(error: BaseException) -> str | None:
    """Find the bound behind an error of the library, which is where our own one ends up."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, BoundMet):
            return str(seen)
        seen = seen.__cause__ or seen.__context__
    return None


def _is_dropped(error: BaseException) -> bool:
    return isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) and not isinstance(
        error, httpx.ConnectError
    )


def _words(error: BaseException) -> str:
    """Say what happened in words of our own; those of the library may repeat a header."""
    bound = _bound_met(error)
    if bound:
        return bound
    if isinstance(error, httpx.ConnectError):
        text = shortened(visible(str(error)), most=200)
        hint = f"; {CA_VARIABLES[0]} may name a file of certificates" if "CERTIFICATE" in text.upper() else ""
        hint = hint or ("; the port may speak plain http" if "WRONG_VERSION_NUMBER" in text else "")
        return f"no connection came about ({text}){hint}"
    for kind, words in _KINDS.items():
        if isinstance(error, kind):
            return words
    return type(error).__name__


_KINDS: Final[Mapping[type[httpx.TransportError], str]] = {
    httpx.ConnectTimeout: "no connection came about in time",
    httpx.ReadTimeout: "nothing came for a while",
    httpx.WriteTimeout: "the request was not taken in time",
    httpx.PoolTimeout: "no connection was free in time",
    httpx.ProxyError: "the proxy refused",
    httpx.UnsupportedProtocol: "the URL is neither http nor https",
    httpx.LocalProtocolError: "the request is no valid HTTP",
    httpx.RemoteProtocolError: "the connection was closed before an answer that is HTTP",
    httpx.NetworkError: "the connection was lost",
}
