"""Drifts of a schema that grows, changes or loses fields: what is taken, what is kept, and when it is listed."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.files import Record
from contract_tests.drifts.lines.refused import STANDARD
from contract_tests.drifts.memory import Field, Memory, Objects, field_records, on_listed_fields, on_reads
from contract_tests.drifts.operations import CURRENT, LEGACY, LIST_SCHEMA, UPLOAD_SCHEMA, operation_of
from contract_tests.drifts.recipes import on_request, refusing, remembering
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema.fields import TYPES, on_fields, some_field

Which: TypeAlias = Literal["removed", "retyped", "unknown"]


async def listed_fields(call: Call, ask: Ask) -> list[Field]:
    """Ask the emulator which fields the object type of a call has."""
    about = call.with_parameters({name: call.parameter(name) for name in ("integrationId", "objectType")})
    query = about.query_string
    answer = await ask(Call(method="GET", path="/v2/crm/entity-schema", query_string=query, headers=call.headers))
    listed = answer.member("objectTypeToSelectedFields") or {}
    fields: list[Field] = listed.get(call.parameter("objectType")) or []
    return fields


def _left_out_kept(operations: frozenset[str]) -> Recipe:
    """Add what an upload leaves out."""

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) not in operations or answer.status != 400 or not isinstance(call.json(), list):
            return answer
        sent = {str(one.get("uniqueName") or one.get("name")) for one in field_records(call)}
        missed = [one for one in await listed_fields(call, ask) if one["uniqueName"] not in sent]
        return await ask(call.with_json([*field_records(call), *missed])) if missed else answer

    return lambda _: behave


def removal_listed(*, marked: bool) -> Recipe:
    """Make a server that lists removed fields too, with isDeleted true or as if they were there."""

    def change(memory: Memory, integration: str, name: str, fields: list[Field]) -> list[Field]:
        present, sent = {one["uniqueName"] for one in fields}, memory.schemas.get((integration, name), [])
        known = {
            one["uniqueName"]: one for upload in sent for one in upload if one.get("uniqueName") and one.get("label")
        }
        gone = [one for key, one in known.items() if key not in present]
        return [*fields, *({**one, "isDeleted": marked} for one in gone)]

    return on_listed_fields(change)


def refusing_after_removal(refused: Callable[[set[str], Call], object]) -> Recipe:
    """Refuse some schema uploads, by the names of the fields that were removed from the object type before."""

    async def step(memory: dict[tuple[str, str], set[str]], call: Call, ask: Ask) -> Answer:
        if operation_of(call) not in UPLOAD_SCHEMA:
            return await ask(call)
        removed = memory.setdefault((call.integration, call.parameter("objectType")), set())
        if refused(removed, call):
            return await ask(call.with_body(b"{}"))
        answer = await ask(call)
        removed |= names_of(call, removed=True) if answer.succeeded else set()
        return answer

    return remembering(step)


def names_of(call: Call, *, removed: bool) -> set[str]:
    """Give the names of the fields that a schema upload removes, or of those that it does not."""
    sent = field_records(call)
    return {str(one.get("uniqueName")) for one in sent if (one.get("isDeleted") is True) == removed}


def _first(member: str) -> Recipe:
    """List of a field what was sent first."""

    def change(memory: Memory, integration: str, name: str, fields: list[Field]) -> list[Field]:
        values: dict[str, Any] = {}
        for upload in memory.schemas.get((integration, name), []):
            for one in upload:
                values.setdefault(str(one.get("uniqueName")), one.get(member))
        return [{**one, member: values.get(one["uniqueName"], one[member])} for one in fields]

    return on_listed_fields(change)


def _one_name_one_type(memory: Memory, integration: str, _: str, fields: list[Field]) -> list[Field]:
    uploads = [sent[-1] for (of, _), sent in memory.schemas.items() if of == integration]
    types = {one.get("uniqueName"): one["type"] for upload in uploads for one in upload if one.get("type")}
    return [{**one, "type": types.get(one["uniqueName"], one["type"])} for one in fields]


def _retyped_lost(memory: Memory, call: Call, found: Objects) -> Objects:
    states = _states(memory.schemas.get((call.integration, call.parameter("objectType")), []))

    def kept(record: Record) -> Record:
        return {name: value for name, value in record.items() if states.get(name) != "retyped"}

    return {key: one and kept(one) for key, one in found.items()}


def _all_removed(call: Call) -> Call:
    return call.with_json([{**one, "isDeleted": True} if one.get("label") else one for one in field_records(call)])


def _removed_by_name(field: Field) -> Field:
    return {**field, "isDeleted": True} if "isDeleted" in field else field


async def _type_change_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in UPLOAD_SCHEMA and field_records(call):
        types = {one["uniqueName"]: one["type"] for one in await listed_fields(call, ask)}
        for one in field_records(call):
            if (
                types.get(str(one.get("uniqueName")), one.get("type")) != one.get("type")
                and str(one.get("type")) in TYPES
            ):
                return await ask(call.with_body(b"{}"))
    return await ask(call)


async def _growth_refused(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in UPLOAD_SCHEMA and field_records(call) and await listed_fields(call, ask):
        return await ask(call.with_body(b"{}"))
    return await ask(call)


async def _late(memory: dict[str, bool], call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in UPLOAD_SCHEMA and answer.succeeded:
        memory[call.parameter("objectType")] = True
    if operation_of(call) not in LIST_SCHEMA or not answer.succeeded:
        return answer
    listed = answer.member("objectTypeToSelectedFields")
    shown = {name: [] if memory.pop(name, False) else some for name, some in listed.items()}
    return answer.with_member("objectTypeToSelectedFields", shown)


async def _stored_before_refusal(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in UPLOAD_SCHEMA and answer.status == 400:
        present = await listed_fields(call, ask)
        extra = {"uniqueName": "leftBehind", "label": "Left behind", "type": "STRING"}
        if present and "leftBehind" not in {one["uniqueName"] for one in present}:
            await ask(call.with_json([*present, extra]))
    return answer


def _for_every_type(memory: Memory, integration: str, _: str, fields: list[Field]) -> list[Field]:
    sent = [uploads[-1] for (of, _), uploads in memory.schemas.items() if of == integration]
    return fields or (sent[-1] if sent else [])


def values_shown(which: Which) -> Recipe:
    """Make a server that shows values which it should have dropped, or need not show.

    Args:
        which: Of fields that were removed, or retyped, or that the schema never knew.
    """

    def change(memory: Memory, call: Call, found: Objects) -> Objects:
        own = (call.integration, call.parameter("objectType"))
        states = _states(memory.schemas.get(own, []))

        def kept(key: str, shown: Record) -> Record:
            record = memory.records.get((*own, key), {})
            if record.get("modifiedDate") != shown.get("modifiedDate"):
                return {}
            return {
                name: one
                for name, one in record.items()
                if states.get(name, "unknown") == which and name not in STANDARD
            }

        return {key: one and {**kept(key, one), **one} for key, one in found.items()}

    return on_reads(change)


def _states(uploads: list[list[Field]]) -> dict[str, str]:
    types: dict[str, Any] = {}
    states: dict[str, str] = {}
    for field in (field for upload in uploads for field in upload):
        name = str(field.get("uniqueName"))
        if field.get("isDeleted") is True:
            states[name] = "removed"
        elif types.get(name, field.get("type")) != field.get("type"):
            states[name] = "retyped"
        else:
            states.setdefault(name, "known")
        types[name] = field.get("type")
    return states


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("schema-left-out-is-kept", "schema.left-out", "Takes an upload that leaves a field out, and keeps the field.",
        _left_out_kept(UPLOAD_SCHEMA & CURRENT)),
    drift("schema-left-out-is-kept-legacy", "schema.left-out-legacy",
        "Takes an upload that leaves a field out on the legacy path.",
        _left_out_kept(UPLOAD_SCHEMA & LEGACY)),
    drift("schema-removal-refused", "schema.removal", "Refuses the removal of a field.",
        refusing(UPLOAD_SCHEMA, some_field(lambda field: field.get("isDeleted") is True))),
    drift("schema-removal-short-refused-legacy", "schema.removal-legacy-short",
        "Refuses a removal without label and type on the legacy path.",
        refusing(UPLOAD_SCHEMA & LEGACY,
            some_field(lambda field: field.get("isDeleted") is True and not field.get("label")),
            error="label: must not be null")),
    drift("schema-removed-still-listed", "schema.removal", "Lists a removed field as if it were there.",
        removal_listed(marked=False)),
    drift("schema-removed-demanded-again", "schema.removed-may-be-left-out",
        "Refuses an upload that leaves out a field removed before.",
        refusing_after_removal(lambda removed, call: removed - names_of(call, removed=True) - names_of(call,
            removed=False))),
    drift("schema-label-change-lost", "schema.label-change", "Keeps the first label of a field.",
        _first("label")),
    drift("schema-values-change-lost", "schema-list.ordered-values", "Keeps the first values of a pick list.",
        _first("orderedValueList")),
    drift("schema-target-change-lost", "schema-list.reference-to", "Keeps the first target of a reference.",
        _first("referenceTo")),
    drift("schema-one-name-one-type", "schema.per-object-type",
        "Lists the same type for fields of one name in all object types.", on_listed_fields(_one_name_one_type)),
    drift("schema-retyped-without-values", "objects.custom-field", "Never shows a value of a field that was retyped.",
        on_reads(_retyped_lost)),
    drift("schema-removal-takes-all", "schema.removal", "Removes all fields when one is removed.",
        on_request(UPLOAD_SCHEMA, _all_removed,
            when=some_field(lambda field: field.get("isDeleted") is True and bool(field.get("label"))))),
    drift("schema-isDeleted-false-removes", "schema.not-removed", "Removes a field that is sent with isDeleted false.",
        on_fields(_removed_by_name)),
    drift("schema-type-change-refused", "schema.type-change", "Refuses another type for a field that is there.",
        lambda _: _type_change_refused),
    drift("schema-growth-refused", "schema.grows", "Refuses a second upload for an object type.",
        lambda _: _growth_refused),
    drift("schema-listed-late", "schema.synchronous", "Lists a schema from the second time on.", remembering(_late)),
    drift("schema-refused-but-stored", "schema.refused-changes-nothing", "Refuses a wrong schema, but adds a field.",
        lambda _: _stored_before_refusal),
    drift("schema-for-every-type", "schema.per-object-type", "Lists the fields of one object type for the others too.",
        on_listed_fields(_for_every_type)),
    drift("schema-removed-values-kept", "schema.removal-values",
        "Shows the values of a removed field in the objects that had them.", values_shown("removed")),
    drift("schema-retyped-values-kept", "schema.type-change-values",
        "Shows the values of a field from before its type was changed.", values_shown("retyped")),
)
# fmt: on
