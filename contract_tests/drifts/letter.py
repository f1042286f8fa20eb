"""Drifts of forms that were seen live but are promised nowhere: a suite reports them to the letter only."""

from __future__ import annotations

from functools import partial
from typing import Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.line_formats import any_close_date
from contract_tests.drifts.operations import CURRENT, DESCRIBE, PATHS, STATUS
from contract_tests.drifts.pieces import on_answer, on_body, refused_with
from contract_tests.drifts.registry import drift
from contract_tests.drifts.schema_fields import on_fields
from contract_tests.drifts.states import in_state
from contract_tests.drifts.tolerated_answers import any_answer, is_anonymous, with_longer_id

_row = partial(drift, kind="to the letter")

ROWS: Final = (
    _row(
        "letter-www-authenticate-absent",
        "auth.www-authenticate",
        "Sends no WWW-Authenticate to who is not known.",
        on_answer(None, lambda _, answer: answer.with_header("www-authenticate", None), when=is_anonymous),
    ),
    _row(
        "letter-www-authenticate-bearer",
        "auth.www-authenticate",
        "Names another scheme to who is not known.",
        on_answer(None, lambda _, answer: answer.with_header("www-authenticate", "Bearer"), when=is_anonymous),
    ),
    _row(
        "letter-request-id-longer",
        "envelope.request-id-form",
        "Makes request ids of 24 or 25 letters and digits.",
        on_answer(None, with_longer_id, when=lambda _, answer: isinstance(answer.member("requestId"), str)),
    ),
    _row(
        "letter-trace-id-absent",
        "envelope.trace-id-present",
        "Sends no x-traceid.",
        on_answer(None, lambda _, answer: answer.with_header("x-traceid", None), when=any_answer),
    ),
    _row(
        "letter-scope-not-named",
        "scope.message",
        "Does not name the scope that is missing.",
        on_body(
            None,
            at("errors", lambda _: ["Access denied"]),
            when=lambda call, answer: refused_with(401)(call, answer) and not is_anonymous(call, answer),
        ),
    ),
    _row(
        "letter-mandatory-member-not-named",
        "status.message-mandatory",
        "Does not name the member that a line lacks.",
        on_body(STATUS, at("errors.*.description", lambda _: "Invalid line"), when=in_state("FAILED")),
    ),
    _row(
        "letter-allow-absent",
        "route.allow-header",
        "Sends no Allow with 405.",
        on_answer(
            None,
            lambda _, answer: answer.with_header("allow", None),
            when=lambda call, answer: call.path in PATHS and refused_with(405)(call, answer),
        ),
    ),
    _row(
        "letter-close-date-any-text",
        "line.close-date-format.current",
        "Takes any text as closeDate on the current path.",
        any_close_date(),
    ),
    _row(
        "letter-removal-short-accepted",
        "schema.removal-current-short",
        "Takes a removal without label and type on the current path.",
        on_fields(
            lambda field: {"label": "Removed", "type": "STRING", **field} if field.get("isDeleted") is True else field,
            operations=DESCRIBE & CURRENT,
        ),
    ),
)
