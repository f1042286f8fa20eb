# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""Contains the error that API functions raise for an answer nobody described, and the warning of deprecated ones"""

import base64
import os
import re
import sys
import warnings
from json import JSONDecodeError

import httpx

_EXCERPT_LENGTH = 200
# Request headers that hold no secret; whatever another one holds is kept out of the excerpt.
_HARMLESS = {
    *("accept", "accept-encoding", "connection", "content-length", "content-type", "host"),
    *("transfer-encoding", "user-agent"),
}
_SECRETS = re.compile(
    r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]+"
    r"|(?:token|secret|password|api_?key|access_?key)[\"']?\s*[:=]\s*[\"']?[^\s\"',}&<]+"
    r"|[\w.+-]+@[\w.-]+"
    r"|[\w.~+/=-]{40,}"
)


class UnexpectedResponse(Exception):
    """Raised by api functions for an answer that the API's document does not describe

    That is a status the document does not list, a body that is not JSON, or JSON without a required member.

    Attributes:
        problem: What is wrong with the answer.
        status_code: The HTTP status.
        headers: The headers of the answer, without cookies.
        request_id: The server's name for the call, where the answer has one.
        excerpt: The start of the body, in one line, with credentials and e-mail addresses blotted out.
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
        request = f", request id {self.request_id}" if self.request_id else ""
        return f"{self.problem} (status {self.status_code}{request}): {self.excerpt or 'no body'}"

    @classmethod
    def from_response(cls, response: httpx.Response, problem: str) -> "UnexpectedResponse":
        """Keep of a response what helps to find the fault and harms nobody"""
        headers = httpx.Headers([(key, value) for key, value in response.headers.multi_items() if key != "set-cookie"])
        return cls(problem, response.status_code, headers, _request_id(response), _excerpt(response))


def problem_of(error: Exception) -> str:
    """Say in a sentence what an exception of the parser means, without any value of the body"""
    if isinstance(error, (JSONDecodeError, UnicodeDecodeError)):
        return "the body is not JSON"
    if isinstance(error, KeyError):
        return f"the required member {error} is missing"
    return "the body does not have the documented shape"


def warn_deprecated(message: str) -> None:
    """Warn once for each call, at the line that called into this package"""
    package = os.path.dirname(__file__)
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, DeprecationWarning, stacklevel=level)


def _request_id(response: httpx.Response) -> str | None:
    try:
        told = response.json()["requestId"]
    except (KeyError, RecursionError, TypeError, ValueError):
        told = response.headers.get("x-traceid")
    return told if isinstance(told, str) else None


def _excerpt(response: httpx.Response) -> str:
    text = " ".join(response.content[:4096].decode("utf-8", "replace").split())
    for secret in _sent_secrets(response.request):
        text = text.replace(secret, "[redacted]")
    text = _SECRETS.sub("[redacted]", text)
    return text if len(text) <= _EXCERPT_LENGTH else f"{text[:_EXCERPT_LENGTH]}..."


def _sent_secrets(request: httpx.Request) -> list[str]:
    """Return what the request carried and an answer may echo, the longest first"""
    found: set[str] = set()
    for key, value in request.headers.items():
        if key not in _HARMLESS:
            found.update((value, value.rsplit(" ", maxsplit=1)[-1]))
        if key == "authorization" and value.lower().startswith("basic "):
            try:
                pair = base64.b64decode(value[6:]).decode()
            except ValueError:
                continue
            found.update((pair, *pair.split(":", maxsplit=1)))
    return sorted((secret for secret in found if len(secret) > 3), key=len, reverse=True)


__all__ = ["UnexpectedResponse", "problem_of", "warn_deprecated"]
