"""Variations of which objects are shown, and in which form, where no source settles it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import added, at
from contract_tests.drifts.field_values import shown_all_the_same
from contract_tests.drifts.files import object_type_of, records_of
from contract_tests.drifts.objects import on_each_object
from contract_tests.drifts.operations import READ, UPLOAD, operation_of
from contract_tests.drifts.pieces import on_body, remembering
from contract_tests.drifts.registry import variation

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call

_DATETIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9:]{5})")
_OBJECTS: Final = "U-8: the members and forms inside crmObjectsMap are not known"


def _moved(record: dict[str, Any]) -> dict[str, Any]:
    zone = timezone(timedelta(hours=5, minutes=30))
    return {
        name: datetime.fromisoformat(value).astimezone(zone).isoformat()
        if isinstance(value, str) and _DATETIME.fullmatch(value)
        else value
        for name, value in record.items()
    }


def _with_milliseconds(record: dict[str, Any]) -> dict[str, Any]:
    def finer(text: str) -> str:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    return {
        name: finer(value) if isinstance(value, str) and _DATETIME.fullmatch(value) else value
        for name, value in record.items()
    }


def _unset_as_null(record: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(("url", "title", "phoneNumber", "description")), **record}


def _as_float(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tombstones() -> Behaviour:
    """Show a deleted object as one with isDeleted true."""
    deleted: dict[tuple[str, str, str], bool] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        operation, of_type = operation_of(call), object_type_of(call)
        if operation in UPLOAD and answer.succeeded:
            for record in records_of(call):
                deleted[call.integration, of_type, str(record.get("objectId"))] = record.get("isDeleted") is True
        if operation in READ and answer.succeeded:
            found = answer.member("crmObjectsMap")
            shown = {
                key: {"objectId": key, "isDeleted": True}
                if one is None and deleted.get((call.integration, of_type, key))
                else one
                for key, one in found.items()
            }
            return answer.with_json({**answer.json(), "crmObjectsMap": shown})
        return answer

    return behave


_row = partial(variation, kind="objects shown")

OBJECTS: Final = (
    _row(
        "update-merges",
        "U-9: merge or replacement is not known",
        "Merges an update into the stored object.",
        update="merge",
    ),
    _row("defaults-hidden", _OBJECTS, "Shows no default for a member that was not sent.", show_defaults=False),
    _row(
        "objects-with-is-deleted",
        _OBJECTS,
        "Shows isDeleted false in every object.",
        on_body(READ, added("crmObjectsMap.*", "isDeleted", new=False)),
    ),
    _row("objects-with-nulls", _OBJECTS, "Shows null for members that are not set.", on_each_object(_unset_as_null)),
    _row(
        "objects-deleted-shown",
        "U-8: null for deleted objects is only likely",
        "Shows a deleted object as one with isDeleted true.",
        remembering(_tombstones),
    ),
    _row(
        "objects-with-raw-members",
        _OBJECTS,
        "Shows members that the schema does not know.",
        shown_all_the_same("unknown"),
    ),
    _row("datetimes-moved", _OBJECTS, "Shows datetimes with another offset.", on_each_object(_moved)),
    _row(
        "datetimes-with-milliseconds",
        _OBJECTS,
        "Shows datetimes in UTC with milliseconds.",
        on_each_object(_with_milliseconds),
    ),
    _row(
        "amounts-as-decimals",
        _OBJECTS,
        "Shows amounts with a decimal point.",
        on_body(READ, at("crmObjectsMap.*.amount", _as_float)),
    ),
    _row(
        "deals-wait-for-accounts",
        "4.5: a deal without its account does not appear",
        "Never shows a deal whose account is not there.",
        deals_wait="always",
    ),
    _row(
        "deals-wait-for-gong-users",
        "4.5: the owner must be mapped to a Gong user",
        "Never shows a legacy deal, since no owner is a Gong user.",
        gong_users=frozenset(),
    ),
)
