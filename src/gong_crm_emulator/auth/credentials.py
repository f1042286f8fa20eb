"""Who calls: access keys, tokens, and the OAuth grants that make tokens."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from gong_crm_emulator import errors
from gong_crm_emulator.principals import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gong_crm_emulator.store.tenant import Tenant

ACCESS_SECONDS: Final = 86_400
CODE_SECONDS: Final = 600
_FOREVER: Final = 10.0**12

Kind = Literal["code", "access", "refresh"]


@dataclass(frozen=True, kw_only=True)
class CallerKnown:
    """A caller who has shown good credentials.

    Attributes:
        name: Name of the principal, or `oauth`.
        scopes: What it may do.
        scoped: Whether its scopes count.
    """

    name: str
    scopes: frozenset[str]
    scoped: bool


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """What a grant is exchanged for.

    Attributes:
        access_token: Good for `expires_in` seconds.
        refresh_token: Good for one exchange.
        expires_in: Seconds.
        scopes: What the access token may do.
    """

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: tuple[str, ...]


class InvalidGrant(Exception):  # noqa: N818  (named as OAuth names it)
    """A code or refresh token that is unknown, used or too old."""


class Access:
    """The credentials that are good now."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        named = tenant.settings.principals.items()
        scoped = tenant.settings.keys_have_scopes
        self._keys = {
            one.access_key: (one.access_key_secret, CallerKnown(name=name, scopes=one.scopes, scoped=scoped))
            for name, one in named
        }
        self._tokens = {one.access_token: CallerKnown(name=name, scopes=one.scopes, scoped=True) for name, one in named}

    def caller(self, authorization: str) -> CallerKnown:
        """Find out who calls.

        Raises:
            Refusal: 401 if nobody is known by that header.
        """
        scheme, _, credential = authorization.partition(" ")
        found = None
        if scheme.lower() == "bearer":
            found = self._bearer(credential.strip())
        elif scheme.lower() == "basic":
            found = self._key(*user_and_password(credential.strip()))
        if found is None:
            raise errors.no_credentials()
        return found

    def _key(self, key: str, secret: str) -> CallerKnown | None:
        expected, caller = self._keys.get(key, ("", None))
        return caller if hmac.compare_digest(expected.encode(), secret.encode()) else None

    def _bearer(self, token: str) -> CallerKnown | None:
        if token in self._tokens:
            return self._tokens[token]
        row = self._tenant.database.row(
            'SELECT scopes FROM "grant" WHERE token = ? AND kind = ? AND expires > ?',
            *(token, "access", self._tenant.clock.now()),
        )
        if row is None:
            return None
        return CallerKnown(name="oauth", scopes=frozenset(row["scopes"].split()), scoped=True)

    # OAuth

    def is_client(self, authorization: str) -> bool:
        """Say whether an OAuth client identifies itself rightly."""
        scheme, _, credential = authorization.partition(" ")
        settings = self._tenant.settings
        wanted = (settings.oauth_client_id, settings.oauth_client_secret)
        return scheme.lower() == "basic" and user_and_password(credential.strip()) == wanted

    def make_code(self, scopes: Iterable[str]) -> str:
        """Make an authorization code, good once and for 10 minutes."""
        return self._grant("code", [scope for scope in scopes if scope in SCOPES], seconds=CODE_SECONDS)

    def exchange(self, kind: Kind, token: str, *, seconds: int) -> TokenPair:
        """Turn a code or a refresh token into tokens; either works once.

        Raises:
            InvalidGrant: If it is unknown, used or too old.
        """
        with self._tenant.database.transaction() as connection:
            row = connection.execute(
                'DELETE FROM "grant" WHERE token = ? AND kind = ? AND expires > ? RETURNING scopes',
                (token, kind, self._tenant.clock.now()),
            ).fetchone()
        if row is None:
            raise InvalidGrant
        scopes = row["scopes"].split()
        return TokenPair(
            access_token=self._grant("access", scopes, seconds=seconds),
            refresh_token=self._grant("refresh", scopes, seconds=_FOREVER),
            expires_in=seconds,
            scopes=tuple(scopes),
        )

    def _grant(self, kind: Kind, scopes: list[str], *, seconds: float) -> str:
        token = secrets.token_urlsafe(32)
        with self._tenant.database.transaction() as connection:
            connection.execute(
                'INSERT INTO "grant" VALUES (?, ?, ?, ?)',
                (token, kind, " ".join(scopes), self._tenant.clock.now() + seconds),
            )
        return token


def user_and_password(token: str) -> tuple[str, str]:
    """Read the credential of a Basic header."""
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ("", "")
    return user, password
