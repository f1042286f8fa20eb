"""Drifts of what all answers have in common: statuses, content types, errors, request ids."""

from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.edits import at, missing, value
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.operations import (
    CURRENT,
    DELETE,
    EVERY,
    FILES,
    LEGACY,
    LIST,
    LIST_SCHEMA,
    MAP_USERS,
    READ,
    REGISTER,
    STAGES,
    STATUS,
    UPLOAD,
    UPLOAD_SCHEMA,
    operation_of,
)
from contract_tests.drifts.recipes import (
    Operations,
    anonymous,
    header,
    html,
    on_answer,
    on_body,
    refusal,
    refused_with,
    remembering,
    status,
)
from contract_tests.drifts.registry import drift


def _known_refusal(call: Call, answer: Answer) -> bool:
    return refusal(call, answer) and bool(operation_of(call)) and not anonymous(call, answer)


def _plain(_: Call, answer: Answer) -> Answer:
    return answer.with_body((answer.member("errors") or ["Error"])[0].encode(), media_type="text/plain")


def _when_refused(edit: Callable[[Any], Any]) -> Recipe:
    return on_body(None, edit, when=_known_refusal)


async def _one_id(memory: dict[str, str], call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if answer.member("requestId") is None:
        return answer
    first = memory.setdefault("first", answer.member("requestId"))
    return answer.with_member("requestId", first).with_header("x-traceid", first)


def _client_id(call: Call, answer: Answer) -> Answer:
    name = call.parameter("clientRequestId")
    return answer.with_member("requestId", name).with_header("x-traceid", name) if name else answer


def longer_id(_: Call, answer: Answer) -> Answer:
    """Answer a requestId of 24 or 25 letters and digits."""
    longer = f"{answer.member('requestId')}a1b2c3"
    return answer.with_member("requestId", longer).with_header("x-traceid", longer)


def has_request_id(_: Call, answer: Answer) -> bool:
    """Hold for answers that carry a requestId."""
    return isinstance(answer.member("requestId"), str)


def _other_trace(_: Call, answer: Answer) -> Answer:
    return answer.with_header("x-traceid", f"{answer.header('x-traceid')}0")


STATUSES: Final[tuple[tuple[str, Operations, int, str], ...]] = (
    ("register", REGISTER, 201, "register.success"),
    ("list", LIST, 201, "list.success"),
    ("delete-current", DELETE & CURRENT, 200, "delete.success-current"),
    ("delete-legacy", DELETE & LEGACY, 204, "delete.success-legacy"),
    ("schema", UPLOAD_SCHEMA, 202, "schema.upload-success"),
    ("schema-legacy", UPLOAD_SCHEMA & LEGACY, 201, "schema.upload-success"),
    ("schema-list", LIST_SCHEMA, 201, "schema-list.success"),
    ("upload", UPLOAD, 200, "upload.success"),
    ("map-users", MAP_USERS, 200, "map-users.success"),
    ("stages", STAGES, 201, "stages.success"),
    ("read", READ, 201, "objects.success"),
    ("status", STATUS, 201, "status.success"),
)
"""Successes that are answered another status."""

# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(
        drift(f"{word}-{code}", clause, f"Answers a success of {word} with {code}.", status(operations, code))
        for word, operations, code, clause in STATUSES
    ),
    drift("refusal-plain-text", "envelope.error-content-type", "Refuses in plain text.",
        on_answer(None, _plain, when=_known_refusal)),
    drift("refusal-html", "envelope.error-content-type", "Refuses with a page of HTML.",
        html(None, when=_known_refusal)),
    drift("refusal-without-body", "envelope.errors-strings envelope.request-id", "Refuses without a body.",
        on_answer(None, lambda _, answer: answer.with_body(b""), when=_known_refusal)),
    drift("refusal-without-errors", "envelope.errors-strings", "Refuses without errors.",
        _when_refused(missing("errors"))),
    drift("refusal-errors-empty", "envelope.errors-strings", "Refuses with no error.",
        _when_refused(value("errors", []))),
    drift("refusal-errors-as-objects", "envelope.documented-body", "Refuses with objects in place of sentences.",
        _when_refused(at("errors.*", lambda sentence: {"message": sentence}))),
    drift("refusal-without-request-id", "envelope.request-id", "Refuses without requestId.",
        _when_refused(missing("requestId"))),
    drift("refusal-422", "envelope.documented-status", "Refuses with 422, not 400.",
        status(None, 422, when=refused_with(400))),
    drift("refusal-500", "envelope.no-server-fault", "Answers 500, not 400.",
        status(None, 500, when=refused_with(400))),
    drift("refusal-200", "envelope.documented-status upload.data-file-required objects.body-array",
        "Answers 200 with errors in place of 400.", status(None, 200, when=refused_with(400))),
    drift("success-typed-as-text", "envelope.success-content-type", "Answers successes labelled text/plain.",
        header(EVERY, "content-type", "text/plain")),
    drift("success-untyped", "envelope.success-content-type", "Gives no content type.",
        header(EVERY, "content-type", None)),
    drift("request-id-empty", "envelope.request-id", "Answers an empty requestId.",
        on_body(EVERY, value("requestId", ""))),
    drift("request-id-constant", "envelope.request-id-unique", "Answers every call with the requestId of the first.",
        remembering(_one_id)),
    drift("request-id-is-client-request-id", "envelope.request-id-not-client",
        "Answers the clientRequestId as requestId.", on_answer(FILES | STATUS, _client_id)),
    drift("request-id-longer", "envelope.request-id-form", "Makes request ids of 24 or 25 letters and digits.",
        on_answer(None, longer_id, when=has_request_id)),
    drift("trace-id-different", "envelope.trace-id", "Answers an x-traceid that is not the requestId.",
        on_answer(None, _other_trace, when=lambda call, answer: not anonymous(call, answer))),
    drift("trace-id-absent", "envelope.trace-id-present", "Sends no x-traceid.",
        header(None, "x-traceid", None, when=has_request_id)),
)
# fmt: on
