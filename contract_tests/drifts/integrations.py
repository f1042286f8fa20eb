"""Drifts of the life of an integration: registered, listed, deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, value
from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.files import object_type_of, records_of
from contract_tests.drifts.operations import (
    CURRENT,
    DELETE,
    DESCRIBE,
    FIELDS,
    LEGACY,
    LIST,
    READ,
    REGISTER,
    STATUS,
    UPLOAD,
    operation_of,
)
from contract_tests.drifts.pieces import (
    accepting,
    accepting_unknown_integration,
    on_answer,
    on_body,
    refused_by,
    remembering,
    success_of,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Ask, Behaviour, Recipe

_row = partial(drift, kind="registration")


def _lacks(name: str) -> Recipe:
    def without(call: Call) -> bool:
        body = call.json()
        return isinstance(body, dict) and body.get(name) is None

    return accepting(REGISTER, without, refused=(400,))


def _no_object(call: Call) -> bool:
    return not isinstance(call.json(), dict)


class _Remembered:
    """The registration that was answered last."""

    def __init__(self) -> None:
        self.body: Any = None
        self.answer: Answer | None = None

    async def idempotent(self, call: Call, ask: Ask) -> Answer:
        """Answer the same registration again with the same integration."""
        answer = await ask(call)
        if operation_of(call) not in REGISTER:
            return answer
        if answer.succeeded:
            self.body, self.answer = call.json(), answer
        elif answer.status == 409 and self.answer is not None and call.json() == self.body:
            body = {"requestId": answer.member("requestId"), "integrationId": self.answer.member("integrationId")}
            return answer.with_status(200).with_json(body)
        return answer

    async def renaming(self, call: Call, ask: Ask) -> Answer:
        """Refuse a second registration, but take over its name and owner."""
        answer = await ask(call)
        operation = operation_of(call)
        if operation in REGISTER and answer.status in {200, 409} and isinstance(call.json(), dict):
            self.body = call.json()
        if operation in LIST and answer.succeeded and self.body is not None:
            new = {name: self.body.get(name) for name in ("name", "ownerEmail")}
            return answer.with_json(at("integrations.*", lambda one: {**one, **new})(answer.json()))
        return answer


def _swapped(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return at("integrations.*", lambda one: {**one, "name": one["ownerEmail"], "ownerEmail": one["name"]})(body)


def _one_for_an_empty_list(_: Call, answer: Answer) -> Answer:
    return answer if answer.member("integrations") else answer.with_status(500)


def _twice(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    other = at("integrations.*.integrationId", lambda number: number - 1)(body)
    return {**body, "integrations": [*body["integrations"], *other["integrations"]]}


REGISTRATION: Final = (
    _row(
        "register-201",
        "register.success",
        "Answers a registration 201.",
        on_answer(REGISTER, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "register-legacy-201",
        "register.success",
        "Answers a registration 201 on the legacy path.",
        on_answer(REGISTER & LEGACY, lambda _, answer: answer.with_status(201)),
    ),
    _row("register-without-name-accepted", "register.name-required", "Registers without a name.", _lacks("name")),
    _row(
        "register-without-owner-accepted",
        "register.owner-email-required",
        "Registers without ownerEmail.",
        _lacks("ownerEmail"),
    ),
    _row(
        "register-without-object-accepted",
        "register.malformed-body",
        "Registers on a body that is no JSON object.",
        accepting(REGISTER, _no_object, refused=(400,)),
    ),
    _row(
        "register-second-accepted",
        "register.second-is-conflict",
        "Registers a second integration while one is active.",
        accepting(REGISTER, refused=(409,)),
    ),
    _row(
        "register-second-accepted-legacy",
        "register.second-is-conflict",
        "Registers a second integration on the legacy path while one is active.",
        accepting(REGISTER & LEGACY, refused=(409,)),
    ),
    _row(
        "register-repeated-accepted",
        "register.repeated-is-conflict",
        "Answers the same registration again 200 with the same integrationId.",
        remembering(lambda: _Remembered().idempotent),
    ),
    _row(
        "register-second-400",
        "register.second-is-conflict",
        "Answers a second registration 400 in place of 409.",
        on_answer(
            REGISTER,
            lambda _, answer: answer.with_status(400),
            when=lambda _, answer: answer.status == 409,
        ),
    ),
    _row(
        "register-second-renames",
        "register.second-changes-nothing",
        "Refuses a second registration, but takes over its name and owner.",
        remembering(lambda: _Remembered().renaming),
    ),
    _row(
        "list-empty-after-register",
        "list.registered",
        "Lists nothing, whatever is registered.",
        on_body(LIST, value("integrations", [])),
    ),
    _row(
        "list-empty-after-register-legacy",
        "route.both-families-one-state",
        "Lists nothing on the legacy path, whatever is registered.",
        on_body(LIST & LEGACY, value("integrations", [])),
    ),
    _row(
        "list-name-in-capitals",
        "list.registered",
        "Lists the integration's name in capitals.",
        on_body(LIST, at("integrations.*.name", str.upper)),
    ),
    _row(
        "list-name-cut",
        "list.registered",
        "Lists the first eight letters of the integration's name.",
        on_body(LIST, at("integrations.*.name", lambda name: name[:8])),
    ),
    _row(
        "list-owner-of-another",
        "list.registered",
        "Lists an owner who was never named.",
        on_body(LIST, value("integrations.*.ownerEmail", "somebody.else@example.com")),
    ),
    _row(
        "list-name-and-owner-swapped",
        "list.registered",
        "Lists name and ownerEmail the other way round.",
        on_body(LIST, _swapped),
    ),
    _row(
        "list-two", "list.one-at-most", "Lists a second integration beside the registered one.", on_body(LIST, _twice)
    ),
    _row(
        "list-empty-500",
        "list.empty",
        "Answers 500 when no integration is registered.",
        on_answer(LIST, _one_for_an_empty_list),
    ),
    _row(
        "list-empty-null",
        "list.empty",
        "Lists null in place of an empty list.",
        on_body(LIST, at("integrations", lambda listed: listed or None)),
    ),
    _row(
        "list-201",
        "list.success",
        "Answers the list 201.",
        on_answer(LIST, lambda _, answer: answer.with_status(201)),
    ),
)


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


def _lacking(name: str) -> Recipe:
    return accepting(DELETE, lambda call: not call.parameter(name), refused=(400,))


def _forbidden(call: Call) -> bool:
    name = call.parameter("clientRequestId")
    return any(not (letter.isascii() and (letter.isalnum() or letter in "-_")) for letter in name)


def _deleted_anyway(call: Call) -> Call:
    return call.with_parameters(
        {name: value for name, value in call.parameters.items() if name != "clientRequestId"}
        | {"clientRequestId": "made-up-by-the-server"}
    )


async def _delete_before_refusal(call: Call, ask: Ask) -> Answer:
    if operation_of(call) not in DELETE:
        return await ask(call)
    answer = await ask(call)
    if answer.status == 400 and not call.parameter("clientRequestId"):
        deleted = await ask(_deleted_anyway(call))
        status = call.with_parameter("clientRequestId", "made-up-by-the-server")
        for _ in range(5 if deleted.succeeded else 0):
            await ask(
                Call(
                    method="GET", path="/v2/crm/request-status", query_string=status.query_string, headers=call.headers
                )
            )
    return answer


_row = partial(drift, kind="deletion")

DELETION: Final = (
    _row(
        "delete-200-current",
        "delete.success-current",
        "Answers a deletion 200 on the current path.",
        on_answer(DELETE & CURRENT, lambda _, answer: answer.with_status(200)),
    ),
    _row(
        "delete-204-legacy",
        "delete.success-legacy",
        "Answers a deletion 204 without a body on the legacy path.",
        on_answer(DELETE & LEGACY, lambda _, answer: answer.with_status(204).with_body(b"")),
    ),
    _row(
        "delete-202",
        "delete.success-current",
        "Answers a deletion 202 on both paths.",
        on_answer(DELETE, lambda _, answer: answer.with_status(202)),
    ),
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
    _row(
        "delete-echoes-another-id",
        "delete.echo",
        "Echoes another clientRequestId for a deletion.",
        on_body(DELETE, at("clientRequestId", lambda name: f"{name}-1")),
    ),
    _row(
        "delete-without-client-request-id-accepted",
        "delete.client-request-id-required",
        "Takes a deletion without clientRequestId.",
        _lacking("clientRequestId"),
    ),
    _row(
        "delete-without-integration-accepted",
        "delete.integration-id-required",
        "Takes a deletion without integrationId.",
        _lacking("integrationId"),
    ),
    _row(
        "delete-forbidden-characters-accepted",
        "delete.client-request-id-characters",
        "Takes any characters in the clientRequestId of a deletion.",
        accepting(DELETE, _forbidden, refused=(400,)),
    ),
    _row(
        "delete-unknown-integration-accepted",
        "delete.unknown-integration",
        "Takes a deletion of an integration that does not exist.",
        accepting_unknown_integration(
            DELETE,
            lambda call: (
                call.integration.isdigit() and bool(call.parameter("clientRequestId")) and not _forbidden(call)
            ),
        ),
    ),
    _row(
        "delete-repeated-name-accepted",
        "delete.repeated-client-request-id",
        "Takes a deletion again under a clientRequestId that was used.",
        accepting(DELETE, refused=(409,)),
    ),
    _row(
        "delete-refused-but-done",
        "delete.refused-deletes-nothing",
        "Refuses a deletion without clientRequestId, but deletes.",
        lambda _: _delete_before_refusal,
    ),
    _row(
        "delete-schema-survives",
        "delete.new-starts-empty",
        "Shows the fields of a deleted integration's schema in the next one.",
        remembering(lambda: _KeptSchema().behave),
    ),
)


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
