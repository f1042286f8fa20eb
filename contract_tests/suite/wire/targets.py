"""What the suite is pointed at: the emulator, the cassettes, or any server by its URL."""

import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx

from contract_tests.suite.wire.credentials import Credentials

GONG: Final = "https://api.gong.io"
SCOPES: Final = frozenset(
    {
        "api:crm:integration:register",
        "api:crm:integrations:read",
        "api:crm:integration:delete",
        "api:crm:schema",
        "api:crm:upload",
        "api:crm:get-objects",
    }
)


class TargetUnusable(Exception):  # noqa: N818  (said to the user as it is)
    """The target cannot be judged; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class LimitedToken:
    """A bearer token that lacks scopes on purpose."""

    credentials: Credentials
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server that claims to be Gong's CRM API, and who may call it.

    Attributes:
        name: Which kind of target.
        base_url: Scheme, host, port, and the path in front of every path of the API.
        credentials: Who calls.
        key: The access key, when the caller has one.
        secret: Its secret.
        token: A bearer token with all scopes, when there is one beside the access key.
        limited: Bearer tokens that lack scopes.
    """

    name: Literal["emulator", "live"]
    base_url: str
    credentials: Credentials
    key: str | None = None
    secret: str | None = field(default=None, repr=False)
    token: Credentials | None = None
    limited: tuple[LimitedToken, ...] = ()

    @property
    def prefix(self) -> str:
        """The path in front of every path of the API; empty for most."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def secrets(self) -> frozenset[str]:
        """What no report may show: every value that opens the target, and how headers carry it."""
        headers = {one.partition(" ")[2] for one in self.valid}
        return frozenset({*headers, self.key or "", self.secret or ""} - {""})

    @property
    def in_the_clear(self) -> bool:
        """Whether credentials travel unencrypted beyond this machine."""
        return self.base_url.startswith("http://") and not self.loopback

    @property
    def loopback(self) -> bool:
        """Whether the target is on this machine, so that speed and fuzzing harm nobody."""
        return is_loopback(self.base_url)

    @property
    def valid(self) -> frozenset[str]:
        """The values of the Authorization header that the target knows."""
        known = [self.credentials, self.token, *(limited.credentials for limited in self.limited)]
        return frozenset(one.authorization for one in known if one and one.authorization)

    @property
    def wrong_secret(self) -> Credentials | None:
        """The right access key with a wrong secret; None for a caller without access key."""
        if self.key is None or self.secret is None:
            return None
        return Credentials.basic(self.key, f"not-{self.secret[::-1]}")

    def without(self, scope: str) -> Credentials | None:
        """Find a token that lacks a scope, best one that lacks nothing else; None when none was given."""
        lacking = [limited for limited in self.limited if scope not in limited.scopes]
        return max(lacking, key=lambda limited: len(limited.scopes)).credentials if lacking else None


def is_loopback(url: str) -> bool:
    """Return whether a URL points to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def live_target(base_url: str | None, *, environment: Mapping[str, str] = os.environ) -> Target:
    """Describe a server by its URL and the credentials of the environment.

    Args:
        base_url: What the command line says; the environment, then Gong's own host, otherwise.
        environment: Where credentials are read from.

    Returns:
        The target.

    Raises:
        TargetUnusable: No credentials, half of a pair, or no URL.
    """
    url = base_url_of(base_url, environment=environment)
    key, secret = (secret_from(environment, name) for name in ("GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET"))
    token = secret_from(environment, "GONG_ACCESS_TOKEN")
    if bool(key) != bool(secret):
        raise TargetUnusable("GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET belong together; one of them is missing")
    if key and ":" in key:
        raise TargetUnusable("GONG_ACCESS_KEY holds a colon, which HTTP basic cannot carry; look at what was pasted")
    bearer = Credentials.bearer(token) if token else None
    main = Credentials.basic(key, secret) if key and secret else bearer
    if main is None:
        raise TargetUnusable("no credentials: set GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN")
    return Target(
        name="live",
        base_url=url,
        credentials=main,
        key=key,
        secret=secret,
        token=bearer,
        limited=limited_tokens(environment.get("GONG_LIMITED_ACCESS_TOKEN", "")),
    )


def base_url_of(option: str | None, *, environment: Mapping[str, str] = os.environ) -> str:
    """Say where a target is, a path prefix included.

    Raises:
        TargetUnusable: The URL cannot be one of a server, or would put what is no part of it into every call.
    """
    name, url = ("--base-url", option) if option is not None else ("GONG_BASE_URL", environment.get("GONG_BASE_URL"))
    if url is None:
        return GONG
    if not url.strip():
        raise TargetUnusable(f"{name} is empty; leave it out to judge {GONG}, or name a server")
    try:
        address, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise TargetUnusable(f"{name} is no URL; give one like {GONG}") from None
    if address.username is not None or address.password is not None:
        raise TargetUnusable(f"{name} holds a user name or a password; credentials belong into GONG_ACCESS_KEY")
    if not url.isascii() or not url.isprintable() or " " in url or url != url.strip():
        raise TargetUnusable(f"{name} holds a blank, or another character that no URL has: {url!r}")
    if address.scheme not in {"http", "https"} or not address.hostname or port == 0:
        raise TargetUnusable(f"{name} is no http or https URL: {url!r}; give one like {GONG}")
    if address.query or address.fragment or "?" in url or "#" in url:
        raise TargetUnusable(f"{name} ends in a query or a fragment; give the part before it")
    if not _is_host(url, address.hostname, in_brackets="[" in address.netloc):
        raise TargetUnusable(f"{name} names no host: {url!r}; give a URL like {GONG}")
    path = address.path.rstrip("/")
    if path.endswith("/v2") or "/v2/" in f"{path}/":
        raise TargetUnusable(f"{name} holds /v2, with which every path of the API begins; give the part before it")
    return f"{address.scheme}://{address.netloc}{path}"


def _is_host(url: str, host: str, *, in_brackets: bool) -> bool:
    """Say whether a host can be looked up at all: its labels neither empty nor too long, its brackets around IPv6."""
    try:
        if in_brackets:
            ipaddress.IPv6Address(host)
        return bool(host.encode("idna") and httpx.URL(url).host)
    except (ValueError, httpx.InvalidURL):
        return False


def secret_from(environment: Mapping[str, str], name: str) -> str | None:
    """Read a credential, without the blanks and line ends that pasting leaves around it.

    Raises:
        TargetUnusable: No header can carry it; the sentence does not repeat it.
    """
    value = environment.get(name, "").strip()
    if not all("!" <= letter <= "~" for letter in value):
        raise TargetUnusable(
            f"{name} holds a blank, a control character or a letter beyond ASCII, which no header can carry; "
            "nothing was sent"
        )
    return value or None


def limited_tokens(text: str) -> tuple[LimitedToken, ...]:
    """Read tokens that lack scopes, separated by blanks; ``|`` and scopes with commas may follow a token.

    Raises:
        TargetUnusable: A scope is unknown.
    """
    found = []
    for entry in text.split():
        token, _, names = entry.partition("|")
        secret_from({"GONG_LIMITED_ACCESS_TOKEN": token}, "GONG_LIMITED_ACCESS_TOKEN")
        scopes = frozenset(name for name in names.split(",") if name)
        if not scopes <= SCOPES:
            raise TargetUnusable(
                f"GONG_LIMITED_ACCESS_TOKEN names an unknown scope: {', '.join(sorted(scopes - SCOPES))}"
            )
        found.append(LimitedToken(credentials=Credentials.bearer(token), scopes=scopes))
    return tuple(found)


@contextmanager
def emulator_target(*, app: Any = None, rate: float | None = None) -> Iterator[Target]:  # noqa: ANN401  (any ASGI app)
    """Start the emulator, or an application in its place, on a free port; a rate of None takes any number of calls."""
    from gong_crm_emulator import EmulatorSettings, running_emulator  # noqa: PLC0415  (only this target needs it)

    with running_emulator(settings=EmulatorSettings(rate_per_second=rate, seed=20230911), app=app) as emulator:
        admin = emulator.principals["admin"]
        yield Target(
            name="emulator",
            base_url=emulator.url,
            credentials=Credentials.basic(admin.access_key, admin.access_key_secret),
            key=admin.access_key,
            secret=admin.access_key_secret,
            token=Credentials.bearer(admin.access_token),
            limited=tuple(
                LimitedToken(credentials=Credentials.bearer(principal.access_token), scopes=principal.scopes)
                for name, principal in emulator.principals.items()
                if name == "nobody" or name.startswith("without-")
            ),
        )


def emulator_clock(target: Target) -> Callable[[float], None]:
    """Find what moves the clock of an emulator forward by seconds, through what may stand before it."""
    from gong_crm_emulator import RunningEmulator  # noqa: PLC0415  (only this target needs it)

    return RunningEmulator(url=target.base_url, principals={}).clock.step


def environment_of(target: Target) -> dict[str, str]:
    """Write the credentials of a target as the environment that a live run reads."""
    limited = (f"{_token(one.credentials)}|{','.join(sorted(one.scopes))}" for one in target.limited)
    return {
        "GONG_BASE_URL": target.base_url,
        "GONG_ACCESS_KEY": target.key or "",
        "GONG_ACCESS_KEY_SECRET": target.secret or "",
        "GONG_ACCESS_TOKEN": _token(target.token),
        "GONG_LIMITED_ACCESS_TOKEN": " ".join(limited),
    }


def _token(credentials: Credentials | None) -> str:
    return (credentials.authorization or "").removeprefix("Bearer ") if credentials else ""
