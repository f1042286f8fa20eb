"""The recipes that drifts are made of: what happens before a call, after it, or in its place."""

import base64
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeAlias

from contract_tests.drifts.edits import Edit
from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
from contract_tests.drifts.operations import ASYNCHRONOUS, LIST, LIST_SCHEMA, READ, REGISTER, STATUS, operation_of
from contract_tests.suite.drive.records import READABLE_TYPES
from gong_crm_emulator import EmulatorSettings

Operations: TypeAlias = frozenset[str] | None
"""The operations concerned; None for every call, unknown paths included."""
Condition: TypeAlias = Callable[[Call], bool]
When: TypeAlias = Callable[[Call, Answer], bool]
Change: TypeAlias = Callable[[Call, Answer], Answer]

HTML: Final = b"<html><body><h1>Error</h1></body></html>"


def success(_: Call, answer: Answer) -> bool:
    """Hold for every success."""
    return answer.succeeded


def refusal(_: Call, answer: Answer) -> bool:
    """Hold for every refusal."""
    return answer.status >= 400


def anonymous(_: Call, answer: Answer) -> bool:
    """Hold for the refusal of a caller who is not known."""
    return answer.header("www-authenticate") is not None


def refused_with(*statuses: int) -> When:
    """Hold for answers of these statuses."""
    return lambda _, answer: answer.status in statuses


def lacks(name: str) -> Condition:
    """Hold for calls without a query parameter."""
    return lambda call: not call.parameter(name)


def no_array(call: Call) -> bool:
    """Hold for calls whose body is no JSON array."""
    return not isinstance(call.json(), list)


def unchanged(_: EmulatorSettings) -> Behaviour:
    """Answer as the emulator does: for drifts that a setting makes."""

    async def behave(call: Call, ask: Ask) -> Answer:
        return await ask(call)

    return behave


def on_answer(operations: Operations, change: Change, *, when: When = success) -> Recipe:
    """Change the answers for which a condition holds."""

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        concerned = operations is None or operation_of(call) in operations
        return change(call, answer) if concerned and when(call, answer) else answer

    return lambda _: behave


def on_body(operations: Operations, edit: Edit, *, when: When = success) -> Recipe:
    """Change the JSON bodies of answers."""
    return on_answer(operations, lambda _, answer: answer.with_json(edit(answer.json())), when=when)


def status(operations: Operations, code: int, *, when: When = success) -> Recipe:
    """Answer another status."""
    return on_answer(operations, lambda _, answer: answer.with_status(code), when=when)


def header(operations: Operations, name: str, value: str | None, *, when: When = success) -> Recipe:
    """Answer another value of a header, or leave it out."""
    return on_answer(operations, lambda _, answer: answer.with_header(name, value), when=when)


def html(operations: Operations, *, when: When) -> Recipe:
    """Answer a page of HTML."""
    return on_answer(operations, lambda _, answer: answer.with_body(HTML, media_type="text/html"), when=when)


def on_request(operations: Operations, change: Callable[[Call], Call], *, when: Condition | None = None) -> Recipe:
    """Change calls before the emulator sees them."""

    async def behave(call: Call, ask: Ask) -> Answer:
        concerned = operations is None or operation_of(call) in operations
        return await ask(change(call) if concerned and (when is None or when(call)) else call)

    return lambda _: behave


def remembering(step: Callable[[dict[Any, Any], Call, Ask], Awaitable[Answer]]) -> Recipe:
    """Make a recipe of a behaviour that is handed a memory of its own, empty at first."""
    return lambda _: partial(step, {})


def both_of(first: Recipe, second: Recipe) -> Recipe:
    """Put one recipe around another: the first sees the call first and the answer last."""

    def make(settings: EmulatorSettings) -> Behaviour:
        outer, inner = first(settings), second(settings)

        async def behave(call: Call, ask: Ask) -> Answer:
            async def further(passed: Call) -> Answer:
                return await inner(passed, ask)

            return await outer(call, further)

        return behave

    return make


def accepting(
    operations: Operations, condition: Condition | None = None, *, refused: tuple[int, ...] = (400, 404)
) -> Recipe:
    """Answer a success where the emulator refuses with one of these statuses."""
    return on_answer(
        operations,
        success_of,
        when=lambda call, answer: answer.status in refused and (condition is None or condition(call)),
    )


def accepting_unknown_integration(operations: frozenset[str], well_formed: Condition) -> Recipe:
    """Answer a success for an integration that does not exist, to calls with nothing else wrong."""

    def make(settings: EmulatorSettings) -> Behaviour:
        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            if operation_of(call) not in operations or answer.status not in {400, 404} or not well_formed(call):
                return answer
            listed = await ask(as_admin(Call(method="GET", path="/v2/crm/integrations"), settings))
            known = [str(one["integrationId"]) for one in listed.member("integrations") or []]
            return answer if call.integration in known else success_of(call, answer)

        return behave

    return make


def refusing(operations: frozenset[str], condition: Condition, code: int = 400, error: str = "Bad request") -> Recipe:
    """Refuse what the emulator accepts, without handing it on."""

    async def behave(call: Call, ask: Ask) -> Answer:
        if operation_of(call) in operations and call.header("authorization") and condition(call):
            return await refused_by(call, ask, code, error)
        return await ask(call)

    return lambda _: behave


async def refused_by(call: Call, ask: Ask, code: int, error: str) -> Answer:
    """Make a refusal in the emulator's own envelope; a caller who is not known gets 401 as ever."""
    nowhere = await ask(Call(method="GET", path="/v2/nowhere", headers=call.headers))
    return nowhere if nowhere.status == 401 else nowhere.refused(code, error)


def success_of(call: Call, answer: Answer) -> Answer:
    """Make the answer that a call would have had, had the emulator not refused it."""
    body = {"requestId": answer.member("requestId"), **_members_of(call)}
    code = 201 if operation_of(call) in ASYNCHRONOUS else 200
    return answer.with_status(code).with_header("www-authenticate", None).with_json(body)


def _members_of(call: Call) -> dict[str, Any]:
    operation = operation_of(call)
    if operation in ASYNCHRONOUS:
        return {"clientRequestId": call.parameter("clientRequestId") or "unnamed"}
    if operation in REGISTER:
        return {"integrationId": 5517027188234205706}
    if operation in LIST:
        return {"integrations": []}
    if operation in LIST_SCHEMA:
        one = call.parameter("objectType")
        return {"objectTypeToSelectedFields": {name: [] for name in ((one,) if one else READABLE_TYPES)}}
    if operation in READ:
        ids = call.json()
        return {"crmObjectsMap": {str(item): None for item in ids[:100]} if isinstance(ids, list) else {}}
    return {"status": "DONE"} if operation in STATUS else {}


def as_admin(call: Call, settings: EmulatorSettings) -> Call:
    """Send a call with the credentials of the principal with the most scopes."""
    admin = max(settings.principals.values(), key=lambda one: len(one.scopes))
    pair = base64.b64encode(f"{admin.access_key}:{admin.access_key_secret}".encode()).decode()
    return call.with_header("authorization", f"Basic {pair}")
