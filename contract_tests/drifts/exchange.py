"""A call and its answer, as plain data that a drift can change."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeAlias
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from gong_crm_emulator import EmulatorSettings

Headers: TypeAlias = tuple[tuple[str, str], ...]


def _with_header(headers: Headers, name: str, value: str | None) -> Headers:
    kept = tuple(pair for pair in headers if pair[0] != name)
    return kept if value is None else (*kept, (name, value))


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key == name), None)


def _parsed(body: bytes) -> Any:  # noqa: ANN401  (any JSON)
    try:
        return json.loads(body)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a client sent.

    Attributes:
        method: HTTP method.
        path: Path without the query.
        query_string: The query as it came, without "?".
        headers: Headers with names in lower case.
        body: The body.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Headers = ()
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """The query parameters; of one that comes twice the first counts."""
        return dict(reversed(parse_qsl(self.query_string, keep_blank_values=True)))

    def parameter(self, name: str) -> str:
        """Give a query parameter, or "" when it is missing."""
        return self.parameters.get(name, "")

    @property
    def integration(self) -> str:
        """The integrationId of the query, as text, or ""."""
        return self.parameter("integrationId")

    def header(self, name: str) -> str | None:
        """Give a header by its lower-case name, or None."""
        return _header(self.headers, name)

    def json(self) -> Any:  # noqa: ANN401  (any JSON)
        """Read the body as JSON, or give None when it is none."""
        return _parsed(self.body)

    def with_parameters(self, parameters: Iterable[tuple[str, str]] | Mapping[str, str]) -> Self:
        """Send another query."""
        return replace(self, query_string=urlencode(dict(parameters)))

    def with_parameter(self, name: str, value: str) -> Self:
        """Send another value of one query parameter."""
        return self.with_parameters({**self.parameters, name: value})

    def with_header(self, name: str, value: str | None) -> Self:
        """Send another value of a header, or leave it out."""
        return replace(self, headers=_with_header(self.headers, name, value))

    def with_body(self, body: bytes) -> Self:
        """Send another body."""
        return replace(self, headers=_with_header(self.headers, "content-length", str(len(body))), body=body)

    def with_json(self, value: object) -> Self:
        """Send a JSON body."""
        return self.with_body(json.dumps(value).encode()).with_header("content-type", "application/json")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server answered.

    Attributes:
        status: HTTP status.
        headers: Headers with names in lower case; without content-length the body travels in chunks.
        body: The body.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""

    @property
    def succeeded(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """Give a header by its lower-case name, or None."""
        return _header(self.headers, name)

    def json(self) -> Any:  # noqa: ANN401  (any JSON)
        """Read the body as JSON, or give None when it is none."""
        return _parsed(self.body)

    def member(self, name: str) -> Any:  # noqa: ANN401  (any JSON)
        """Give a member of the JSON body, or None when there is none."""
        value = self.json()
        return value.get(name) if isinstance(value, dict) else None

    def with_status(self, status: int) -> Self:
        """Answer another status."""
        return replace(self, status=status)

    def with_header(self, name: str, value: str | None) -> Self:
        """Answer another value of a header, or leave it out."""
        return replace(self, headers=_with_header(self.headers, name, value))

    def with_body(self, body: bytes, *, media_type: str | None = None) -> Self:
        """Answer another body."""
        other = replace(self, headers=_with_header(self.headers, "content-length", str(len(body))), body=body)
        return other if media_type is None else other.with_header("content-type", media_type)

    def with_json(self, value: object) -> Self:
        """Answer another JSON body."""
        return self.with_body(json.dumps(value, ensure_ascii=False).encode())


Ask: TypeAlias = "Callable[[Call], Awaitable[Answer]]"
"""Hands a call to the server as it is without the drift."""

Behaviour: TypeAlias = "Callable[[Call, Ask], Awaitable[Answer]]"
"""How a server answers a call, given the server as it is without the drift; it may remember things."""

Recipe: TypeAlias = "Callable[[EmulatorSettings], Behaviour]"
"""Makes a behaviour that remembers nothing yet."""
