"""The operations of the API in the groups that drifts speak of, taken from the suite's own table."""

from typing import Final, TypeAlias

from contract_tests.drifts.exchange import Call
from contract_tests.suite.ledger.operations import OPERATIONS, operation_at

Operations: TypeAlias = frozenset[str]

EVERY: Final = frozenset(one.id for one in OPERATIONS)
LEGACY: Final = frozenset(one.id for one in OPERATIONS if one.family == "legacy")
CURRENT: Final = EVERY - LEGACY


def twins(name: str) -> Operations:
    """Name an operation and its legacy twin."""
    return frozenset(one.id for one in OPERATIONS if one.name == name)


REGISTER: Final = twins("registerCrmIntegration")
LIST: Final = twins("listCrmIntegrations")
DELETE: Final = twins("deleteCrmIntegration")
UPLOAD_SCHEMA: Final = twins("uploadCrmEntitySchema")
LIST_SCHEMA: Final = twins("listCrmEntitySchema")
UPLOAD: Final = twins("uploadCrmEntities")
READ: Final = twins("getCrmEntities")
STATUS: Final = twins("getCrmRequestStatus")
MAP_USERS: Final = twins("mapCrmUsersLegacy")
STAGES: Final = twins("uploadCrmStagesLegacy")
FILES: Final = UPLOAD | MAP_USERS
ASYNCHRONOUS: Final = FILES | DELETE


def operation_of(call: Call) -> str:
    """Give the operationId that a call means, or "" when method and path belong to none."""
    operation = operation_at(call.method, call.path)
    return operation.id if operation else ""
