"""The state as JSON, for people who look in."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.lines.fields import SCHEMA_TYPES, SHOWN, STANDARD, Family
from gong_crm_emulator.store.tables import mappings, objects, raw_lines, requests, schema, waiting
from gong_crm_emulator.store.tracking import Status

if TYPE_CHECKING:
    from gong_crm_emulator.store.tables.waiting import WaitingDeal
    from gong_crm_emulator.store.tenant import Tenant
    from gong_crm_emulator.store.tracking import TrackedRequest

MOST_ROWS: Final = 500

_MOST_COMPARED: Final = 200
"""Custom fields among which a similar name is looked for, since to compare names takes long."""


def overview(tenant: Tenant) -> dict[str, Any]:
    """Sum up the state."""
    return {
        "integrations": [
            # Ids as text, for readers whose numbers are doubles.
            {"integrationId": str(one.id), "name": one.name, "ownerEmail": one.owner_email}
            for one in tenant.integrations()
        ],
        "objects": objects.counts(tenant.database),
        "rawLines": raw_lines.count(tenant.database),
        "waitingDeals": waiting.count(tenant.database),
        "mappedUsers": mappings.count(tenant.database),
        "requests": requests.count(tenant.database),
        "clock": clock(tenant),
        "processing": tenant.settings.processing,
    }


def clock(tenant: Tenant) -> dict[str, Any]:
    """Give the time in seconds since 1970, and whether it stands still."""
    return {"now": tenant.clock.now(), "frozen": tenant.clock.frozen}


def fields(tenant: Tenant) -> dict[str, Any]:
    """List the custom fields."""
    return {object_type: schema.active_fields(tenant.database, object_type) for object_type in SCHEMA_TYPES}


def found_objects(tenant: Tenant, object_type: str, *, search: str, offset: int, limit: int) -> dict[str, Any]:
    """List objects that have a text in their id or line, in the order of their ids."""
    found = objects.search(tenant.database, object_type, search, offset=offset, limit=limit + 1)
    listed = [
        {
            "objectId": one.object_id,
            "deleted": one.deleted,
            "members": one.members,
            "request": one.request,
            "line": one.line,
        }
        for one in found[:limit]
    ]
    return {"objectType": object_type, "objects": listed, "more": len(found) > limit}


def history(tenant: Tenant, object_type: str, object_id: str) -> list[dict[str, Any]]:
    """List every line of an object in raw storage, oldest upload first."""
    return [
        {
            "clientRequestId": line.client_request_id,
            "line": line.number,
            "deleted": line.deleted,
            "members": line.members,
        }
        for line in raw_lines.history(tenant.database, object_type, object_id, limit=MOST_ROWS)
    ]


def waiting_deals(tenant: Tenant, *, offset: int, limit: int) -> dict[str, Any]:
    """List the deals that stay in raw storage, and what each of them waits for."""
    found = waiting.listed(tenant.database, offset=offset, limit=limit + 1)
    listed = [
        {
            "objectId": one.object_id,
            "accountId": one.account_id,
            "ownerId": one.owner_id,
            "waitsFor": _waits_for(one),
        }
        for one in found[:limit]
    ]
    return {"deals": listed, "more": len(found) > limit}


def _waits_for(one: WaitingDeal) -> list[str]:
    missing = []
    if not one.account_is_there:
        missing.append(f"account {one.account_id} is not there" if one.account_id else "it names no account")
    if not one.owner_is_mapped:
        missing.append(f"owner {one.owner_id} is not mapped to a Gong user" if one.owner_id else "it names no owner")
    return missing


def mapped_users(tenant: Tenant, *, offset: int, limit: int) -> dict[str, Any]:
    """List CRM users with the Gong users that they are mapped to."""
    found = mappings.listed(tenant.database, offset=offset, limit=limit + 1)
    users = [{"crmUserId": user, "emailAddress": email} for user, email in found[:limit]]
    return {"users": users, "more": len(found) > limit}


def listed_requests(tenant: Tenant, *, offset: int, limit: int, status: str, search: str) -> dict[str, Any]:
    """List asynchronous requests with their errors, newest first."""
    found: list[TrackedRequest] = []
    place = 0
    while len(found) <= offset + limit:
        some = requests.listed(tenant.database, limit=MOST_ROWS, offset=place, search=search)
        found += [one for one in some if status in {"", shown_status(tenant, one)}]
        place += MOST_ROWS
        if len(some) < MOST_ROWS:
            break
    shown = [request(tenant, one) for one in found[offset : offset + limit]]
    return {"requests": shown, "more": len(found) > offset + limit}


def shown_status(tenant: Tenant, one: TrackedRequest) -> str:
    """Say what the caller of a request would see now."""
    status = one.may_show(tenant.settings, now=tenant.clock.now())
    return Status.IN_PROGRESS if one.parsed is None and status in {Status.DONE, Status.FAILED} else status


def request(tenant: Tenant, one: TrackedRequest) -> dict[str, Any]:
    """Describe an asynchronous request; `status` is what its caller would see now."""
    return {
        "seq": one.seq,
        "integrationId": str(one.integration_id),
        "clientRequestId": one.client_request_id,
        "kind": one.kind,
        "objectType": one.object_type,
        "family": one.family,
        "received": one.received,
        "status": shown_status(tenant, one),
        "polls": one.polls,
        "bytes": one.bytes,
        "lines": one.read_lines,
        "errors": one.errors,
        "totalErrorCount": one.error_count,
        "totalSuccessCount": one.success_count,
        "inMainDatabase": one.applied,
        "trouble": one.trouble,
        "notShown": not_shown(tenant, one),
    }


def not_shown(tenant: Tenant, one: TrackedRequest) -> list[dict[str, Any]]:
    """List the members of a file that no schema describes, so that nobody will see them, and similar names."""
    if one.object_type not in SHOWN:
        return []
    unknown = one.custom_members.copy()
    for name in schema.known_names(tenant.database, one.object_type, among=list(unknown)):
        del unknown[name]
    if not unknown:
        return []
    standard = STANDARD[Family(one.family)][one.object_type]
    known = (*standard, *schema.first_names(tenant.database, one.object_type, limit=_MOST_COMPARED))
    return [{"member": name, "firstLine": line, "similar": _similar(name, known)} for name, line in unknown.items()]


@lru_cache(maxsize=10_000)
def _similar(name: str, known: tuple[str, ...]) -> list[str]:
    return difflib.get_close_matches(name, known, n=3, cutoff=0.7)
