"""Drifts of a schema that grows or changes: what is taken, what is kept, and when and where it is listed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import DESCRIBE, FIELDS, operation_of
from contract_tests.drifts.pieces import remembering
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema_fields import FIELD_TYPES, field_records, listed_fields

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call
    from contract_tests.drifts.schema_fields import Field


def _first_label() -> Behaviour:
    labels: dict[tuple[str, str, str], str] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [old(call.integration, name, one) for one in some] for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        if operation_of(call) in DESCRIBE and answer.succeeded:
            for one in field_records(call):
                key = (call.integration, call.parameter("objectType"), str(one.get("uniqueName")))
                labels.setdefault(key, str(one.get("label")))
        return answer

    def old(at: str, name: str, field: Field) -> Field:
        return {**field, "label": labels.get((at, name, field["uniqueName"]), field["label"])}

    return behave


async def _type_change_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in DESCRIBE and field_records(call):
        types = {one["uniqueName"]: one["type"] for one in await listed_fields(call, ask)}
        changed = [
            one for one in field_records(call) if types.get(one.get("uniqueName"), one.get("type")) != one.get("type")
        ]
        if any(one.get("type") in FIELD_TYPES for one in changed):
            return await ask(call.with_body(b"{}"))
    return await ask(call)


async def _growth_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in DESCRIBE and field_records(call) and await listed_fields(call, ask):
        return await ask(call.with_body(b"{}"))
    return await ask(call)


def _late() -> Behaviour:
    fresh: set[str] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            fresh.add(call.parameter("objectType"))
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [] if name in fresh else some for name, some in listed.items()}
            fresh.difference_update(listed)
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer

    return behave


async def _stored_before_refusal(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in DESCRIBE and answer.status == 400:
        present = await listed_fields(call, ask)
        names = {one["uniqueName"] for one in present}
        extra = {"uniqueName": "leftBehind", "label": "Left behind", "type": "STRING"}
        if names:
            await ask(call.with_json([*present, *([] if "leftBehind" in names else [extra])]))
    return answer


def _for_every_type() -> Behaviour:
    sent: dict[str, list[Field]] = {}  # by integration

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            sent[call.integration] = field_records(call)
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: some or sent.get(call.integration, []) for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer

    return behave


_row = partial(drift, kind="schema rules")

CHANGES: Final = (
    _row(
        "schema-label-change-lost",
        "schema.label-change",
        "Keeps the first label of a field.",
        remembering(_first_label),
    ),
    _row(
        "schema-type-change-refused",
        "schema.type-change",
        "Refuses another type for a field that is there.",
        lambda _: _type_change_refused,
    ),
    _row(
        "schema-growth-refused",
        "schema.grows",
        "Refuses a second upload for an object type.",
        lambda _: _growth_refused,
    ),
    _row("schema-listed-late", "schema.synchronous", "Lists a schema from the second time on.", remembering(_late)),
    _row(
        "schema-refused-but-stored",
        "schema.refused-changes-nothing",
        "Refuses a wrong schema, but adds a field.",
        lambda _: _stored_before_refusal,
    ),
    _row(
        "schema-for-every-type",
        "schema.per-object-type",
        "Lists the fields of one object type for the others too.",
        remembering(_for_every_type),
    ),
)
