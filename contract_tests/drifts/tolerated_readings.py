"""Variations of what is accepted, stored and shown where no source settles it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import added, at
from contract_tests.drifts.field_values import shown_all_the_same
from contract_tests.drifts.files import (
    Record,
    file_of,
    object_type_of,
    on_lines,
    records_of,
    spoiled,
    with_file,
    with_lines,
)
from contract_tests.drifts.line_formats import any_date
from contract_tests.drifts.lost_lines import spoiling
from contract_tests.drifts.objects import on_each_object
from contract_tests.drifts.operations import CURRENT, DESCRIBE, LEGACY, READ, REGISTER, UPLOAD, operation_of
from contract_tests.drifts.pieces import on_body, on_request, refusing, remembering
from contract_tests.drifts.registry import variation
from contract_tests.drifts.schema_fields import field_records, on_fields
from contract_tests.drifts.schema_removal import removal_listed

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call

_TEXTS: Final = frozenset(
    {
        *("objectId", "name", "url", "emailAddress", "firstName", "lastName", "title", "phoneNumber"),
        *("accountId", "ownerId", "stage", "internalName", "crmUserId"),
        *("convertedToDealId", "convertedToContactId", "convertedToAccountId"),
    }
)
_STANDARD: Final = frozenset({*_TEXTS, "modifiedDate", "domains", "amount", "closeDate", "status", "createdDate"})
_DATETIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9:]{5})")
_OBJECTS: Final = "U-8: the members and forms inside crmObjectsMap are not known"


def _as_texts(record: Record) -> Record:
    def text(name: str, value: Any) -> Any:  # noqa: ANN401  (any JSON)
        scalar = isinstance(value, int | float) and name in _TEXTS
        return (str(value).lower() if isinstance(value, bool) else str(value)) if scalar else value

    return {name: text(name, value) for name, value in record.items()}


def _spoiled_where(name: str, pattern: str, *, types: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  (a recipe)
    good = re.compile(pattern)

    def change(record: Record) -> Record:
        value = record.get(name)
        return spoiled(record) if isinstance(value, str) and value and not good.fullmatch(value) else record

    return on_lines(change, types=types)


def _phone_demanded(record: Record) -> Record:
    return record if record.get("phoneNumber") or record.get("isDeleted") is True else spoiled(record)


def _any_status(record: Record) -> Record:
    value = record.get("status")
    known = {"WON", "LOST", "OPEN", None}
    return (
        {**record, "status": str(value).upper() if str(value).upper() in known else "OPEN"}
        if ("status" in record and value not in known)
        else record
    )


def _without_returns(call: Call) -> Call:
    content = file_of(call)
    return call if content is None else with_file(call, content.replace(b"\r\n", b" broken\n"))


def _blank_lines_spoiled(call: Call) -> Call:
    lines = (file_of(call) or b"").split(b"\n")
    kept = [line if line.strip() or place == len(lines) - 1 else b"blank" for place, line in enumerate(lines)]
    return call if file_of(call) is None else with_file(call, b"\n".join(kept))


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


def _unchecked_values() -> Behaviour:
    """Take any value in a custom field."""
    custom: dict[tuple[str, str], dict[str, Any]] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(
            with_lines(
                call, lambda record: _without_custom(record, custom.get((call.integration, object_type_of(call)), {}))
            )
            if operation_of(call) in UPLOAD
            else call
        )
        if operation_of(call) in DESCRIBE and answer.succeeded:
            custom[call.integration, call.parameter("objectType")] = {
                str(one.get("uniqueName")): one for one in field_records(call)
            }
        return answer

    return behave


def _without_custom(record: Record, fields: dict[str, Any]) -> Record:
    """Leave out what does not fit its field: kept in raw storage, shown nowhere."""
    return {name: value for name, value in record.items() if name not in fields or _fits(fields[name], value)}


def _fits(field: dict[str, Any], value: Any) -> bool:  # noqa: ANN401  (any JSON)
    if value is None:
        return True
    if field.get("type") == "PICKLIST":
        return value in (field.get("orderedValueList") or [])
    numbers = {"NUMBER", "PERCENT", "CURRENCY"}
    return isinstance(value, int | float) if field.get("type") in numbers else True


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


_row = partial(variation, kind="lines")

LINES: Final = (
    _row(
        "scalars-as-texts",
        "design: a scalar of another type taken as a string, as Java servers do",
        "Takes numbers and booleans where a string belongs.",
        on_lines(_as_texts),
    ),
    _row(
        "object-ids-strict",
        "C-17: the text forbids underscores, its example has them",
        "Refuses an underscore in an objectId.",
        strict_object_ids=True,
    ),
    _row(
        "order-strict",
        "C-25: an unsorted or repeated line may be reported",
        "Refuses lines that are out of order or repeat an object.",
        strict_order=True,
    ),
    _row(
        "close-date-any-text",
        "4.5: the current rules say string",
        "Takes any text as closeDate on the current path.",
        on_lines(
            lambda record: (
                {**record, "closeDate": any_date(record["closeDate"])}
                if isinstance(record.get("closeDate"), str)
                else record
            ),
            operations=UPLOAD & CURRENT,
            types=("DEAL",),
        ),
    ),
    _row(
        "custom-values-unchecked",
        "U-5: whether PICKLIST and types are checked is not known",
        "Takes any value in a custom field.",
        remembering(_unchecked_values),
    ),
    _row(
        "deal-status-unchecked",
        "U-17: case and unknown values are not settled",
        "Takes any text as the status of a deal.",
        on_lines(_any_status, types=("DEAL",)),
    ),
    _row(
        "carriage-returns-refused",
        "U-13: whether CRLF is taken is not known",
        "Refuses lines that end with CRLF.",
        on_request(UPLOAD, _without_returns),
    ),
    _row(
        "blank-lines-refused",
        "U-13: whether blank lines are skipped is not known",
        "Refuses blank lines.",
        on_request(UPLOAD, _blank_lines_spoiled),
    ),
    _row(
        "phone-number-demanded",
        "4.4, 4.6: mandatory where Gong imports dialer calls",
        "Refuses a legacy CONTACT or LEAD line without phoneNumber.",
        on_lines(_phone_demanded, operations=UPLOAD & LEGACY, types=("CONTACT", "LEAD")),
    ),
    _row(
        "url-checked",
        "4.1: url is a qualified URI",
        "Refuses a url that is none.",
        _spoiled_where("url", r"https?://\S+"),
    ),
    _row(
        "e-mail-checked",
        "U-5: which forms are checked is not known",
        "Refuses an emailAddress without @.",
        _spoiled_where("emailAddress", r"[^@\s]+@[^@\s]+"),
    ),
    _row(
        "legacy-bad-line-spoils-all",
        "C-22: the legacy text asks for the entire file again",
        "Loses the good lines of a legacy file that has a bad one.",
        spoiling(UPLOAD & LEGACY),
    ),
)

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
