"""What happens during a push, as frozen data for `on_event`, for progress bars and for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; `to_dict` gives the shape that machines read."""

    kind: ClassVar[str] = "event"

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON values, with its kind under `event`."""
        return {"event": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking(Event):
    """Lines of one object type are being checked and planned; comes about twice a second and once at the end.

    Attributes:
        object_type: What the lines hold.
        source: The file, or what stands for one.
        lines: Lines read so far, of all sources of this type.
        bytes: Bytes read so far, of all sources of this type.
        refused: Lines found bad so far.
        total_bytes: Bytes of all sources of this type, where they are known.
    """

    kind: ClassVar[str] = "checking"
    object_type: str
    source: str
    lines: int
    bytes: int
    refused: int
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Event):
    """The files to be sent are known; from here on the job can be taken up again by its token.

    Attributes:
        token: Takes the job up again.
        files: How many files will be sent.
        lines: How many lines they hold.
        bytes: How many bytes they hold.
        held_back: Lines that the check refused; they are not sent.
        duplicates: Lines that were the same as an earlier one; they are not sent.
    """

    kind: ClassVar[str] = "planned"
    token: str
    files: int
    lines: int
    bytes: int
    held_back: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending(Event):
    """A file is on its way; comes at its start, about twice a second, and at its end."""

    kind: ClassVar[str] = "sending"
    object_type: str
    client_request_id: str
    sent: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Event):
    """Gong has a file.

    Attributes:
        repeated: Whether Gong had it already, from an earlier try or an earlier job.
    """

    kind: ClassVar[str] = "accepted"
    object_type: str
    client_request_id: str
    lines: int
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing(Event):
    """Gong says another status of a request than before."""

    kind: ClassVar[str] = "processing"
    object_type: str
    client_request_id: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Event):
    """Gong is done with a file."""

    kind: ClassVar[str] = "settled"
    object_type: str
    client_request_id: str
    status: str
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """Nothing is sent for a while, and why."""

    kind: ClassVar[str] = "waiting"
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying(Event):
    """A call failed and will be tried again."""

    kind: ClassVar[str] = "retrying"
    operation: str
    attempt: int
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWritten(Event):
    """Gong's answers were held against the contract, as was asked for; comes when the door is closed.

    Attributes:
        path: The file with the exchanges, scrubbed; to be read before it is shared.
        exchanges: How many it holds.
        differences: Where Gong's answers break the contract, in sentences.
    """

    kind: ClassVar[str] = "evidence"
    path: str
    exchanges: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Event):
    """Every line has its outcome."""

    kind: ClassVar[str] = "finished"
    token: str
    read: int
    accepted: int
    rejected: int
    duplicates: int
