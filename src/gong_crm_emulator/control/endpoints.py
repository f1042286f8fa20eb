"""One function for each thing that the control API of the emulator does."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from gong_crm_emulator.control import inspection
from gong_crm_emulator.control.answers import ControlRefusal, json_answer, number_in_path, read_json
from gong_crm_emulator.control.lists import found_request
from gong_crm_emulator.errors import PlanError, SeedError, StorageError
from gong_crm_emulator.middleware.fault_kinds import KINDS
from gong_crm_emulator.store import seed, snapshots

if TYPE_CHECKING:
    from starlette.requests import Request

    from gong_crm_emulator.runtime import Runtime

_PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
ASSETS: Final = ("page.html", "page.css", "page.js", "parts.js", "views.js")
_PAGE_HEADERS: Final = {
    "content-security-policy": _PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}


async def page(_: Runtime, request: Request) -> Response:
    """Give the page for people, or a file that it is made of."""
    name = request.url.path.rpartition("/")[2] or ASSETS[0]
    content = files("gong_crm_emulator.control").joinpath("page", name).read_bytes()
    headers = {
        "content-security-policy": _PAGE_POLICY,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


async def health(runtime: Runtime, _: Request) -> Response:
    """Say that the emulator answers, and what it can do."""
    can = ["clock", "faults", "journal", "requests", "reset", "seed", "snapshots"]
    return json_answer({"status": "ok", "processing": runtime.tenant.settings.processing, "capabilities": can})


async def state(runtime: Runtime, _: Request) -> Response:
    """Sum up the state."""
    await runtime.work.settle()
    return json_answer(inspection.overview(runtime.tenant))


async def advance(runtime: Runtime, request: Request) -> Response:
    """Move one request a state on, in mode by-hand."""
    if runtime.tenant.settings.processing != "by-hand":
        mode = runtime.tenant.settings.processing
        raise ControlRefusal(409, f"Requests move by {mode} here: start with --processing by-hand to move them.")
    wanted = found_request(runtime, request)
    await runtime.work.reading(wanted)
    runtime.tenant.move(wanted.seq)
    await runtime.work.settle()
    return json_answer({"request": inspection.request(runtime.tenant, found_request(runtime, request))})


async def clear_journal(runtime: Runtime, _: Request) -> Response:
    """Forget the calls."""
    runtime.journal.clear()
    return json_answer({"calls": []})


async def show_clock(runtime: Runtime, _: Request) -> Response:
    """Give the clock."""
    return json_answer(inspection.clock(runtime.tenant))


async def set_clock(runtime: Runtime, request: Request) -> Response:
    """Freeze the clock, let it run, or step it."""
    wanted = await read_json(request)
    if not isinstance(wanted, dict) or not wanted or not wanted.keys() <= {"frozen", "step"}:
        raise ControlRefusal(400, 'The clock takes {"frozen": true or false} and {"step": seconds}.')
    step, frozen = wanted.get("step", 0), wanted.get("frozen")
    if isinstance(step, bool) or not isinstance(step, int | float) or not isinstance(frozen, bool | None):
        raise ControlRefusal(400, "step must be a number of seconds, frozen true or false.")
    try:
        runtime.tenant.set_clock(step=step, frozen=frozen)
    except ValueError as problem:
        raise ControlRefusal(400, str(problem)) from problem
    await runtime.work.settle()
    return json_answer(inspection.clock(runtime.tenant))


async def reset(runtime: Runtime, _: Request) -> Response:
    """Go back to the start."""
    try:
        runtime.reset()
    except SeedError as problem:
        raise ControlRefusal(409, f"The state is empty, since it cannot be planted anew. {problem}") from problem
    return json_answer({"status": "ok"})


async def plant(runtime: Runtime, request: Request) -> Response:
    """Put a declared state into the empty tenant."""
    wanted = await read_json(request)
    if runtime.tenant.integrations():
        raise ControlRefusal(409, "An integration is registered: reset first, then plant.")
    try:
        return json_answer({"integrationId": str(seed.plant(runtime.tenant, wanted))}, status=201)
    except SeedError as problem:
        raise ControlRefusal(400, str(problem)) from problem


async def show_snapshots(runtime: Runtime, _: Request) -> Response:
    """List the snapshots."""
    return json_answer({"snapshots": snapshots.listed(runtime.tenant.database)})


async def save_snapshot(runtime: Runtime, request: Request) -> Response:
    """Keep the present state under a name."""
    name = _snapshot_name(request)
    for one in runtime.tenant.unread():
        await runtime.work.reading(one)
    if runtime.tenant.unread():
        raise ControlRefusal(409, "A file is still being read: take the snapshot when its request has ended.")
    snapshots.save(runtime.tenant.database, name)
    return json_answer({"snapshots": snapshots.listed(runtime.tenant.database)}, status=201)


async def restore_snapshot(runtime: Runtime, request: Request) -> Response:
    """Go back to a kept state."""
    name = _snapshot_name(request)
    try:
        runtime.restore(name)
    except KeyError as problem:
        raise ControlRefusal(404, f"There is no snapshot {name}.") from problem
    except StorageError as problem:
        raise ControlRefusal(409, str(problem)) from problem
    return json_answer({"status": "ok"})


async def drop_snapshot(runtime: Runtime, request: Request) -> Response:
    """Drop a kept state."""
    name = _snapshot_name(request)
    try:
        snapshots.drop(runtime.tenant.database, name)
    except KeyError as problem:
        raise ControlRefusal(404, f"There is no snapshot {name}.") from problem
    return json_answer({"snapshots": snapshots.listed(runtime.tenant.database)})


def _snapshot_name(request: Request) -> str:
    name: str = request.path_params["name"]
    if snapshots.NAME.fullmatch(name) is None:
        raise ControlRefusal(400, "A snapshot's name has 1 to 64 letters, digits, dashes and underscores.")
    return name


async def show_faults(runtime: Runtime, _: Request) -> Response:
    """List the fault plans, and whether all were met."""
    plans = [plan.as_json() for plan in runtime.faults.plans()]
    kinds = [
        {
            "kind": kind.name,
            "what": kind.what,
            "members": [{"name": one.name, "rule": one.rule, "default": one.default} for one in kind.members],
        }
        for kind in KINDS
    ]
    return json_answer({"plans": plans, "consumed": all(plan["consumed"] for plan in plans), "kinds": kinds})


async def add_faults(runtime: Runtime, request: Request) -> Response:
    """Take a fault plan in."""
    try:
        plan = runtime.faults.add(await read_json(request))
    except PlanError as problem:
        raise ControlRefusal(400, str(problem)) from problem
    return json_answer({"plan": plan.as_json()}, status=201)


async def show_plan(runtime: Runtime, request: Request) -> Response:
    """Show one fault plan."""
    for plan in runtime.faults.plans():
        if plan.id == number_in_path(request, "number"):
            return json_answer({"plan": plan.as_json()})
    raise ControlRefusal(404, "There is no such plan.")


async def drop_plan(runtime: Runtime, request: Request) -> Response:
    """Drop one fault plan."""
    if not runtime.faults.remove(number_in_path(request, "number")):
        raise ControlRefusal(404, "There is no such plan.")
    return await show_faults(runtime, request)


async def drop_faults(runtime: Runtime, request: Request) -> Response:
    """Drop all fault plans."""
    runtime.faults.clear()
    return await show_faults(runtime, request)
