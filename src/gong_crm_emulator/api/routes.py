"""The route table of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gong_crm_emulator.api import operations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from gong_crm_emulator.api.call import Call

REGISTER: Final = "api:crm:integration:register"
READ: Final = "api:crm:integrations:read"
DELETE: Final = "api:crm:integration:delete"
SCHEMA: Final = "api:crm:schema"
UPLOAD: Final = "api:crm:upload"
OBJECTS: Final = "api:crm:get-objects"
JSON: Final = "application/json"
FORM: Final = "multipart/form-data"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of the route table.

    Attributes:
        method: HTTP method.
        path: Path.
        endpoint: Function that answers, named after the operation.
        scope: Scope that the caller needs.
        media_type: Media type that the body must have, or None when there is no body.
    """

    method: str
    path: str
    endpoint: Callable[[Call], Awaitable[Response]]
    scope: str
    media_type: str | None = None

    @property
    def name(self) -> str:
        """The operation's name in Python, `upload_crm_entities`."""
        return str(getattr(self.endpoint, "__name__", ""))

    @property
    def operation_id(self) -> str:
        """The operation's name in the API, `uploadCrmEntities`."""
        first, *others = self.name.split("_")
        return first + "".join(word.capitalize() for word in others)


def _operation(
    method: str,
    path: str,
    endpoint: Callable[[Call], Awaitable[Response]],
    scope: str,
    media_type: str | None = None,
) -> Operation:
    return Operation(method=method, path=path, endpoint=endpoint, scope=scope, media_type=media_type)


CURRENT: Final = (
    _operation("PUT", "/v2/crm/integrations", operations.register_crm_integration, REGISTER, JSON),
    _operation("GET", "/v2/crm/integrations", operations.list_crm_integrations, READ),
    _operation("DELETE", "/v2/crm/integrations", operations.delete_crm_integration, DELETE),
    _operation("POST", "/v2/crm/entity-schema", operations.upload_crm_entity_schema, SCHEMA, JSON),
    _operation("GET", "/v2/crm/entity-schema", operations.list_crm_entity_schema, SCHEMA),
    _operation("POST", "/v2/crm/entities", operations.upload_crm_entities, UPLOAD, FORM),
    _operation("GET", "/v2/crm/entities", operations.get_crm_entities, OBJECTS, JSON),
    _operation("GET", "/v2/crm/request-status", operations.get_crm_request_status, UPLOAD),
)
LEGACY: Final = (
    _operation("PUT", "/v2/crm/integration/new", operations.register_crm_integration_legacy, REGISTER, JSON),
    _operation("GET", "/v2/crm/integration/list", operations.list_crm_integrations_legacy, READ),
    _operation("DELETE", "/v2/crm/integration/delete", operations.delete_crm_integration_legacy, DELETE),
    _operation("POST", "/v2/crm/object/schema", operations.upload_crm_entity_schema_legacy, SCHEMA, JSON),
    _operation("GET", "/v2/crm/object/schema/list", operations.list_crm_entity_schema_legacy, SCHEMA),
    _operation("POST", "/v2/crm/object/entities", operations.upload_crm_entities_legacy, UPLOAD, FORM),
    _operation("GET", "/v2/crm/object/list", operations.get_crm_entities_legacy, OBJECTS, JSON),
    _operation("POST", "/v2/crm/map/users", operations.map_crm_users_legacy, UPLOAD, FORM),
    _operation("POST", "/v2/crm/stages", operations.upload_crm_stages_legacy, SCHEMA, JSON),
)
OPERATIONS: Final = (*CURRENT, *LEGACY)
