"""Rows of the journal: jobs, and how far their files are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gong_crm.wire.answers import LineError, Status


class FileState(StrEnum):
    """How far a file is."""

    PLANNED = "planned"
    SENDING = "sending"
    """Sent, perhaps; whether Gong has it is to be asked."""
    ACCEPTED = "accepted"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as the journal knows it.

    Attributes:
        id: Its name, and that of its folder.
        created: Seconds since 1970.
        base_url: Where it is sent.
        integration: Id of the integration it is for.
        legacy: Whether it goes to the legacy endpoints.
        fields: The custom fields of each object type that the lines were checked with, as JSON values.
        adopted: Whether it came from a token and has no plan here.
        outcome: What became of the lines, once that is settled.
    """

    id: str
    created: float
    base_url: str
    integration: int
    legacy: bool
    fields: dict[str, Any]
    adopted: bool
    outcome: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as the journal knows it; `number` is its place in the plan."""

    number: int
    object_type: str
    client_request_id: str
    lines: int
    state: FileState
    repeated: bool = False
    result: Status | None = None


def write_status(status: Status) -> str:
    """Write what Gong made of a file."""
    errors = [[one.line, one.description] for one in status.errors]
    return json.dumps([status.status, errors, status.total_errors, status.total_successes])


def read_status(text: str | None) -> Status | None:
    """Read what Gong made of a file; None when it is not done."""
    if text is None:
        return None
    word, errors, total_errors, total_successes = json.loads(text)
    return Status(
        status=word,
        errors=tuple(LineError(line=line, description=description) for line, description in errors),
        total_errors=total_errors,
        total_successes=total_successes,
    )
