"""Drifts of methods, media types and integration ids that no operation takes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import (
    FIELDS,
    PATHS,
    READ,
    REGISTER,
    STATUS,
    UPLOAD,
)
from contract_tests.drifts.pieces import accepting, on_answer, refused_with
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Call


_HTML: Final = b"<html><body><h1>Error</h1></body></html>"


def _html(_: Call, answer: Answer) -> Answer:
    return answer.with_body(_HTML, media_type="text/html")


def _undeclared(call: Call, answer: Answer) -> bool:
    return call.path in PATHS and answer.status == 405


def _nothing(_: Call, answer: Answer) -> Answer:
    return answer.with_status(200).with_json({"requestId": answer.member("requestId")})


def _method(name: str) -> Callable[[Call, Answer], bool]:
    return lambda call, answer: _undeclared(call, answer) and call.method == name


def _beyond_int64(call: Call) -> bool:
    sent = call.integration
    return sent.isdigit() and int(sent) >= 2**63


def _no_number(call: Call) -> bool:
    sent = call.integration
    return bool(sent) and not sent.lstrip("+-").isdigit()


_row = partial(drift, kind="methods and media types")

ROUTES: Final = (
    _row(
        "undeclared-method-200",
        "route.undeclared-method",
        "Answers an undeclared method 200.",
        on_answer(None, _nothing, when=_undeclared),
    ),
    _row(
        "undeclared-method-404",
        "route.undeclared-method",
        "Answers an undeclared method 404.",
        on_answer(None, lambda _, answer: answer.with_status(404), when=_undeclared),
    ),
    _row(
        "undeclared-method-500",
        "route.undeclared-method",
        "Answers an undeclared method 500.",
        on_answer(None, lambda _, answer: answer.with_status(500), when=_undeclared),
    ),
    _row(
        "undeclared-method-400",
        "route.undeclared-method",
        "Answers an undeclared method 400.",
        on_answer(None, lambda _, answer: answer.with_status(400), when=_undeclared),
    ),
    _row(
        "undeclared-method-html",
        "route.undeclared-method",
        "Answers an undeclared method with a page of HTML.",
        on_answer(None, _html, when=_undeclared),
    ),
    *(
        _row(
            f"undeclared-{method.lower()}-200",
            "route.undeclared-method",
            f"Answers an undeclared {method} 200.",
            on_answer(None, _nothing, when=_method(method)),
        )
        for method in ("PUT", "PATCH", "DELETE", "POST")
    ),
    _row(
        "undeclared-method-404-request-status",
        "route.undeclared-method",
        "Answers an undeclared method on request-status 404.",
        on_answer(
            None,
            lambda _, answer: answer.with_status(404),
            when=lambda call, answer: _undeclared(call, answer) and call.path.endswith("/request-status"),
        ),
    ),
    _row(
        "wrong-media-type-accepted-upload",
        "route.upload-media-type",
        "Takes an upload that is not multipart/form-data.",
        accepting(UPLOAD, refused=(415,)),
    ),
    _row(
        "wrong-media-type-accepted-register",
        "route.register-media-type",
        "Takes a registration that is not JSON by content type.",
        accepting(REGISTER, refused=(415,)),
    ),
    _row(
        "wrong-media-type-500",
        "envelope.no-server-fault",
        "Answers 500 to a wrong media type.",
        on_answer(None, lambda _, answer: answer.with_status(500), when=refused_with(415)),
    ),
    _row(
        "integration-id-beyond-int64-500",
        "ids.integration-id-beyond-int64",
        "Answers 500 to an integrationId beyond int64.",
        on_answer(
            None,
            lambda _, answer: answer.with_status(500),
            when=lambda call, answer: _beyond_int64(call) and refused_with(400, 404)(call, answer),
        ),
    ),
    _row(
        "integration-id-beyond-int64-accepted",
        "ids.integration-id-beyond-int64",
        "Takes an integrationId beyond int64.",
        accepting(READ | FIELDS | STATUS, _beyond_int64),
    ),
    _row(
        "integration-id-not-a-number-accepted",
        "ids.integration-id-not-a-number",
        "Takes an integrationId that is no number.",
        accepting(READ | FIELDS | STATUS, _no_number),
    ),
    _row(
        "integration-id-not-a-number-500",
        "ids.integration-id-not-a-number",
        "Answers 500 to an integrationId that is no number.",
        on_answer(
            None,
            lambda _, answer: answer.with_status(500),
            when=lambda call, answer: _no_number(call) and refused_with(400, 404)(call, answer),
        ),
    ),
)
