"""The second step of an upload: its lines are brought into the main database."""

from __future__ import annotations

import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import ReplacedError
from gong_crm_emulator.lines.fields import USER_MAPPING
from gong_crm_emulator.store.tables import integrations, mappings, objects, raw_lines, requests, schema, waiting
from gong_crm_emulator.store.tables.raw_lines import MOST_LINES, GoodLines
from gong_crm_emulator.store.tracking import TrackedRequest, Work
from gong_crm_emulator.store.writer import Stopped, Writer

if TYPE_CHECKING:
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.database import Database
    from gong_crm_emulator.store.tables.raw_lines import RawRow

_LOG: Final = logging.getLogger("gong_crm_emulator")

_STEP: Final = 2_000
"""Lines moved in one transaction, or a few more: some milliseconds of work."""

_REST: Final = 0.001
"""Seconds between two steps, in which calls that wait for the lock come through."""


def apply(writer: Writer, seq: int, *, settings: EmulatorSettings) -> None:
    """Bring the lines of one ended request into the main database, a step at a time.

    A request that is applied already, or gone, is passed over.
    One that cannot be brought in says so in its `trouble`, and is in nobody's way.
    """
    more = True

    def step() -> None:
        nonlocal more
        more = _apply_step(writer.database, seq, settings=settings)

    try:
        while more:
            writer.write(step)
            if more:
                time.sleep(_REST)
    except ReplacedError:
        return
    except (sqlite3.Error, OSError, Stopped):
        raise
    except Exception as problem:  # noqa: BLE001  (whatever fails, the next request goes on)
        _LOG.exception("Request number %s could not be brought into the main database", seq)
        trouble = f"{type(problem).__name__}: {problem}"
        writer.write(lambda: requests.keep_applied(writer.database, seq, up_to=0, done=True, trouble=trouble))


def _apply_step(database: Database, seq: int, *, settings: EmulatorSettings) -> bool:
    request = requests.find(database, seq)
    if request is None or request.applied:
        return False
    if request.kind is Work.DELETE:
        _delete_integration(database, request)
        return False
    rows, last = raw_lines.rows_after(database, seq, request.applied_up_to, lines=_STEP)
    for one in rows:
        _move(database, request, one, settings=settings)
    if last:
        waiting.release(database)
    requests.keep_applied(database, seq, up_to=rows[-1].id if rows else request.applied_up_to, done=last)
    return not last


def _move(database: Database, request: TrackedRequest, row: RawRow, *, settings: EmulatorSettings) -> None:
    object_type = str(request.object_type)
    if object_type in {"BUSINESS_USER", USER_MAPPING}:
        _map_users(database, row, gong_users=settings.gong_users)
    if object_type == USER_MAPPING:
        return
    waits = object_type == "DEAL" and settings.deals_wait in {"always", request.family}
    if waits:
        _let_wait(database, row)
    moved: list[tuple[Any, ...]] = [
        (object_type, object_id, number, modified, deleted)
        for number, object_id, modified, deleted in row.entries()
        if deleted or not waits
    ]
    if settings.update == "merge":
        bodies = dict(zip((entry[0] for entry in row.entries()), raw_lines.bodies(database, row), strict=True))
        objects.insert_merged(database, object_type, ((*one[1:], orjson.loads(bodies[one[2]])) for one in moved))
    else:
        objects.insert(database, moved)


def _let_wait(database: Database, row: RawRow) -> None:
    """Keep deals in raw storage, with the account and the owner that they wait for."""
    waiting.add(
        database,
        [
            (number, object_id, modified, deal.get("accountId"), deal.get("ownerId"))
            for (number, object_id, modified, deleted), deal in _records(database, row)
            if not deleted
        ],
    )


def _map_users(database: Database, row: RawRow, *, gong_users: frozenset[str] | None) -> None:
    """Map CRM users to Gong users; a mapping that exists is only changed by deleting it first."""
    for (_, user_id, _, deleted), record in _records(database, row):
        if deleted:
            mappings.remove(database, user_id)
            continue
        email = record["emailAddress"].lower()
        if gong_users is None or email in gong_users:
            mappings.add(database, user_id, email)


def _records(database: Database, row: RawRow) -> list[tuple[tuple[int, str, int, int], dict[str, Any]]]:
    bodies = raw_lines.bodies(database, row)
    return list(zip(row.entries(), map(orjson.loads, bodies), strict=True))


def _delete_integration(database: Database, request: TrackedRequest) -> None:
    for table in (schema, raw_lines, objects, waiting, mappings):
        table.remove_all(database)
    integrations.mark_deleted(database, request.integration_id, at=request.ended)
    requests.end_all_of(database, request.integration_id, at=request.ended)


def store_stages(database: Database, stages: list[dict[str, Any]], *, integration_id: int, now: float) -> None:
    """Store stages, already checked, at once in both stages of storage."""
    with database.transaction():
        for first in range(0, len(stages), MOST_LINES):
            some = stages[first : first + MOST_LINES]
            lines = GoodLines(
                bodies=[orjson.dumps({"integrationId": integration_id, **stage}) for stage in some],
                numbers=range(first + 1, first + 1 + len(some)),
                object_ids=[stage["internalName"] for stage in some],
                modified=[int(now)] * len(some),
                deleted=[0] * len(some),
            )
            row = raw_lines.store(database, 0, lines)
            objects.insert(database, [("STAGE", name, number, when, 0) for number, name, when, _ in row.entries()])
