"""One call and its answer, with everything that a judgement or a report needs."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from contract_tests.suite.ledger.contract import Contract
    from contract_tests.suite.ledger.operations import Operation

EXCERPT = 700
_SHOWN_HEADERS = {"content-type"}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request as it was sent and the answer as it came."""

    contract: "Contract" = field(repr=False)
    operation: "Operation | None"
    method: str
    url: str
    request_headers: Mapping[str, str] = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float
    valid_credentials: bool = True
    since: str | None = None

    @property
    def path(self) -> str:
        """Path of the URL, without query."""
        return urlsplit(self.url).path

    @property
    def query(self) -> Mapping[str, str]:
        """Query of the URL; the first value of each parameter."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.url).query, keep_blank_values=True).items()}

    @property
    def media_type(self) -> str:
        """Content type of the answer, without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def body(self) -> Any:  # noqa: ANN401  # an answer is any JSON
        """The answer as JSON; integers keep every digit. None when it is no JSON."""
        try:
            return json.loads(self.content.decode("utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError):
            return None

    def member(self, name: str) -> Any:  # noqa: ANN401  # an answer is any JSON
        """Take a member of the answer.

        Args:
            name: Name of the member.

        Returns:
            Its value; None when the answer is no object or has no such member.
        """
        return self.body.get(name) if isinstance(self.body, dict) else None

    def require(self, clause: str, holds: object, expected: str) -> None:
        """Hold the answer against a clause.

        Args:
            clause: Id of the clause.
            holds: Whether the clause holds.
            expected: What should have been answered, in words.

        Raises:
            Breach: It does not hold.
        """
        if not holds:
            self.contract.breach(clause, exchange=self, expected=expected)

    def prefer(self, clause: str, holds: object, expected: str) -> None:
        """Hold the answer against a clause that no official text states in full.

        Args:
            clause: Id of the clause.
            holds: Whether the clause holds.
            expected: What should have been answered, in words.

        Raises:
            Breach: It does not hold and the run is strict; otherwise a remark is kept.
        """
        if not holds:
            self.contract.remark(clause, exchange=self, expected=expected)

    def curl(self) -> str:
        """Tell the request as a curl command; credentials are named, never shown.

        Returns:
            One line for a shell.
        """
        parts = ["curl", "-X", self.method, shlex.quote(self.url)]
        authorization = self.request_headers.get("authorization", "")
        if authorization.lower().startswith("basic"):
            parts += [
                "--user",
                '"$GONG_ACCESS_KEY:$GONG_ACCESS_KEY_SECRET"' if self.valid_credentials else "'wrong:pair'",
            ]
        elif authorization:
            parts += [
                "-H",
                '"Authorization: Bearer $GONG_ACCESS_TOKEN"'
                if self.valid_credentials
                else "'Authorization: Bearer wrong'",
            ]
        return " ".join(parts + self._curl_body())

    def _curl_body(self) -> list[str]:
        kind = self.request_headers.get("content-type", "")
        if kind.startswith("multipart/"):
            name = re.search(rb'name="([^"]*)"', self.request_body)
            part = name.group(1).decode() if name else "dataFile"
            inner = self.request_body.split(b"\r\n\r\n", 1)[-1].rsplit(b"\r\n--", 1)[0]
            return ["-F", shlex.quote(f"{part}={_excerpt(inner)};type=application/x-ndjson")]
        parts = ["-H", shlex.quote(f"Content-Type: {kind}")] if kind else []
        if self.request_body:
            parts += ["--data-binary", shlex.quote(_excerpt(self.request_body))]
        return parts

    def answer(self) -> str:
        """Tell the answer in one line: status, telling headers, body.

        Returns:
            One line; a long body is cut.
        """
        telling = {"content-type", "retry-after", "www-authenticate", "allow", "x-traceid"}
        headers = "; ".join(f"{name}: {value}" for name, value in self.headers.items() if name in telling)
        return f"{self.status} [{headers}] {_excerpt(self.content)}"


def _excerpt(content: bytes) -> str:
    text = content.decode("utf-8", "replace").strip()
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}... ({len(content)} bytes)"
