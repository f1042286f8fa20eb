"""Drifts of what an upload does to the objects that are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from contract_tests.drifts.files import (
    Record,
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
    from contract_tests.drifts.operations import Operations

Key: TypeAlias = tuple[str, str, str]
"""Integration, object type and object id."""

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
                answer = await ask(with_lines(call, lambda record: change(_key(call, record), record)))
                if answer.succeeded:
                    self._coming[name] = {_key(call, one): _modified(one) for one in records_of(call)}
                return answer
            answer = await ask(call)
            if operation_of(call) in STATUS and answer.member("status") == "DONE":
                for key, modified in self._coming.pop(name, {}).items():
                    self.newest[key] = max(self.newest.get(key, _NEVER), modified)
            return answer

        return behave


def _key(call: Call, record: Record) -> Key:
    return (call.integration, object_type_of(call), str(record.get("objectId")))


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


def _keys(call: Call, records: list[Record]) -> set[Key]:
    return {_key(call, record) for record in records}


class _Files:
    """The objects of each file, and those that are hidden when objects are read."""

    def __init__(self) -> None:
        self._fresh: dict[tuple[str, str], set[Key]] = {}
        self._stored: set[Key] = set()
        self._hidden: set[Key] = set()

    async def spoiling(self, call: Call, ask: Ask, *, operations: Operations) -> Answer:
        """Lose the new objects of a file that has a bad line."""
        answer = await ask(call)
        operation, name = operation_of(call), (call.integration, call.parameter("clientRequestId"))
        if operation in UPLOAD and answer.succeeded:
            keys = _keys(call, records_of(call))
            self._fresh[name] = keys - self._stored if operation in operations else set()
            self._stored |= keys
            self._hidden -= keys
        if operation in STATUS and answer.member("status") == "FAILED":
            lost = self._fresh.pop(name, set())
            self._hidden |= lost
            self._stored -= lost
        return self._without_hidden(call, answer)

    async def losing(self, call: Call, ask: Ask, *, lost: Callable[[list[Record]], list[Record]]) -> Answer:
        """Lose some records of each file, although the file is DONE."""
        answer = await ask(call)
        if operation_of(call) in UPLOAD and answer.succeeded:
            records = records_of(call)
            self._hidden = (self._hidden - _keys(call, records)) | _keys(call, lost(records))
        return self._without_hidden(call, answer)

    def _without_hidden(self, call: Call, answer: Answer) -> Answer:
        if operation_of(call) not in READ or not answer.succeeded or not self._hidden:
            return answer
        at, found = (call.integration, call.parameter("objectType")), answer.member("crmObjectsMap")
        shown = {key: None if (*at, key) in self._hidden else record for key, record in found.items()}
        return answer.with_json({**answer.json(), "crmObjectsMap": shown})


def spoiling(operations: Operations) -> Recipe:
    """Make a server that loses the good lines of a file with a bad one.

    Args:
        operations: The uploads concerned.

    Returns:
        The recipe.
    """

    def make() -> Behaviour:
        files = _Files()

        async def behave(call: Call, ask: Ask) -> Answer:
            return await files.spoiling(call, ask, operations=operations)

        return behave

    return remembering(make)


def _unforgiving() -> Behaviour:
    failed: dict[tuple[str, str], set[Key]] = {}
    blamed: set[Key] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        name = (call.integration, call.parameter("clientRequestId"))
        if operation_of(call) in UPLOAD:
            failed[name] = _keys(call, records_of(call))
            return await ask(spoiled_call(call) if failed[name] & blamed else call)
        answer = await ask(call)
        if operation_of(call) in STATUS and answer.member("status") == "FAILED":
            blamed.update(failed.get(name, set()))
        return answer

    def spoiled_call(call: Call) -> Call:
        return with_lines(call, spoiled)

    return behave


def _losing(lost: Callable[[list[Record]], list[Record]]) -> Recipe:
    def make() -> Behaviour:
        files = _Files()

        async def behave(call: Call, ask: Ask) -> Answer:
            return await files.losing(call, ask, lost=lost)

        return behave

    return remembering(make)


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
    _row(
        "upload-one-bad-line-spoils-all",
        "status.good-lines-kept",
        "Loses the good lines of a file that has a bad one.",
        spoiling(UPLOAD),
    ),
    _row(
        "upload-mended-file-refused",
        "status.mended-file",
        "Refuses the objects of a file that FAILED when they come again.",
        remembering(_unforgiving),
    ),
    _row(
        "upload-last-line-lost",
        "upload.insert",
        "Loses the last line of a file with several.",
        _losing(lambda records: records[-1:] if len(records) > 1 else []),
    ),
    _row(
        "upload-first-line-only",
        "upload.insert",
        "Stores the first line of a file and no other.",
        _losing(lambda records: records[1:]),
    ),
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
