"""Drifts of uploads whose client request id was used before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.files import file_of, object_type_of
from contract_tests.drifts.operations import FILES, LEGACY, MAP_USERS, UPLOAD, operation_of
from contract_tests.drifts.pieces import on_answer, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Ask, Recipe
    from contract_tests.drifts.operations import Operations


class _Names:
    """The client request ids that were used, with what came under them."""

    def __init__(self, accepted: Callable[[Call, Call], bool], *, operations: Operations = FILES) -> None:
        self._accepted = accepted
        self._operations = operations
        self._used: dict[str, Call] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Take some uploads under a name that was used before."""
        answer = await ask(call)
        if operation_of(call) not in self._operations:
            return answer
        name = call.parameter("clientRequestId")
        before = self._used.get(name)
        if answer.succeeded:
            self._used[name] = call
        elif answer.status == 409 and before is not None and self._accepted(before, call):
            body = {"requestId": answer.member("requestId"), "clientRequestId": name}
            return answer.with_status(201).with_json(body)
        return answer


def _same(before: Call, now: Call) -> bool:
    return object_type_of(before) == object_type_of(now) and file_of(before) == file_of(now)


def _other_file(before: Call, now: Call) -> bool:
    return object_type_of(before) == object_type_of(now) and file_of(before) != file_of(now)


def _other_type(before: Call, now: Call) -> bool:
    return object_type_of(before) != object_type_of(now)


def _repeated(accepted: Callable[[Call, Call], bool], *, operations: Operations = FILES) -> Recipe:
    return remembering(lambda: _Names(accepted, operations=operations).behave)


async def _stored_before_refusal(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in UPLOAD and answer.status == 409:
        hidden = call.with_parameter("clientRequestId", f"behind-{answer.member('requestId')}")
        await ask(hidden)
        for _ in range(5):
            await ask(
                Call(
                    method="GET",
                    path="/v2/crm/request-status",
                    query_string=hidden.query_string,
                    headers=call.headers,
                )
            )
    return answer


_row = partial(drift, kind="repeated client request id")

REPEATED: Final = (
    _row(
        "upload-repeated-same-file-accepted",
        "upload.repeated-client-request-id",
        "Takes the same file twice under one clientRequestId.",
        _repeated(_same, operations=UPLOAD),
    ),
    _row(
        "upload-repeated-other-file-accepted",
        "upload.repeated-client-request-id-other-file",
        "Takes another file under a clientRequestId that was used.",
        _repeated(_other_file, operations=UPLOAD),
    ),
    _row(
        "upload-repeated-other-type-accepted",
        "upload.repeated-client-request-id-other-file",
        "Takes a file of another object type under a clientRequestId that was used.",
        _repeated(_other_type, operations=UPLOAD),
    ),
    _row(
        "upload-repeated-accepted-legacy",
        "upload.repeated-client-request-id",
        "Takes the same file twice under one clientRequestId on the legacy path.",
        _repeated(_same, operations=UPLOAD & LEGACY),
    ),
    _row(
        "map-users-repeated-accepted",
        "map-users.repeated-client-request-id",
        "Takes a user mapping twice under one clientRequestId.",
        _repeated(lambda _, __: True, operations=MAP_USERS),
    ),
    _row(
        "upload-repeated-400",
        "upload.repeated-client-request-id",
        "Answers a repeated clientRequestId 400 in place of 409.",
        on_answer(
            FILES,
            lambda _, answer: answer.with_status(400),
            when=lambda _, answer: answer.status == 409,
        ),
    ),
    _row(
        "upload-repeated-refused-but-stored",
        "upload.refused-changes-nothing",
        "Refuses a repeated clientRequestId, but stores the file.",
        lambda _: _stored_before_refusal,
    ),
)
