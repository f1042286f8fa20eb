"""Drifts of the envelope of refusals and successes, and of request ids."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, missing, value
from contract_tests.drifts.operations import (
    DESCRIBE,
    EVERY,
    FILES,
    LIST,
    REGISTER,
    STATUS,
    operation_of,
)
from contract_tests.drifts.pieces import on_answer, on_body, refusal, refused_with, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call


_HTML: Final = b"<html><body><h1>Error</h1></body></html>"


def _known_refusal(call: Call, answer: Answer) -> bool:
    return refusal(call, answer) and bool(operation_of(call)) and answer.header("www-authenticate") is None


def _html(_: Call, answer: Answer) -> Answer:
    return answer.with_body(_HTML, media_type="text/html")


def _plain(_: Call, answer: Answer) -> Answer:
    return answer.with_body((answer.member("errors") or ["Error"])[0].encode(), media_type="text/plain")


def _typed(media_type: str) -> Callable[[Call, Answer], Answer]:
    return lambda _, answer: answer.with_header("content-type", media_type)


def _problem(_: Call, answer: Answer) -> Answer:
    body = {"type": "about:blank", "status": answer.status, "detail": (answer.member("errors") or [""])[0]}
    return answer.with_body(json.dumps(body).encode(), media_type="application/problem+json")


_row = partial(drift, kind="error envelope")

ENVELOPE: Final = (
    _row(
        "refusal-plain-text",
        "envelope.error-content-type",
        "Refuses in plain text.",
        on_answer(None, _plain, when=_known_refusal),
    ),
    _row(
        "refusal-html",
        "envelope.error-content-type",
        "Refuses with a page of HTML.",
        on_answer(None, _html, when=_known_refusal),
    ),
    _row(
        "refusal-typed-as-text",
        "envelope.error-content-type",
        "Refuses with JSON that is labelled text/plain.",
        on_answer(None, _typed("text/plain;charset=UTF-8"), when=_known_refusal),
    ),
    _row(
        "refusal-problem-json",
        "envelope.errors-strings",
        "Refuses with problem details in place of the envelope.",
        on_answer(None, _problem, when=_known_refusal),
    ),
    _row(
        "refusal-without-body",
        "envelope.errors-strings",
        "Refuses without a body.",
        on_answer(None, lambda _, answer: answer.with_body(b""), when=_known_refusal),
    ),
    _row(
        "refusal-without-errors",
        "envelope.errors-strings",
        "Refuses without errors.",
        on_body(None, missing("errors"), when=_known_refusal),
    ),
    _row(
        "refusal-errors-empty",
        "envelope.errors-strings",
        "Refuses with an empty list of errors.",
        on_body(None, value("errors", []), when=_known_refusal),
    ),
    _row(
        "refusal-errors-as-text",
        "envelope.errors-strings",
        "Refuses with errors as one text.",
        on_body(None, at("errors", "; ".join), when=_known_refusal),
    ),
    _row(
        "refusal-errors-as-objects",
        "envelope.errors-strings",
        "Refuses with objects in place of sentences.",
        on_body(None, at("errors.*", lambda sentence: {"message": sentence}), when=_known_refusal),
    ),
    _row(
        "refusal-errors-null",
        "envelope.errors-strings",
        "Refuses with null for errors.",
        on_body(None, value("errors", None), when=_known_refusal),
    ),
    _row(
        "refusal-without-request-id",
        "envelope.request-id",
        "Refuses without requestId.",
        on_body(None, missing("requestId"), when=_known_refusal),
    ),
    _row(
        "refusal-request-id-null",
        "envelope.request-id",
        "Refuses with null for requestId.",
        on_body(None, value("requestId", None), when=_known_refusal),
    ),
    _row(
        "refusal-as-array",
        "envelope.errors-strings",
        "Refuses with a bare array of sentences.",
        on_answer(None, lambda _, answer: answer.with_json(answer.member("errors")), when=_known_refusal),
    ),
    _row(
        "conflict-html",
        "envelope.error-content-type",
        "Answers a conflict with a page of HTML.",
        on_answer(None, _html, when=refused_with(409)),
    ),
    _row(
        "conflict-without-errors",
        "envelope.errors-strings",
        "Answers a conflict without errors.",
        on_body(None, missing("errors"), when=refused_with(409)),
    ),
    _row(
        "media-type-refusal-html",
        "envelope.error-content-type",
        "Answers a wrong media type with a page of HTML.",
        on_answer(None, _html, when=refused_with(415)),
    ),
    _row(
        "legacy-refusal-plain-text",
        "envelope.error-content-type",
        "Refuses in plain text on the legacy paths.",
        on_answer(frozenset(name for name in EVERY if name.endswith("Legacy")), _plain, when=_known_refusal),
    ),
    _row(
        "refusal-422",
        "envelope.documented-status",
        "Refuses parameters and bodies with 422 in place of 400.",
        on_answer(None, lambda _, answer: answer.with_status(422), when=refused_with(400)),
    ),
    _row(
        "refusal-500",
        "envelope.no-server-fault",
        "Answers 500 in place of 400.",
        on_answer(None, lambda _, answer: answer.with_status(500), when=refused_with(400)),
    ),
    _row(
        "refusal-500-schema",
        "envelope.no-server-fault",
        "Answers 500 in place of 400 to a wrong schema.",
        on_answer(DESCRIBE, lambda _, answer: answer.with_status(500), when=refused_with(400)),
    ),
    _row(
        "refusal-500-registration",
        "envelope.no-server-fault",
        "Answers 500 in place of 400 to a wrong registration.",
        on_answer(REGISTER, lambda _, answer: answer.with_status(500), when=refused_with(400)),
    ),
    _row(
        "refusal-200",
        "envelope.documented-body",
        "Answers 200 with errors in place of 400.",
        on_answer(None, lambda _, answer: answer.with_status(200), when=refused_with(400)),
    ),
    _row(
        "success-typed-as-text",
        "envelope.success-content-type",
        "Answers successes labelled text/plain.",
        on_answer(EVERY, _typed("text/plain")),
    ),
    _row(
        "success-untyped",
        "envelope.success-content-type",
        "Answers successes without content type.",
        on_answer(EVERY, lambda _, answer: answer.with_header("content-type", None)),
    ),
    _row(
        "status-typed-as-html",
        "envelope.success-content-type",
        "Answers a status labelled text/html.",
        on_answer(STATUS, _typed("text/html")),
    ),
)


def _one_id() -> Behaviour:
    ids: list[str] = []

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if answer.member("requestId") is None:
            return answer
        ids.append(answer.member("requestId"))
        return answer.with_json({**answer.json(), "requestId": ids[0]}).with_header("x-traceid", ids[0])

    return behave


def _client_id(call: Call, answer: Answer) -> Answer:
    name = call.parameter("clientRequestId")
    return answer.with_json({**answer.json(), "requestId": name}).with_header("x-traceid", name) if name else answer


_row = partial(drift, kind="request ids")

REQUEST_IDS: Final = (
    _row(
        "request-id-missing",
        "envelope.request-id",
        "Answers successes without requestId.",
        on_body(EVERY, missing("requestId")),
    ),
    _row(
        "request-id-empty", "envelope.request-id", "Answers an empty requestId.", on_body(EVERY, value("requestId", ""))
    ),
    _row(
        "request-id-as-number",
        "envelope.request-id",
        "Answers a requestId that is a number.",
        on_body(EVERY, value("requestId", 4711)),
    ),
    _row(
        "request-id-constant",
        "envelope.request-id-unique",
        "Answers every call with the requestId of the first.",
        remembering(_one_id),
    ),
    _row(
        "request-id-is-client-request-id",
        "envelope.request-id-not-client",
        "Answers the clientRequestId as requestId.",
        on_answer(FILES, _client_id),
    ),
    _row(
        "trace-id-different",
        "envelope.trace-id",
        "Answers an x-traceid that is not the requestId.",
        on_answer(
            None,
            lambda _, answer: answer.with_header("x-traceid", f"{answer.header('x-traceid')}0"),
            when=lambda _, answer: answer.header("www-authenticate") is None,
        ),
    ),
    _row(
        "trace-id-different-when-refused",
        "envelope.trace-id",
        "Answers refusals with an x-traceid that is not the requestId.",
        on_answer(
            None,
            lambda _, answer: answer.with_header("x-traceid", f"{answer.header('x-traceid')}0"),
            when=_known_refusal,
        ),
    ),
)


def _nested(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {"data": body}


_row = partial(drift, kind="error envelope")

SUCCESSES: Final = (
    _row("success-nested", "envelope.documented-body", "Answers every success inside data.", on_body(EVERY, _nested)),
    _row(
        "list-as-array",
        "list.success",
        "Answers the list as a bare array.",
        on_body(LIST, lambda body: body["integrations"]),
    ),
)
