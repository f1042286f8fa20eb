"""Where Gong is and who calls: addresses and credentials, checked before anything is sent."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from gong_crm.errors import CredentialsError, SetupError
from gong_crm.wire.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx


DEFAULT_BASE_URL: Final = "https://api.gong.io"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Settings:
    """Where Gong is and who calls.

    Attributes:
        base_url: The address, without a path and a slash at its end.
        token: What goes into the Authorization header behind `prefix`.
        prefix: `Basic` or `Bearer`.
        secrets: What must never be shown.
        transport: An httpx transport in the place of the network.
        timeout: Seconds that a connection or a piece of data may take.
    """

    base_url: str
    token: str = field(repr=False)
    prefix: str
    secrets: tuple[str, ...] = field(repr=False)
    transport: Any = field(default=None, repr=False)
    timeout: float = 60.0

    @cached_property
    def redactor(self) -> Redactor:
        """Hides the secrets in what a server says."""
        return Redactor(self.secrets)

    @cached_property
    def is_local(self) -> bool:
        """Return whether the address is of this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    @property
    def first_poll(self) -> float:
        """Seconds until a status is asked for the second time; an emulator is quicker than Gong."""
        return 0.05 if self.is_local else 2.0

    @property
    def longest_poll(self) -> float:
        """Seconds between two questions for a status that takes long."""
        return 1.0 if self.is_local else 30.0

    def __reduce__(self) -> tuple[Any, ...]:
        """Refuse to be pickled: a pickle would carry the credentials to wherever it goes."""
        raise TypeError("a GongCrm holds credentials and cannot be pickled; make a new one in the other process")


def make_settings(  # noqa: PLR0913  (what GongCrm takes)
    *,
    base_url: str | None,
    access_key: str | None,
    access_key_secret: str | None,
    access_token: str | None,
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None,
    timeout: float,
) -> Settings:
    """Check addresses and credentials.

    Raises:
        SetupError: If the address cannot be one.
        CredentialsError: If credentials are missing, given twice, or hold what no header may hold.
    """
    if not timeout > 0:
        raise SetupError(f"timeout must be a positive number of seconds, not {timeout}")
    secrets = tuple(text for text in (access_key, access_key_secret, access_token) if text)
    for name, text in (
        ("access_key", access_key),
        ("access_key_secret", access_key_secret),
        ("access_token", access_token),
    ):
        if text is not None:
            _check_credential(name, text)
    if access_token and (access_key or access_key_secret):
        raise CredentialsError("give an access token, or an access key with its secret, not both")
    if access_token:
        return Settings(_address(base_url), access_token, "Bearer", secrets, transport, timeout)
    if not (access_key and access_key_secret):
        raise CredentialsError(
            "no credentials: set GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN, which from_env()"
            " and the command read; or give access_key and access_key_secret, or access_token"
        )
    if ":" in access_key:
        raise CredentialsError("the access key holds a colon, which no Basic user name may")
    token = b64encode(f"{access_key}:{access_key_secret}".encode()).decode()
    return Settings(
        _address(base_url), token, "Basic", (*secrets, token, f"{access_key}:{access_key_secret}"), transport, timeout
    )


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str | None]:
    """Read address and credentials from GONG_BASE_URL, GONG_ACCESS_KEY, GONG_ACCESS_KEY_SECRET, GONG_ACCESS_TOKEN."""
    names = ("base_url", "access_key", "access_key_secret", "access_token")
    return {name: environment.get(f"GONG_{name.upper()}", "").strip() or None for name in names}


def _check_credential(name: str, text: str) -> None:
    if not text.strip():
        raise CredentialsError(f"{name} is blank")
    if text != text.strip() or not text.isprintable() or not text.isascii():
        raise CredentialsError(
            f"{name} holds a blank at an end, a line break or another sign that no header may hold;"
            " was it read from a file with its line end?"
        )


def _address(text: str | None) -> str:
    text = (text or DEFAULT_BASE_URL).strip().rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as problem:
        raise SetupError(f"the base URL is no address: {problem}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise SetupError("the base URL must look like https://us-12345.api.gong.io")
    if parts.username or parts.password:
        raise SetupError("the base URL must not carry credentials; give them by name")
    if parts.path.rstrip("/").endswith("/v2"):
        raise SetupError(f"the base URL ends in /v2, which the calls add themselves: say {text[: -len('/v2')]}")
    if parts.query or parts.fragment:
        raise SetupError("the base URL must end with its host or path, without a query")
    return text
