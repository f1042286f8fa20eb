"""Variations of how answers look: members, headers, layout, wording."""

from __future__ import annotations

import gzip
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import added, at
from contract_tests.drifts.operations import PATHS
from contract_tests.drifts.pieces import on_answer, on_body, refusal
from contract_tests.drifts.registry import variation

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Call

FORWARD: Final = "1.4: Gong may add fields to any JSON output without notice"
DETAIL: Final = "1.4: seen in recordings, promised by no document"
WORDING: Final = "U-4, U-5: no document promises the text of an error"
FORMS: Final = "1.4: bodies are JSON; their layout is promised by no document"


def any_answer(_: Call, answer: Answer) -> bool:
    """Hold for every answer that has a body."""
    return bool(answer.body)


def _json_answer(_: Call, answer: Answer) -> bool:
    return isinstance(answer.json(), dict)


def _with_unknown_members(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    for path in ("", "integrations.*", "objectTypeToSelectedFields.*.*", "crmObjectsMap.*"):
        body = added(path, "addedByGongLater", {"since": "2027", "values": [1, None]})(body)
    if "status" in body:
        body = added("errors.*", "code", "E-17")(body)
    return body


def _reversed(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(one) for one in value] if isinstance(value, list) else value


def _pretty(_: Call, answer: Answer) -> Answer:
    return answer.with_body(f"{json.dumps(answer.json(), indent=4)}\n".encode())


def _escaped(_: Call, answer: Answer) -> Answer:
    return answer.with_body(json.dumps(answer.json(), ensure_ascii=True, separators=(",", ":")).encode())


def _compressed(call: Call, answer: Answer) -> Answer:
    if "gzip" not in (call.header("accept-encoding") or ""):
        return answer
    return answer.with_body(gzip.compress(answer.body, mtime=0)).with_header("content-encoding", "gzip")


def _other_headers(_: Call, answer: Answer) -> Answer:
    new = {"server": "cloudflare", "cf-ray": "8f3-FRA", "set-cookie": "__cf_bm=1; path=/", "deprecation": "true"}
    for name, text in new.items():
        answer = answer.with_header(name, text)
    return answer


def _reworded(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    if "status" in body:
        return at("errors.*.description", lambda _: "Zeile unbrauchbar")(body)
    return at("errors.*", lambda _: "Something went wrong. Contact support.")(body)


def with_longer_id(_: Call, answer: Answer) -> Answer:
    """Answer a requestId of 24 or 25 letters and digits."""
    longer = f"{answer.member('requestId')}a1b2c3"
    return answer.with_json({**answer.json(), "requestId": longer}).with_header("x-traceid", longer)


def is_anonymous(_: Call, answer: Answer) -> bool:
    """Hold for the refusal of who is not known."""
    return answer.header("www-authenticate") is not None


def _known_path_missing(call: Call, answer: Answer) -> bool:
    return call.path not in PATHS and answer.status == 404


_row = partial(variation, kind="layout")

LAYOUT: Final = (
    _row(
        "unknown-members",
        FORWARD,
        "Adds members to every object of its answers.",
        on_body(None, _with_unknown_members, when=_json_answer),
    ),
    _row(
        "unknown-headers",
        "1.4: Cloudflare and a load balancer stand in front",
        "Adds headers to every answer.",
        on_answer(None, _other_headers, when=any_answer),
    ),
    _row(
        "charset-in-lower-case",
        "1.4: the charset is no part of the contract",
        "Writes charset=utf-8 after a space.",
        on_answer(
            None,
            lambda _, answer: answer.with_header("content-type", "application/json; charset=utf-8"),
            when=any_answer,
        ),
    ),
    _row(
        "charset-left-out",
        "1.4: the charset is no part of the contract; U-20",
        "Leaves the charset out.",
        on_answer(None, lambda _, answer: answer.with_header("content-type", "application/json"), when=any_answer),
    ),
    _row(
        "members-in-other-order", FORMS, "Writes members in reverse order.", on_body(None, _reversed, when=_json_answer)
    ),
    _row(
        "pretty-printed",
        "1.4, U-20: anonymous 401 bodies are pretty-printed, others are not known",
        "Lays out every answer over several lines.",
        on_answer(None, _pretty, when=_json_answer),
    ),
    _row(
        "letters-escaped",
        FORMS,
        "Escapes letters beyond ASCII and writes no spaces.",
        on_answer(None, _escaped, when=_json_answer),
    ),
    _row(
        "compressed",
        "1.4: recordings carry vary: accept-encoding",
        "Compresses answers for who accepts it.",
        on_answer(None, _compressed, when=any_answer),
    ),
    _row(
        "chunked",
        "1.4: chunked transfer was recorded",
        "Sends answers in chunks, without content-length.",
        on_answer(None, lambda _, answer: answer.with_header("content-length", None), when=any_answer),
    ),
    _row("other-wording", WORDING, "Words every error otherwise.", on_body(None, _reworded, when=_json_answer)),
    _row(
        "several-sentences",
        "1.4: errors is a list of strings",
        "Refuses with two sentences.",
        on_body(None, at("errors", lambda errors: [*errors, "See the documentation."]), when=refusal),
    ),
    _row(
        "request-id-longer",
        DETAIL,
        "Makes request ids of 24 or 25 letters and digits.",
        on_answer(None, with_longer_id, when=_json_answer),
    ),
    _row(
        "trace-id-absent",
        DETAIL,
        "Sends no x-traceid.",
        on_answer(None, lambda _, answer: answer.with_header("x-traceid", None), when=any_answer),
    ),
    _row(
        "trace-id-of-anonymous-different",
        "C-20: an anonymous 401 was seen with two values",
        "Sends an x-traceid of its own with an anonymous 401.",
        on_answer(None, lambda _, answer: answer.with_header("x-traceid", "0anonymous0trace0id"), when=is_anonymous),
    ),
    _row(
        "service-version-absent",
        DETAIL,
        "Sends no x-gong-service-version.",
        on_answer(None, lambda _, answer: answer.with_header("x-gong-service-version", None), when=any_answer),
    ),
    _row(
        "rate-limit-remaining-absent",
        "1.3, U-3: the header was seen on 37 of 38 recordings",
        "Sends no x-ratelimit-remaining.",
        on_answer(None, lambda _, answer: answer.with_header("x-ratelimit-remaining", None), when=any_answer),
    ),
    _row(
        "www-authenticate-absent",
        "1.1: seen once, promised by no document",
        "Sends no WWW-Authenticate.",
        on_answer(None, lambda _, answer: answer.with_header("www-authenticate", None), when=is_anonymous),
    ),
    _row(
        "www-authenticate-on-missing-scope",
        "1.1: nothing says that a missing scope is told without it",
        "Sends WWW-Authenticate when a scope is missing.",
        on_answer(
            None,
            lambda _, answer: answer.with_header("www-authenticate", 'Bearer error="insufficient_scope"'),
            when=lambda call, answer: answer.status == 401 and not is_anonymous(call, answer),
        ),
    ),
    _row(
        "unknown-path-html",
        "1.4: the body of a 404 for an unknown path was not recorded",
        "Answers an unknown path with a page of HTML.",
        on_answer(
            None, lambda _, answer: answer.with_body(b"<html></html>", media_type="text/html"), when=_known_path_missing
        ),
    ),
)
