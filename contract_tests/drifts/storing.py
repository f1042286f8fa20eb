"""Drifts of what an upload does to the objects that are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from contract_tests.drifts.files import (
    Key,
    Record,
    key_of,
    object_type_of,
    on_lines,
    passed_over,
    records_of,
    spoiled,
    with_lines,
)
from contract_tests.drifts.operations import LEGACY, READ, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import SCHEMA_TYPES, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe

_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Change: TypeAlias = "Callable[[Key, Record], Record]"


class _Stored:
    """The newest modification of each object of a file that was seen DONE."""

    def __init__(self) -> None:
        self.newest: dict[Key, datetime] = {}
        self._coming: dict[tuple[str, str], dict[Key, datetime]] = {}

    def changing(self, change: Change) -> Behaviour:
        """Change the lines of each upload, and take note of them once it is DONE."""

        async def behave(call: Call, ask: Ask) -> Answer:
            name = (call.integration, call.parameter("clientRequestId"))
            if operation_of(call) in UPLOAD:
                answer = await ask(with_lines(call, lambda record: change(key_of(call, record), record)))
                if answer.succeeded:
                    self._coming[name] = {key_of(call, one): _modified(one) for one in records_of(call)}
                return answer
            answer = await ask(call)
            if operation_of(call) in STATUS and answer.member("status") == "DONE":
                for key, modified in self._coming.pop(name, {}).items():
                    self.newest[key] = max(self.newest.get(key, _NEVER), modified)
            return answer

        return behave


def _modified(record: Record) -> datetime:
    try:
        modified = datetime.fromisoformat(str(record.get("modifiedDate")))
    except ValueError:
        return _NEVER
    return modified if modified.tzinfo else _NEVER


def _is_plain(record: Record) -> bool:
    return record.get("isDeleted") is not True and bool(record.get("objectId")) and bool(record.get("modifiedDate"))


def _updates_ignored(types: tuple[str, ...] = SCHEMA_TYPES) -> Recipe:
    def make() -> Behaviour:
        stored = _Stored()

        def change(key: Key, record: Record) -> Record:
            ignored = key[1] in types and key in stored.newest and _is_plain(record)
            return passed_over(record) if ignored else record

        return stored.changing(change)

    return remembering(make)


def _never_stored(record: Record) -> Record:
    return passed_over(record) if _is_plain(record) else record


def _newest_is_replaced() -> Behaviour:
    stored = _Stored()

    def change(key: Key, record: Record) -> Record:
        newest = stored.newest.get(key, _NEVER)
        older = _NEVER < _modified(record) < newest
        return {**record, "modifiedDate": newest.isoformat()} if older else record

    return stored.changing(change)


def _dangling_refused(name: str, target: str) -> Recipe:
    def make() -> Behaviour:
        stored = _Stored()

        def change(key: Key, record: Record) -> Record:
            referred = record.get(name)
            dangling = referred and (key[0], target, str(referred)) not in stored.newest
            return spoiled(record) if dangling else record

        return stored.changing(change)

    return remembering(make)


def _deletion_of_all() -> Behaviour:
    deleted: set[str] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        operation = operation_of(call)
        if operation in UPLOAD and answer.succeeded:
            gone = any(record.get("isDeleted") is True for record in records_of(call))
            (deleted.add if gone else deleted.discard)(object_type_of(call))
        if operation in READ and answer.succeeded and call.parameter("objectType") in deleted:
            found = answer.member("crmObjectsMap")
            return answer.with_json({**answer.json(), "crmObjectsMap": dict.fromkeys(found)})
        return answer

    return behave


def _undeletable(record: Record) -> Record:
    return passed_over(record) if record.get("isDeleted") is True and record.get("objectId") else record


def _not_deleted_is_deleted(record: Record) -> Record:
    return {**record, "isDeleted": True} if record.get("isDeleted") is False else record


_row = partial(drift, kind="storing")

ROWS: Final = (
    _row(
        "upload-inserts-ignored-legacy",
        "upload.insert",
        "Tells that an upload on the legacy path is DONE, but stores nothing.",
        on_lines(_never_stored, operations=UPLOAD & LEGACY, types=SCHEMA_TYPES),
    ),
    *(
        _row(
            f"upload-inserts-ignored-{object_type.lower()}",
            "objects.done-is-readable",
            f"Tells that an upload of {object_type} is DONE, but stores nothing.",
            on_lines(_never_stored, operations=UPLOAD, types=(object_type,)),
        )
        for object_type in SCHEMA_TYPES
    ),
    _row(
        "upload-updates-ignored",
        "upload.update",
        "Leaves an object as it is when it is uploaded again.",
        _updates_ignored(),
    ),
    _row(
        "upload-updates-ignored-contact",
        "upload.update",
        "Leaves a CONTACT as it is when it is uploaded again.",
        _updates_ignored(("CONTACT",)),
    ),
    _row(
        "upload-deletions-ignored",
        "upload.delete",
        "Passes over lines with isDeleted true.",
        on_lines(_undeletable, operations=UPLOAD, types=SCHEMA_TYPES),
    ),
    _row(
        "upload-deletions-ignored-legacy",
        "upload.delete",
        "Passes over lines with isDeleted true on the legacy path.",
        on_lines(_undeletable, operations=UPLOAD & LEGACY, types=SCHEMA_TYPES),
    ),
    _row(
        "upload-deletions-ignored-deal",
        "upload.delete",
        "Passes over lines of DEAL with isDeleted true.",
        on_lines(_undeletable, operations=UPLOAD, types=("DEAL",)),
    ),
    _row(
        "upload-deletion-takes-all",
        "upload.delete-only-that",
        "Deletes every object of the type when one line has isDeleted true.",
        remembering(_deletion_of_all),
    ),
    _row(
        "upload-not-deleted-is-deleted",
        "upload.not-deleted",
        "Deletes the object of a line with isDeleted false.",
        on_lines(_not_deleted_is_deleted, operations=UPLOAD, types=SCHEMA_TYPES),
    ),
    _row(
        "upload-history-replaces-newest",
        "upload.history",
        "Shows the version that was uploaded last in place of the newest.",
        remembering(_newest_is_replaced),
    ),
)

REFERENCES: Final = (
    _row(
        "upload-account-of-contact-demanded",
        "line.dangling-reference",
        "Refuses a line whose accountId no uploaded account has.",
        _dangling_refused("accountId", "ACCOUNT"),
    ),
    _row(
        "upload-owner-of-deal-demanded",
        "line.dangling-reference",
        "Refuses a line whose ownerId no uploaded user has.",
        _dangling_refused("ownerId", "BUSINESS_USER"),
    ),
    _row(
        "upload-stage-of-deal-demanded",
        "line.dangling-reference",
        "Refuses a line whose stage no uploaded stage has.",
        _dangling_refused("stage", "STAGE"),
    ),
)
