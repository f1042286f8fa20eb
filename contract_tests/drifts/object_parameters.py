"""Drifts of the parameters and bodies with which objects are read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.files import OBJECT_TYPES
from contract_tests.drifts.operations import CURRENT, READ
from contract_tests.drifts.pieces import (
    SCHEMA_TYPES,
    accepting,
    accepting_unknown_integration,
    on_answer,
    on_request,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Call


def _ids_in_query(call: Call) -> bool:
    return call.header("content-type") is None and not call.body and "objectsCrmIds" in call.parameters


def _ids_from_query(call: Call) -> Call:
    return call.with_json([call.parameter("objectsCrmIds")])


def _no_body(call: Call) -> bool:
    return not call.body


def _untyped(call: Call) -> bool:
    return call.header("content-type") is None


def _without(name: str) -> Callable[[Call], bool]:
    return lambda call: not call.parameter(name)


def _unreadable_type(call: Call) -> bool:
    return call.parameter("objectType") in set(OBJECT_TYPES) - set(SCHEMA_TYPES)


def _unknown_type(call: Call) -> bool:
    sent = call.parameter("objectType")
    return bool(sent) and sent.upper() not in OBJECT_TYPES


def _type_in_other_case(call: Call) -> bool:
    sent = call.parameter("objectType")
    return sent not in SCHEMA_TYPES and sent.upper() in SCHEMA_TYPES


def _well_formed(call: Call) -> bool:
    good = call.parameter("objectType") in SCHEMA_TYPES and call.integration.isdigit()
    return good and isinstance(call.json(), list)


def _no_array(call: Call) -> bool:
    return bool(call.body) and not isinstance(call.json(), list)


_row = partial(drift, kind="reading parameters")

PARAMETERS: Final = (
    _row(
        "read-without-integration-accepted",
        "objects.integration-id-required",
        "Answers a read without integrationId.",
        accepting(READ, _without("integrationId"), refused=(400,)),
    ),
    _row(
        "read-without-type-accepted",
        "objects.object-type-required",
        "Answers a read without objectType.",
        accepting(READ, _without("objectType"), refused=(400,)),
    ),
    _row(
        "read-users-and-stages-accepted",
        "objects.object-type-known",
        "Answers a read of BUSINESS_USER and STAGE.",
        accepting(READ, _unreadable_type, refused=(400,)),
    ),
    _row(
        "read-unknown-type-accepted",
        "objects.object-type-known",
        "Answers a read of an object type that does not exist.",
        accepting(READ, _unknown_type, refused=(400,)),
    ),
    _row(
        "read-lower-case-type-accepted",
        "objects.object-type-case",
        "Takes an objectType in lower case when objects are read.",
        on_request(
            READ,
            lambda call: call.with_parameter("objectType", call.parameter("objectType").upper()),
            when=_type_in_other_case,
        ),
    ),
    _row(
        "read-unknown-integration-accepted",
        "objects.unknown-integration",
        "Answers a read from an integration that does not exist.",
        accepting_unknown_integration(READ, _well_formed),
    ),
    _row(
        "read-body-object-accepted",
        "objects.body-array",
        "Answers a read whose body is no JSON array.",
        accepting(READ, _no_array, refused=(400,)),
    ),
    _row(
        "read-body-500",
        "objects.body-array",
        "Answers 500 to a read whose body is no JSON array.",
        on_answer(
            READ,
            lambda _, answer: answer.with_status(500),
            when=lambda call, answer: answer.status == 400 and _no_array(call),
        ),
    ),
    _row(
        "read-empty-body-accepted",
        "objects.body-empty",
        "Answers a read with JSON content type and no body.",
        accepting(READ, _no_body, refused=(400,)),
    ),
    _row(
        "read-without-body-accepted",
        "route.get-objects-without-body",
        "Answers a read without body and content type 200.",
        accepting(READ & CURRENT, _untyped, refused=(415,)),
    ),
    _row(
        "read-without-body-400",
        "route.get-objects-without-body",
        "Answers a read without body and content type 400.",
        on_answer(
            READ & CURRENT,
            lambda _, answer: answer.with_status(400),
            when=lambda call, answer: answer.status == 415 and _untyped(call),
        ),
    ),
    _row(
        "read-ids-from-query",
        "route.get-objects-without-body",
        "Takes the ids from the query when there is no body.",
        on_request(READ, _ids_from_query, when=_ids_in_query),
    ),
    _row(
        "read-body-ignored-for-query",
        "objects.only-asked",
        "Takes the ids from the query although there is a body.",
        on_request(READ, _ids_from_query, when=lambda call: "objectsCrmIds" in call.parameters),
    ),
)
