"""Variations of the lines that are accepted where no source settles it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.files import (
    Record,
    file_of,
    object_type_of,
    on_lines,
    spoiled,
    with_file,
    with_lines,
)
from contract_tests.drifts.line_formats import any_close_date
from contract_tests.drifts.lost_lines import spoiling
from contract_tests.drifts.operations import DESCRIBE, LEGACY, UPLOAD, operation_of
from contract_tests.drifts.pieces import on_request, remembering
from contract_tests.drifts.registry import variation
from contract_tests.drifts.schema_fields import field_records

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call

TEXT_MEMBERS: Final = frozenset(
    {
        *("objectId", "name", "url", "emailAddress", "firstName", "lastName", "title", "phoneNumber"),
        *("accountId", "ownerId", "stage", "internalName", "crmUserId"),
        *("convertedToDealId", "convertedToContactId", "convertedToAccountId"),
    }
)
"""Standard members of a line whose value is a text."""


def _as_texts(record: Record) -> Record:
    def text(name: str, value: Any) -> Any:  # noqa: ANN401  (any JSON)
        scalar = isinstance(value, int | float) and name in TEXT_MEMBERS
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
        any_close_date(),
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
