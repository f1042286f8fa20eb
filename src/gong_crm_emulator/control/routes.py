"""The control API and the page of the emulator, under `/_emulator/`: their routes, and who is let in."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gong_crm_emulator.control import endpoints
from gong_crm_emulator.runtime import Runtime

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gong_crm_emulator.settings import EmulatorSettings

Handler: TypeAlias = Callable[[Runtime, Request], Awaitable[Response]]

ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/", endpoints.page),
    ("GET", "/api/health", endpoints.health),
    ("GET", "/api/state", endpoints.state),
    ("GET", "/api/fields", endpoints.show_fields),
    ("GET", "/api/objects", endpoints.show_objects),
    ("GET", "/api/objects/{object_type}/{object_id}", endpoints.show_history),
    ("GET", "/api/requests", endpoints.show_requests),
    ("POST", "/api/requests/{seq:int}/advance", endpoints.advance),
    ("GET", "/api/journal", endpoints.show_journal),
    ("DELETE", "/api/journal", endpoints.clear_journal),
    ("GET", "/api/clock", endpoints.show_clock),
    ("POST", "/api/clock", endpoints.set_clock),
    ("POST", "/api/reset", endpoints.reset),
    ("POST", "/api/seed", endpoints.plant),
    ("GET", "/api/snapshots", endpoints.show_snapshots),
    ("PUT", "/api/snapshots/{name}", endpoints.save_snapshot),
    ("POST", "/api/snapshots/{name}/restore", endpoints.restore_snapshot),
    ("DELETE", "/api/snapshots/{name}", endpoints.drop_snapshot),
    ("GET", "/api/faults", endpoints.show_faults),
    ("POST", "/api/faults", endpoints.add_faults),
    ("DELETE", "/api/faults", endpoints.drop_faults),
    ("GET", "/api/faults/{number:int}", endpoints.show_plan),
    ("DELETE", "/api/faults/{number:int}", endpoints.drop_plan),
)


def guarded(runtime: Runtime) -> ASGIApp:
    """Make the control application, closed to other machines and other sites."""
    by_path: dict[str, dict[str, Handler]] = {}
    for method, path, handler in ROUTES:
        by_path.setdefault(path, {})[method] = handler

    async def dispatch(methods: dict[str, Handler], request: Request) -> Response:
        handler = methods["GET" if request.method == "HEAD" and "GET" in methods else request.method]
        try:
            return await handler(runtime, request)
        except endpoints.ControlRefusal as problem:
            return endpoints.json_answer({"error": str(problem)}, status=problem.status)

    routes = [Route(path, partial(dispatch, methods), methods=list(methods)) for path, methods in by_path.items()]
    inner = Starlette(routes=routes)
    settings = runtime.tenant.settings

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        reason = refused_because(scope, settings) if scope["type"] == "http" else None
        if reason is None:
            await inner(scope, receive, send)
        else:
            await endpoints.json_answer({"error": reason}, status=403)(scope, receive, send)

    return guard


def refused_because(scope: Scope, settings: EmulatorSettings) -> str | None:
    """Say why a control call is refused.

    Returns:
        The reason, or None for a welcome call.
    """
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name = _host_name(host)
    client = scope.get("client")
    if name not in settings.control_hosts:
        if client is not None and not _is_loopback(client[0]):
            return "The control API answers this machine only: allow a host name with --control-host."
        if not _is_loopback(name):
            return f"The control API does not answer under the host name {name!r}: allow it with --control-host."
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return "The control API does not answer calls from other sites."
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return "The control API does not answer calls from other sites."
    return None


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
