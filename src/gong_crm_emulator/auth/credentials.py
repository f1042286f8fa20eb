"""Who calls: access keys, tokens, and the OAuth grants that make tokens."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gong_crm_emulator import refusals
from gong_crm_emulator.principals import SCOPES
from gong_crm_emulator.store.tables import grants
from gong_crm_emulator.store.tables.grants import Grant, Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from gong_crm_emulator.store.tenant import Tenant

ACCESS_SECONDS: Final = 86_400
CODE_SECONDS: Final = 600
_OPEN_CODES: Final = 1_000
"""Codes that wait for their exchange at most, since anybody can ask for one."""

_FOREVER: Final = 10.0**12


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
            raise refusals.no_credentials()
        return found

    def _key(self, key: str, secret: str) -> CallerKnown | None:
        expected, caller = self._keys.get(key, ("", None))
        return caller if hmac.compare_digest(expected.encode(), secret.encode()) else None

    def _bearer(self, token: str) -> CallerKnown | None:
        if token in self._tokens:
            return self._tokens[token]
        grant = grants.find(self._tenant.database, token, "access", now=self._tenant.clock.now())
        if grant is None:
            return None
        return CallerKnown(name="oauth", scopes=frozenset(grant.scopes), scoped=True)

    # OAuth

    def is_client(self, authorization: str) -> bool:
        """Say whether an OAuth client identifies itself rightly."""
        scheme, _, credential = authorization.partition(" ")
        settings = self._tenant.settings
        wanted = (settings.oauth_client_id, settings.oauth_client_secret)
        return scheme.lower() == "basic" and user_and_password(credential.strip()) == wanted

    def make_code(self, scopes: Collection[str], *, redirect: str) -> str:
        """Make an authorization code, good once, for 10 minutes and for one redirect address."""
        known = tuple(scope for scope in SCOPES if scope in scopes)
        grants.remove_codes(self._tenant.database, now=self._tenant.clock.now(), but=_OPEN_CODES)
        return self._grant("code", Grant(scopes=known, redirect=redirect), seconds=CODE_SECONDS)

    def exchange(self, kind: Kind, token: str, *, redirect: str, seconds: int) -> TokenPair:
        """Turn a code or a refresh token into tokens; either works once.

        Raises:
            InvalidGrant: If it is unknown, used or too old, or a code that was sent to another address.
        """
        now = self._tenant.clock.now()
        with self._tenant.database.transaction():
            grants.remove_expired(self._tenant.database, now=now)
            grant = grants.find(self._tenant.database, token, kind, now=now)
            if grant is not None:
                grants.remove(self._tenant.database, token)
            if grant is not None and (kind != "code" or grant.redirect == redirect):
                tokens = Grant(scopes=grant.scopes)
                return TokenPair(
                    access_token=self._grant("access", tokens, seconds=seconds),
                    refresh_token=self._grant("refresh", tokens, seconds=_FOREVER),
                    expires_in=seconds,
                    scopes=grant.scopes,
                )
        raise InvalidGrant

    def _grant(self, kind: Kind, grant: Grant, *, seconds: float) -> str:
        token = secrets.token_urlsafe(32)
        grants.add(self._tenant.database, token, kind, grant, expires=self._tenant.clock.now() + seconds)
        return token


def user_and_password(token: str) -> tuple[str, str]:
    """Read the credential of a Basic header."""
    try:
        user, _, password = base64.b64decode(token, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ("", "")
    return user, password
