"""Drifts of the members of objects that are read back."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from contract_tests.drifts.edits import at, missing
from contract_tests.drifts.objects import on_each_object
from contract_tests.drifts.operations import READ
from contract_tests.drifts.pieces import on_body
from contract_tests.drifts.registry import drift


def is_custom(name: str) -> bool:
    """Tell whether a member is none of the standard ones of any object type."""
    standard = (
        "objectId modifiedDate isDeleted url name domains accountId emailAddress firstName lastName title phoneNumber"
        " ownerId createdDate closeDate status stage amount isOpen isWon lastModified internalName isActive sortOrder"
        " convertedToDealId convertedToContactId convertedToAccountId estimatedCloseDate actualCloseDate"
        " estimatedAmount actualAmount"
    )
    return name not in standard.split()


def _custom_lost(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if not is_custom(name)}


def _custom_as_text(record: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if is_custom(name) and value is not None else value for name, value in record.items()}


_row = partial(drift, kind="reading objects")

MEMBERS: Final = (
    _row("read-custom-field-lost", "objects.custom-field", "Loses custom fields.", on_each_object(_custom_lost)),
    _row(
        "read-custom-field-emptied",
        "objects.custom-field",
        "Answers custom fields with empty values.",
        on_each_object(_custom_as_text),
    ),
    *(
        _row(
            f"read-{name}-lost",
            "objects.found",
            f"Loses {name} of the objects it answers.",
            on_body(READ, missing(f"crmObjectsMap.*.{name}")),
        )
        for name in ("name", "domains", "emailAddress", "lastName", "accountId", "amount", "stage", "ownerId")
    ),
    _row(
        "read-name-in-capitals",
        "objects.found",
        "Answers names in capitals.",
        on_body(READ, at("crmObjectsMap.*.name", str.upper)),
    ),
    _row(
        "read-domains-as-text",
        "objects.found",
        "Answers domains as one text.",
        on_body(READ, at("crmObjectsMap.*.domains", ",".join)),
    ),
    _row(
        "read-domains-cut",
        "objects.found",
        "Answers the first of several domains.",
        on_body(READ, at("crmObjectsMap.*.domains", lambda domains: domains[:1])),
    ),
    _row(
        "read-amount-in-cents",
        "objects.found",
        "Answers amounts a hundredfold.",
        on_body(READ, at("crmObjectsMap.*.amount", lambda amount: amount * 100)),
    ),
    _row(
        "read-letters-lost",
        "line.utf-8",
        "Answers a question mark for each letter beyond ASCII.",
        on_each_object(
            lambda record: {
                name: value.encode("ascii", "replace").decode() if isinstance(value, str) else value
                for name, value in record.items()
            }
        ),
    ),
    _row(
        "read-letters-as-latin",
        "line.utf-8",
        "Reads UTF-8 as Latin-1.",
        on_each_object(
            lambda record: {
                name: value.encode().decode("latin-1") if isinstance(value, str) else value
                for name, value in record.items()
            }
        ),
    ),
)
