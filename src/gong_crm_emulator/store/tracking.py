"""The asynchronous requests that Gong remembers by client request id, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from gong_crm_emulator.lines.fields import Family
    from gong_crm_emulator.settings import EmulatorSettings

SHOWN_ERRORS: Final = 20
"""Line errors that an answer carries at most; the counts are of all."""

MOST_MEMBERS: Final = 100
"""Names of members that are kept for a request."""


class Work(StrEnum):
    """What a request asks to be done in the background."""

    UPLOAD = "upload"
    MAP_USERS = "map-users"
    DELETE = "delete"


class Status(StrEnum):
    """Gong's states of a request; DONE and FAILED are final."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A data file on disk.

    Attributes:
        name: Name in the database's folder.
        bytes: Size.
    """

    name: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """A request as it comes in.

    Attributes:
        kind: What it asks for.
        integration_id: The integration it belongs to.
        client_request_id: The caller's name for it.
        family: Family of the path it came by.
        object_type: Type of the lines of its file, USER_MAPPING for user mappings.
        file: Its data file, on disk.
    """

    kind: Work
    integration_id: int
    client_request_id: str
    family: Family
    object_type: str | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, kw_only=True)
class TrackedRequest:
    """One asynchronous request.

    Attributes:
        seq: Place in the order of arrival, from 1.
        integration_id: The integration it belongs to.
        client_request_id: The caller's name for it.
        kind: What it asks for.
        object_type: Object type of an upload, USER_MAPPING of a user mapping, else None.
        family: Family of the path it came by.
        received: Clock time of its arrival.
        file: Name of the data file that waits to be read, or None.
        bytes: Size of the data file.
        read_bytes: Bytes of the file read so far.
        read_lines: Lines of the file read so far, blank ones included.
        errors: The first line errors, each with line, description and, for people, the beginning of the line's text.
        error_count: Refused lines.
        success_count: Good lines.
        parsed: Clock time at which the file had been read, or None.
        polls: Status calls so far.
        moved: Steps made by hand.
        ended: Clock time at which the caller could first see the end, or None.
        applied_up_to: Row of raw storage up to which its lines reached the main database.
        applied: Whether all of it reached the main database.
        custom_members: Members of its lines that Gong does not define, each with the first line that has it.
        trouble: Why its lines could not be brought into the main database, or None.
    """

    seq: int
    integration_id: int
    client_request_id: str
    kind: Work
    object_type: str | None
    family: str
    received: float
    file: str | None
    bytes: int
    read_bytes: int
    read_lines: int
    errors: list[dict[str, Any]]
    error_count: int
    success_count: int
    parsed: float | None
    polls: int
    moved: int
    ended: float | None
    applied_up_to: int
    applied: bool
    custom_members: dict[str, int]
    trouble: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> TrackedRequest:
        """Read a row of the request table."""
        columns = dict(row)
        columns["kind"] = Work(columns["kind"])
        columns["errors"] = orjson.loads(columns["errors"])
        columns["custom_members"] = orjson.loads(columns["custom_members"])
        columns["applied"] = bool(columns["applied"])
        return cls(**columns)

    def may_show(self, settings: EmulatorSettings, *, now: float) -> Status:
        """Say how far a caller may see this request, whatever the machine has done already.

        Returns:
            PENDING, IN_PROGRESS, or the final state (DONE or FAILED) as the counts say.
        """
        end = Status.FAILED if self.error_count else Status.DONE
        if self.ended is not None or settings.processing == "at-once":
            return end
        reached, pending, in_progress = {
            "polls": (self.polls - 1, settings.pending_polls, settings.in_progress_polls),
            "time": (now - self.received, settings.pending_seconds, settings.in_progress_seconds),
            "by-hand": (self.moved, 1, 1),
        }[settings.processing]
        if reached < pending:
            return Status.PENDING
        return Status.IN_PROGRESS if reached < pending + in_progress else end

    def outcome(self, status: Status) -> dict[str, Any]:
        """Write the members of a status answer."""
        # U-10 in docs/emulator-differences.md.
        if status in {Status.PENDING, Status.IN_PROGRESS} or self.kind is Work.DELETE:
            return {"status": status}
        return {
            "status": status,
            "errors": [{"line": error["line"], "description": error["description"]} for error in self.errors],
            "totalErrorCount": self.error_count,
            "totalSuccessCount": self.success_count,
        }


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the reading of a file has come, and what the last piece brought.

    Attributes:
        read_bytes: Bytes read so far.
        read_lines: Lines read so far.
        errors: Errors of the piece, at most SHOWN_ERRORS.
        error_count: Refused lines of the piece.
        success_count: Good lines of the piece.
        custom_members: As in TrackedRequest, of the piece.
    """

    read_bytes: int
    read_lines: int
    errors: list[dict[str, Any]]
    error_count: int
    success_count: int
    custom_members: Mapping[str, int]
