"""The control API of the stand-in, under `/_emulator/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gong_crm_emulator.state import Tenant
    from gong_crm_emulator.work import BackgroundWork


def routes(tenant: Tenant, work: BackgroundWork) -> list[Route]:
    """Make the routes of the control API.

    Args:
        tenant: The state.
        work: The background threads.

    Returns:
        The routes.
    """

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def reset(_: Request) -> Response:
        tenant.reset()
        return JSONResponse({"status": "ok"})

    del work
    return [Route("/api/health", health), Route("/api/reset", reset, methods=["POST"])]
