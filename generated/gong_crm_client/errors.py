# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
# Replaces errors.py.jinja of openapi-python-client 0.29.1,
# sha256 b6ba7ea79aa7d7f24b47119985d1ed20268d3da0ab70309ee138088a106b6af9
# Why: the one error carried the whole body in its text, and came only for undocumented statuses, on request.
#      JSONDecodeError, KeyError and ValueError came for the rest; a deprecated operation said nothing.
# Upstream: https://github.com/openapi-generators/openapi-python-client/issues/1062, /issues/678, /issues/647
"""The errors of the client, and the warning of deprecated operations.

    CallError
    ├── RefusedCall           a refusal that the document describes, with the server's sentences
    └── UnexpectedResponse    an answer that the document does not describe

A call that gets no whole answer raises what httpx raises.
"""

from __future__ import annotations

import sys
import warnings
from json import JSONDecodeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ._redaction import secrets_of, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_HEADER = 200
_LONGEST_ID = 100
_MOST_HEADERS = 64
_MOST_SENTENCES = 20


class CallError(Exception):
    """An answer that is not the success the caller asked for.

    Everything that the server said is bounded, escaped and free of the secrets of the request.

    Attributes:
        status_code: The HTTP status.
        headers: The headers of the answer, without cookies.
        request_id: The server's name for the call, where the answer has one.
    """

    status_code: int
    headers: httpx.Headers
    request_id: str | None

    def _named(self) -> str:
        return f"status {self.status_code}" + (f", request id {self.request_id}" if self.request_id else "")


class RefusedCall(CallError):  # noqa: N818  (it names what happened)
    """Raised by `Response.unwrap` for a refusal that the document describes.

    Attributes:
        errors: The reasons in the server's own sentences.
    """

    def __init__(
        self, errors: Sequence[str], status_code: int, headers: httpx.Headers, request_id: str | None, hint: str = ""
    ) -> None:
        super().__init__(tuple(errors), status_code, headers, request_id, hint)
        self.errors = tuple(errors)
        self.status_code = status_code
        self.headers = headers
        self.request_id = request_id
        self._hint = hint

    def __str__(self) -> str:
        said = " | ".join(self.errors) or "the call was refused without a reason"
        return f"{said} ({self._named()})" + (f"; {self._hint}" if self._hint else "")

    @classmethod
    def from_response(cls, response: httpx.Response, parsed: object) -> RefusedCall:
        """Keep of a refusal what helps to mend the call."""
        secrets = secrets_of(response.request)
        sentences = getattr(parsed, "errors", None)
        found = [str(one) for one in sentences[:_MOST_SENTENCES]] if isinstance(sentences, list) else []
        retry_after = shown(response.headers.get("retry-after", ""), secrets=secrets)
        return cls(
            [shown(one, secrets=secrets, limit=500, kinds=False) for one in found],
            response.status_code,
            _headers(response, secrets),
            _request_id(response, secrets),
            f"retry after {retry_after} seconds" if retry_after.isascii() and retry_after.isdecimal() else "",
        )


class UnexpectedResponse(CallError):  # noqa: N818  (its name is public)
    """Raised by API functions for an answer that the API's document does not describe.

    That is a status the document does not list, a body that is not JSON, JSON without a required member,
    or more bytes than the client takes.

    Attributes:
        problem: What is wrong with the answer.
        excerpt: The start of the body, in one line, with credentials and e-mail addresses redacted.
    """

    def __init__(
        self, problem: str, status_code: int, headers: httpx.Headers, request_id: str | None, excerpt: str
    ) -> None:
        super().__init__(problem, status_code, headers, request_id, excerpt)
        self.problem = problem
        self.status_code = status_code
        self.headers = headers
        self.request_id = request_id
        self.excerpt = excerpt

    def __str__(self) -> str:
        return f"{self.problem} ({self._named()}): {self.excerpt or 'no body'}"

    @classmethod
    def from_response(cls, response: httpx.Response, problem: str) -> UnexpectedResponse:
        """Keep of a response what helps to find the fault and harms nobody."""
        secrets = secrets_of(response.request)
        # Two bytes a character are enough to look at, for UTF-16 too.
        text = response.content[: 1 << 15].decode("utf-8", "replace")
        return cls(
            problem,
            response.status_code,
            _headers(response, secrets),
            _request_id(response, secrets),
            shown(text, secrets=secrets),
        )


def problem_of(error: Exception) -> str:
    """Say in a sentence what an exception of the parser means, without any value of the body."""
    if isinstance(error, (JSONDecodeError, UnicodeDecodeError)):
        return "the body is not JSON"
    if isinstance(error, KeyError):
        return f"the required member {error} is missing"
    return "the body does not have the documented shape"


def warn_deprecated(message: str) -> None:
    """Warn once for each call, at the line that called into this package."""
    package = str(Path(__file__).parent)
    level, frame = 2, sys._getframe(1)  # noqa: SLF001  (warnings cannot skip a whole package before Python 3.12)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, DeprecationWarning, stacklevel=level)


def _headers(response: httpx.Response, secrets: Sequence[str]) -> httpx.Headers:
    kept = [(key, value) for key, value in response.headers.multi_items() if key != "set-cookie"]
    return httpx.Headers(
        [
            # A header's name is free of control characters, or h11 would have refused it.
            (shown(key, secrets=secrets, limit=_LONGEST_HEADER, kinds=False), _ascii(shown(value, secrets=secrets)))
            for key, value in kept[:_MOST_HEADERS]
        ]
    )


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _request_id(response: httpx.Response, secrets: Sequence[str]) -> str | None:
    reported: Any
    try:
        reported = response.json()["requestId"]
    except (KeyError, RecursionError, TypeError, ValueError):
        reported = response.headers.get("x-traceid")
    return shown(reported, secrets=secrets, limit=_LONGEST_ID, kinds=False) if isinstance(reported, str) else None


__all__ = ["CallError", "RefusedCall", "UnexpectedResponse", "problem_of", "warn_deprecated"]
