"""Drifts of fields that a schema upload leaves out or removes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import CURRENT, DESCRIBE, FIELDS, LEGACY, operation_of
from contract_tests.drifts.pieces import refusing, remembering
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema_fields import field_records, listed_fields

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
    from contract_tests.drifts.schema_fields import Field


def _left_out_accepted(operations: frozenset[str], *, kept: bool) -> Recipe:
    """Add what an upload leaves out: as it was, or as removed."""

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) not in operations or answer.status != 400 or not isinstance(call.json(), list):
            return answer
        sent = {one.get("uniqueName") or one.get("name") for one in field_records(call)}
        present = await listed_fields(call, ask)
        missed = [one for one in present if one["uniqueName"] not in sent]
        more = [one if kept else {**one, "isDeleted": True} for one in missed]
        return await ask(call.with_json([*field_records(call), *more])) if missed else answer

    return lambda _: behave


class _Removed:
    """The fields whose removal was taken, by integration and object type."""

    def __init__(self, *, marked: bool) -> None:
        self._marked = marked
        self._removed: dict[tuple[str, str], list[Field]] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """List removed fields too, marked as deleted or as if they were there."""
        key = (call.integration, call.parameter("objectType"))
        known = await listed_fields(call, ask) if operation_of(call) in DESCRIBE else []
        answer = await ask(call)
        if operation_of(call) in DESCRIBE and answer.succeeded:
            gone = {one.get("uniqueName") for one in field_records(call) if one.get("isDeleted") is True}
            back = {one.get("uniqueName") for one in field_records(call)} - gone
            kept = [one for one in self._removed.get(key, []) if one["uniqueName"] not in back | gone]
            now = [{**one, "isDeleted": self._marked} for one in known if one["uniqueName"] in gone]
            self._removed[key] = [*kept, *now]
        if operation_of(call) in FIELDS and answer.succeeded:
            listed = answer.member("objectTypeToSelectedFields")
            shown = {name: [*some, *self._removed.get((key[0], name), [])] for name, some in listed.items()}
            return answer.with_json({**answer.json(), "objectTypeToSelectedFields": shown})
        return answer


def removal_listed(*, marked: bool) -> Recipe:
    """Make a server that lists removed fields too.

    Args:
        marked: Whether they are listed with isDeleted true.

    Returns:
        The recipe.
    """
    return remembering(lambda: _Removed(marked=marked).behave)


class _Demanding:
    """The fields that were removed, and are asked for all the same."""

    def __init__(self) -> None:
        self._removed: dict[str, set[str]] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Refuse an upload without every field that ever was."""
        if operation_of(call) not in DESCRIBE:
            return await ask(call)
        of_type, sent = call.parameter("objectType"), {str(one.get("uniqueName")) for one in field_records(call)}
        if self._removed.get(of_type, set()) - sent:
            return await ask(call.with_body(b"{}"))
        answer = await ask(call)
        if answer.succeeded:
            gone = {str(one.get("uniqueName")) for one in field_records(call) if one.get("isDeleted") is True}
            self._removed.setdefault(of_type, set()).update(gone)
        return answer


_row = partial(drift, kind="schema rules")

REMOVAL: Final = (
    _row(
        "schema-field-left-out-is-kept",
        "schema.left-out",
        "Takes an upload that leaves a field out, and keeps the field.",
        _left_out_accepted(DESCRIBE & CURRENT, kept=True),
    ),
    _row(
        "schema-field-left-out-is-removed",
        "schema.left-out",
        "Takes an upload that leaves a field out, and removes the field.",
        _left_out_accepted(DESCRIBE & CURRENT, kept=False),
    ),
    _row(
        "schema-field-left-out-is-kept-legacy",
        "schema.left-out-legacy",
        "Takes an upload that leaves a field out on the legacy path, and keeps the field.",
        _left_out_accepted(DESCRIBE & LEGACY, kept=True),
    ),
    _row(
        "schema-removal-refused",
        "schema.removal",
        "Refuses the removal of a field.",
        refusing(
            DESCRIBE, lambda call: any(one.get("isDeleted") is True for one in field_records(call)), 400, "Bad request"
        ),
    ),
    _row(
        "schema-removal-short-refused-legacy",
        "schema.removal-legacy-short",
        "Refuses a removal without label and type on the legacy path.",
        refusing(
            DESCRIBE & LEGACY,
            lambda call: any(one.get("isDeleted") is True and not one.get("label") for one in field_records(call)),
            400,
            "label: must not be null",
        ),
    ),
    _row(
        "schema-removed-still-listed",
        "schema.removal",
        "Lists a removed field as if it were there.",
        removal_listed(marked=False),
    ),
    _row(
        "schema-removed-demanded-again",
        "schema.removed-may-be-left-out",
        "Refuses an upload that leaves out a field removed before.",
        remembering(lambda: _Demanding().behave),
    ),
)
