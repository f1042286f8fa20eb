"""Drifts of how a deletion ends, and of what is left of the integration."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.files import object_type_of, records_of
from contract_tests.drifts.operations import (
    DELETE,
    DESCRIBE,
    FIELDS,
    LIST,
    READ,
    REGISTER,
    STATUS,
    UPLOAD,
    operation_of,
)
from contract_tests.drifts.pieces import refused_by, remembering, success_of
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Ask, Behaviour


class _Deletion:
    """What a server remembers that deletes badly."""

    def __init__(self) -> None:
        self.name = ""
        self.done = False
        self.gone: set[str] = set()
        self.integration: Any = None
        self.records: dict[tuple[str, str], Any] = {}

    async def watch(self, call: Call, ask: Ask) -> Answer:
        """Note deletions, their ends and the records uploaded before."""
        answer = await ask(call)
        operation = operation_of(call)
        if operation in LIST and answer.member("integrations"):
            self.integration = answer.member("integrations")
        if operation in UPLOAD and answer.succeeded:
            for record in records_of(call):
                self.records[object_type_of(call), str(record.get("objectId"))] = record
        if operation in DELETE and answer.succeeded:
            self.name, self.done = call.parameter("clientRequestId"), False
            self.gone.add(call.integration)
        if operation in STATUS and call.parameter("clientRequestId") == self.name and answer.member("status") == "DONE":
            self.done = True
        return answer

    def _concerns_deletion(self, call: Call) -> bool:
        return operation_of(call) in STATUS and bool(self.name) and call.parameter("clientRequestId") == self.name

    def ends(self, status: str, *, members: dict[str, Any] | None = None) -> Behaviour:
        """Show a deletion that is DONE as something else."""

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await self.watch(call, ask)
            if self._concerns_deletion(call) and answer.member("status") in {"DONE", "FAILED"}:
                body = {"requestId": answer.member("requestId"), "status": status, **(members or {})}
                return answer.with_json(body)
            return answer

        return behave

    async def unknown_status(self, call: Call, ask: Ask) -> Answer:
        """Refuse to tell the status of a deletion."""
        answer = await self.watch(call, ask)
        if self._concerns_deletion(call):
            return await refused_by(call, ask, 400, "Client request id was not found")
        return answer

    async def still_listed(self, call: Call, ask: Ask) -> Answer:
        """List the integration as if it had not been deleted."""
        before = self.integration
        answer = await self.watch(call, ask)
        if operation_of(call) in LIST and answer.member("integrations") == [] and before and self.done:
            return answer.with_json({**answer.json(), "integrations": before})
        return answer

    async def still_readable(self, call: Call, ask: Ask) -> Answer:
        """Answer the objects of a deleted integration under its old id."""
        answer = await self.watch(call, ask)
        if operation_of(call) in READ and not answer.succeeded and call.integration in self.gone:
            return self._with_records(call, success_of(call, answer))
        return answer

    async def inherited(self, call: Call, ask: Ask) -> Answer:
        """Answer the objects of a deleted integration under a new one's id."""
        answer = await self.watch(call, ask)
        if operation_of(call) in READ and answer.succeeded and self.gone:
            return self._with_records(call, answer)
        return answer

    def _with_records(self, call: Call, answer: Answer) -> Answer:
        found = answer.member("crmObjectsMap")
        type_ = call.parameter("objectType")
        return answer.with_json(
            {**answer.json(), "crmObjectsMap": {key: found[key] or self.records.get((type_, key)) for key in found}}
        )

    async def still_uploadable(self, call: Call, ask: Ask) -> Answer:
        """Take uploads for a deleted integration."""
        answer = await self.watch(call, ask)
        deleted = call.integration in self.gone
        if operation_of(call) in UPLOAD and deleted and answer.status in {400, 404}:
            return success_of(call, answer)
        return answer

    async def for_ever(self, call: Call, ask: Ask) -> Answer:
        """Refuse every registration after a deletion."""
        if operation_of(call) in REGISTER and self.gone:
            return await refused_by(call, ask, 409, "Your organization already has an active integration")
        return await self.watch(call, ask)

    async def in_name_only(self, call: Call, ask: Ask) -> Answer:
        """Take a deletion and tell that it is DONE, but delete nothing."""
        operation = operation_of(call)
        name = call.parameter("clientRequestId")
        if operation in DELETE:
            listed = await ask(Call(method="GET", path="/v2/crm/integrations", headers=call.headers))
            known = [str(one["integrationId"]) for one in listed.member("integrations") or []]
            if name and call.integration in known:
                self.name = name
                return success_of(call, listed)
        if self._concerns_deletion(call):
            return success_of(call, await ask(Call(method="GET", path="/v2/nowhere", headers=call.headers)))
        return await ask(call)


class _KeptSchema:
    """The fields that were sent before a deletion."""

    def __init__(self) -> None:
        self._sent: dict[str, list[Any]] = {}
        self._deleted = False

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Add the fields of the integration before to the list of the present one."""
        answer = await ask(call)
        operation = operation_of(call)
        if operation in DESCRIBE and answer.succeeded and not self._deleted:
            self._sent[call.parameter("objectType")] = [one for one in call.json() if not one.get("isDeleted")]
        self._deleted = self._deleted or (operation in DELETE and answer.succeeded)
        if operation in FIELDS and answer.succeeded and self._deleted:
            body = answer.json()
            listed = body["objectTypeToSelectedFields"]
            shown = {name: fields or self._sent.get(name, []) for name, fields in listed.items()}
            return answer.with_json({**body, "objectTypeToSelectedFields": shown})
        return answer


_row = partial(drift, kind="deletion")

ROWS: Final = (
    _row(
        "delete-never-ends",
        "delete.ends-done",
        "Keeps a deletion IN_PROGRESS for ever.",
        remembering(lambda: _Deletion().ends("IN_PROGRESS")),
    ),
    _row(
        "delete-fails",
        "delete.ends-done",
        "Ends every deletion FAILED.",
        remembering(
            lambda: _Deletion().ends(
                "FAILED",
                members={
                    "errors": [{"line": 0, "description": "Failed to delete the integration"}],
                    "totalErrorCount": 1,
                    "totalSuccessCount": 0,
                },
            )
        ),
    ),
    _row(
        "delete-status-unknown",
        "delete.status-known",
        "Knows no status of a deletion.",
        remembering(lambda: _Deletion().unknown_status),
    ),
    _row(
        "delete-leaves-listed",
        "list.after-delete",
        "Lists the integration after its deletion is DONE.",
        remembering(lambda: _Deletion().still_listed),
    ),
    _row(
        "delete-leaves-readable",
        "delete.objects-gone",
        "Answers the objects of a deleted integration.",
        remembering(lambda: _Deletion().still_readable),
    ),
    _row(
        "delete-leaves-to-the-next",
        "delete.new-starts-empty",
        "Shows the objects of a deleted integration in the next one.",
        remembering(lambda: _Deletion().inherited),
    ),
    _row(
        "delete-leaves-uploadable",
        "delete.no-more-uploads",
        "Takes uploads for a deleted integration.",
        remembering(lambda: _Deletion().still_uploadable),
    ),
    _row(
        "delete-blocks-registration",
        "register.after-delete",
        "Refuses every registration after a deletion.",
        remembering(lambda: _Deletion().for_ever),
    ),
    _row(
        "delete-in-name-only",
        "list.after-delete",
        "Tells that a deletion is DONE, but deletes nothing.",
        remembering(lambda: _Deletion().in_name_only),
    ),
)

SCHEMA: Final = (
    _row(
        "delete-schema-survives",
        "delete.new-starts-empty",
        "Shows the fields of a deleted integration's schema in the next one.",
        remembering(lambda: _KeptSchema().behave),
    ),
)
