"""The token of a job: enough to take it up again, here or elsewhere, and nothing secret."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gong_crm.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gong_crm.journal import FileRow, JobRow

_PREFIX: Final = "gong1."
_LARGEST: Final = 4_000_000
_JOB: Final = re.compile(r"[0-9]{8}-[0-9a-f]{12}")
"""The name of a job is that of its folder."""
_OBJECT_TYPE: Final = re.compile(r"[A-Z_]{1,20}")
_REQUEST: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MOST_LINES: Final = 200_000_000
"""A file has as many bytes at most."""
_SMALLEST, _BIGGEST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token says.

    Attributes:
        job: Name of the job in its journal.
        base_url: Where it is sent.
        integration: Id of the integration.
        legacy: Whether it goes to the legacy endpoints.
        requests: (object type, client request id, lines) of each file.
    """

    job: str
    base_url: str
    integration: int
    legacy: bool
    requests: tuple[tuple[str, str, int], ...]

    def __str__(self) -> str:
        """Write it as letters, digits, dashes, underscores and one dot."""
        values = [self.job, self.base_url, self.integration, self.legacy, self.requests]
        packed = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 9)
        return _PREFIX + urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(text: str) -> Token:
    """Read a token.

    Args:
        text: What `str` of a token gave.

    Returns:
        The token.

    Raises:
        SetupError: If it is none.
    """
    packed = text.strip().removeprefix(_PREFIX)
    try:
        content = zlib.decompressobj().decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _LARGEST)
        job, base_url, integration, legacy, requests = json.loads(content)
        return Token(
            job=_matching(_JOB, job),
            base_url=str(base_url),
            integration=_within(_SMALLEST, integration, _BIGGEST),
            legacy=bool(legacy),
            requests=tuple(
                (_matching(_OBJECT_TYPE, kind), _matching(_REQUEST, name), _within(0, lines, _MOST_LINES))
                for kind, name, lines in requests
            ),
        )
    except (ValueError, TypeError, zlib.error, RecursionError):
        raise SetupError("this is no token of a job, or a part of one is missing") from None


def _matching(form: re.Pattern[str], text: object) -> str:
    """Give a text of a form that can be the name of a file, whoever made the token."""
    if not isinstance(text, str) or not form.fullmatch(text):
        raise ValueError
    return text


def _within(least: int, number: object, most: int) -> int:
    if not isinstance(number, int) or not least <= number <= most:
        raise ValueError
    return number


def token_of(job: JobRow, files: Sequence[FileRow]) -> str:
    """Write the token of a job."""
    requests = tuple((one.object_type, one.client_request_id, one.lines) for one in files)
    return str(
        Token(job=job.id, base_url=job.base_url, integration=job.integration, legacy=job.legacy, requests=requests)
    )
