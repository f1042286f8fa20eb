"""Drifts of the states that request-status tells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.files import object_type_of
from contract_tests.drifts.operations import FILES, MAP_USERS, STATUS, operation_of
from contract_tests.drifts.pieces import on_answer, on_body, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations

_ENDS: Final = frozenset({"DONE", "FAILED"})


def in_state(*states: str) -> Callable[[Call, Answer], bool]:
    """Make a condition on the status that is told."""
    return lambda _, answer: answer.succeeded and answer.member("status") in states


def telling(status: str, answer: Answer) -> Answer:
    """Tell a status and nothing else but the requestId."""
    return answer.with_json({"requestId": answer.member("requestId"), "status": status})


def _only(status: str) -> Callable[[Call, Answer], Answer]:
    return lambda _, answer: telling(status, answer)


def _told(states: dict[str, str]) -> Recipe:
    return on_body(STATUS, at("status", lambda status: states.get(status, status)))


def poll_by_poll(states: tuple[str | None, ...], *, after: frozenset[str] = frozenset()) -> Recipe:
    """Tell given states poll by poll, then the truth.

    Args:
        states: State of the first, second, ... poll of a request, None for the truth.
        after: Count only polls from the first one on whose true state is among these; none for all polls.

    Returns:
        The recipe.
    """

    def make() -> Behaviour:
        polls: dict[str, int] = {}

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            if operation_of(call) not in STATUS or not answer.succeeded:
                return answer
            name = call.parameter("clientRequestId")
            if after and name not in polls and answer.member("status") not in after:
                return answer
            polls[name] = polls.get(name, 0) + 1
            state = states[polls[name] - 1] if polls[name] <= len(states) else None
            return answer if state is None else telling(state, answer)

        return behave

    return remembering(make)


def _by_request(change: Callable[[str, Answer], Answer], *, operations: Operations = FILES) -> Recipe:
    """Change the answers to status calls, by the object type of the upload that is asked about."""

    def make() -> Behaviour:
        types: dict[str, str] = {}

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            name = call.parameter("clientRequestId")
            if operation_of(call) in operations and answer.succeeded:
                types[name] = object_type_of(call)
            if operation_of(call) in STATUS and answer.succeeded and name in types:
                return change(types[name], answer)
            return answer

        return behave

    return remembering(make)


def _failed(answer: Answer) -> Answer:
    errors = [{"line": 1, "description": "Failed to parse"}]
    counts = {"totalErrorCount": 1, "totalSuccessCount": 0}
    ended = answer.member("status") == "DONE"
    return answer.with_json({**answer.json(), "status": "FAILED", "errors": errors, **counts}) if ended else answer


def _refused(_: Call, answer: Answer) -> Answer:
    body = {"requestId": answer.member("requestId"), "errors": ["Failed to parse some objects in the file"]}
    return answer.with_status(400).with_json(body)


_row = partial(drift, kind="states")

STATES: Final = (
    _row("status-completed", "status.values", "Tells COMPLETED in place of DONE.", _told({"DONE": "COMPLETED"})),
    _row("status-error", "status.values", "Tells ERROR in place of FAILED.", _told({"FAILED": "ERROR"})),
    _row(
        "status-queued",
        "status.values",
        "Tells QUEUED at the first poll of each request.",
        poll_by_poll(("QUEUED",)),
    ),
    _row(
        "status-partially-done",
        "status.values",
        "Tells PARTIALLY_DONE for a file with bad lines.",
        _told({"FAILED": "PARTIALLY_DONE"}),
    ),
    _row(
        "status-processing",
        "status.values",
        "Tells PROCESSING at the second poll of each request.",
        poll_by_poll((None, "PROCESSING")),
    ),
    _row("status-lower-case", "status.values", "Tells states in lower case.", on_body(STATUS, at("status", str.lower))),
    _row(
        "status-with-a-space",
        "status.values",
        "Tells IN PROGRESS at the first poll of each request.",
        poll_by_poll(("IN PROGRESS",)),
    ),
    _row(
        "status-stuck-pending",
        "status.ends",
        "Keeps every request PENDING for ever.",
        on_answer(STATUS, _only("PENDING")),
    ),
    _row(
        "status-stuck-in-progress",
        "status.ends",
        "Keeps every request IN_PROGRESS for ever once it is.",
        on_answer(STATUS, _only("IN_PROGRESS"), when=in_state("IN_PROGRESS", "DONE", "FAILED")),
    ),
    _row(
        "status-stuck-when-bad",
        "status.ends",
        "Keeps a request with bad lines IN_PROGRESS for ever.",
        on_answer(STATUS, _only("IN_PROGRESS"), when=in_state("FAILED")),
    ),
    _row(
        "status-stuck-map-users",
        "map-users.followed",
        "Keeps a user mapping PENDING for ever.",
        _by_request(lambda _, answer: telling("PENDING", answer), operations=MAP_USERS),
    ),
    _row(
        "status-back-to-pending",
        "status.forward",
        "Tells IN_PROGRESS at the first poll and PENDING at the second.",
        poll_by_poll(("IN_PROGRESS", "PENDING")),
    ),
    _row(
        "status-back-from-the-end",
        "status.forward",
        "Tells IN_PROGRESS again at the second poll after the end.",
        poll_by_poll((None, "IN_PROGRESS"), after=_ENDS),
    ),
    _row(
        "status-done-turns-failed",
        "status.forward",
        "Tells FAILED at the second poll after DONE.",
        poll_by_poll((None, "FAILED", "FAILED", "FAILED"), after=frozenset({"DONE"})),
    ),
    _row(
        "status-failed-turns-done",
        "status.forward",
        "Tells DONE at the second poll after FAILED.",
        poll_by_poll((None, "DONE", "DONE", "DONE"), after=frozenset({"FAILED"})),
    ),
    _row(
        "status-done-although-bad",
        "status.failed",
        "Ends a file with bad lines DONE.",
        on_answer(STATUS, _only("DONE"), when=in_state("FAILED")),
    ),
    _row(
        "status-done-with-errors",
        "status.failed",
        "Ends a file with bad lines DONE, its errors told.",
        _told({"FAILED": "DONE"}),
    ),
    _row(
        "status-failed-although-good",
        "status.done",
        "Ends a file of good lines FAILED.",
        _by_request(lambda _, answer: _failed(answer)),
    ),
    _row(
        "status-failed-although-good-lead",
        "status.done",
        "Ends every file of LEAD FAILED.",
        _by_request(lambda of_type, answer: _failed(answer) if of_type == "LEAD" else answer),
    ),
    _row(
        "status-400-when-failed",
        "status.success",
        "Answers the status of a file with bad lines 400.",
        on_answer(STATUS, _refused, when=in_state("FAILED")),
    ),
    _row(
        "status-201",
        "status.success",
        "Answers a status 201.",
        on_answer(STATUS, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "status-202-while-pending",
        "status.success",
        "Answers a status 202 until the end is reached.",
        on_answer(STATUS, lambda _, answer: answer.with_status(202), when=in_state("PENDING", "IN_PROGRESS")),
    ),
)
