"""Who calls: an access key with its secret, a bearer token, or nobody."""

import base64
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What goes into the Authorization header."""

    authorization: str | None = field(repr=False)

    @classmethod
    def basic(cls, key: str, secret: str) -> "Credentials":
        """Make credentials of an access key.

        Args:
            key: The access key.
            secret: Its secret.

        Returns:
            HTTP basic credentials.
        """
        return cls(authorization="Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode())

    @classmethod
    def bearer(cls, token: str) -> "Credentials":
        """Make credentials of an OAuth token.

        Args:
            token: The access token.

        Returns:
            Bearer credentials.
        """
        return cls(authorization=f"Bearer {token}")


NOBODY = Credentials(authorization=None)
