"""The operations of the API, alone and in the groups that drifts speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Call

ROUTES: Final = {
    "registerCrmIntegration": ("PUT", "/v2/crm/integrations"),
    "registerCrmIntegrationLegacy": ("PUT", "/v2/crm/integration/new"),
    "listCrmIntegrations": ("GET", "/v2/crm/integrations"),
    "listCrmIntegrationsLegacy": ("GET", "/v2/crm/integration/list"),
    "deleteCrmIntegration": ("DELETE", "/v2/crm/integrations"),
    "deleteCrmIntegrationLegacy": ("DELETE", "/v2/crm/integration/delete"),
    "uploadCrmEntitySchema": ("POST", "/v2/crm/entity-schema"),
    "uploadCrmEntitySchemaLegacy": ("POST", "/v2/crm/object/schema"),
    "listCrmEntitySchema": ("GET", "/v2/crm/entity-schema"),
    "listCrmEntitySchemaLegacy": ("GET", "/v2/crm/object/schema/list"),
    "uploadCrmEntities": ("POST", "/v2/crm/entities"),
    "uploadCrmEntitiesLegacy": ("POST", "/v2/crm/object/entities"),
    "getCrmEntities": ("GET", "/v2/crm/entities"),
    "getCrmEntitiesLegacy": ("GET", "/v2/crm/object/list"),
    "getCrmRequestStatus": ("GET", "/v2/crm/request-status"),
    "mapCrmUsersLegacy": ("POST", "/v2/crm/map/users"),
    "uploadCrmStagesLegacy": ("POST", "/v2/crm/stages"),
}
"""Method and path by operationId."""

_BY_ROUTE: Final = {route: name for name, route in ROUTES.items()}
PATHS: Final = frozenset(path for _, path in ROUTES.values())

Operations: TypeAlias = frozenset[str]

EVERY: Final[Operations] = frozenset(ROUTES)
LEGACY: Final[Operations] = frozenset(name for name in ROUTES if name.endswith("Legacy"))
CURRENT: Final[Operations] = EVERY - LEGACY


def twins(name: str) -> Operations:
    """Name an operation and its legacy twin.

    Args:
        name: operationId of the current one.

    Returns:
        Both.
    """
    return frozenset({name, f"{name}Legacy"})


REGISTER: Final = twins("registerCrmIntegration")
LIST: Final = twins("listCrmIntegrations")
DELETE: Final = twins("deleteCrmIntegration")
DESCRIBE: Final = twins("uploadCrmEntitySchema")
FIELDS: Final = twins("listCrmEntitySchema")
UPLOAD: Final = twins("uploadCrmEntities")
READ: Final = twins("getCrmEntities")
STATUS: Final = frozenset({"getCrmRequestStatus"})
MAP_USERS: Final = frozenset({"mapCrmUsersLegacy"})
STAGES: Final = frozenset({"uploadCrmStagesLegacy"})
FILES: Final = UPLOAD | MAP_USERS
ASYNCHRONOUS: Final = FILES | DELETE


def operation_of(call: Call) -> str:
    """Tell which operation a call means.

    Args:
        call: The call.

    Returns:
        Its operationId, or "" when method and path belong to none.
    """
    return _BY_ROUTE.get((call.method, call.path), "")
