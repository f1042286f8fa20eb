"""What answers say, as data, and nothing of it believed that was not checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gong_crm.fields import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """An integration as Gong lists it."""

    id: int
    name: str
    owner_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineError:
    """A line that Gong refused; line 0 speaks of the whole file."""

    line: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a request stands.

    Attributes:
        status: PENDING, IN_PROGRESS, DONE or FAILED; or a word that no text has.
        errors: The first 20 bad lines of a file.
        total_errors: All bad lines, where Gong says.
        total_successes: All good lines, where Gong says.
    """

    status: str
    errors: tuple[LineError, ...] = ()
    total_errors: int | None = None
    total_successes: int | None = None

    @property
    def is_final(self) -> bool:
        """Return whether nothing more will change."""
        return self.status in {"DONE", "FAILED"}


class Mismatch(Exception):  # noqa: N818  (never leaves this package)
    """An answer that says something else than the contract."""


def read_id(number: object) -> int:
    """Read the id of an integration, of 64 bits.

    Raises:
        Mismatch: If it is another number, or one that lost digits on its way.
    """
    if not isinstance(number, int) or isinstance(number, bool) or not -(2**63) <= number < 2**63:
        raise Mismatch("integrationId is no whole number of 64 bits")
    return number


def expect_id(model: Any, client_request_id: str) -> None:  # noqa: ANN401  (a model of the client)
    """Refuse an answer about another request than was sent.

    Raises:
        Mismatch: If it is about another.
    """
    if model.client_request_id != client_request_id:
        raise Mismatch("it speaks of another client request id than was sent")


def expect_no_errors(answer: Mapping[str, Any]) -> None:
    """Refuse a success that carries the errors of a refusal.

    Raises:
        Mismatch: If there are any.
    """
    if answer.get("errors"):
        raise Mismatch(f"a success with errors: {answer['errors']}")


def read_objects(found: object) -> dict[str, dict[str, Any] | None]:
    """Read objects by their ids; None for one that Gong does not have.

    Raises:
        Mismatch: If it holds something else.
    """
    if not isinstance(found, dict) or not all(one is None or isinstance(one, dict) for one in found.values()):
        raise Mismatch("crmObjectsMap holds no objects by their ids")
    return found


def read_fields(answer: Mapping[str, Any], object_type: str) -> tuple[Field, ...]:
    """Read the custom fields of an object type."""
    listed = answer["objectTypeToSelectedFields"].get(object_type) or ()
    return tuple(
        Field(
            unique_name=str(one["uniqueName"]),
            label=str(one.get("label") or one["uniqueName"]),
            type=str(one["type"]),
            reference_to=one.get("referenceTo"),
            ordered_value_list=_texts(one.get("orderedValueList")),
            is_deleted=bool(one.get("isDeleted")),
            last_modified=one.get("lastModified"),
        )
        for one in listed
    )


def _texts(values: Sequence[Any] | None) -> tuple[str, ...] | None:
    if isinstance(values, str):
        raise Mismatch("orderedValueList is one text")
    return None if values is None else tuple(str(value) for value in values)


def read_status(answer: Mapping[str, Any], redact: Callable[[str], str]) -> Status:
    """Read where a request stands; its texts are made fit to be shown."""
    errors = answer.get("errors") or ()
    return Status(
        status=redact(str(answer["status"])),
        errors=tuple(
            LineError(line=int(one.get("line") or 0), description=redact(str(one.get("description") or "")))
            for one in errors
        ),
        total_errors=_count(answer.get("totalErrorCount")),
        total_successes=_count(answer.get("totalSuccessCount")),
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
