"""One call and its answer, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contract_tests.suite.ledger.json_text import Reading, read_json
from contract_tests.suite.ledger.operations import Operation


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request as it was sent and the answer as it came.

    Attributes:
        operation: What was called; None for an unknown path or an undeclared method.
        path: Path of the operation, without what the target has in front of it.
        content: Body of the answer, decompressed.
        unreadable: Why the answer was not read to its end.
        upload: The upload that a status call asks for.
        since: Where a recorded exchange comes from.
    """

    operation: Operation | None
    method: str
    url: str
    path: str
    request_headers: Mapping[str, str] = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float
    valid_credentials: bool = True
    unreadable: str | None = None
    upload: "Exchange | None" = field(default=None, repr=False)
    since: str | None = None

    @property
    def query(self) -> Mapping[str, str]:
        """Query of the URL; the first value of each parameter."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.url).query, keep_blank_values=True).items()}

    @property
    def media_type(self) -> str:
        """Content type of the answer, without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def reading(self) -> Reading:
        """The answer as JSON, or why it is none."""
        return (
            Reading(value=None, fault=self.unreadable, beyond_bounds=True)
            if self.unreadable
            else read_json(self.content)
        )

    @property
    def body(self) -> Any:  # noqa: ANN401  (an answer is any JSON)
        """The answer as JSON; integers keep every digit. None when it is no JSON."""
        return self.reading.value

    def member(self, name: str) -> Any:  # noqa: ANN401  (an answer is any JSON)
        """Take a member of the answer; None when the answer is no object or has no such member."""
        return self.body.get(name) if isinstance(self.body, dict) else None
