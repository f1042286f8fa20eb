"""The application: the route table and what stands around it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from gong_crm_emulator.api import operations
from gong_crm_emulator.api.call import Operation
from gong_crm_emulator.api.dispatch import Dispatch
from gong_crm_emulator.auth import oauth
from gong_crm_emulator.control.routes import guarded
from gong_crm_emulator.runtime import assemble
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gong_crm_emulator.api.call import Call

REGISTER: Final = "api:crm:integration:register"
READ: Final = "api:crm:integrations:read"
DELETE: Final = "api:crm:integration:delete"
SCHEMA: Final = "api:crm:schema"
UPLOAD: Final = "api:crm:upload"
OBJECTS: Final = "api:crm:get-objects"
JSON: Final = "application/json"
FORM: Final = "multipart/form-data"


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


def create_app(settings: EmulatorSettings | None = None) -> Starlette:
    """Make an emulator for Gong with a state of its own.

    Raises:
        SeedError: If the settings name a seed file that cannot be planted.
    """
    settings = settings or EmulatorSettings()
    served = OPERATIONS if settings.legacy_paths else CURRENT
    runtime = assemble(settings, operation_ids={(one.method, one.path): one.operation_id for one in served})
    gong = runtime.journal.wrap(runtime.faults.wrap(Dispatch(served, runtime=runtime)))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        runtime.close()

    control_routes = [Mount("/_emulator", app=guarded(runtime))] if settings.control else []
    routes = [*control_routes, *oauth.routes(runtime.access, settings), Route("/{path:path}", _Endpoint(gong))]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.router.redirect_slashes = False
    return app


class _Endpoint:
    """An ASGI application as an object, which a route takes with every method."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
