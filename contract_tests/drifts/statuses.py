"""Drifts of request-status: the states, their order, the errors and the counts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, missing, renamed, value
from contract_tests.drifts.files import object_type_of
from contract_tests.drifts.operations import FILES, LEGACY, MAP_USERS, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import accepting, on_answer, on_body, refused_by, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations

_ENDS: Final = frozenset({"DONE", "FAILED"})


def in_state(*states: str) -> Callable[[Call, Answer], bool]:
    """Make a condition on the status that is told."""
    return lambda _, answer: answer.succeeded and answer.member("status") in states


def _telling(status: str, answer: Answer) -> Answer:
    return answer.with_json({"requestId": answer.member("requestId"), "status": status})


def _only(status: str) -> Callable[[Call, Answer], Answer]:
    return lambda _, answer: _telling(status, answer)


def _told(states: dict[str, str]) -> Recipe:
    return on_body(STATUS, at("status", lambda status: states.get(status, status)))


def poll_by_poll(states: tuple[str | None, ...], *, after: frozenset[str] = frozenset()) -> Recipe:
    """Tell given states poll by poll, then the truth.

    Args:
        states: State of the first, second, ... poll of a request, None for the truth.
        after: Count only polls from the first one on whose true state is among these; none for all polls.

    Returns:
        The recipe.
    """

    def make() -> Behaviour:
        polls: dict[str, int] = {}

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            if operation_of(call) not in STATUS or not answer.succeeded:
                return answer
            name = call.parameter("clientRequestId")
            if after and name not in polls and answer.member("status") not in after:
                return answer
            polls[name] = polls.get(name, 0) + 1
            state = states[polls[name] - 1] if polls[name] <= len(states) else None
            return answer if state is None else _telling(state, answer)

        return behave

    return remembering(make)


def _by_request(change: Callable[[str, Answer], Answer], *, operations: Operations = FILES) -> Recipe:
    """Change the answers to status calls, by the object type of the upload that is asked about."""

    def make() -> Behaviour:
        types: dict[str, str] = {}

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            name = call.parameter("clientRequestId")
            if operation_of(call) in operations and answer.succeeded:
                types[name] = object_type_of(call)
            if operation_of(call) in STATUS and answer.succeeded and name in types:
                return change(types[name], answer)
            return answer

        return behave

    return remembering(make)


def _unknown_status(*, operations: Operations) -> Recipe:
    def make() -> Behaviour:
        names: set[str] = set()

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            name = call.parameter("clientRequestId")
            if operation_of(call) in operations and answer.succeeded:
                names.add(name)
            if operation_of(call) in STATUS and name in names:
                return await refused_by(call, ask, 400, "Client request id was not found")
            return answer

        return behave

    return remembering(make)


def _other_request() -> Behaviour:
    first: list[str] = []

    async def behave(call: Call, ask: Ask) -> Answer:
        if operation_of(call) in STATUS and first:
            return await ask(call.with_parameters({**call.parameters, "clientRequestId": first[0]}))
        answer = await ask(call)
        if operation_of(call) in FILES and answer.succeeded and not first:
            first.append(call.parameter("clientRequestId"))
        return answer

    return behave


def _same_request_id() -> Behaviour:
    ids: dict[str, str] = {}

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        name = call.parameter("clientRequestId")
        if operation_of(call) in FILES and answer.succeeded:
            ids[name] = answer.member("requestId")
        if operation_of(call) in STATUS and answer.succeeded and name in ids:
            return answer.with_json({**answer.json(), "requestId": ids[name]}).with_header("x-traceid", ids[name])
        return answer

    return behave


_row = partial(drift, kind="states")

STATES: Final = (
    _row("status-completed", "status.values", "Tells COMPLETED in place of DONE.", _told({"DONE": "COMPLETED"})),
    _row("status-error", "status.values", "Tells ERROR in place of FAILED.", _told({"FAILED": "ERROR"})),
    _row(
        "status-queued",
        "status.values",
        "Tells QUEUED at the first poll of each request.",
        poll_by_poll(("QUEUED",)),
    ),
    _row(
        "status-partially-done",
        "status.values",
        "Tells PARTIALLY_DONE for a file with bad lines.",
        _told({"FAILED": "PARTIALLY_DONE"}),
    ),
    _row(
        "status-processing",
        "status.values",
        "Tells PROCESSING at the second poll of each request.",
        poll_by_poll((None, "PROCESSING")),
    ),
    _row("status-lower-case", "status.values", "Tells states in lower case.", on_body(STATUS, at("status", str.lower))),
    _row(
        "status-with-a-space",
        "status.values",
        "Tells IN PROGRESS at the first poll of each request.",
        poll_by_poll(("IN PROGRESS",)),
    ),
    _row(
        "status-stuck-pending",
        "status.ends",
        "Keeps every request PENDING for ever.",
        on_answer(STATUS, _only("PENDING")),
    ),
    _row(
        "status-stuck-in-progress",
        "status.ends",
        "Keeps every request IN_PROGRESS for ever once it is.",
        on_answer(STATUS, _only("IN_PROGRESS"), when=in_state("IN_PROGRESS", "DONE", "FAILED")),
    ),
    _row(
        "status-stuck-when-bad",
        "status.ends",
        "Keeps a request with bad lines IN_PROGRESS for ever.",
        on_answer(STATUS, _only("IN_PROGRESS"), when=in_state("FAILED")),
    ),
    _row(
        "status-stuck-map-users",
        "map-users.followed",
        "Keeps a user mapping PENDING for ever.",
        _by_request(lambda _, answer: _telling("PENDING", answer), operations=MAP_USERS),
    ),
    _row(
        "status-back-to-pending",
        "status.forward",
        "Tells IN_PROGRESS at the first poll and PENDING at the second.",
        poll_by_poll(("IN_PROGRESS", "PENDING")),
    ),
    _row(
        "status-back-from-the-end",
        "status.forward",
        "Tells IN_PROGRESS again at the second poll after the end.",
        poll_by_poll((None, "IN_PROGRESS"), after=_ENDS),
    ),
    _row(
        "status-done-turns-failed",
        "status.forward",
        "Tells FAILED at the second poll after DONE.",
        poll_by_poll((None, "FAILED", "FAILED", "FAILED"), after=frozenset({"DONE"})),
    ),
    _row(
        "status-failed-turns-done",
        "status.forward",
        "Tells DONE at the second poll after FAILED.",
        poll_by_poll((None, "DONE", "DONE", "DONE"), after=frozenset({"FAILED"})),
    ),
    _row(
        "status-done-although-bad",
        "status.failed",
        "Ends a file with bad lines DONE.",
        on_answer(STATUS, _only("DONE"), when=in_state("FAILED")),
    ),
    _row(
        "status-done-with-errors",
        "status.failed",
        "Ends a file with bad lines DONE, its errors told.",
        _told({"FAILED": "DONE"}),
    ),
    _row(
        "status-failed-although-good",
        "status.done",
        "Ends a file of good lines FAILED.",
        on_body(
            STATUS,
            lambda body: {**body, "status": "FAILED", "errors": [], "totalErrorCount": 0, "totalSuccessCount": 1},
            when=in_state("DONE"),
        ),
    ),
    _row(
        "status-failed-although-good-lead",
        "status.done",
        "Ends every file of LEAD FAILED.",
        _by_request(lambda of_type, answer: _failed(answer) if of_type == "LEAD" else answer),
    ),
    _row(
        "status-400-when-failed",
        "status.success",
        "Answers the status of a file with bad lines 400.",
        on_answer(STATUS, lambda _, answer: answer.with_status(400), when=in_state("FAILED")),
    ),
    _row(
        "status-201",
        "status.success",
        "Answers a status 201.",
        on_answer(STATUS, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "status-202-while-pending",
        "status.success",
        "Answers a status 202 until the end is reached.",
        on_answer(STATUS, lambda _, answer: answer.with_status(202), when=in_state("PENDING", "IN_PROGRESS")),
    ),
    _row(
        "status-of-the-first-request",
        "status.own-request",
        "Tells the status of the first upload, whatever request is asked for.",
        remembering(_other_request),
    ),
    _row(
        "status-request-id-of-the-upload",
        "status.request-id-own",
        "Tells the requestId of the upload in place of the status call's own.",
        remembering(_same_request_id),
    ),
    _row(
        "status-of-legacy-uploads-unknown",
        "route.both-families-one-state",
        "Knows no status of an upload that came by the legacy path.",
        _unknown_status(operations=UPLOAD & LEGACY),
    ),
    _row(
        "status-of-map-users-unknown",
        "map-users.followed",
        "Knows no status of a user mapping.",
        _unknown_status(operations=MAP_USERS),
    ),
    _row(
        "status-without-name-accepted",
        "status.client-request-id-required",
        "Answers a status call without clientRequestId.",
        accepting(STATUS, lambda call: not call.parameter("clientRequestId"), refused=(400,)),
    ),
    _row(
        "status-without-integration-accepted",
        "status.integration-id-required",
        "Answers a status call without integrationId.",
        accepting(STATUS, lambda call: not call.integration, refused=(400,)),
    ),
    _row(
        "status-unknown-request-accepted",
        "status.unknown-request",
        "Tells DONE for a request that was never made.",
        accepting(STATUS, lambda call: bool(call.parameter("clientRequestId") and call.integration)),
    ),
    _row(
        "status-unknown-request-pending",
        "status.unknown-request",
        "Tells PENDING for a request that was never made.",
        on_answer(
            STATUS,
            lambda _, answer: _telling("PENDING", answer.with_status(200)),
            when=lambda call, answer: (
                answer.status in {400, 404} and bool(call.parameter("clientRequestId") and call.integration)
            ),
        ),
    ),
    _row(
        "status-unknown-integration-accepted",
        "status.unknown-integration",
        "Tells the status of a request whatever integration is named.",
        remembering(lambda: _AnyIntegration().behave),
    ),
)


class _AnyIntegration:
    """The integration that each request was made for."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    async def behave(self, call: Call, ask: Ask) -> Answer:
        """Look a request up by its name alone."""
        name = call.parameter("clientRequestId")
        if operation_of(call) in STATUS and name in self._of and call.integration.isdigit():
            return await ask(call.with_parameters({**call.parameters, "integrationId": self._of[name]}))
        answer = await ask(call)
        if operation_of(call) in FILES and answer.succeeded:
            self._of[name] = call.integration
        return answer


_row = partial(drift, kind="line errors")


def _failed(answer: Answer) -> Answer:
    errors = [{"line": 1, "description": "Failed to parse"}]
    counts = {"totalErrorCount": 1, "totalSuccessCount": 0}
    ended = answer.member("status") == "DONE"
    return answer.with_json({**answer.json(), "status": "FAILED", "errors": errors, **counts}) if ended else answer


def _on_failed(edit: Callable[[Any], Any]) -> Recipe:
    return on_body(STATUS, edit, when=in_state("FAILED"))


def _more_than_twenty(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    errors, count = body["errors"], body["totalErrorCount"]
    last = errors[-1] if errors else {}
    more = [{**last, "line": last["line"] + step} for step in range(1, count - len(errors) + 1)]
    return {**body, "errors": [*errors, *more]}


def _last_of_all(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    beyond = max(0, body["totalErrorCount"] - len(body["errors"]))
    return at("errors.*.line", lambda line: line + beyond)(body)


def _renumbered(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": [{**error, "line": place} for place, error in enumerate(body["errors"], 1)]}


def _one_passed_over(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    errors = body["errors"]
    if len(errors) < 2:
        return body
    return {**body, "errors": errors[:-1]}


def _one_not_counted(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    changed = _one_passed_over(body)
    missed = len(body["errors"]) - len(changed["errors"])
    counts = {
        "totalErrorCount": body["totalErrorCount"] - missed,
        "totalSuccessCount": body["totalSuccessCount"] + missed,
    }
    return {**changed, **counts}


def _good_line_too(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    bad = {error["line"] for error in body["errors"]}
    total = body["totalErrorCount"] + body["totalSuccessCount"]
    good = [line for line in range(1, total + 1) if line not in bad]
    if not good or body["totalErrorCount"] > len(bad):
        return body
    errors = [*body["errors"], {"line": good[0], "description": "Mandatory field [name] is missing or empty"}]
    return {**body, "errors": sorted(errors, key=lambda error: error["line"])[:20]}


def _counts_capped(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "totalErrorCount": min(20, body["totalErrorCount"])}


def _as_sentences(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": [f"Line {error['line']}: {error['description']}" for error in body["errors"]]}


LINE_ERRORS: Final = (
    _row("errors-missing", "status.failed-fields", "Leaves errors out of FAILED.", _on_failed(missing("errors"))),
    _row(
        "errors-null", "status.failed-fields", "Tells FAILED with null for errors.", _on_failed(value("errors", None))
    ),
    _row(
        "errors-empty",
        "status.every-bad-line",
        "Tells FAILED with an empty list of errors.",
        _on_failed(value("errors", [])),
    ),
    _row(
        "total-error-count-missing",
        "status.failed-fields",
        "Leaves totalErrorCount out of FAILED.",
        _on_failed(missing("totalErrorCount")),
    ),
    _row(
        "total-success-count-missing",
        "status.failed-fields",
        "Leaves totalSuccessCount out of FAILED.",
        _on_failed(missing("totalSuccessCount")),
    ),
    _row(
        "total-error-count-null",
        "status.failed-fields",
        "Tells FAILED with null for totalErrorCount.",
        _on_failed(value("totalErrorCount", None)),
    ),
    _row(
        "total-error-count-as-text",
        "status.failed-fields",
        "Tells totalErrorCount as text.",
        _on_failed(at("totalErrorCount", str)),
    ),
    _row(
        "total-success-count-as-text",
        "status.failed-fields",
        "Tells totalSuccessCount as text.",
        _on_failed(at("totalSuccessCount", str)),
    ),
    _row(
        "total-error-count-renamed",
        "status.failed-fields",
        "Tells errorCount in place of totalErrorCount.",
        _on_failed(renamed("totalErrorCount", "errorCount")),
    ),
    _row(
        "errors-more-than-twenty",
        "status.twenty-errors",
        "Tells all line errors, however many.",
        _on_failed(_more_than_twenty),
    ),
    _row(
        "errors-ten-at-most",
        "status.every-bad-line",
        "Tells the first ten line errors only.",
        _on_failed(at("errors", lambda errors: errors[:10])),
    ),
    _row(
        "errors-twenty-first-too",
        "status.twenty-errors",
        "Tells the first 21 line errors.",
        _on_failed(lambda body: at("errors", lambda errors: errors[:21])(_more_than_twenty(body))),
    ),
    _row(
        "errors-last-twenty",
        "status.twenty-errors",
        "Tells the last 20 line errors in place of the first.",
        _on_failed(_last_of_all),
    ),
    _row("error-count-capped", "status.error-count", "Counts 20 bad lines at most.", _on_failed(_counts_capped)),
    _row(
        "error-count-off-by-one",
        "status.error-count",
        "Counts one bad line too many.",
        _on_failed(at("totalErrorCount", lambda count: count + 1)),
    ),
    _row(
        "success-count-zero",
        "status.success-count",
        "Counts no good line in a file with a bad one.",
        _on_failed(value("totalSuccessCount", 0)),
    ),
    _row(
        "success-count-of-all",
        "status.success-count",
        "Counts all lines of a file as good.",
        _on_failed(lambda body: {**body, "totalSuccessCount": body["totalSuccessCount"] + body["totalErrorCount"]}),
    ),
    _row(
        "done-counts-wrong",
        "status.done-without-errors",
        "Counts one good line too many when DONE.",
        on_body(
            STATUS,
            lambda body: {**body, "totalErrorCount": 0, "totalSuccessCount": body.get("totalSuccessCount", 0) + 1},
            when=lambda call, answer: in_state("DONE")(call, answer) and answer.member("totalSuccessCount") is not None,
        ),
    ),
    _row(
        "done-with-a-line-error",
        "status.done-without-errors",
        "Tells a line error when DONE.",
        on_body(
            STATUS,
            lambda body: {**body, "errors": [{"line": 1, "description": "Field [url] is deprecated"}]},
            when=in_state("DONE"),
        ),
    ),
    _row(
        "line-numbers-from-zero",
        "status.line-numbers",
        "Counts lines from 0.",
        _on_failed(at("errors.*.line", lambda line: line - 1)),
    ),
    _row(
        "line-numbers-off-by-one",
        "status.line-numbers",
        "Names the line after the bad one.",
        _on_failed(at("errors.*.line", lambda line: line + 1)),
    ),
    _row(
        "line-numbers-of-errors",
        "status.line-numbers",
        "Numbers the errors in place of the lines.",
        _on_failed(_renumbered),
    ),
    _row("line-numbers-as-text", "status.error-entry", "Tells line as text.", _on_failed(at("errors.*.line", str))),
    _row(
        "bad-line-passed-over",
        "status.every-bad-line",
        "Tells nothing of the last bad line, though it is counted.",
        _on_failed(_one_passed_over),
    ),
    _row(
        "bad-line-in-silence",
        "status.every-bad-line",
        "Takes the last of several bad lines for a good one.",
        _on_failed(_one_not_counted),
    ),
    _row("good-line-blamed", "status.every-bad-line", "Tells an error of a good line too.", _on_failed(_good_line_too)),
    _row(
        "descriptions-empty",
        "status.error-entry",
        "Tells line errors with an empty description.",
        _on_failed(value("errors.*.description", "")),
    ),
    _row(
        "errors-as-sentences",
        "status.error-entry",
        "Tells line errors as sentences in place of objects.",
        _on_failed(_as_sentences),
    ),
    _row(
        "errors-as-one-object",
        "status.failed-fields",
        "Tells errors as an object keyed by line.",
        _on_failed(at("errors", lambda errors: {str(error["line"]): error["description"] for error in errors})),
    ),
    _row(
        "errors-by-general-error",
        "status.line-numbers",
        "Tells one general error, line 0, for a file with bad lines.",
        _on_failed(value("errors", [{"line": 0, "description": "Failed to process the file"}])),
    ),
)
