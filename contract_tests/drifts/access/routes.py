"""Drifts of methods and media types that no operation takes, and of legacy paths that are gone."""

from typing import Final

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.operations import LEGACY, READ, REGISTER, UPLOAD
from contract_tests.drifts.recipes import (
    accepting,
    header,
    html,
    on_answer,
    on_request,
    refusing,
    status,
)
from contract_tests.drifts.registry import drift
from contract_tests.suite.ledger.operations import BY_ID, PATHS


def _undeclared(call: Call, answer: Answer) -> bool:
    return call.path in PATHS and answer.status == 405


def _ids_in_query(call: Call) -> bool:
    return call.header("content-type") is None and not call.body and "objectsCrmIds" in call.parameters


def _nothing(_: Call, answer: Answer) -> Answer:
    return answer.with_status(200).with_json({"requestId": answer.member("requestId")})


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("undeclared-method-200", "route.undeclared-method", "Answers an undeclared method 200.",
        on_answer(None, _nothing, when=_undeclared)),
    *(
        drift(f"undeclared-method-{code}", "route.undeclared-method", f"Answers an undeclared method {code}.",
            status(None, code, when=_undeclared))
        for code in (400, 404, 500)
    ),
    drift("undeclared-method-html", "route.undeclared-method", "Answers an undeclared method with a page of HTML.",
        html(None, when=_undeclared)),
    drift("allow-absent", "route.allow-header", "Sends no Allow with 405.",
        header(None, "allow", None, when=_undeclared)),
    drift("upload-of-any-media-type", "route.upload-media-type", "Takes an upload that is not multipart/form-data.",
        accepting(UPLOAD, refused=(415,))),
    drift("registration-of-any-media-type", "route.register-media-type",
        "Takes a registration that is not JSON by content type.", accepting(REGISTER, refused=(415,))),
    drift("read-without-body-accepted", "route.get-objects-without-body",
        "Answers a read without body and content type 200.",
        accepting(READ, lambda call: call.header("content-type") is None, refused=(415,))),
    drift("read-ids-from-query", "route.get-objects-without-body",
        "Takes the ids from the query when there is no body.",
        on_request(READ, lambda call: call.with_json([call.parameter("objectsCrmIds")]), when=_ids_in_query)),
    drift("read-empty-body-accepted", "objects.body-empty", "Answers a read with JSON content type and no body.",
        accepting(READ, lambda call: not call.body, refused=(400,))),
    *(
        drift(f"legacy-path-gone-{name}",
            "delete.success-legacy" if name.startswith("delete") else BY_ID[name].success_clause,
            f"Answers 404 where {name} was, while the other legacy paths are served.",
            refusing(frozenset({name}), lambda _: True, 404, "Not Found"))
        for name in sorted(LEGACY)
    ),
)
# fmt: on
