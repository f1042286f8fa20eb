"""The fields inside a schema upload, read and changed, and those that the server lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from contract_tests.drifts.exchange import Call
from contract_tests.drifts.operations import DESCRIBE
from contract_tests.drifts.pieces import on_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Ask, Recipe


Field: TypeAlias = dict[str, Any]

FIELD_TYPES: Final = [
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "PICKLIST",
    "NUMBER",
    "PERCENT",
    "CURRENCY",
    "PHONENUMBER",
    "EMAILADDRESS",
    "REFERENCE",
    "ID",
    "STRING",
    "URL",
    "STRINGARRAY",
]
"""Types that a field of a schema may have."""


def field_records(call: Call) -> list[Field]:
    """Read the fields of a schema upload that are JSON objects."""
    sent = call.json()
    return [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []


def on_fields(change: Callable[[Field], Field], *, operations: frozenset[str] = DESCRIBE) -> Recipe:
    """Change the fields of schema uploads before the server reads them."""
    return on_request(
        operations,
        lambda call: call.with_json([change(one) if isinstance(one, dict) else one for one in call.json()]),
        when=lambda call: bool(field_records(call)),
    )


async def listed_fields(call: Call, ask: Ask) -> list[Field]:
    """Ask the server which fields the object type of a call has."""
    query = call.with_parameters({name: call.parameter(name) for name in ("integrationId", "objectType")}).query_string
    answer = await ask(Call(method="GET", path="/v2/crm/entity-schema", query_string=query, headers=call.headers))
    listed = answer.member("objectTypeToSelectedFields") or {}
    fields: list[Field] = listed.get(call.parameter("objectType")) or []
    return fields
