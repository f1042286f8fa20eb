"""What subcommands give, as data: the events of the library and these are what `--json` prints, one a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gong_crm.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReported(Event):
    """A line that would be refused, or is odd."""

    kind: ClassVar[str] = "finding"
    object_type: str
    source: str
    line: int
    offset: int | None
    severity: str
    rule: str
    member: str | None
    object_id: str | None
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Event):
    """The end of the check of one object type."""

    kind: ClassVar[str] = "checked"
    object_type: str
    lines: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReported(Event):
    """What a push would send."""

    kind: ClassVar[str] = "plan"
    files: int
    lines: int
    bytes: int
    held_back: int
    duplicates: int
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached(Event):
    """A push that goes on by itself, and by `gong-crm resume`."""

    kind: ClassVar[str] = "detached"
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReported(Event):
    """What became of each line; read = accepted + rejected + duplicates for each object type."""

    kind: ClassVar[str] = "outcome"
    token: str
    types: list[dict[str, Any]]
    discrepancies: list[str]
    notes: list[str]
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReported(Event):
    """How far a job is: how many of its files are planned, sending, accepted, settled."""

    kind: ClassVar[str] = "job"
    id: str
    token: str
    finished: bool
    files: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationReported(Event):
    """An integration; its id is text, since it has 64 bits."""

    kind: ClassVar[str] = "integration"
    id: str
    name: str
    owner_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(Event):
    """An integration that is gone."""

    kind: ClassVar[str] = "deleted"
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller(Event):
    """Credentials that Gong takes."""

    kind: ClassVar[str] = "whoami"
    base_url: str
    calls_left: int | None
    integrations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRead(Event):
    """An object as Gong has it, or null."""

    kind: ClassVar[str] = "object"
    object_type: str
    object_id: str
    object: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsListed(Event):
    """The custom fields of an object type; a file with this line is what `check --fields` takes."""

    kind: ClassVar[str] = "fields"
    object_type: str
    fields: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderReported(Event):
    """The names of the columns that a CSV of an object type can have."""

    kind: ClassVar[str] = "header"
    object_type: str
    columns: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsChanged(Event):
    """What an upload of custom fields changes, by unique names."""

    kind: ClassVar[str] = "field-changes"
    object_type: str
    added: list[str]
    changed: list[str]
    retyped: list[str]
    removed: list[str]
    kept: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep(Event):
    """A step of the tour."""

    kind: ClassVar[str] = "demo"
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported(Event):
    """Why the command ends with another code than 0 or 4.

    Attributes:
        type: The error of `gong_crm.errors`, or of Python.
        message: What happened, and what to do.
        exit: The exit code.
        token: Takes up the job that was stopped.
        status: The HTTP status, where Gong answered.
        request_id: Gong's name for the call.
    """

    kind: ClassVar[str] = "error"
    type: str
    message: str
    exit: int
    token: str | None = None
    status: int | None = None
    request_id: str | None = None
