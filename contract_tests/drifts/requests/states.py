"""Drifts of the states that request-status tells, and of which request it tells them."""

from collections.abc import Callable
from typing import Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.files import USER_MAPPING, object_type_of
from contract_tests.drifts.memory import Memory, on_status
from contract_tests.drifts.operations import FILES, STATUS, operation_of
from contract_tests.drifts.recipes import When, accepting, on_answer, on_body, remembering, status
from contract_tests.drifts.registry import drift


def in_state(*states: str) -> When:
    """Hold for answers that tell one of these states."""
    return lambda _, answer: answer.succeeded and answer.member("status") in states


def telling(state: str, answer: Answer) -> Answer:
    """Tell a state and nothing else but the requestId."""
    return answer.with_json({"requestId": answer.member("requestId"), "status": state})


def _only(state: str, *when: str) -> Recipe:
    return on_answer(STATUS, lambda _, answer: telling(state, answer), when=in_state(*when))


def _renamed(states: dict[str, str]) -> Recipe:
    return on_body(STATUS, at("status", lambda state: states.get(state, state)))


def _poll_by_poll(*states: str | None) -> Recipe:
    """Tell these states at the first, second, ... poll of a request, None for the truth."""

    def change(memory: Memory, call: Call, answer: Answer) -> Answer:
        polls = memory.polls[call.request]
        state = states[polls - 1] if polls <= len(states) else None
        return answer if state is None else telling(state, answer)

    return on_status(change)


def _after(end: str, state: str) -> Recipe:
    """Tell another state at the three polls after the first that reported the end."""

    async def step(memory: dict[tuple[str, str], int], call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if operation_of(call) not in STATUS or answer.member("status") != end:
            return answer
        memory[call.request] = memory.get(call.request, 0) + 1
        return telling(state, answer) if 1 < memory[call.request] <= 4 else answer

    return remembering(step)


def _of_uploads(where: Callable[[Call], bool], change: Callable[[Answer], Answer]) -> Recipe:
    return on_status(lambda memory, call, answer: change(answer) if where(memory.uploads[call.request]) else answer)


def _failed(answer: Answer) -> Answer:
    errors = [{"line": 1, "description": "Failed to parse"}]
    body = {**answer.json(), "status": "FAILED", "errors": errors, "totalErrorCount": 1, "totalSuccessCount": 0}
    return answer.with_json(body) if answer.member("status") == "DONE" else answer


def _refused(answer: Answer) -> Answer:
    return answer.refused(400, "Client request id was not found")


async def _other_request(memory: dict[str, str], call: Call, ask: Ask) -> Answer:
    if operation_of(call) in STATUS and memory:
        return await ask(call.with_parameter("clientRequestId", memory["first"]))
    answer = await ask(call)
    if operation_of(call) in FILES and answer.succeeded:
        memory.setdefault("first", call.parameter("clientRequestId"))
    return answer


async def _any_integration(memory: dict[str, str], call: Call, ask: Ask) -> Answer:
    name = call.parameter("clientRequestId")
    if operation_of(call) in STATUS and name in memory and call.integration.isdigit():
        return await ask(call.with_parameter("integrationId", memory[name]))
    answer = await ask(call)
    if operation_of(call) in FILES and answer.succeeded:
        memory[name] = call.integration
    return answer


def _upload_id(memory: Memory, call: Call, answer: Answer) -> Answer:
    of_upload = memory.answers[call.request].member("requestId")
    return answer.with_member("requestId", of_upload).with_header("x-traceid", of_upload)


def _named(call: Call) -> bool:
    return bool(call.parameter("clientRequestId") and call.integration)


def _mapping(call: Call) -> bool:
    return object_type_of(call) == USER_MAPPING


_ENDS: Final = ("DONE", "FAILED")

# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("status-completed", "status.values", "Tells COMPLETED in place of DONE.", _renamed({"DONE": "COMPLETED"})),
    drift("status-queued", "status.values", "Tells QUEUED at the first poll of a request.", _poll_by_poll("QUEUED")),
    drift("status-stuck-at-done", "status.ends", "Keeps a good file IN_PROGRESS for ever.",
        _only("IN_PROGRESS", "DONE")),
    drift("status-stuck-when-bad", "status.ends", "Keeps a bad file IN_PROGRESS for ever.",
        _only("IN_PROGRESS", "FAILED")),
    drift("status-stuck-map-users", "map-users.followed", "Keeps a user mapping PENDING for ever.",
        _of_uploads(_mapping, lambda answer: telling("PENDING", answer))),
    drift("status-of-map-users-unknown", "map-users.followed", "Knows no user mapping.",
        _of_uploads(_mapping, _refused)),
    drift("status-back-from-done", "status.forward", "Tells IN_PROGRESS again after DONE.",
        _after("DONE", "IN_PROGRESS")),
    drift("status-done-turns-failed", "status.forward", "Tells FAILED after DONE.", _after("DONE", "FAILED")),
    drift("status-done-although-bad", "status.failed", "Ends a bad file DONE.", _only("DONE", "FAILED")),
    drift("status-failed-although-good", "status.done", "Ends a good file FAILED.",
        _of_uploads(lambda _: True, _failed)),
    drift("status-400-when-failed", "status.success", "Answers the status of a bad file 400.",
        on_answer(STATUS, lambda _, answer: _refused(answer), when=in_state("FAILED"))),
    drift("status-202-while-pending", "status.success", "Answers a status 202 until the end is reached.",
        status(STATUS, 202, when=in_state("PENDING", "IN_PROGRESS"))),
    drift("status-of-the-first-request", "status.own-request",
        "Tells the status of the first upload, whatever request is asked for.", remembering(_other_request)),
    drift("status-request-id-of-the-upload", "status.request-id-own",
        "Tells the requestId of the upload in place of the status call's own.", on_status(_upload_id)),
    drift("status-unknown-request-accepted", "status.unknown-request", "Tells DONE for a request that was never made.",
        accepting(STATUS, _named)),
    drift("status-unknown-integration-accepted", "status.unknown-integration",
        "Tells the status of a request whatever integration is named.", remembering(_any_integration)),
)
# fmt: on
