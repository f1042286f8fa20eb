"""What becomes of the values of a field that is removed, retyped or not known at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from contract_tests.drifts.files import Record, records_of
from contract_tests.drifts.object_members import is_custom
from contract_tests.drifts.operations import DESCRIBE, READ, UPLOAD, operation_of
from contract_tests.drifts.pieces import remembering
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema_fields import field_records

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe

Which: TypeAlias = Literal["removed", "retyped", "unknown"]


class _Values:
    """Records as they were sent, and what was said of their fields, by integration and object type."""

    def __init__(self, shown: Which) -> None:
        self._shown = shown
        self._records: dict[tuple[str, str], dict[str, Record]] = {}
        self._types: dict[tuple[str, str], dict[str, Any]] = {}
        self._gone: dict[tuple[str, str], dict[str, Which]] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Show values of some fields that are shown no more, or never were."""
        answer = await ask(call)
        operation, at = operation_of(call), (call.integration, call.parameter("objectType"))
        if operation in UPLOAD and answer.succeeded:
            sent = {str(record.get("objectId")): record for record in records_of(call)}
            self._records.setdefault(at, {}).update(sent)
        if operation in DESCRIBE and answer.succeeded:
            self._describe(call, at)
        if operation in READ and answer.succeeded:
            found = answer.member("crmObjectsMap")
            shown = {key: one and {**self._kept(at, key, one), **one} for key, one in found.items()}
            return answer.with_json({**answer.json(), "crmObjectsMap": shown})
        return answer

    def _describe(self, call: Call, at: tuple[str, str]) -> None:
        types, gone = self._types.setdefault(at, {}), self._gone.setdefault(at, {})
        for field in field_records(call):
            name = str(field.get("uniqueName"))
            if field.get("isDeleted") is True:
                gone[name] = "removed"
            elif types.get(name, field.get("type")) != field.get("type"):
                gone[name] = "retyped"
            types[name] = field.get("type")

    def _kept(self, at: tuple[str, str], key: str, shown: Record) -> Record:
        gone, record = self._gone.get(at, {}), self._records.get(at, {}).get(key, {})
        if record.get("modifiedDate") != shown.get("modifiedDate"):
            return {}
        kept = {name: value for name, value in record.items() if gone.get(name, "unknown") == self._shown}
        return {name: value for name, value in kept.items() if is_custom(name)}


def shown_all_the_same(which: Which) -> Recipe:
    """Make a server that shows values which it should have dropped, or need not show.

    Args:
        which: The fields concerned: removed, retyped, or never known to the schema.

    Returns:
        The recipe.
    """
    return remembering(lambda: _Values(which).behave)


_row = partial(drift, kind="schema rules")

ROWS: Final = (
    _row(
        "schema-removed-values-kept",
        "schema.removal-values",
        "Shows the values of a removed field in the objects that had them.",
        shown_all_the_same("removed"),
    ),
    _row(
        "schema-retyped-values-kept",
        "schema.type-change-values",
        "Shows the values of a field from before its type was changed.",
        shown_all_the_same("retyped"),
    ),
)
