"""Drifts of the fields that a schema upload takes and the list shows."""

import html
from collections.abc import Callable
from typing import Final

from contract_tests.drifts.edits import at, value
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.memory import Field, field_records
from contract_tests.drifts.operations import CURRENT, LEGACY, LIST_SCHEMA, UPLOAD_SCHEMA, operation_of
from contract_tests.drifts.recipes import on_body, on_request, refusing
from contract_tests.drifts.registry import drift
from contract_tests.suite.drive.records import READABLE_TYPES

TYPES: Final = frozenset(
    [
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
)
"""Types that a field may have."""

TARGETS: Final = frozenset({*READABLE_TYPES, "USER"})
"""What a reference may lead to."""

FIELD: Final = "objectTypeToSelectedFields.*.*"


def on_fields(change: Callable[[Field], Field], *, operations: frozenset[str] = UPLOAD_SCHEMA) -> Recipe:
    """Change the fields of schema uploads before the emulator reads them."""
    return on_request(
        operations,
        lambda call: call.with_json([change(one) if isinstance(one, dict) else one for one in call.json()]),
        when=lambda call: bool(field_records(call)),
    )


def some_field(test: Callable[[Field], bool]) -> Callable[[Call], bool]:
    """Hold for schema uploads with such a field."""
    return lambda call: any(test(one) for one in field_records(call))


def _filled(name: str, filler: object, *, where: Callable[[Field], bool] = lambda _: True) -> Recipe:
    def fill(field: Field) -> Field:
        lacking = field.get("isDeleted") is not True and field.get(name) is None and "name" not in field
        return {**field, name: filler} if lacking and where(field) else field

    return on_fields(fill)


def _typed(name: str) -> Callable[[Field], bool]:
    return lambda field: field.get("type") == name


def _any_type(field: Field) -> Field:
    sent = field.get("type")
    return {**field, "type": "STRING"} if isinstance(sent, str) and sent.upper() not in TYPES else field


def _type_in_any_case(field: Field) -> Field:
    return {**field, "type": field["type"].upper()} if isinstance(field.get("type"), str) else field


def _from_null(name: str, filler: object) -> Recipe:
    def fill(field: Field) -> Field:
        return {**field, name: filler} if name in field and field[name] is None else field

    return on_fields(fill)


def _one_case(values: list[str] | None) -> list[str] | None:
    return values and list({one.lower(): one for one in reversed(values)}.values())[::-1]


def _any_target(field: Field) -> Field:
    return (
        {**field, "referenceTo": "ACCOUNT"}
        if field.get("referenceTo") not in (None, "BUSINESS_USER", *TARGETS)
        else field
    )


def user_target(field: Field) -> Field:
    """Take BUSINESS_USER for USER as the target of a field."""
    return {**field, "referenceTo": "USER"} if field.get("referenceTo") == "BUSINESS_USER" else field


def _string_array(field: Field) -> Field:
    return {**field, "type": "STRING"} if field.get("type") == "STRINGARRAY" else field


def _short_removal(field: Field) -> Field:
    return {"label": "Removed", "type": "STRING", **field} if field.get("isDeleted") is True else field


async def _all_types(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) not in LIST_SCHEMA or not call.parameter("objectType") or not answer.succeeded:
        return answer
    return await ask(call.with_parameters({"integrationId": call.integration}))


async def _first_type(call: Call, ask: Ask) -> Answer:
    omitted = operation_of(call) in LIST_SCHEMA and "objectType" not in call.parameters
    return await ask(call.with_parameter("objectType", "ACCOUNT") if omitted else call)


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("schema-unknown-type", "schema.type-known", "Takes a field of an unknown type.", on_fields(_any_type)),
    drift("schema-type-in-any-case", "schema.type-case", "Takes types in lower case.", on_fields(_type_in_any_case)),
    drift("schema-any-target", "schema.reference-target-known", "Takes any text as referenceTo.",
        on_fields(_any_target)),
    drift("schema-string-array", "schema.string-array", "Takes a STRINGARRAY of one's own.", on_fields(_string_array)),
    drift("schema-picklist-without-values", "schema.picklist-values",
        "Takes a PICKLIST field without orderedValueList.",
        _filled("orderedValueList", [], where=lambda field: field.get("type") == "PICKLIST")),
    drift("schema-reference-without-target", "schema.reference-target", "Takes a REFERENCE field without referenceTo.",
        _filled("referenceTo", "ACCOUNT", where=lambda field: field.get("type") == "REFERENCE")),
    drift("schema-without-label", "schema.label-required", "Takes a field without label.", _filled("label", "None")),
    drift("schema-without-type", "schema.type-required", "Takes a field without type.", _filled("type", "STRING")),
    drift("schema-without-name", "schema.unique-name-required", "Takes a nameless field.",
        _filled("uniqueName", "none")),
    *(
        drift(f"schema-{name.lower()}-refused", "schema.every-type", f"Refuses fields of type {name}.",
            refusing(UPLOAD_SCHEMA, some_field(_typed(name))))
        for name in ("PERCENT", "PHONENUMBER", "ID", "REFERENCE", "BOOLEAN")
    ),
    drift("schema-target-user-refused", "schema.reference-targets-accepted", "Refuses USER as referenceTo.",
        refusing(UPLOAD_SCHEMA, some_field(lambda field: field.get("referenceTo") == "USER"))),
    drift("schema-removal-short-accepted", "schema.removal-current-short",
        "Takes a removal without label and type on the current path.",
        on_fields(_short_removal, operations=UPLOAD_SCHEMA & CURRENT)),
    drift("schema-list-other-types-too", "schema-list.only-the-type", "Lists all object types.", lambda _: _all_types),
    drift("schema-list-one-type-only", "schema-list.all-types", "Lists ACCOUNT when no type is named.",
        lambda _: _first_type),
    drift("schema-list-nothing", "schema-list.field", "Lists no field, whatever was sent.",
        on_body(LIST_SCHEMA, value("objectTypeToSelectedFields.*", []))),
    *(
        drift(f"schema-null-{name}", clause, f"Takes a field whose {name} is null.", _from_null(name, filler))
        for name, clause, filler in (
            ("uniqueName", "schema.unique-name-required", "none"),
            ("label", "schema.label-required", "None"),
            ("type", "schema.type-required", "STRING"),
            ("orderedValueList", "schema.picklist-values", []),
            ("referenceTo", "schema.reference-target", "ACCOUNT"),
        )
    ),
    *(
        drift(f"schema-list-label-{word}", "schema-list.field", f"Lists labels {word.replace('-', ' ')}.",
            on_body(LIST_SCHEMA, at(f"{FIELD}.label", change)))
        for word, change in (
            ("in-ascii", lambda text: text.encode("ascii", "replace").decode()),
            ("of-100-letters-at-most", lambda text: text[:100]),
            ("as-html", html.escape),
        )
    ),
    drift("schema-list-ten-values", "schema-list.ordered-values", "Lists ten values of a pick list at most.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.orderedValueList", lambda values: values and values[:10]))),
    drift("schema-list-values-in-one-case", "schema-list.ordered-values",
        "Takes values of a pick list for one that differ in case.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.orderedValueList", _one_case))),
    drift("schema-list-values-sorted", "schema-list.ordered-values", "Lists the values of a pick list in order.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.orderedValueList", lambda values: values and sorted(values)))),
    drift("schema-list-target-account", "schema-list.reference-to", "Lists ACCOUNT as every referenceTo.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.referenceTo", lambda target: target and "ACCOUNT"))),
    drift("schema-list-moment-without-zone", "schema-list.last-modified", "Lists lastModified in words.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.lastModified", lambda moment: moment and f"on {moment[:10]}"))),
    drift("schema-list-moment-of-the-call", "schema-list.last-modified", "Lists another lastModified than was sent.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.lastModified", lambda moment: moment and "2026-01-01T00:00:00Z"))),
    drift("schema-list-name-is-label", "schema-list.name", "Lists the label as the deprecated name.",
        on_body(LIST_SCHEMA & LEGACY, at(FIELD, lambda field: {**field, "name": field["label"]}))),
    drift("schema-legacy-name-refused", "schema.legacy-name", "Refuses the deprecated name on the legacy path.",
        refusing(UPLOAD_SCHEMA & LEGACY, some_field(lambda field: "name" in field and "uniqueName" not in field))),
    drift("schema-target-business-user-taken", "schema.reference-target-business-user",
        "Takes BUSINESS_USER for USER as referenceTo.", on_fields(user_target)),
    drift("schema-list-string-for-all", "schema-list.field", "Lists every field as STRING.",
        on_body(LIST_SCHEMA, value(f"{FIELD}.type", "STRING"))),
)
# fmt: on
