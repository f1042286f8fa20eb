"""Drifts that refuse a good line."""

from __future__ import annotations

from functools import partial
from operator import eq
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.files import USER_MAPPING, Record, on_lines, spoiled
from contract_tests.drifts.line_formats import DATETIME
from contract_tests.drifts.line_members import FAMILIES, FILLERS
from contract_tests.drifts.operations import FILES
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Recipe


def _refused_where(where: Callable[[Record], bool], *, types: tuple[str, ...] = (), family: str = "") -> Recipe:
    def change(record: Record) -> Record:
        return spoiled(record) if where(record) else record

    return on_lines(change, operations=FAMILIES.get(family, FILES), types=types)


def _lacks(*names: str) -> Callable[[Record], bool]:
    return lambda record: record.get("isDeleted") is not True and any(name not in record for name in names)


def _has(name: str, test: Callable[[Any], bool]) -> Callable[[Record], bool]:
    return lambda record: name in record and test(record[name])


def _has_custom_null(record: Record) -> bool:
    return any(value is None and name not in FILLERS for name, value in record.items())


def _has_custom_milliseconds(record: Record) -> bool:
    return any(
        isinstance(value, str) and DATETIME.fullmatch(value) and "." in value
        for name, value in record.items()
        if name not in {"modifiedDate", "createdDate"}
    )


def _has_offset(text: object) -> bool:
    return isinstance(text, str) and not text.endswith("Z")


_KNOWN: Final = frozenset(
    {
        *FILLERS,
        *("isDeleted", "url", "title", "phoneNumber", "status", "lastModified"),
        *("convertedToDealId", "convertedToContactId", "convertedToAccountId"),
        *("estimatedCloseDate", "actualCloseDate", "estimatedAmount", "actualAmount"),
    }
)

_row = partial(drift, kind="good lines refused")

REFUSED: Final = (
    _row(
        "line-current-account-name-demanded",
        "line.minimal.current",
        "Refuses an ACCOUNT line without name on the current path.",
        _refused_where(_lacks("name"), types=("ACCOUNT",), family="current"),
    ),
    _row(
        "line-current-contact-email-demanded",
        "line.minimal.current",
        "Refuses a CONTACT line without emailAddress on the current path.",
        _refused_where(_lacks("emailAddress"), types=("CONTACT",), family="current"),
    ),
    _row(
        "line-current-lead-email-demanded",
        "line.minimal.current",
        "Refuses a LEAD line without emailAddress on the current path.",
        _refused_where(_lacks("emailAddress"), types=("LEAD",), family="current"),
    ),
    _row(
        "line-current-deal-is-open-demanded",
        "line.minimal.current",
        "Refuses a DEAL line without isOpen and isWon on the current path, as the legacy rules did.",
        _refused_where(_lacks("isOpen", "isWon"), types=("DEAL",), family="current"),
    ),
    _row(
        "line-current-deal-close-date-demanded",
        "line.minimal.current",
        "Refuses a DEAL line without closeDate on the current path.",
        _refused_where(_lacks("closeDate"), types=("DEAL",), family="current"),
    ),
    _row(
        "line-current-stage-modified-date-demanded",
        "line.stage.current.minimal",
        "Refuses a STAGE line without modifiedDate on the current path.",
        _refused_where(_lacks("modifiedDate"), types=("STAGE",), family="current"),
    ),
    _row(
        "line-current-stage-internal-name-demanded",
        "line.stage.current.minimal",
        "Refuses a STAGE line without internalName on the current path.",
        _refused_where(_lacks("internalName"), types=("STAGE",), family="current"),
    ),
    _row(
        "line-business-user-deleted-email-demanded",
        "line.business-user.deleted-without-email",
        "Refuses a BUSINESS_USER line with isDeleted true and no emailAddress.",
        _refused_where(lambda record: "emailAddress" not in record, types=("BUSINESS_USER",)),
    ),
    _row(
        "line-legacy-deal-stand-ins-refused",
        "line.deal.legacy.deprecated-pair",
        "Refuses a legacy DEAL line whose close date and amount come as the deprecated pair.",
        _refused_where(_lacks("closeDate", "amount"), types=("DEAL",), family="legacy"),
    ),
    _row(
        "line-object-id-of-64-refused",
        "line.object-id-forms",
        "Refuses an objectId of 64 characters.",
        _refused_where(_has("objectId", lambda text: len(str(text)) >= 64), family="current"),
    ),
    _row(
        "line-object-id-e-mail-refused",
        "line.object-id-forms",
        "Refuses an objectId that is an e-mail address.",
        _refused_where(_has("objectId", lambda text: "@" in str(text)), family="current"),
    ),
    _row(
        "line-object-id-dash-refused",
        "line.object-id-forms",
        "Refuses an objectId with a dash.",
        _refused_where(_has("objectId", lambda text: "-" in str(text) and "@" not in str(text)), family="current"),
    ),
    _row(
        "line-additional-member-refused",
        "line.additional-member",
        "Refuses a line with a member that the schema does not know.",
        _refused_where(lambda record: any(name not in _KNOWN for name in record)),
    ),
    _row(
        "line-custom-null-refused",
        "line.custom-milliseconds",
        "Refuses a line whose custom member is null.",
        _refused_where(_has_custom_null),
    ),
    _row(
        "line-custom-milliseconds-refused",
        "line.custom-milliseconds",
        "Refuses a line whose custom member is a datetime with milliseconds.",
        _refused_where(_has_custom_milliseconds),
    ),
    _row(
        "line-offset-refused",
        "line.modified-date-offset",
        "Refuses a modifiedDate with an offset in place of Z.",
        _refused_where(_has("modifiedDate", _has_offset)),
    ),
    *(
        _row(
            f"line-current-deal-{status.lower()}-refused",
            "line.deal.status",
            f"Refuses a DEAL line with status {status}.",
            _refused_where(_has("status", partial(eq, status)), types=("DEAL",)),
        )
        for status in ("WON", "LOST", "OPEN")
    ),
    _row(
        "line-legacy-full-url-refused",
        "line.full.legacy",
        "Refuses a legacy ACCOUNT line with a url.",
        _refused_where(_has("url", bool), types=("ACCOUNT",), family="legacy"),
    ),
    _row(
        "line-current-full-sort-order-refused",
        "line.full.current",
        "Refuses a STAGE line with a sortOrder.",
        _refused_where(_has("sortOrder", bool), types=("STAGE",), family="current"),
    ),
    _row(
        "line-is-deleted-false-refused",
        "upload.not-deleted",
        "Refuses a line with isDeleted false.",
        _refused_where(_has("isDeleted", lambda flag: flag is False)),
    ),
    _row(
        "map-users-deleted-email-demanded",
        "map-users.deleted-without-email",
        "Refuses a user mapping with isDeleted true and no emailAddress.",
        _refused_where(lambda record: "emailAddress" not in record, types=(USER_MAPPING,)),
    ),
)
