"""Variations of how answers look and with which status they come, where sources differ or say nothing."""

import gzip
import json
from typing import Any, Final

from contract_tests.drifts.answers.envelope import has_request_id, longer_id
from contract_tests.drifts.edits import added, at
from contract_tests.drifts.exchange import Answer, Ask, Call
from contract_tests.drifts.operations import (
    CURRENT,
    DELETE,
    FILES,
    LEGACY,
    LIST_SCHEMA,
    READ,
    REGISTER,
    STAGES,
    UPLOAD_SCHEMA,
    operation_of,
)
from contract_tests.drifts.recipes import (
    anonymous,
    header,
    html,
    on_answer,
    on_body,
    refusal,
    refused_by,
    refused_with,
    status,
)
from contract_tests.drifts.registry import variation
from contract_tests.suite.ledger.operations import PATHS

FORMS: Final = "1.4: bodies are JSON; their layout is promised by no document"
DETAIL: Final = "1.4: seen in recordings, promised by no document"


def _any(_: Call, answer: Answer) -> bool:
    return bool(answer.body)


def _json(_: Call, answer: Answer) -> bool:
    return isinstance(answer.json(), dict)


def _with_unknown_members(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    for path in ("", "integrations.*", "objectTypeToSelectedFields.*.*", "crmObjectsMap.*"):
        body = added(path, "addedByGongLater", {"since": "2027", "values": [1, None]})(body)
    return added("errors.*", "code", "E-17")(body) if "status" in body else body


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


async def _any_content_type(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    untyped = operation_of(call) in READ & LEGACY and answer.status == 415 and bool(call.body)
    return await ask(call.with_header("content-type", "application/json")) if untyped else answer


async def _parameters_before_scope(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    lacking = answer.status == 401 and not anonymous(call, answer)
    takes = operation_of(call) and "integrationId" not in call.parameters and "/integration" not in call.path
    return await refused_by(call, ask, 400, "integrationId is missing") if lacking and takes else answer


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    variation("unknown-members", "1.4: Gong may add fields to any JSON output without notice",
        "Adds members to every object of its answers.", on_body(None, _with_unknown_members, when=_json)),
    variation("unknown-headers", "1.4: Cloudflare and a load balancer stand in front", "Adds headers to every answer.",
        on_answer(None, _other_headers, when=_any)),
    variation("charset-in-lower-case", "1.4: the charset is no part of the contract",
        "Writes charset=utf-8 after a space.",
        header(None, "content-type", "application/json; charset=utf-8", when=_any)),
    variation("charset-left-out", "1.4: the charset is no part of the contract; U-20", "Leaves the charset out.",
        header(None, "content-type", "application/json", when=_any)),
    variation("members-in-other-order", FORMS, "Writes members in reverse order.",
        on_body(None, _reversed, when=_json)),
    variation("pretty-printed", "1.4, U-20: anonymous 401 bodies are pretty-printed, others are not known",
        "Lays out every answer over several lines.", on_answer(None, _pretty, when=_json)),
    variation("letters-escaped", FORMS, "Escapes letters beyond ASCII and writes no spaces.",
        on_answer(None, _escaped, when=_json)),
    variation("compressed", "1.4: recordings carry vary: accept-encoding", "Compresses answers for who accepts it.",
        on_answer(None, _compressed, when=_any)),
    variation("chunked", "1.4: chunked transfer was recorded", "Sends answers in chunks, without content-length.",
        header(None, "content-length", None, when=_any)),
    variation("other-wording", "U-4, U-5: no document promises the text of an error", "Words every error otherwise.",
        on_body(None, _reworded, when=_json)),
    variation("several-sentences", "1.4: errors is a list of strings", "Refuses with two sentences.",
        on_body(None, at("errors", lambda errors: [*errors, "See the documentation."]), when=refusal)),
    variation("request-id-of-another-form", DETAIL, "Makes longer request ids.",
        on_answer(None, longer_id, when=has_request_id)),
    variation("no-trace-id", DETAIL, "Sends no x-traceid.", header(None, "x-traceid", None, when=_any)),
    variation("trace-id-of-anonymous-different", "C-20: an anonymous 401 was seen with two values",
        "Sends an x-traceid of its own with an anonymous 401.",
        header(None, "x-traceid", "0anonymous0trace0id", when=anonymous)),
    variation("service-version-absent", DETAIL, "Sends no x-gong-service-version.",
        header(None, "x-gong-service-version", None, when=_any)),
    variation("rate-limit-remaining-absent", "1.3, U-3: the header was seen on 37 of 38 recordings",
        "Sends no x-ratelimit-remaining.", header(None, "x-ratelimit-remaining", None, when=_any)),
    variation("no-www-authenticate", "1.1: seen once, promised by no document", "Sends no WWW-Authenticate.",
        header(None, "www-authenticate", None, when=anonymous)),
    variation("www-authenticate-on-missing-scope", "1.1: nothing says that a missing scope is answered without it",
        "Sends WWW-Authenticate when a scope is missing.",
        header(None, "www-authenticate", 'Bearer error="insufficient_scope"', when=lambda call,
            answer: answer.status == 401 and not anonymous(call, answer))),
    variation("unknown-path-html", "1.4: the body of a 404 for an unknown path was not recorded",
        "Answers an unknown path with a page of HTML.",
        html(None, when=lambda call, answer: call.path not in PATHS and answer.status == 404)),
    variation("schema-201", "C-2: 200 and 201 are documented for the current path", "Answers a schema upload 201.",
        status(UPLOAD_SCHEMA & CURRENT, 201)),
    variation("delete-legacy-200", "C-3: 200 and 201 are documented for the legacy path",
        "Answers a deletion 200 on the legacy path.", status(DELETE & LEGACY, 200)),
    variation("unknown-ids-404", "C-10, C-11: 400 or 404, no source settles it",
        "Answers 404 for an unknown integration or client request id.", unknown_id_status=404),
    variation("empty-list-404", "U-22: 200 with an empty list or 404", "Answers 404 when no integration is registered.",
        empty_list_status=404),
    variation("too-large-413", "U-7: 413 or 400", "Answers 413 to a file that is too large.", too_large_status=413),
    variation("wrong-media-type-400", "1.4: 415 was recorded for GET entities only",
        "Answers 400 to a body of the wrong media type.",
        status(REGISTER | UPLOAD_SCHEMA | FILES | STAGES, 400, when=refused_with(415))),
    variation("read-empty-body-415", "C-4: 400 is our reading, 415 was recorded",
        "Answers 415 to a read with JSON content type and no body.",
        status(READ, 415, when=lambda call, answer: answer.status == 400 and not call.body)),
    variation("legacy-read-any-media-type", "3: the legacy read declares content type any",
        "Takes ids of any media type on the legacy path.", lambda _: _any_content_type),
    variation("omitted-object-type-400", "C-7: the parameter is flagged required and described as optional",
        "Refuses a schema list without objectType.",
        on_answer(LIST_SCHEMA, lambda _, answer: answer.refused(400, "objectType is missing"), when=lambda call,
            answer: answer.succeeded and "objectType" not in call.parameters)),
    variation("scopes-after-parameters", "U-15: the place of the scope check is not proven",
        "Looks at parameters before scopes.", lambda _: _parameters_before_scope),
    variation("keys-without-scopes", "U-19: whether keys have scopes is not known",
        "Holds bearer tokens only to scopes.", keys_have_scopes=False),
)
# fmt: on
