"""Drifts of registering, listing and deleting the integration."""

from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.edits import at, value
from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
from contract_tests.drifts.files import object_type_of
from contract_tests.drifts.memory import Memory, on_listed_fields, remembered
from contract_tests.drifts.operations import DELETE, LEGACY, LIST, READ, REGISTER, STATUS, UPLOAD, operation_of
from contract_tests.drifts.recipes import accepting, as_admin, on_body, refused_with, remembering, status, success_of
from contract_tests.drifts.registry import drift
from gong_crm_emulator import EmulatorSettings


def _registers_without(name: str) -> Recipe:
    def lacking(call: Call) -> bool:
        body = call.json()
        return isinstance(body, dict) and body.get(name) is None

    return accepting(REGISTER, lacking, refused=(400,))


async def _idempotent(memory: dict[bytes, int], call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in REGISTER and answer.succeeded:
        memory[call.body] = answer.member("integrationId")
    if operation_of(call) in REGISTER and answer.status == 409 and call.body in memory:
        body = {"requestId": answer.member("requestId"), "integrationId": memory[call.body]}
        return answer.with_status(200).with_json(body)
    return answer


async def _renaming(memory: dict[str, Any], call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in REGISTER and answer.status in {200, 409} and isinstance(call.json(), dict):
        memory.update({name: call.json().get(name) for name in ("name", "ownerEmail")})
    if operation_of(call) in LIST and answer.succeeded:
        return answer.with_json(at("integrations.*", lambda one: {**one, **memory})(answer.json()))
    return answer


def _twice(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    other = at("integrations.*.integrationId", lambda number: number - 1)(body)
    return {**body, "integrations": [*body["integrations"], *other["integrations"]]}


def _status_of_deletion(change: Callable[[Answer], Answer]) -> Recipe:
    def changed(memory: Memory, call: Call, answer: Answer) -> Answer:
        ended = answer.member("status") in {"DONE", "FAILED"}
        return change(answer) if operation_of(call) in STATUS and call.request in memory.deletions and ended else answer

    return remembered(changed)


def _unknown_status(memory: Memory, call: Call, answer: Answer) -> Answer:
    concerned = operation_of(call) in STATUS and call.request in memory.deletions
    return answer.refused(400, "Client request id was not found") if concerned else answer


def _still_listed(memory: Memory, call: Call, answer: Answer) -> Answer:
    late = operation_of(call) in LIST and answer.member("integrations") == [] and memory.ended
    return answer.with_member("integrations", memory.integrations) if late else answer


def _with_objects(memory: Memory, call: Call, answer: Answer) -> Answer:
    old = {key: record for (_, name, key), record in memory.records.items() if name == object_type_of(call)}
    found = answer.member("crmObjectsMap")
    return answer.with_member("crmObjectsMap", {key: found[key] or old.get(key) for key in found})


def _still_readable(memory: Memory, call: Call, answer: Answer) -> Answer:
    late = operation_of(call) in READ and not answer.succeeded and call.integration in memory.gone
    return _with_objects(memory, call, success_of(call, answer)) if late else answer


def _inherited(memory: Memory, call: Call, answer: Answer) -> Answer:
    late = operation_of(call) in READ and answer.succeeded and memory.gone
    return _with_objects(memory, call, answer) if late else answer


def _still_uploadable(memory: Memory, call: Call, answer: Answer) -> Answer:
    late = operation_of(call) in UPLOAD and answer.status in {400, 404} and call.integration in memory.gone
    return success_of(call, answer) if late else answer


def _no_more_registrations(memory: Memory, call: Call, answer: Answer) -> Answer:
    concerned = operation_of(call) in REGISTER and memory.gone and answer.status != 401
    return answer.refused(409, "Your organization already has an active integration") if concerned else answer


async def _refused_but_done(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in DELETE and answer.status == 400 and not call.parameter("clientRequestId"):
        hidden = call.with_parameter("clientRequestId", "made-up-by-the-server")
        if (await ask(hidden)).succeeded:
            await poll(hidden, ask, times=5)
    return answer


def _deleted_for_nobody(settings: EmulatorSettings) -> Behaviour:
    """Delete the integration for a caller without credentials, and refuse the call."""

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) in DELETE and answer.status == 401 and call.header("authorization") is None:
            hidden = as_admin(call, settings)
            if (await ask(hidden)).succeeded:
                await poll(hidden, ask, times=5)
        return answer

    return behave


async def poll(call: Call, ask: Ask, *, times: int) -> bool:
    """Ask for the status of a request until it is DONE, so that a server that counts polls works on it."""
    path, query = "/v2/crm/request-status", call.query_string
    for _ in range(times):
        answer = await ask(Call(method="GET", path=path, query_string=query, headers=call.headers))
        if answer.member("status") == "DONE":
            return True
    return False


def _kept_fields(memory: Memory, integration: str, object_type: str, fields: list[Any]) -> list[Any]:
    old = [sent[-1] for (of, name), sent in memory.schemas.items() if name == object_type and of in memory.gone]
    live = [one for one in (old[-1] if old else []) if not one.get("isDeleted")]
    return fields or ([] if integration in memory.gone else live)


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("register-without-name", "register.name-required", "Registers without a name.", _registers_without("name")),
    drift("register-without-owner", "register.owner-email-required", "Registers without owner.",
        _registers_without("ownerEmail")),
    drift("register-without-object", "register.malformed-body", "Registers on a body that is no JSON object.",
        accepting(REGISTER, lambda call: not isinstance(call.json(), dict), refused=(400,))),
    drift("register-second-accepted", "register.second-is-conflict register.repeated-is-conflict",
        "Registers a second integration while one is active.", accepting(REGISTER, refused=(409,))),
    drift("register-repeated-accepted", "register.repeated-is-conflict",
        "Answers the same registration again 200 with the same integrationId.", remembering(_idempotent)),
    drift("register-second-400", "register.second-is-conflict", "Answers a second registration 400 in place of 409.",
        status(REGISTER, 400, when=refused_with(409))),
    drift("register-second-renames", "register.second-changes-nothing",
        "Refuses a second registration, but takes over its name and owner.", remembering(_renaming)),
    drift("list-nothing", "list.registered", "Lists nothing.", on_body(LIST, value("integrations", []))),
    drift("list-names-in-ascii", "list.registered", "Lists names without letters beyond ASCII.",
        on_body(LIST, at("integrations.*.name", lambda text: text.encode("ascii", "replace").decode()))),
    drift("list-nothing-legacy", "route.both-families-one-state",
        "Lists nothing on the legacy path, whatever is registered.", on_body(LIST & LEGACY, value("integrations", []))),
    drift("list-two", "list.one-at-most", "Lists a second integration beside the registered one.",
        on_body(LIST, _twice)),
    drift("list-empty-403", "list.empty", "Answers 403 when no integration is registered.",
        status(LIST, 403, when=lambda _, answer: answer.member("integrations") == [])),
    drift("list-empty-null", "list.empty list.success", "Lists null in place of an empty list.",
        on_body(LIST, at("integrations", lambda listed: listed or None))),
    drift("delete-never-ends", "delete.ends-done", "Keeps a deletion IN_PROGRESS for ever.",
        _status_of_deletion(lambda answer: answer.with_member("status", "IN_PROGRESS"))),
    drift("delete-status-unknown", "delete.status-known", "Knows no status of a deletion.",
        remembered(_unknown_status)),
    drift("delete-leaves-listed", "list.after-delete", "Lists a deleted integration.", remembered(_still_listed)),
    drift("delete-leaves-readable", "delete.objects-gone", "Answers deleted objects.", remembered(_still_readable)),
    drift("delete-leaves-to-the-next", "delete.new-starts-empty",
        "Shows the objects of a deleted integration in the next one.", remembered(_inherited)),
    drift("delete-schema-survives", "delete.new-starts-empty",
        "Shows the fields of a deleted integration's schema in the next one.", on_listed_fields(_kept_fields)),
    drift("delete-leaves-uploadable", "delete.no-more-uploads", "Takes uploads for a deleted integration.",
        remembered(_still_uploadable)),
    drift("delete-blocks-registration", "register.after-delete", "Refuses every registration after a deletion.",
        remembered(_no_more_registrations)),
    drift("delete-repeated-accepted", "delete.repeated-client-request-id",
        "Takes a deletion again under a clientRequestId that was used.", accepting(DELETE, refused=(409,))),
    drift("delete-refused-but-done", "delete.refused-deletes-nothing",
        "Refuses a deletion without clientRequestId, but deletes.", lambda _: _refused_but_done),
    drift("delete-for-nobody", "delete.refused-deletes-nothing",
        "Answers 401 to a caller without credentials, but deletes.", _deleted_for_nobody),
)
# fmt: on
