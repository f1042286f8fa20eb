"""Variations of the status that is answered, and of what is looked at first, where sources differ or say nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import (
    CURRENT,
    DELETE,
    DESCRIBE,
    FIELDS,
    FILES,
    LEGACY,
    READ,
    REGISTER,
    STAGES,
    operation_of,
)
from contract_tests.drifts.pieces import on_answer, refused_by, refused_with
from contract_tests.drifts.registry import variation
from contract_tests.drifts.tolerated_answers import is_anonymous

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Call


async def _any_content_type(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    untyped = operation_of(call) in READ & LEGACY and answer.status == 415 and bool(call.body)
    return await ask(call.with_header("content-type", "application/json")) if untyped else answer


async def _parameters_before_scope(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    lacking = answer.status == 401 and not is_anonymous(call, answer)
    takes = operation_of(call) and "integrationId" not in call.parameters and "/integration" not in call.path
    return await refused_by(call, ask, 400, "integrationId is missing") if lacking and takes else answer


_row = partial(variation, kind="documented side by side")

STATUSES: Final = (
    _row(
        "schema-201",
        "C-2: 200 and 201 are documented for the current path",
        "Answers a schema upload 201.",
        on_answer(DESCRIBE & CURRENT, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "delete-legacy-200",
        "C-3: 200 and 201 are documented for the legacy path",
        "Answers a deletion 200 on the legacy path.",
        on_answer(DELETE & LEGACY, lambda _, answer: answer.with_status(200)),
    ),
    _row(
        "unknown-ids-404",
        "C-10, C-11: 400 or 404, no source settles it",
        "Answers 404 for an unknown integration or client request id.",
        unknown_id_status=404,
    ),
    _row(
        "empty-list-404",
        "U-22: 200 with an empty list or 404",
        "Answers 404 when no integration is registered.",
        empty_list_status=404,
    ),
    _row("too-large-413", "U-7: 413 or 400", "Answers 413 to a file that is too large.", too_large_status=413),
    _row(
        "wrong-media-type-400",
        "1.4: 415 was recorded for GET entities only",
        "Answers 400 to a body of the wrong media type.",
        on_answer(
            REGISTER | DESCRIBE | FILES | STAGES, lambda _, answer: answer.with_status(400), when=refused_with(415)
        ),
    ),
    _row(
        "read-empty-body-415",
        "C-4: 400 is our reading, 415 was recorded",
        "Answers 415 to a read with JSON content type and no body.",
        on_answer(
            READ,
            lambda _, answer: answer.with_status(415),
            when=lambda call, answer: answer.status == 400 and not call.body,
        ),
    ),
    _row(
        "legacy-read-any-media-type",
        "3: the legacy read declares content type any",
        "Takes ids of any media type on the legacy path.",
        lambda _: _any_content_type,
    ),
    _row(
        "omitted-object-type-400",
        "C-7: the parameter is flagged required and described as optional",
        "Refuses a schema list without objectType.",
        on_answer(
            FIELDS,
            lambda _, answer: answer.with_status(400).with_json(
                {"requestId": answer.member("requestId"), "errors": ["objectType is missing"]}
            ),
            when=lambda call, answer: answer.succeeded and "objectType" not in call.parameters,
        ),
    ),
    _row(
        "scopes-after-parameters",
        "U-15: the place of the scope check is not proven",
        "Looks at parameters before scopes.",
        lambda _: _parameters_before_scope,
    ),
    _row(
        "keys-without-scopes",
        "U-19: whether keys have scopes is not known",
        "Holds bearer tokens only to scopes.",
        keys_have_scopes=False,
    ),
)
