"""The tenant's memory as JSON, for people who look in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.lines.fields import OBJECT_TYPES, SCHEMA_TYPES
from gong_crm_emulator.store import schema
from gong_crm_emulator.store.raw_lines import JOIN, LINE, NUMBER
from gong_crm_emulator.store.requests import TrackedRequest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from gong_crm_emulator.store.tenant import Tenant

MOST_ROWS: Final = 500

# Rows that hold the text anywhere are found first; only their lines are then cut apart.
_SEARCH: Final = f"""
    SELECT object.object_id, object.deleted, coalesce(object.body, {LINE}) AS body, raw.request,
        {NUMBER} AS line
    FROM object {JOIN}
    WHERE object_type = ? AND (
        ? = '%%' OR object.object_id LIKE ? ESCAPE '\\' OR CAST(object.body AS TEXT) LIKE ? ESCAPE '\\'
        OR object.body IS NULL
        AND raw.id IN (SELECT id FROM raw WHERE CAST(body AS TEXT) LIKE ? ESCAPE '\\')
        AND CAST({LINE} AS TEXT) LIKE ? ESCAPE '\\'
    )
    ORDER BY object.object_id LIMIT ? OFFSET ?
"""  # noqa: S608  (our own constants)
_PATTERNS: Final = 5
"""How often the pattern stands in the search, since Python 3.14 takes no numbered parameters in order."""


def overview(tenant: Tenant) -> dict[str, Any]:
    """Sum up the state."""
    database = tenant.database
    counts = dict.fromkeys(OBJECT_TYPES, 0)
    for row in database.rows("SELECT object_type, count(*) AS n FROM object WHERE NOT deleted GROUP BY object_type"):
        counts[row["object_type"]] = row["n"]
    row = database.rows(
        "SELECT (SELECT coalesce(sum(lines), 0) FROM raw) AS raw, (SELECT count(*) FROM waiting) AS waiting,"
        " (SELECT count(*) FROM mapping) AS mapped, (SELECT count(*) FROM request) AS requests"
    )[0]
    return {
        "integrations": integrations(tenant),
        "objects": counts,
        "rawLines": row["raw"],
        "waitingDeals": row["waiting"],
        "mappedUsers": row["mapped"],
        "requests": row["requests"],
        "clock": clock(tenant),
        "processing": tenant.settings.processing,
    }


def clock(tenant: Tenant) -> dict[str, Any]:
    """Give the clock.

    Returns:
        The time in seconds since 1970, and whether it stands still.
    """
    return {"now": tenant.clock.now(), "frozen": tenant.clock.frozen}


def integrations(tenant: Tenant) -> list[dict[str, Any]]:
    """List the integrations; ids also as text, for readers whose numbers are doubles."""
    return [
        {"integrationId": str(one.id), "name": one.name, "ownerEmail": one.owner_email} for one in tenant.integrations()
    ]


def fields(tenant: Tenant) -> dict[str, Any]:
    """List the custom fields."""
    return {object_type: schema.active_fields(tenant.database, object_type) for object_type in SCHEMA_TYPES}


def objects(tenant: Tenant, object_type: str, *, search: str, offset: int, limit: int) -> dict[str, Any]:
    """List objects as they were uploaded.

    Returns:
        The objects in the order of their ids, and whether there are more.
    """
    pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = tenant.database.rows(_SEARCH, object_type, *[pattern] * _PATTERNS, limit + 1, offset)
    listed = [
        {
            "objectId": row["object_id"],
            "deleted": bool(row["deleted"]),
            "members": orjson.loads(row["body"]),
            "request": row["request"],
            "line": row["line"],
        }
        for row in rows[:limit]
    ]
    return {"objectType": object_type, "objects": listed, "more": len(rows) > limit}


def history(tenant: Tenant, object_type: str, object_id: str) -> list[dict[str, Any]]:
    """List every line of an object in raw storage.

    Returns:
        The lines, oldest upload first.
    """
    rows = tenant.database.rows(
        "SELECT client_request_id, object_ids, numbers, raw.deleted, body FROM raw"
        " JOIN request ON request.seq = raw.request"
        " WHERE object_type = ? AND instr(object_ids, ?) ORDER BY raw.id LIMIT ?",
        *(object_type, orjson.dumps(object_id).decode(), MOST_ROWS),
    )
    return [line for row in rows for line in _lines_of(object_id, row)][:MOST_ROWS]


def _lines_of(object_id: str, row: sqlite3.Row) -> Iterator[dict[str, Any]]:
    object_ids, numbers, deleted = (orjson.loads(row[name]) for name in ("object_ids", "numbers", "deleted"))
    for place, body in enumerate(row["body"].split(b"\n")):
        if object_ids[place] == object_id:
            yield {
                "clientRequestId": row["client_request_id"],
                "line": numbers[place],
                "deleted": bool(deleted[place]),
                "members": orjson.loads(body),
            }


def requests(tenant: Tenant, *, limit: int) -> list[dict[str, Any]]:
    """List asynchronous requests with their errors.

    Returns:
        The requests, newest first.
    """
    rows = tenant.database.rows("SELECT * FROM request ORDER BY seq DESC LIMIT ?", limit)
    return [request(tenant, TrackedRequest.of(row)) for row in rows]


def request(tenant: Tenant, one: TrackedRequest) -> dict[str, Any]:
    """Describe an asynchronous request.

    Returns:
        Its members; `status` is what its caller would see now.
    """
    status = one.may_show(tenant.settings, now=tenant.clock.now())
    return {
        "seq": one.seq,
        "integrationId": str(one.integration_id),
        "clientRequestId": one.client_request_id,
        "kind": one.kind,
        "objectType": one.object_type,
        "family": one.family,
        "received": one.received,
        "status": "IN_PROGRESS" if one.parsed is None and status in {"DONE", "FAILED"} else status,
        "polls": one.polls,
        "bytes": one.bytes,
        "lines": one.read_lines,
        "errors": one.errors,
        "totalErrorCount": one.error_count,
        "totalSuccessCount": one.success_count,
        "inMainDatabase": one.applied,
    }
