"""Drifts of the fields that a schema upload takes: their types, their targets, what each of them has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import DESCRIBE, LEGACY
from contract_tests.drifts.pieces import accepting, on_answer, refusing
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema_fields import FIELD_TYPES, field_records, on_fields

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Call, Recipe
    from contract_tests.drifts.schema_fields import Field

_TARGETS: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")


def _lacking(name: str, filler: object) -> Recipe:
    def fill(field: Field) -> Field:
        live = field.get("isDeleted") is not True
        return {**field, name: filler} if live and field.get(name) is None and "name" not in field else field

    return on_fields(fill)


def _has_type(name: str, call: Call) -> bool:
    return any(one.get("type") == name for one in field_records(call))


def _any_type(field: Field) -> Field:
    sent = field.get("type")
    return {**field, "type": "STRING"} if isinstance(sent, str) and sent.upper() not in FIELD_TYPES else field


def _type_in_any_case(field: Field) -> Field:
    sent = field.get("type")
    return {**field, "type": sent.upper()} if isinstance(sent, str) and sent not in FIELD_TYPES else field


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


_row = partial(drift, kind="schema rules")

ACCEPTED: Final = (
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
)

REFUSED: Final = (
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
)

SUCCESSES: Final = (
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
