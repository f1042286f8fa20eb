# Replaces client.py.jinja of openapi-python-client 0.29.1,
# sha256 4eac65762f21014a7fbf59e730f1be6d28c9c85ddc1c40b458b6ff5f67a64c9e
# Why: the token stood in repr, in pickles, in tracebacks and in the caller's own headers, and stayed the same once
#      a call was made; the default was to wait forever; with_headers and its like changed the client they copied.
# Upstream: https://github.com/openapi-generators/openapi-python-client/pull/1416 for with_headers; no other thread
"""The clients that every API function calls with."""

from __future__ import annotations

import base64
import importlib.metadata
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
from attrs import define, evolve, field

from ._calls import ACCEPTED_ENCODINGS, call, call_async, opened
from ._checks import (
    checked_address,
    fault_of_header,
    is_key_pair,
    is_scheme,
    is_word,
    masked_address,
    masked_prefix,
    without_frames,
)
from ._pools import OWN_ARGUMENTS, Pools, fault_of_httpx_args

if TYPE_CHECKING:
    from collections.abc import Generator

DEFAULT_BASE_URL = "https://api.gong.io"
# Seconds; pass timeout=None to wait forever.
DEFAULT_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
# Gong answers a few kilobytes, or a hundred objects.
DEFAULT_ANSWER_BYTES = 64 * 1024 * 1024

_DISTRIBUTION = "gong-crm"


@define
class _Settings:
    """What both clients are made of."""

    _base_url: str = field(default=DEFAULT_BASE_URL, alias="base_url", repr=masked_address, converter=checked_address)
    raise_on_unexpected_status: bool = field(default=True, kw_only=True)
    _cookies: dict[str, str] = field(factory=dict, kw_only=True, repr=False, alias="cookies")
    _headers: dict[str, str] = field(factory=dict, kw_only=True, repr=False, alias="headers")
    _timeout: httpx.Timeout | float | None = field(default=DEFAULT_TIMEOUT, kw_only=True, alias="timeout")
    _deadline: float | None = field(default=None, kw_only=True, alias="deadline")
    _max_answer_bytes: int = field(default=DEFAULT_ANSWER_BYTES, kw_only=True, alias="max_answer_bytes")
    _verify_ssl: str | Path | bool | ssl.SSLContext = field(default=True, kw_only=True, alias="verify_ssl")
    _follow_redirects: bool = field(default=False, kw_only=True, alias="follow_redirects")
    _httpx_args: dict[str, Any] = field(factory=dict, kw_only=True, repr=False, alias="httpx_args")
    _pools: Pools = field(factory=Pools, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        for what, mapping in (
            ("headers", self._headers),
            ("cookies", self._cookies),
            ("httpx_args", self._httpx_args),
        ):
            if not isinstance(mapping, Mapping):
                raise TypeError(f"{what} is a dict, not {type(mapping).__name__}")
        if fault := fault_of_httpx_args(self._httpx_args, own=self._own_arguments()):
            raise TypeError(fault)
        if type(self._max_answer_bytes) is not int or self._max_answer_bytes < 0:
            # Met at the answer it would lose that, after a file was sent.
            raise TypeError("max_answer_bytes is a number of bytes")
        if self._deadline is not None and not isinstance(self._deadline, (int, float)):
            raise TypeError(f"deadline is a number of seconds or None, not {type(self._deadline).__name__}")
        for kind, given in (("header", self._headers), ("cookie", self._cookies)):
            for name in given:
                if fault := fault_of_header(given[name], name=name):
                    # Names are no secrets, but may be long or forge a line.
                    raise ValueError(f"the {kind} {str(name)[:40]!r} {fault}")

    def with_headers(self, headers: dict[str, str]) -> Self:
        """Return a new client like this one with additional headers."""
        return evolve(self, headers={**self._headers, **headers})

    def with_cookies(self, cookies: dict[str, str]) -> Self:
        """Return a new client like this one with additional cookies."""
        return evolve(self, cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float | None) -> Self:
        """Return a new client like this one with other time limits for each step."""
        return evolve(self, timeout=timeout)

    def with_deadline(self, deadline: float | None) -> Self:
        """Return a new client like this one with another limit, in seconds, for a whole call."""
        return evolve(self, deadline=deadline)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without what may hold secrets: token, headers, cookies, httpx_args; and without connections."""
        return _rebuild, (type(self), self._for_pickle())

    def _for_pickle(self) -> dict[str, Any]:
        return {
            "base_url": re.sub(r"//[^/?#]*@", "//", self._base_url),
            "timeout": self._timeout,
            "deadline": self._deadline,
            "max_answer_bytes": self._max_answer_bytes,
            "verify_ssl": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
            "raise_on_unexpected_status": self.raise_on_unexpected_status,
        }

    def __copy__(self) -> Self:
        return evolve(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return evolve(self, headers=dict(self._headers), cookies=dict(self._cookies))

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Call with connections of your own.

        They must carry base URL, credentials, headers and time limits themselves.
        """
        self._pools.set_sync(client)
        return self

    def get_httpx_client(self) -> httpx.Client:
        """Return the connections for blocking calls, made at the first call."""
        return opened(self._pools.sync, self._for_httpx)

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Await calls with connections of your own.

        They must carry base URL, credentials, headers and time limits themselves.
        """
        self._pools.set_async(async_client)
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the connections for awaited calls, made at the first call in each event loop."""
        return opened(self._pools.async_, self._for_httpx)

    def __enter__(self) -> Self:
        """Keep the connections for blocking calls open until the end of the block."""
        http = self.get_httpx_client()
        if self._pools.is_given("sync"):
            # Ours needs no opening, and httpx refuses it after a first call.
            http.__enter__()
        return self

    def __exit__(self, *args: object) -> None:
        """Close the connections; a later call opens others."""
        self.get_httpx_client().close()
        self._pools.forget("sync")

    async def __aenter__(self) -> Self:
        """Keep the connections for awaited calls open until the end of the block."""
        http = self.get_async_httpx_client()
        if self._pools.is_given("async"):
            await http.__aenter__()
        return self

    async def __aexit__(self, *args: object) -> None:
        """Close the connections; a later call opens others."""
        await self.get_async_httpx_client().aclose()
        self._pools.forget("async")

    def call(self, arguments: dict[str, Any]) -> httpx.Response:
        """Send a request and return its whole answer; for the API functions."""
        return call(self, arguments)

    async def call_async(self, arguments: dict[str, Any]) -> httpx.Response:
        """Send a request and return its whole answer, awaited; for the API functions."""
        return await call_async(self, arguments)

    def _limits(self) -> tuple[float | None, int]:
        return self._deadline, self._max_answer_bytes

    def _own_arguments(self) -> dict[str, str]:
        return OWN_ARGUMENTS

    def _for_httpx(self) -> dict[str, Any]:
        # First, because it may fail, and no frame that fails has headers among its local variables.
        trust = _trust(self._verify_ssl)
        headers = httpx.Headers({"User-Agent": _user_agent(), "Accept-Encoding": ACCEPTED_ENCODINGS})
        headers.update(self._headers)
        return {
            "base_url": self._base_url,
            "cookies": self._cookies,
            "headers": headers,
            "timeout": self._timeout,
            "verify": trust,
            "follow_redirects": self._follow_redirects,
            **self._httpx_args,
        }


@define
class Client(_Settings):
    """A client without credentials.

    Args:
        base_url: The address that each path is added to.
        cookies: Cookies for every request.
        headers: Headers for every request.
        timeout: Seconds for each step: connecting, sending a piece, waiting for a connection; the whole answer may take
            as long as its `read` once the request is sent. None waits for ever. Beyond it, httpx.TimeoutException.
        deadline: Seconds for a whole call, the upload of its file included. Beyond it, httpx.TimeoutException.
        max_answer_bytes: How large an answer may be, decompressed. Beyond it, errors.UnexpectedResponse.
        verify_ssl: False for no check of certificates, or a context or the name of a file that knows the authority.
        follow_redirects: Whether to follow redirects; no credential, cookie or header of yours goes to another host.
        httpx_args: Further arguments of httpx.Client and httpx.AsyncClient.
        raise_on_unexpected_status: Whether an undocumented status raises errors.UnexpectedResponse in the detailed
            functions; the others always do.
    """


@define
class AuthenticatedClient(_Settings):
    """A client with credentials; see `Client` for its other arguments.

    Attributes:
        token: What is sent after the prefix; may be assigned anew at any time.
        prefix: The scheme, "Bearer" or "Basic"; may be empty.
        auth_header_name: The header that carries both.
    """

    token: str = field(default="", repr=False)
    prefix: str = field(default="Bearer", repr=masked_prefix)
    auth_header_name: str = "Authorization"

    @classmethod
    def from_keys(
        cls,
        access_key: str,
        access_key_secret: str,
        *,
        base_url: str = DEFAULT_BASE_URL,
        **settings: Any,  # noqa: ANN401  (those of the class)
    ) -> Self:
        """Make a client that calls with an access key and its secret.

        Raises:
            ValueError: If one of the two is empty or holds a blank, or if the key holds a colon.
        """
        if not is_word(access_key) or not is_word(access_key_secret) or ":" in access_key:
            del access_key, access_key_secret, settings
            raise ValueError(
                "an access key without a colon and its secret are needed, both without blanks and line breaks;"
                " Gong's API page shows both once"
            )
        token = base64.b64encode(f"{access_key}:{access_key_secret}".encode()).decode("ascii")
        return cls(base_url=base_url, token=token, prefix="Basic", **settings)

    def _for_pickle(self) -> dict[str, Any]:
        own = {
            "token": "",
            "prefix": self.prefix if is_scheme(self.prefix) else "",
            "auth_header_name": self.auth_header_name,
        }
        return {**super()._for_pickle(), **own}

    def _own_arguments(self) -> dict[str, str]:
        return {**OWN_ARGUMENTS, "auth": "token and prefix"}

    def _for_httpx(self) -> dict[str, Any]:
        # Asked at each call, so that a fresh token is sent; and in no header that a traceback could show.
        return {**super()._for_httpx(), "auth": _Credentials(self)}

    def _limits(self) -> tuple[float | None, int]:
        self._check_credentials()
        return super()._limits()

    def _check_credentials(self) -> None:
        """Refuse what no header may hold: h11 would show the whole header, token and all.

        Raises:
            ValueError: If token, prefix or header name cannot be sent, or if the token is of another scheme.
        """
        if self._pools.checked == (self.token, self.prefix, self.auth_header_name):
            return
        if not self.token:
            raise ValueError("this client has no token; one that was pickled lost it on the way: set client.token anew")
        faults = {
            "the token": fault_of_header(self.token),
            "the prefix": fault_of_header(self.prefix),
            "auth_header_name": fault_of_header("", name=self.auth_header_name),
        }
        for what, fault in faults.items():
            if fault:
                raise ValueError(f"{what} {fault}")
        if self.prefix.lower() == "bearer" and is_key_pair(self.token):
            raise ValueError(
                "the token is the base64 of a key and its secret, which is sent with prefix='Basic';"
                " AuthenticatedClient.from_keys(key, secret) does both"
            )
        self._pools.checked = (self.token, self.prefix, self.auth_header_name)


class _Credentials(httpx.Auth):
    """Puts the client's credentials of the moment into each request."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        client = self._client
        client._check_credentials()  # noqa: SLF001  (ours)
        words = (client.prefix, client.token) if client.prefix else (client.token,)
        request.headers[client.auth_header_name] = " ".join(words)
        yield request


def _trust(verify: str | Path | bool | ssl.SSLContext) -> bool | ssl.SSLContext:  # noqa: FBT001  (what httpx calls verify)
    if not isinstance(verify, (str, Path)):
        return verify
    path = Path(verify)
    if not path.exists():
        raise FileNotFoundError(f"verify_ssl names {verify}, which is not there")
    if path.is_dir():
        return ssl.create_default_context(capath=verify)
    return ssl.create_default_context(cafile=verify)


def _user_agent() -> str:
    try:
        version = importlib.metadata.version(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:  # copied out of the distribution
        version = "0"
    return f"{_DISTRIBUTION}/{version} python-httpx/{httpx.__version__}"


Client.__init__ = without_frames(Client.__init__)  # type: ignore[method-assign]
AuthenticatedClient.__init__ = without_frames(AuthenticatedClient.__init__)  # type: ignore[method-assign]


def _rebuild(kind: type[Any], settings: Mapping[str, Any]) -> Any:  # noqa: ANN401  (one of both)
    return kind(**settings)
