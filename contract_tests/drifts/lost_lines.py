"""Drifts of files whose good lines are lost, or are held against the objects later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.files import Key, Record, key_of, records_of, spoiled, with_lines
from contract_tests.drifts.operations import READ, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations


def _keys(call: Call, records: list[Record]) -> set[Key]:
    return {key_of(call, record) for record in records}


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


def _losing(lost: Callable[[list[Record]], list[Record]]) -> Recipe:
    def make() -> Behaviour:
        files = _Files()

        async def behave(call: Call, ask: Ask) -> Answer:
            return await files.losing(call, ask, lost=lost)

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


_row = partial(drift, kind="storing")

ROWS: Final = (
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
)
