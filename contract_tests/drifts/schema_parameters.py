"""Drifts of the parameters of the schema operations, and of what the schema list shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.files import OBJECT_TYPES
from contract_tests.drifts.operations import DESCRIBE, FIELDS, operation_of
from contract_tests.drifts.pieces import (
    SCHEMA_TYPES,
    accepting,
    accepting_unknown_integration,
    on_answer,
    on_body,
    on_request,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Call


async def _all_types(call: Call, ask: Ask) -> Answer:
    if operation_of(call) not in FIELDS or not call.parameter("objectType"):
        return await ask(call)
    answer = await ask(call)
    rest = {name: value for name, value in call.parameters.items() if name != "objectType"}
    return await ask(call.with_parameters(rest)) if answer.succeeded else answer


async def _first_type(call: Call, ask: Ask) -> Answer:
    omitted = operation_of(call) in FIELDS and "objectType" not in call.parameters
    return await ask(call.with_parameter("objectType", "ACCOUNT") if omitted else call)


def _without(name: str) -> Callable[[Call], bool]:
    return lambda call: not call.parameter(name)


def _type_in_other_case(call: Call) -> bool:
    sent = call.parameter("objectType")
    return sent not in SCHEMA_TYPES and sent.upper() in SCHEMA_TYPES


def _in_capitals(call: Call) -> Call:
    return call.with_parameter("objectType", call.parameter("objectType").upper())


def _without_schema(call: Call) -> bool:
    return call.parameter("objectType") in set(OBJECT_TYPES) - set(SCHEMA_TYPES)


def _unknown_type(call: Call) -> bool:
    sent = call.parameter("objectType")
    return bool(sent) and sent.upper() not in OBJECT_TYPES


def _well_formed(call: Call) -> bool:
    typed = call.parameter("objectType") in SCHEMA_TYPES or (
        operation_of(call) in FIELDS and "objectType" not in call.parameters
    )
    return typed and call.integration.isdigit()


_row = partial(drift, kind="schema parameters")

PARAMETERS: Final = (
    *(
        row
        for word, clauses, operations in (("schema", "schema", DESCRIBE), ("schema-list", "schema-list", FIELDS))
        for row in (
            _row(
                f"{word}-without-integration-accepted",
                f"{clauses}.integration-id-required",
                f"Answers {word} without integrationId.",
                accepting(operations, _without("integrationId"), refused=(400,)),
            ),
            _row(
                f"{word}-users-and-stages-accepted",
                f"{clauses}.object-type-known",
                f"Answers {word} for BUSINESS_USER and STAGE.",
                accepting(operations, _without_schema, refused=(400,)),
            ),
            _row(
                f"{word}-unknown-object-type-accepted",
                f"{clauses}.object-type-known",
                f"Answers {word} for an object type that does not exist.",
                accepting(operations, _unknown_type, refused=(400,)),
            ),
            _row(
                f"{word}-lower-case-object-type-accepted",
                f"{clauses}.object-type-case",
                f"Takes an objectType in lower case for {word}.",
                on_request(operations, _in_capitals, when=_type_in_other_case),
            ),
            _row(
                f"{word}-unknown-integration-accepted",
                f"{clauses}.unknown-integration",
                f"Answers {word} for an integration that does not exist.",
                accepting_unknown_integration(operations, _well_formed),
            ),
        )
    ),
    _row(
        "schema-without-object-type-accepted",
        "schema.object-type-required",
        "Takes a schema without objectType.",
        accepting(DESCRIBE, _without("objectType"), refused=(400,)),
    ),
    _row(
        "schema-list-other-types-too",
        "schema-list.only-the-type",
        "Lists all object types when one is asked for.",
        lambda _: _all_types,
    ),
    _row(
        "schema-list-type-asked-not-listed",
        "schema-list.only-the-type",
        "Lists every object type but the one that is asked for.",
        on_answer(
            FIELDS,
            lambda call, answer: answer.with_json(
                {
                    **answer.json(),
                    "objectTypeToSelectedFields": {
                        name: [] for name in SCHEMA_TYPES if name != call.parameter("objectType")
                    },
                }
            ),
            when=lambda call, answer: answer.succeeded and bool(call.parameter("objectType")),
        ),
    ),
    _row(
        "schema-list-one-type-only",
        "schema-list.all-types",
        "Lists ACCOUNT alone when no object type is named.",
        lambda _: _first_type,
    ),
    _row(
        "schema-list-nothing",
        "schema-list.field",
        "Lists no field, whatever was sent.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*", lambda _: [])),
    ),
    _row(
        "schema-list-label-is-unique-name",
        "schema-list.field",
        "Lists a field's uniqueName as its label.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*.*", lambda field: {**field, "label": field["uniqueName"]})),
    ),
    _row(
        "schema-list-unique-name-in-lower-case",
        "schema-list.field",
        "Lists a field's uniqueName in lower case.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*.*.uniqueName", str.lower)),
    ),
    _row(
        "schema-list-type-in-lower-case",
        "schema-list.field",
        "Lists a field's type in lower case.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*.*.type", str.lower)),
    ),
    _row(
        "schema-list-string-for-all",
        "schema-list.field",
        "Lists every field as STRING.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*.*.type", lambda _: "STRING")),
    ),
    _row(
        "schema-list-values-as-text",
        "envelope.documented-body",
        "Lists orderedValueList as one text.",
        on_body(
            FIELDS,
            at("objectTypeToSelectedFields.*.*.orderedValueList", lambda values: values and ",".join(values)),
        ),
    ),
    _row(
        "schema-list-is-deleted-as-text",
        "envelope.documented-body",
        "Lists isDeleted as text.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*.*.isDeleted", lambda flag: str(flag).lower())),
    ),
    _row(
        "schema-list-201",
        "schema-list.success",
        "Answers a schema list 201.",
        on_answer(FIELDS, lambda _, answer: answer.with_status(201)),
    ),
)
