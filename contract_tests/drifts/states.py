"""Drifts of the states that request-status tells, and of whose they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.files import object_type_of
from contract_tests.drifts.operations import FILES, LEGACY, MAP_USERS, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import accepting, on_answer, on_body, refused_by, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations


_ENDS: Final = frozenset({"DONE", "FAILED"})


def in_state(*states: str) -> Callable[[Call, Answer], bool]:
    """Make a condition on the status that is told."""
    return lambda _, answer: answer.succeeded and answer.member("status") in states


def _telling(status: str, answer: Answer) -> Answer:
    return answer.with_json({"requestId": answer.member("requestId"), "status": status})


def _only(status: str) -> Callable[[Call, Answer], Answer]:
    return lambda _, answer: _telling(status, answer)


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
            return answer if state is None else _telling(state, answer)

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


def _unknown_status(*, operations: Operations) -> Recipe:
    def make() -> Behaviour:
        names: set[str] = set()

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            name = call.parameter("clientRequestId")
            if operation_of(call) in operations and answer.succeeded:
                names.add(name)
            if operation_of(call) in STATUS and name in names:
                return await refused_by(call, ask, 400, "Client request id was not found")
            return answer

        return behave

    return remembering(make)


def _other_request() -> Behaviour:
    first: list[str] = []

    async def behave(call: Call, ask: Ask) -> Answer:
        if operation_of(call) in STATUS and first:
            return await ask(call.with_parameters({**call.parameters, "clientRequestId": first[0]}))
        answer = await ask(call)
        if operation_of(call) in FILES and answer.succeeded and not first:
            first.append(call.parameter("clientRequestId"))
        return answer

    return behave


def _same_request_id() -> Behaviour:
    ids: dict[str, str] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        name = call.parameter("clientRequestId")
        if operation_of(call) in FILES and answer.succeeded:
            ids[name] = answer.member("requestId")
        if operation_of(call) in STATUS and answer.succeeded and name in ids:
            return answer.with_json({**answer.json(), "requestId": ids[name]}).with_header("x-traceid", ids[name])
        return answer

    return behave


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
        _by_request(lambda _, answer: _telling("PENDING", answer), operations=MAP_USERS),
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
    _row(
        "status-of-the-first-request",
        "status.own-request",
        "Tells the status of the first upload, whatever request is asked for.",
        remembering(_other_request),
    ),
    _row(
        "status-request-id-of-the-upload",
        "status.request-id-own",
        "Tells the requestId of the upload in place of the status call's own.",
        remembering(_same_request_id),
    ),
    _row(
        "status-of-legacy-uploads-unknown",
        "route.both-families-one-state",
        "Knows no status of an upload that came by the legacy path.",
        _unknown_status(operations=UPLOAD & LEGACY),
    ),
    _row(
        "status-of-map-users-unknown",
        "map-users.followed",
        "Knows no status of a user mapping.",
        _unknown_status(operations=MAP_USERS),
    ),
    _row(
        "status-without-name-accepted",
        "status.client-request-id-required",
        "Answers a status call without clientRequestId.",
        accepting(STATUS, lambda call: not call.parameter("clientRequestId"), refused=(400,)),
    ),
    _row(
        "status-without-integration-accepted",
        "status.integration-id-required",
        "Answers a status call without integrationId.",
        accepting(STATUS, lambda call: not call.integration, refused=(400,)),
    ),
    _row(
        "status-unknown-request-accepted",
        "status.unknown-request",
        "Tells DONE for a request that was never made.",
        accepting(STATUS, lambda call: bool(call.parameter("clientRequestId") and call.integration)),
    ),
    _row(
        "status-unknown-request-pending",
        "status.unknown-request",
        "Tells PENDING for a request that was never made.",
        on_answer(
            STATUS,
            lambda _, answer: _telling("PENDING", answer.with_status(200)),
            when=lambda call, answer: (
                answer.status in {400, 404} and bool(call.parameter("clientRequestId") and call.integration)
            ),
        ),
    ),
    _row(
        "status-unknown-integration-accepted",
        "status.unknown-integration",
        "Tells the status of a request whatever integration is named.",
        remembering(lambda: _AnyIntegration().behave),
    ),
)


class _AnyIntegration:
    """The integration that each request was made for."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Look a request up by its name alone."""
        name = call.parameter("clientRequestId")
        if operation_of(call) in STATUS and name in self._of and call.integration.isdigit():
            return await ask(call.with_parameters({**call.parameters, "integrationId": self._of[name]}))
        answer = await ask(call)
        if operation_of(call) in FILES and answer.succeeded:
            self._of[name] = call.integration
        return answer
