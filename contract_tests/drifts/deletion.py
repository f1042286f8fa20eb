"""Drifts of asking for a deletion: its parameters, its client request id, how it is answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.operations import CURRENT, DELETE, LEGACY, operation_of
from contract_tests.drifts.pieces import accepting, accepting_unknown_integration, on_answer, on_body
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Ask, Recipe


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

SUCCESSES: Final = (
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
)

PARAMETERS: Final = (
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
)
