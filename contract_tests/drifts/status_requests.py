"""Drifts of which request a status is told of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import FILES, LEGACY, MAP_USERS, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import accepting, on_answer, refused_by, remembering
from contract_tests.drifts.registry import drift
from contract_tests.drifts.states import telling

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations


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


_row = partial(drift, kind="states")

ROWS: Final = (
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
            lambda _, answer: telling("PENDING", answer.with_status(200)),
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
