"""Drifts of how the fields of a schema are sent, kept and removed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.operations import CURRENT, DESCRIBE, FIELDS, LEGACY, operation_of
from contract_tests.drifts.pieces import (
    accepting,
    on_answer,
    on_request,
    refusing,
    remembering,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Ask, Behaviour, Recipe


Field: TypeAlias = dict[str, Any]

_TYPES: Final = [
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
_TARGETS: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")


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


def _lacking(name: str, filler: object) -> Recipe:
    def fill(field: Field) -> Field:
        live = field.get("isDeleted") is not True
        return {**field, name: filler} if live and field.get(name) is None and "name" not in field else field

    return on_fields(fill)


def _has_type(name: str, call: Call) -> bool:
    return any(one.get("type") == name for one in field_records(call))


def _any_type(field: Field) -> Field:
    sent = field.get("type")
    return {**field, "type": "STRING"} if isinstance(sent, str) and sent.upper() not in _TYPES else field


def _type_in_any_case(field: Field) -> Field:
    sent = field.get("type")
    return {**field, "type": sent.upper()} if isinstance(sent, str) and sent not in _TYPES else field


def _picklist_without_values(field: Field) -> Field:
    bare = field.get("type") == "PICKLIST" and field.get("orderedValueList") is None
    return {**field, "orderedValueList": []} if bare else field


def _reference_without_target(field: Field) -> Field:
    bare = field.get("type") == "REFERENCE" and field.get("referenceTo") is None
    return {**field, "referenceTo": "ACCOUNT"} if bare else field


def _any_target(field: Field) -> Field:
    sent = field.get("referenceTo")
    return {**field, "referenceTo": "ACCOUNT"} if sent is not None and sent not in _TARGETS else field


def _string_array(field: Field) -> Field:
    return {**field, "type": "STRING"} if field.get("type") == "STRINGARRAY" else field


async def _listed(call: Call, ask: Ask) -> list[Field]:
    """Ask the server which fields the object type of a call has."""
    query = call.with_parameters({name: call.parameter(name) for name in ("integrationId", "objectType")}).query_string
    answer = await ask(Call(method="GET", path="/v2/crm/entity-schema", query_string=query, headers=call.headers))
    listed = answer.member("objectTypeToSelectedFields") or {}
    fields: list[Field] = listed.get(call.parameter("objectType")) or []
    return fields


def _left_out_accepted(operations: frozenset[str], *, kept: bool) -> Recipe:
    """Add what an upload leaves out: as it was, or as removed."""

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) not in operations or answer.status != 400 or not isinstance(call.json(), list):
            return answer
        sent = {one.get("uniqueName") or one.get("name") for one in field_records(call)}
        present = await _listed(call, ask)
        missed = [one for one in present if one["uniqueName"] not in sent]
        more = [one if kept else {**one, "isDeleted": True} for one in missed]
        return await ask(call.with_json([*field_records(call), *more])) if missed else answer

    return lambda _: behave


class _Removed:
    """The fields whose removal was taken, by integration and object type."""

    def __init__(self, *, marked: bool) -> None:
        self._marked = marked
        self._removed: dict[tuple[str, str], list[Field]] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """List removed fields too, marked as deleted or as if they were there."""
        key = (call.integration, call.parameter("objectType"))
        known = await _listed(call, ask) if operation_of(call) in DESCRIBE else []
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            gone = {one.get("uniqueName") for one in field_records(call) if one.get("isDeleted") is True}
            back = {one.get("uniqueName") for one in field_records(call)} - gone
            kept = [one for one in self._removed.get(key, []) if one["uniqueName"] not in back | gone]
            now = [{**one, "isDeleted": self._marked} for one in known if one["uniqueName"] in gone]
            self._removed[key] = [*kept, *now]
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [*some, *self._removed.get((key[0], name), [])] for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer


def removal_listed(*, marked: bool) -> Recipe:
    """Make a server that lists removed fields too.

    Args:
        marked: Whether they are listed with isDeleted true.

    Returns:
        The recipe.
    """
    return remembering(lambda: _Removed(marked=marked).behave)


def _first_label() -> Behaviour:
    labels: dict[tuple[str, str, str], str] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [old(call.integration, name, one) for one in some] for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        if operation_of(call) in DESCRIBE and answer.succeeded:
            for one in field_records(call):
                key = (call.integration, call.parameter("objectType"), str(one.get("uniqueName")))
                labels.setdefault(key, str(one.get("label")))
        return answer

    def old(at: str, name: str, field: Field) -> Field:
        return {**field, "label": labels.get((at, name, field["uniqueName"]), field["label"])}

    return behave


def _late() -> Behaviour:
    fresh: set[str] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            fresh.add(call.parameter("objectType"))
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [] if name in fresh else some for name, some in listed.items()}
            fresh.difference_update(listed)
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer

    return behave


async def _stored_before_refusal(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in DESCRIBE and answer.status == 400:
        present = await _listed(call, ask)
        names = {one["uniqueName"] for one in present}
        extra = {"uniqueName": "leftBehind", "label": "Left behind", "type": "STRING"}
        if names:
            await ask(call.with_json([*present, *([] if "leftBehind" in names else [extra])]))
    return answer


def _for_every_type() -> Behaviour:
    sent: dict[str, list[Field]] = {}  # by integration

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            sent[call.integration] = field_records(call)
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: some or sent.get(call.integration, []) for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer

    return behave


_row = partial(drift, kind="schema rules")

RULES: Final = (
    _row(
        "schema-unknown-type-accepted", "schema.type-known", "Takes a field of an unknown type.", on_fields(_any_type)
    ),
    _row(
        "schema-lower-case-type-accepted",
        "schema.type-case",
        "Takes a field's type in lower case.",
        on_fields(_type_in_any_case),
    ),
    _row(
        "schema-picklist-without-values-accepted",
        "schema.picklist-values",
        "Takes a PICKLIST field without orderedValueList.",
        on_fields(_picklist_without_values),
    ),
    _row(
        "schema-reference-without-target-accepted",
        "schema.reference-target",
        "Takes a REFERENCE field without referenceTo.",
        on_fields(_reference_without_target),
    ),
    _row(
        "schema-unknown-target-accepted",
        "schema.reference-target-known",
        "Takes any text as referenceTo.",
        on_fields(_any_target),
    ),
    _row(
        "schema-string-array-accepted",
        "schema.string-array",
        "Takes a field of one's own of type STRINGARRAY.",
        on_fields(_string_array),
    ),
    _row(
        "schema-without-label-accepted",
        "schema.label-required",
        "Takes a field without label.",
        _lacking("label", "No label"),
    ),
    _row(
        "schema-without-type-accepted",
        "schema.type-required",
        "Takes a field without type.",
        _lacking("type", "STRING"),
    ),
    _row(
        "schema-without-unique-name-accepted",
        "schema.unique-name-required",
        "Takes a field without uniqueName.",
        _lacking("uniqueName", "unnamed"),
    ),
    _row(
        "schema-body-object-accepted",
        "schema.body-array",
        "Takes a schema that is no JSON array.",
        accepting(DESCRIBE, lambda call: not isinstance(call.json(), list), refused=(400,)),
    ),
    _row(
        "schema-field-left-out-is-kept",
        "schema.left-out",
        "Takes an upload that leaves a field out, and keeps the field.",
        _left_out_accepted(DESCRIBE & CURRENT, kept=True),
    ),
    _row(
        "schema-field-left-out-is-removed",
        "schema.left-out",
        "Takes an upload that leaves a field out, and removes the field.",
        _left_out_accepted(DESCRIBE & CURRENT, kept=False),
    ),
    _row(
        "schema-field-left-out-is-kept-legacy",
        "schema.left-out-legacy",
        "Takes an upload that leaves a field out on the legacy path, and keeps the field.",
        _left_out_accepted(DESCRIBE & LEGACY, kept=True),
    ),
    _row(
        "schema-removal-refused",
        "schema.removal",
        "Refuses the removal of a field.",
        refusing(
            DESCRIBE, lambda call: any(one.get("isDeleted") is True for one in field_records(call)), 400, "Bad request"
        ),
    ),
    _row(
        "schema-removal-short-refused-legacy",
        "schema.removal-legacy-short",
        "Refuses a removal without label and type on the legacy path.",
        refusing(
            DESCRIBE & LEGACY,
            lambda call: any(one.get("isDeleted") is True and not one.get("label") for one in field_records(call)),
            400,
            "label: must not be null",
        ),
    ),
    _row(
        "schema-removed-still-listed",
        "schema.removal",
        "Lists a removed field as if it were there.",
        removal_listed(marked=False),
    ),
    _row(
        "schema-removed-demanded-again",
        "schema.removed-may-be-left-out",
        "Refuses an upload that leaves out a field removed before.",
        remembering(lambda: _Demanding().behave),
    ),
    _row(
        "schema-label-change-lost",
        "schema.label-change",
        "Keeps the first label of a field.",
        remembering(_first_label),
    ),
    _row(
        "schema-type-change-refused",
        "schema.type-change",
        "Refuses another type for a field that is there.",
        lambda _: _type_change_refused,
    ),
    _row(
        "schema-growth-refused",
        "schema.grows",
        "Refuses a second upload for an object type.",
        lambda _: _growth_refused,
    ),
    _row("schema-listed-late", "schema.synchronous", "Lists a schema from the second time on.", remembering(_late)),
    _row(
        "schema-refused-but-stored",
        "schema.refused-changes-nothing",
        "Refuses a wrong schema, but adds a field.",
        lambda _: _stored_before_refusal,
    ),
    _row(
        "schema-for-every-type",
        "schema.per-object-type",
        "Lists the fields of one object type for the others too.",
        remembering(_for_every_type),
    ),
    *(
        _row(
            f"schema-{name.lower()}-refused",
            "schema.every-type",
            f"Refuses fields of type {name}.",
            refusing(
                DESCRIBE,
                partial(_has_type, name),
                400,
                "Bad request",
            ),
        )
        for name in ("PERCENT", "PHONENUMBER", "ID", "REFERENCE", "BOOLEAN")
    ),
    _row(
        "schema-target-user-refused",
        "schema.reference-targets-accepted",
        "Refuses USER as referenceTo.",
        refusing(
            DESCRIBE,
            lambda call: any(one.get("referenceTo") == "USER" for one in field_records(call)),
            400,
            "Bad request",
        ),
    ),
    _row(
        "schema-202",
        "schema.upload-success",
        "Answers a schema upload 202.",
        on_answer(DESCRIBE, lambda _, answer: answer.with_status(202)),
    ),
    _row(
        "schema-204",
        "schema.upload-success",
        "Answers a schema upload 204 without a body.",
        on_answer(DESCRIBE, lambda _, answer: answer.with_status(204).with_body(b"")),
    ),
    _row(
        "schema-201-legacy",
        "schema.upload-success",
        "Answers a schema upload 201 on the legacy path, which documents 200 only.",
        on_answer(DESCRIBE & LEGACY, lambda _, answer: answer.with_status(201)),
    ),
)


class _Demanding:
    """The fields that were removed, and are asked for all the same."""

    def __init__(self) -> None:
        self._removed: dict[str, set[str]] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Refuse an upload without every field that ever was."""
        if operation_of(call) not in DESCRIBE:
            return await ask(call)
        of_type, sent = call.parameter("objectType"), {str(one.get("uniqueName")) for one in field_records(call)}
        if self._removed.get(of_type, set()) - sent:
            return await ask(call.with_body(b"{}"))
        answer = await ask(call)
        if answer.succeeded:
            gone = {str(one.get("uniqueName")) for one in field_records(call) if one.get("isDeleted") is True}
            self._removed.setdefault(of_type, set()).update(gone)
        return answer


async def _type_change_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in DESCRIBE and field_records(call):
        types = {one["uniqueName"]: one["type"] for one in await _listed(call, ask)}
        changed = [
            one for one in field_records(call) if types.get(one.get("uniqueName"), one.get("type")) != one.get("type")
        ]
        if any(one.get("type") in _TYPES for one in changed):
            return await ask(call.with_body(b"{}"))
    return await ask(call)


async def _growth_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in DESCRIBE and field_records(call) and await _listed(call, ask):
        return await ask(call.with_body(b"{}"))
    return await ask(call)
