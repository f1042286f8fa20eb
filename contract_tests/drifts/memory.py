"""What a server remembers that drifts: what it was sent, and what it said of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeAlias

from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.files import Key, Record, key_of, records_of, with_lines
from contract_tests.drifts.operations import (
    DELETE,
    FILES,
    LIST,
    LIST_SCHEMA,
    READ,
    STATUS,
    UPLOAD,
    UPLOAD_SCHEMA,
    operation_of,
)

Field: TypeAlias = dict[str, Any]
Objects: TypeAlias = dict[str, Any]
"""Objects by their ids, as a read answers them."""

NEVER: Final = datetime.min.replace(tzinfo=UTC)


def field_records(call: Call) -> list[Field]:
    """Read the fields of a schema upload that are JSON objects."""
    sent = call.json()
    return [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []


def modified(record: Record) -> datetime:
    """Tell when a record was modified, or NEVER where it does not say so readably."""
    try:
        found = datetime.fromisoformat(str(record.get("modifiedDate")))
    except ValueError:
        return NEVER
    return found if found.tzinfo else NEVER


@dataclass(kw_only=True)
class Memory:
    """What a server was sent, and what it said of it.

    Attributes:
        uploads: The upload of each request that was accepted.
        answers: Its answer.
        records: The record that was sent last of each object.
        newest: The newest modification of each object of a file that was seen DONE.
        schemas: The fields that were sent for each integration and object type, upload by upload.
        polls: How often the status of each request was asked for.
        deletions: The accepted deletions by request, with the integrations that they delete.
        ended: The deletions that were seen DONE.
        failed: The requests that were seen FAILED.
        integrations: The integrations that were listed last, when there were any.
    """

    uploads: dict[tuple[str, str], Call] = field(default_factory=dict)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    records: dict[Key, Record] = field(default_factory=dict)
    newest: dict[Key, datetime] = field(default_factory=dict)
    schemas: dict[tuple[str, str], list[list[Field]]] = field(default_factory=dict)
    polls: Counter[tuple[str, str]] = field(default_factory=Counter)
    deletions: dict[tuple[str, str], Call] = field(default_factory=dict)
    ended: set[tuple[str, str]] = field(default_factory=set)
    failed: set[tuple[str, str]] = field(default_factory=set)
    integrations: list[Any] = field(default_factory=list)

    @property
    def gone(self) -> set[str]:
        """The integrations that are deleted, or being deleted."""
        return {call.integration for call in self.deletions.values()}

    def note(self, call: Call, answer: Answer) -> None:
        """Remember a call and its answer."""
        operation = operation_of(call)
        if not answer.succeeded:
            return
        if operation in FILES:
            self.uploads[call.request], self.answers[call.request] = call, answer
            self.records |= {key_of(call, record): record for record in records_of(call)}
        elif operation in UPLOAD_SCHEMA:
            self.schemas.setdefault((call.integration, call.parameter("objectType")), []).append(field_records(call))
        elif operation in DELETE:
            self.deletions[call.request] = call
        elif operation in LIST:
            self.integrations = answer.member("integrations") or self.integrations
        elif operation in STATUS:
            self._note_status(call, answer)

    def _note_status(self, call: Call, answer: Answer) -> None:
        self.polls[call.request] += 1
        self.failed |= {call.request} if answer.member("status") == "FAILED" else set()
        if answer.member("status") != "DONE":
            return
        if call.request in self.deletions:
            self.ended.add(call.request)
        if upload := self.uploads.get(call.request):
            for record in records_of(upload):
                key = key_of(upload, record)
                self.newest[key] = max(self.newest.get(key, NEVER), modified(record))


def remembered(change: Callable[[Memory, Call, Answer], Answer]) -> Recipe:
    """Change answers, knowing what went before; the call at hand and its own answer are known too."""

    async def step(memory: Memory, call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        memory.note(call, answer)
        return change(memory, call, answer)

    return lambda _: partial(step, Memory())


def on_reads(change: Callable[[Memory, Call, Objects], Any]) -> Recipe:
    """Change the map of objects that a read answers."""

    def changed(memory: Memory, call: Call, answer: Answer) -> Answer:
        if operation_of(call) not in READ or not answer.succeeded:
            return answer
        return answer.with_member("crmObjectsMap", change(memory, call, answer.member("crmObjectsMap")))

    return remembered(changed)


def on_objects(change: Callable[[Record], Record]) -> Recipe:
    """Change each object that a read finds."""
    return on_reads(lambda _, __, found: {key: None if one is None else change(one) for key, one in found.items()})


def on_listed_fields(change: Callable[[Memory, str, str, list[Field]], list[Field]]) -> Recipe:
    """Change the fields that are listed of each object type of an integration."""

    def changed(memory: Memory, call: Call, answer: Answer) -> Answer:
        if operation_of(call) not in LIST_SCHEMA or not answer.succeeded:
            return answer
        listed = answer.member("objectTypeToSelectedFields")
        shown = {name: change(memory, call.integration, name, some) for name, some in listed.items()}
        return answer.with_member("objectTypeToSelectedFields", shown)

    return remembered(changed)


def on_status(change: Callable[[Memory, Call, Answer], Answer]) -> Recipe:
    """Change what is answered of the status of an upload."""

    def changed(memory: Memory, call: Call, answer: Answer) -> Answer:
        concerned = operation_of(call) in STATUS and answer.succeeded and call.request in memory.uploads
        return change(memory, call, answer) if concerned else answer

    return remembered(changed)


def on_new_lines(change: Callable[[Memory, Key, Record], Record]) -> Recipe:
    """Change the lines of uploads before the emulator reads them, knowing what was uploaded before."""

    async def step(memory: Memory, call: Call, ask: Ask) -> Answer:
        concerned = operation_of(call) in UPLOAD
        sent = with_lines(call, lambda record: change(memory, key_of(call, record), record)) if concerned else call
        answer = await ask(sent)
        memory.note(call, answer)
        return answer

    return lambda _: partial(step, Memory())
