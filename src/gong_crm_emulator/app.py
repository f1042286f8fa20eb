"""The application: what is served where, and what stands around it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from gong_crm_emulator.api.dispatch import Dispatch
from gong_crm_emulator.api.routes import CURRENT, OPERATIONS
from gong_crm_emulator.auth import oauth
from gong_crm_emulator.control.routes import guarded
from gong_crm_emulator.middleware.patience import impatient
from gong_crm_emulator.runtime import assemble
from gong_crm_emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send


def create_app(settings: EmulatorSettings | None = None) -> Starlette:
    """Make an emulator for Gong with a state of its own.

    Raises:
        SeedError: If the settings name a seed file that cannot be planted.
        StorageError: If they name a file for the state that cannot be used.
    """
    settings = settings or EmulatorSettings()
    served = OPERATIONS if settings.legacy_paths else CURRENT
    runtime = assemble(settings, operation_ids={(one.method, one.path): one.operation_id for one in served})
    gong = _Endpoint(runtime.journal.wrap(runtime.faults.wrap(Dispatch(served, runtime=runtime))))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        runtime.close()

    seconds = settings.idle_seconds
    look_in = impatient(guarded(runtime), seconds=seconds)
    page = [Mount("/_emulator/", app=look_in), Route("/_emulator", _to_page)] if settings.control else []
    consent = [
        Route(path, _Endpoint(runtime.journal.wrap(impatient(app, seconds=seconds))), methods=[method])
        for method, path, app in oauth.endpoints(runtime.access, settings)
    ]
    home = Route("/", _HomePage(gong) if settings.control else gong)
    routes = [*page, *consent, home, Route("/{path:path}", gong)]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(runtime.under_way.wrap)])
    app.router.redirect_slashes = False
    return app


async def _to_page(_: Request) -> Response:
    return RedirectResponse("/_emulator/")


class _Endpoint:
    """An ASGI application as an object, which a route takes with every method."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _HomePage(_Endpoint):
    """The path `/`: a browser is shown the way to the page, and everybody else gets what Gong would answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = dict(scope["headers"]).get(b"accept", b"")
        if scope["method"] == "GET" and b"text/html" in wanted:
            await RedirectResponse("/_emulator/")(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
