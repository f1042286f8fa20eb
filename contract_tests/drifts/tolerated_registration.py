"""Variations of what a registration or a schema upload may say where no source settles it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.operations import DESCRIBE, REGISTER, operation_of
from contract_tests.drifts.pieces import refusing, remembering
from contract_tests.drifts.registry import variation
from contract_tests.drifts.schema_fields import field_records, on_fields
from contract_tests.drifts.schema_removal import removal_listed
from contract_tests.drifts.tolerated_lines import TEXT_MEMBERS

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call

_STANDARD: Final = frozenset({*TEXT_MEMBERS, "modifiedDate", "domains", "amount", "closeDate", "status", "createdDate"})


def _readded_refused() -> Behaviour:
    removed: set[tuple[str, str, str]] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        if operation_of(call) not in DESCRIBE:
            return await ask(call)
        of_type = call.parameter("objectType")
        live = {str(one.get("uniqueName")) for one in field_records(call) if one.get("isDeleted") is not True}
        if any((call.integration, of_type, name) in removed for name in live):
            return await ask(call.with_body(b"{}"))
        answer = await ask(call)
        if answer.succeeded:
            removed.update(
                (call.integration, of_type, str(one.get("uniqueName")))
                for one in field_records(call)
                if one.get("isDeleted")
            )
        return answer

    return behave


def _user_target(field: dict[str, Any]) -> dict[str, Any]:
    return {**field, "referenceTo": "USER"} if field.get("referenceTo") == "BUSINESS_USER" else field


def _without_address(call: Call) -> bool:
    body = call.json()
    return isinstance(body, dict) and isinstance(body.get("ownerEmail"), str) and "@" not in body["ownerEmail"]


def _without_text(call: Call) -> bool:
    body = call.json()
    return isinstance(body, dict) and body.get("name") == ""


_row = partial(variation, kind="registration and schema")

REGISTRATION: Final = (
    _row(
        "owner-e-mail-checked",
        "U-12: checks on ownerEmail are not known",
        "Refuses an ownerEmail without @.",
        refusing(REGISTER, _without_address, 400, "ownerEmail: must be a well-formed email address"),
    ),
    _row(
        "empty-name-refused",
        "U-12: checks on name are not known",
        "Refuses an empty name.",
        refusing(REGISTER, _without_text, 400, "name: must not be empty"),
    ),
    _row(
        "schema-standard-name-refused",
        "U-21: a uniqueName equal to a standard field is not settled",
        "Refuses a field named like a standard one.",
        refusing(
            DESCRIBE,
            lambda call: any(str(one.get("uniqueName")) in _STANDARD for one in field_records(call)),
            400,
            "Bad request",
        ),
    ),
    _row(
        "schema-readded-refused",
        "U-21: adding a removed field again is not settled",
        "Refuses a field that was removed before.",
        remembering(_readded_refused),
    ),
    _row(
        "schema-target-business-user",
        "C-31: a live client sends it, the outcome is not known",
        "Takes BUSINESS_USER as referenceTo.",
        on_fields(_user_target),
    ),
    _row(
        "schema-removed-listed-as-deleted",
        "2.4: nothing says whether a removed field is listed as deleted",
        "Lists a removed field with isDeleted true.",
        removal_listed(marked=True),
    ),
)
