"""Drifts of the errors and counts that request-status tells of a file."""

from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.edits import at, missing, value
from contract_tests.drifts.exchange import Recipe
from contract_tests.drifts.operations import STATUS
from contract_tests.drifts.recipes import on_body
from contract_tests.drifts.registry import drift
from contract_tests.drifts.requests.states import in_state


def _failed(edit: Callable[[Any], Any]) -> Recipe:
    return on_body(STATUS, edit, when=in_state("FAILED"))


def _done(edit: Callable[[Any], Any]) -> Recipe:
    return on_body(STATUS, edit, when=in_state("DONE"))


def _all(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    errors, count = body["errors"], body["totalErrorCount"]
    last = errors[-1] if errors else {}
    more = [{**last, "line": last["line"] + step} for step in range(1, count - len(errors) + 1)]
    return {**body, "errors": [*errors, *more]}


def _one_less(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": body["errors"][:-1]} if len(body["errors"]) > 1 else body


def _good_line_too(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    bad = {error["line"] for error in body["errors"]}
    good = [line for line in range(1, body["totalErrorCount"] + body["totalSuccessCount"] + 1) if line not in bad]
    if not good or body["totalErrorCount"] > len(bad):
        return body
    errors = [*body["errors"], {"line": good[0], "description": "Mandatory field [name] is missing or empty"}]
    return {**body, "errors": sorted(errors, key=lambda error: error["line"])[:20]}


def _with_error(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": [{"line": 1, "description": "Field [url] is deprecated"}]}


def _one_good_too_many(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "totalErrorCount": 0, "totalSuccessCount": (body.get("totalSuccessCount") or 0) + 1}


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(
        drift(f"{name}-missing", "status.failed-fields", f"Leaves {name} out of FAILED.", _failed(missing(name)))
        for name in ("errors", "totalErrorCount", "totalSuccessCount")
    ),
    *(
        drift(f"{name}-as-text", "status.success", f"Tells {name} as text.", _failed(at(name, str)))
        for name in ("totalErrorCount", "totalSuccessCount")
    ),
    drift("errors-more-than-twenty", "status.twenty-errors", "Tells all line errors, however many.", _failed(_all)),
    drift("errors-empty", "status.every-bad-line", "Tells FAILED without any error.", _failed(value("errors", []))),
    drift("bad-line-passed-over", "status.every-bad-line", "Tells nothing of the last bad line, though it is counted.",
        _failed(_one_less)),
    drift("good-line-blamed", "status.line-numbers", "Tells an error of a good line too.", _failed(_good_line_too)),
    drift("line-numbers-from-zero", "status.line-numbers", "Counts lines from 0.",
        _failed(at("errors.*.line", lambda line: line - 1))),
    drift("descriptions-empty", "status.error-entry", "Tells line errors with an empty description.",
        _failed(value("errors.*.description", ""))),
    drift("errors-as-sentences", "status.error-entry", "Tells line errors as sentences in place of objects.",
        _failed(at("errors.*", lambda error: f"Line {error['line']}: {error['description']}"))),
    drift("mandatory-member-not-named", "status.message-mandatory", "Does not name the member that a line lacks.",
        _failed(value("errors.*.description", "Invalid line"))),
    drift("error-count-capped", "status.error-count", "Counts 20 bad lines at most.",
        _failed(at("totalErrorCount", lambda count: min(20, count)))),
    drift("error-count-one-too-many", "status.error-count", "Counts a bad line too many.",
        _failed(at("totalErrorCount", lambda count: count + 1))),
    drift("success-count-zero", "status.success-count", "Counts no good line.", _failed(value("totalSuccessCount", 0))),
    drift("done-counts-wrong", "status.done-without-errors", "Counts a good line too many when DONE.",
        _done(_one_good_too_many)),
    drift("done-with-a-line-error", "status.done-without-errors", "Tells a line error when DONE.", _done(_with_error)),
)
# fmt: on
