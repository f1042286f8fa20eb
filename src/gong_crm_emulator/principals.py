"""Who may call the emulator: access keys, tokens and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCOPES: Final = (
    "api:crm:integration:register",
    "api:crm:integrations:read",
    "api:crm:integration:delete",
    "api:crm:schema",
    "api:crm:upload",
    "api:crm:get-objects",
)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """One caller, who can come with an access key or with a bearer token.

    Attributes:
        access_key: User name of HTTP Basic authentication.
        access_key_secret: Password of HTTP Basic authentication.
        access_token: Bearer token.
        scopes: Scopes granted to both.
    """

    access_key: str
    access_key_secret: str
    access_token: str
    scopes: frozenset[str]


def principal_named(name: str, *, scopes: frozenset[str]) -> Principal:
    """Make a principal whose credentials are derived from its name, so that they can be written down."""
    word = name.replace(":", "-")
    return Principal(
        access_key=f"key-{word}",
        access_key_secret=f"secret-{word}",
        access_token=f"token-{word}",
        scopes=scopes,
    )


def seeded_principals() -> dict[str, Principal]:
    """Make the principals that every emulator starts with.

    Returns:
        By name: `admin` (all scopes), `reader` (the two reading scopes), `nobody` (none), and one
        `without-<scope>` for each scope, which has all the others.
    """
    every = frozenset(SCOPES)
    named = {
        "admin": every,
        "reader": frozenset({"api:crm:integrations:read", "api:crm:get-objects"}),
        "nobody": frozenset[str](),
        **{f"without-{scope}": every - {scope} for scope in SCOPES},
    }
    return {name: principal_named(name, scopes=scopes) for name, scopes in named.items()}
