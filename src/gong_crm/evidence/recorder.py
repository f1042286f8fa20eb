"""The file that evidence goes into, one exchange a line, in the form of contract_tests/evidence."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import SetupError
from gong_crm.events import EvidenceWritten
from gong_crm.evidence.contract import the_contract
from gong_crm.evidence.scrubber import Scrubber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_BYTES: Final = 20_000_000
_MOST_ALIKE: Final = 20
"""Exchanges of one operation and status with the same faults; more of them teach nothing."""

_MOST_DIFFERENCES: Final = 100
"""Sentences on how answers break the contract; a server that breaks it in more ways is no Gong."""

_LARGEST_BODY: Final = 200_000
"""Bytes of an answer that is written down; a hundred objects that are read back may be more."""

QUERY: Final = {
    "integration_id": "integrationId",
    "object_type": "objectType",
    "client_request_id": "clientRequestId",
}
_HEAD: Final = """\
# Recorded by gong-crm {version}. Names, ids, addresses, values and hosts are replaced by placeholders of the same form.
# Read it before you share it.
called: a user of gong-crm
kind: recording
where: "a push by gong-crm {version}"
date: {date}

exchanges:
"""


class Recorder:
    """Holds answers against the contract, and writes the exchanges down scrubbed.

    Args:
        path: A file that is not there yet; only its owner can read it.
        caller: How the caller says who it is: `bearer`, or `unknown` for an access key.

    Raises:
        SetupError: If the file exists, or cannot be made.
    """

    def __init__(self, path: Path, *, caller: str) -> None:
        self.path = path
        self.differences: list[str] = []
        self._caller = caller
        self._contract = the_contract()
        self._scrubber = Scrubber(self._contract)
        self._alike: Counter[object] = Counter()
        self._guard = threading.Lock()
        self._number = self._bytes = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            self._file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="\n")
        except FileExistsError:
            raise SetupError(f"the evidence {path} is there already; name a file that is not") from None
        except OSError as problem:
            raise SetupError(f"the evidence {path} cannot be written: {problem.strerror or problem}") from None
        head = _HEAD.format(version=version("gong-crm"), date=f"{datetime.now(UTC):%Y-%m-%d}")
        self._file.write(head)
        self._file.flush()

    def saw(
        self, operation: str, arguments: Mapping[str, Any], *, status: int, headers: Mapping[str, str], content: bytes
    ) -> None:
        """Take in an answer; a disk that is full, or an answer that nobody foresaw, costs evidence and never a call.

        Args:
            operation: The operationId.
            arguments: What the client was called with.
            status: The HTTP status of the answer.
            headers: Its headers.
            content: Its body.
        """
        with self._guard, contextlib.suppress(Exception):
            self._take(operation, arguments, status, headers, content)

    def close(self) -> EvidenceWritten:
        """Close the file, and say what is in it."""
        with self._guard, contextlib.suppress(OSError):
            if not self._file.closed and self._number == 0:
                self._file.write("[]\n")
            self._file.close()
        return EvidenceWritten(path=str(self.path), exchanges=self._number, differences=tuple(self.differences))

    def _take(
        self, operation: str, arguments: Mapping[str, Any], status: int, headers: Mapping[str, str], content: bytes
    ) -> None:
        body, unread = _read(content)
        faults = (
            [unread] if unread else [self._described(*one) for one in self._contract.faults(operation, status, body)]
        )
        for fault in faults:
            sentence = f"{operation} answered {status}: {fault}"
            if sentence not in self.differences and len(self.differences) < _MOST_DIFFERENCES:
                self.differences.append(sentence)
        alike = (operation, status, tuple(faults))
        self._alike[alike] += 1
        if self._alike[alike] > _MOST_ALIKE or self._bytes > _MOST_BYTES or len(content) > _LARGEST_BODY:
            return  # judged, and not written down
        answer: dict[str, Any] = {"status": status, "headers": self._scrubber.headers(headers)}
        if not unread:
            answer["body"] = self._scrubber.body(body)
        self._number += 1
        entry = {
            "id": f"use.{operation}-{self._number}",
            "what": f"{operation} is answered {status}" + (f"; {'; '.join(faults)}" if faults else "") + ".",
            "caller": self._caller,
            "request": self._request(operation, arguments),
            "answer": answer,
        }
        line = f"- {json.dumps(entry)}\n"
        self._bytes += len(line)
        self._file.write(line)
        self._file.flush()

    def _described(self, path: tuple[str | int, ...], what: str) -> str:
        """Say where an answer breaks the contract; members of its own are somebody's."""
        place = "/".join(str(step) if isinstance(step, int) else self._scrubber.name(step) for step in path)
        return f"/{place} breaks {what}" if path or what != "the status is not documented" else what

    def _request(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        method, path = self._contract.place(operation)
        request: dict[str, Any] = {"method": method, "path": path}
        query = {
            name: self._scrubber.text(str(arguments[argument]))
            for argument, name in QUERY.items()
            if arguments.get(argument) is not None
        }
        if query:
            request["query"] = query
        body = arguments.get("body")
        if body is not None and not hasattr(body, "data_file"):  # lines are customers' data, and stay where they are
            request["content_type"] = "application/json"
            request["body"] = self._scrubber.body(_plain(body))
        return request


def _plain(body: Any) -> Any:  # noqa: ANN401  (models of the client, or what they hold)
    if isinstance(body, list):
        return [_plain(one) for one in body]
    return body.to_dict() if hasattr(body, "to_dict") else body


def _read(content: bytes) -> tuple[Any, str]:
    """Read the body of an answer, or say why it cannot be."""
    try:
        return json.loads(content), ""
    except (ValueError, RecursionError):
        return None, "the body is no JSON"
