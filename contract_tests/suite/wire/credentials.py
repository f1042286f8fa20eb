"""Who calls: an access key with its secret, a bearer token, or nobody."""

import base64
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What goes into the Authorization header."""

    authorization: str | None = field(repr=False)

    @classmethod
    def basic(cls, key: str, secret: str) -> "Credentials":
        """Make HTTP basic credentials of an access key."""
        return cls(authorization="Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode())

    @classmethod
    def bearer(cls, token: str) -> "Credentials":
        """Make credentials of an OAuth token."""
        return cls(authorization=f"Bearer {token}")


NOBODY = Credentials(authorization=None)
