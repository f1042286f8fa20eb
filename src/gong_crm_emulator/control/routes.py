"""The control API and the page of the emulator, under `/_emulator/`: their routes, and who is let in."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from gong_crm_emulator.control import endpoints, lists
from gong_crm_emulator.control.answers import ControlRefusal, json_answer
from gong_crm_emulator.middleware.visitors import control_refused_because
from gong_crm_emulator.runtime import Runtime

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOG: Final = logging.getLogger("gong_crm_emulator")

Handler: TypeAlias = Callable[[Runtime, Request], Awaitable[Response]]

ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/", endpoints.page),
    *(("GET", f"/{name}", endpoints.page) for name in endpoints.ASSETS),
    ("GET", "/api/health", endpoints.health),
    ("GET", "/api/state", endpoints.state),
    ("GET", "/api/fields", lists.show_fields),
    ("GET", "/api/objects", lists.show_objects),
    ("GET", "/api/objects/{object_type}/{object_id:path}", lists.show_history),
    ("GET", "/api/requests", lists.show_requests),
    ("GET", "/api/requests/{seq}", lists.show_request),
    ("POST", "/api/requests/{seq}/advance", endpoints.advance),
    ("GET", "/api/waiting", lists.show_waiting),
    ("GET", "/api/users", lists.show_users),
    ("GET", "/api/journal", lists.show_journal),
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
    ("GET", "/api/faults/{number}", endpoints.show_plan),
    ("DELETE", "/api/faults/{number}", endpoints.drop_plan),
)


def guarded(runtime: Runtime) -> ASGIApp:
    """Make the control application, closed to other machines and other sites."""
    by_path: dict[str, dict[str, Handler]] = {}
    for method, path, handler in ROUTES:
        by_path.setdefault(path, {})[method] = handler
    routes = [Route(path, _Every(partial(_dispatch, runtime, methods))) for path, methods in by_path.items()]
    inner = Starlette(routes=[*routes, Route("/{path:path}", _Every(_unknown))])
    inner.router.redirect_slashes = False
    settings = runtime.tenant.settings

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        # Probes of an orchestrator come from other machines; all that they learn is that somebody answers.
        reason = None
        if path != "/api/health":
            reason = control_refused_because(scope, settings, by_link=path == "/")
        if reason is None:
            await inner(scope, receive, send)
        else:
            await json_answer({"error": reason}, status=403)(scope, receive, send)

    return guard


async def _dispatch(runtime: Runtime, methods: dict[str, Handler], request: Request) -> Response:
    handler = methods.get("GET" if request.method == "HEAD" else request.method)
    if handler is None:
        sentence = f"{request.method} is not possible here, only {', '.join(methods)}."
        return json_answer({"error": sentence}, status=405, headers={"allow": ", ".join(methods)})
    try:
        return await handler(runtime, request)
    except ControlRefusal as problem:
        return json_answer({"error": str(problem)}, status=problem.status)
    except (sqlite3.Error, OSError) as problem:
        sentence = f"The state cannot be read or written: {problem}. Free space on the disk, then try again."
        return json_answer({"error": sentence}, status=507)
    except Exception as problem:  # noqa: BLE001  (whatever fails, the caller gets JSON of a versioned shape)
        _LOG.exception("The control API failed on %s %r", request.method, request.url.path)
        return json_answer({"error": f"The emulator failed: {problem!r}."}, status=500)


async def _unknown(request: Request) -> Response:
    sentence = f"There is nothing at {request.url.path}: docs/emulator.md lists what there is."
    return json_answer({"error": sentence}, status=404)


class _Every:
    """An endpoint that takes every method, to refuse those that it does not know in its own words."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = request_response(answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
