"""The pieces that drifts are put together from: what happens before a call, after it, or in its place."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.operations import ASYNCHRONOUS, FIELDS, LIST, READ, REGISTER, STATUS, operation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.edits import Edit
    from contract_tests.drifts.exchange import Ask, Behaviour, Recipe
    from contract_tests.drifts.operations import Operations
    from gong_crm_emulator import EmulatorSettings

Condition: TypeAlias = "Callable[[Call], bool]"

SCHEMA_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD")
"""Object types that have a schema and can be read back."""


def always(_: Call) -> bool:
    """Hold for every call."""
    return True


def success(_: Call, answer: Answer) -> bool:
    """Hold for every success."""
    return answer.succeeded


def refusal(_: Call, answer: Answer) -> bool:
    """Hold for every refusal."""
    return answer.status >= 400


def refused_with(*statuses: int) -> Callable[[Call, Answer], bool]:
    """Make a condition on the status of an answer."""
    return lambda _, answer: answer.status in statuses


def unchanged(_: EmulatorSettings) -> Behaviour:
    """Answer as the server does: for drifts that a setting makes."""

    async def behave(call: Call, ask: Ask) -> Answer:
        return await ask(call)

    return behave


def on_answer(
    operations: Operations | None,
    change: Callable[[Call, Answer], Answer],
    *,
    when: Callable[[Call, Answer], bool] = success,
) -> Recipe:
    """Change answers.

    Args:
        operations: The operations concerned, or None for every call, unknown paths included.
        change: Takes the call and its answer, gives the new answer.
        when: Which answers are changed.

    Returns:
        The recipe.
    """

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        concerned = operations is None or operation_of(call) in operations
        return change(call, answer) if concerned and when(call, answer) else answer

    return lambda _: behave


def on_body(operations: Operations | None, edit: Edit, *, when: Callable[[Call, Answer], bool] = success) -> Recipe:
    """Change the JSON bodies of answers.

    Args:
        operations: The operations concerned, or None for every call.
        edit: Takes the body, gives the new one.
        when: Which answers are changed.

    Returns:
        The recipe.
    """
    return on_answer(operations, lambda _, answer: answer.with_json(edit(answer.json())), when=when)


def on_request(operations: Operations | None, change: Callable[[Call], Call], *, when: Condition = always) -> Recipe:
    """Change calls before the server sees them.

    Args:
        operations: The operations concerned, or None for every call.
        change: Takes the call, gives the new one.
        when: Which calls are changed.

    Returns:
        The recipe.
    """

    async def behave(call: Call, ask: Ask) -> Answer:
        concerned = operations is None or operation_of(call) in operations
        return await ask(change(call) if concerned and when(call) else call)

    return lambda _: behave


def remembering(make: Callable[[], Behaviour]) -> Recipe:
    """Make a recipe of a behaviour that remembers things.

    Args:
        make: Makes the behaviour with nothing in its memory.

    Returns:
        The recipe.
    """
    return lambda _: make()


def both_of(first: Recipe, second: Recipe) -> Recipe:
    """Put one behaviour around another.

    Args:
        first: The outer one, which sees the call first and the answer last.
        second: The inner one.

    Returns:
        The recipe.
    """

    def make(settings: EmulatorSettings) -> Behaviour:
        outer, inner = first(settings), second(settings)

        async def behave(call: Call, ask: Ask) -> Answer:
            async def further(passed: Call) -> Answer:
                return await inner(passed, ask)

            return await outer(call, further)

        return behave

    return make


def accepting(
    operations: Operations, condition: Condition = always, *, refused: tuple[int, ...] = (400, 404)
) -> Recipe:
    """Answer a success where the server refuses.

    Args:
        operations: The operations concerned.
        condition: Which calls are let pass.
        refused: Statuses that become a success.

    Returns:
        The recipe.
    """

    def change(call: Call, answer: Answer) -> Answer:
        return success_of(call, answer) if condition(call) else answer

    return on_answer(operations, change, when=refused_with(*refused))


def accepting_unknown_integration(operations: Operations, well_formed: Condition) -> Recipe:
    """Answer a success for an integration that does not exist.

    Args:
        operations: The operations concerned.
        well_formed: Which calls have nothing else wrong with their parameters.

    Returns:
        The recipe.
    """

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


def refusing(operations: Operations, condition: Condition, status: int, error: str) -> Recipe:
    """Refuse what the server accepts, without handing it on.

    Args:
        operations: The operations concerned.
        condition: Which calls are refused.
        status: Status of the refusal.
        error: Its sentence.

    Returns:
        The recipe.
    """

    async def behave(call: Call, ask: Ask) -> Answer:
        if operation_of(call) in operations and call.header("authorization") and condition(call):
            return await refused_by(call, ask, status, error)
        return await ask(call)

    return lambda _: behave


async def refused_by(call: Call, ask: Ask, status: int, error: str) -> Answer:
    """Make a refusal in the server's own envelope, with a request id of its own.

    Args:
        call: The call that is refused.
        ask: The server.
        status: Status of the refusal.
        error: Its sentence.

    Returns:
        The refusal; a caller who is not known gets 401 as ever.
    """
    nowhere = await ask(Call(method="GET", path="/v2/nowhere", headers=call.headers))
    if nowhere.status == 401:
        return nowhere
    return nowhere.with_status(status).with_json({"requestId": nowhere.member("requestId"), "errors": [error]})


def success_of(call: Call, answer: Answer) -> Answer:
    """Make the answer that a call would have had, had the server not refused it.

    Args:
        call: The call.
        answer: Its refusal, whose requestId is taken over.

    Returns:
        The success.
    """
    body = {"requestId": answer.member("requestId"), **_members_of(call)}
    status = 201 if operation_of(call) in ASYNCHRONOUS else 200
    return answer.with_status(status).with_header("www-authenticate", None).with_json(body)


def _members_of(call: Call) -> dict[str, Any]:
    operation = operation_of(call)
    if operation in ASYNCHRONOUS:
        return {"clientRequestId": call.parameter("clientRequestId") or "unnamed"}
    if operation in REGISTER:
        return {"integrationId": 5517027188234205706}
    if operation in LIST:
        return {"integrations": []}
    if operation in FIELDS:
        one = call.parameter("objectType")
        return {"objectTypeToSelectedFields": {name: [] for name in ((one,) if one else SCHEMA_TYPES)}}
    if operation in READ:
        ids = call.json()
        return {"crmObjectsMap": {str(item): None for item in ids[:100]} if isinstance(ids, list) else {}}
    return {"status": "DONE"} if operation in STATUS else {}


def as_admin(call: Call, settings: EmulatorSettings) -> Call:
    """Send a call with credentials that open everything.

    Args:
        call: The call.
        settings: Where the principals stand.

    Returns:
        The call as the principal with the most scopes would send it.
    """
    admin = max(settings.principals.values(), key=lambda one: len(one.scopes))
    pair = base64.b64encode(f"{admin.access_key}:{admin.access_key_secret}".encode()).decode()
    return call.with_header("authorization", f"Basic {pair}")
