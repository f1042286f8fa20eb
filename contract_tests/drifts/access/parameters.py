"""Drifts of parameters: each operation takes what it has to refuse, one table of operations and mutations."""

import re
from collections.abc import Iterator
from typing import Final

from contract_tests.drifts.exchange import Call
from contract_tests.drifts.files import file_of
from contract_tests.drifts.operations import READ, STAGES, UPLOAD_SCHEMA
from contract_tests.drifts.recipes import Condition, accepting, accepting_unknown_integration, lacks, no_array
from contract_tests.drifts.registry import Drift, drift
from contract_tests.suite.drive.records import OBJECT_TYPES, READABLE_TYPES
from contract_tests.suite.ledger.operations import OPERATIONS, Operation

_CLIENT_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]+")

TAKES: Final = {
    "deleteCrmIntegration": "integrationId clientRequestId",
    "uploadCrmEntitySchema": "integrationId objectType readable",
    "listCrmEntitySchema": "integrationId readable",
    "uploadCrmEntities": "integrationId objectType clientRequestId dataFile",
    "getCrmEntities": "integrationId objectType readable",
    "getCrmRequestStatus": "integrationId requestName",
    "mapCrmUsersLegacy": "integrationId clientRequestId dataFile",
    "uploadCrmStagesLegacy": "integrationId",
}
"""What is asked of the parameters of each operation."""


def _integer(call: Call) -> bool:
    return call.integration.isascii() and call.integration.isdigit() and int(call.integration) < 2**63


def _beyond_int64(call: Call) -> bool:
    return call.integration.isdigit() and not _integer(call)


def _no_number(call: Call) -> bool:
    return bool(call.integration) and not call.integration.isdigit()


def _unknown_type(call: Call) -> bool:
    sent = call.parameter("objectType")
    return bool(sent) and sent.upper() not in OBJECT_TYPES


def _unreadable_type(call: Call) -> bool:
    return call.parameter("objectType") in {*OBJECT_TYPES} - {*READABLE_TYPES}


def _other_case(call: Call) -> bool:
    sent = call.parameter("objectType")
    return sent not in OBJECT_TYPES and sent.upper() in OBJECT_TYPES


def _forbidden(call: Call) -> bool:
    sent = call.parameter("clientRequestId")
    return bool(sent) and _CLIENT_REQUEST_ID.fullmatch(sent) is None


MUTATIONS: Final[tuple[tuple[str, str, str, Condition], ...]] = (
    ("without-integrationId", "integrationId", "{}.integration-id-required", lacks("integrationId")),
    ("integrationId-beyond-int64", "integrationId", "ids.integration-id-beyond-int64", _beyond_int64),
    ("integrationId-not-a-number", "integrationId", "ids.integration-id-not-a-number", _no_number),
    ("without-objectType", "objectType", "{}.object-type-required", lacks("objectType")),
    ("unknown-objectType", "objectType readable", "{}.object-type-known", _unknown_type),
    ("users-and-stages", "readable", "{}.object-type-known", _unreadable_type),
    ("objectType-in-other-case", "objectType readable", "{}.object-type-case", _other_case),
    (
        "without-clientRequestId",
        "clientRequestId requestName",
        "{}.client-request-id-required",
        lacks("clientRequestId"),
    ),
    ("forbidden-clientRequestId", "clientRequestId", "{}.client-request-id-characters", _forbidden),
    ("without-dataFile", "dataFile", "{}.data-file-required", lambda call: file_of(call) is None),
)
"""What is wrong, the kinds of parameters it concerns, the clause with {} for the chapter, which calls have it."""


def _rows(operation: Operation) -> Iterator[Drift]:
    own, takes = frozenset({operation.id}), set(TAKES.get(operation.name, "").split())
    mutations = {word: (clause, wrong) for word, of, clause, wrong in MUTATIONS if takes & set(of.split())}
    for word, (clause, wrong) in mutations.items():
        said = f"Answers {operation.id} a success: {word.replace('-', ' ')}."
        yield drift(f"{operation.id}-{word}-accepted", clause.format(operation.chapter), said, accepting(own, wrong))
    if takes:
        yield drift(
            f"{operation.id}-unknown-integration-accepted",
            f"{operation.chapter}.unknown-integration",
            f"Answers {operation.id} a success for an integration that does not exist.",
            accepting_unknown_integration(own, lambda call: not any(wrong(call) for _, wrong in mutations.values())),
        )
    if own & (READ | STAGES | UPLOAD_SCHEMA):
        yield drift(
            f"{operation.id}-body-no-array-accepted",
            f"{operation.chapter}.body-array",
            f"Answers {operation.id} a success for a body that is no JSON array.",
            accepting(own, lambda call: bool(call.body) and no_array(call)),
        )


ROWS: Final = tuple(row for operation in OPERATIONS for row in _rows(operation))
