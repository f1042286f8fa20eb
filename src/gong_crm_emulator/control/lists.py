"""One function for each list that the control API shows."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from gong_crm_emulator.control import inspection
from gong_crm_emulator.control.answers import ControlRefusal, json_answer, number_in_path, read_number, read_search
from gong_crm_emulator.lines.fields import OBJECT_TYPES
from gong_crm_emulator.store.tables import requests
from gong_crm_emulator.store.tracking import Status, TrackedRequest

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gong_crm_emulator.middleware.journal import Entry
    from gong_crm_emulator.runtime import Runtime


async def show_fields(runtime: Runtime, _: Request) -> Response:
    """List the custom fields."""
    return json_answer({"fields": inspection.fields(runtime.tenant)})


async def show_objects(runtime: Runtime, request: Request) -> Response:
    """List objects of one type, with search."""
    await runtime.work.settle()
    object_type = request.query_params.get("objectType", "ACCOUNT")
    if object_type not in OBJECT_TYPES:
        raise ControlRefusal(400, f"objectType must be one of {', '.join(OBJECT_TYPES)}.")
    listed = inspection.found_objects(
        runtime.tenant,
        object_type,
        search=read_search(request),
        offset=read_number(request, "offset", default=0, most=10**9),
        limit=read_number(request, "limit", default=50, most=inspection.MOST_ROWS),
    )
    return json_answer(listed)


async def show_history(runtime: Runtime, request: Request) -> Response:
    """List every uploaded line of one object."""
    lines = inspection.history(runtime.tenant, request.path_params["object_type"], request.path_params["object_id"])
    return json_answer({"lines": lines})


async def show_requests(runtime: Runtime, request: Request) -> Response:
    """List asynchronous requests, newest first."""
    status = request.query_params.get("status", "")
    if status and status not in set(Status):
        raise ControlRefusal(400, f"status must be one of {', '.join(Status)}.")
    search = read_search(request)
    return json_answer(inspection.listed_requests(runtime.tenant, **_page(request), status=status, search=search))


async def show_request(runtime: Runtime, request: Request) -> Response:
    """Show one asynchronous request."""
    return json_answer({"request": inspection.request(runtime.tenant, found_request(runtime, request))})


async def show_waiting(runtime: Runtime, request: Request) -> Response:
    """List the deals that stay in raw storage, and what for."""
    await runtime.work.settle()
    return json_answer(inspection.waiting_deals(runtime.tenant, **_page(request)))


async def show_users(runtime: Runtime, request: Request) -> Response:
    """List the mapped users."""
    await runtime.work.settle()
    return json_answer(inspection.mapped_users(runtime.tenant, **_page(request)))


def _page(request: Request) -> dict[str, int]:
    return {
        "offset": read_number(request, "offset", default=0, most=10**9),
        "limit": read_number(request, "limit", default=100, most=inspection.MOST_ROWS),
    }


def found_request(runtime: Runtime, request: Request) -> TrackedRequest:
    """Find the asynchronous request that a path names, or refuse the call."""
    found = requests.find(runtime.tenant.database, number_in_path(request, "seq"))
    if found is None:
        raise ControlRefusal(404, "There is no such request.")
    return found


async def show_journal(runtime: Runtime, request: Request) -> Response:
    """List the calls, newest first; uploads say which members of their file nobody will see."""
    limit = read_number(request, "limit", default=100, most=1_000)
    offset = read_number(request, "offset", default=0, most=10**9)
    text = read_search(request).lower()
    group = request.query_params.get("status", "")
    if group not in {"", "ok", "refused", "none"}:
        raise ControlRefusal(400, "status must be ok, refused or none.")
    found = [one for one in runtime.journal.entries() if one.is_in(group) and text in one.searchable()]
    calls = [{**one.as_json(), "notShown": _not_shown(runtime, one)} for one in found[offset : offset + limit]]
    return json_answer({"calls": calls, "more": len(found) > offset + limit})


def _not_shown(runtime: Runtime, entry: Entry) -> list[dict[str, Any]]:
    named = dict(parse_qsl(entry.query))
    if entry.status != HTTPStatus.CREATED or not named.get("integrationId", "").isdecimal():
        return []
    number = int(named["integrationId"][:20])
    found = None
    if number < 2**63:
        found = requests.find_named(runtime.tenant.database, number, named.get("clientRequestId", ""))
    return [] if found is None else inspection.not_shown(runtime.tenant, found)
