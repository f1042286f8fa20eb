"""A call and its answer, as plain data that a drift can change."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qsl, urlencode

from gong_crm_emulator import EmulatorSettings

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Headers with names in lower case."""


@dataclass(frozen=True, kw_only=True)
class _Message:
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give a header by its lower-case name, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self) -> Any:  # noqa: ANN401  (any JSON)
        """Read the body as JSON, or give None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def with_header(self, name: str, value: str | None) -> Self:
        """Change a header, or leave it out."""
        kept = tuple(pair for pair in self.headers if pair[0] != name)
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def with_body(self, body: bytes, *, media_type: str | None = None) -> Self:
        """Change the body."""
        other = replace(self, body=body).with_header("content-length", str(len(body)))
        return other if media_type is None else other.with_header("content-type", media_type)


@dataclass(frozen=True, kw_only=True)
class Call(_Message):
    """What a client sent; the query as it came, without "?"."""

    method: str
    path: str
    query_string: str = ""

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

    @property
    def request(self) -> tuple[str, str]:
        """The integration and the clientRequestId that it names."""
        return self.integration, self.parameter("clientRequestId")

    def with_parameters(self, parameters: Mapping[str, str]) -> Self:
        """Send another query."""
        return replace(self, query_string=urlencode(parameters))

    def with_parameter(self, name: str, value: str) -> Self:
        """Send another value of one query parameter."""
        return self.with_parameters({**self.parameters, name: value})

    def with_json(self, value: object) -> Self:
        """Send a JSON body."""
        return self.with_body(json.dumps(value).encode(), media_type="application/json")


@dataclass(frozen=True, kw_only=True)
class Answer(_Message):
    """What a server answered; without content-length the body travels in chunks."""

    status: int

    @property
    def succeeded(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    def member(self, name: str) -> Any:  # noqa: ANN401  (any JSON)
        """Give a member of the JSON body, or None when there is none."""
        value = self.json()
        return value.get(name) if isinstance(value, dict) else None

    def with_status(self, status: int) -> Self:
        """Answer another status."""
        return replace(self, status=status)

    def with_json(self, value: object) -> Self:
        """Answer another JSON body."""
        return self.with_body(json.dumps(value, ensure_ascii=False).encode())

    def with_member(self, name: str, value: object) -> Self:
        """Answer another value of one member of the JSON body."""
        return self.with_json({**self.json(), name: value})

    def refused(self, status: int, error: str) -> Self:
        """Answer a refusal in the envelope, under the same requestId."""
        return self.with_status(status).with_json({"requestId": self.member("requestId"), "errors": [error]})


Ask: TypeAlias = Callable[[Call], Awaitable[Answer]]
"""Hands a call to the server as it is without the drift."""

Behaviour: TypeAlias = Callable[[Call, Ask], Awaitable[Answer]]
"""How a server answers a call, given the server as it is without the drift; it may remember things."""

Recipe: TypeAlias = Callable[[EmulatorSettings], Behaviour]
"""Makes a behaviour that remembers nothing yet."""
