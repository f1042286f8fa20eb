"""Drifts of the errors and counts that request-status tells of a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, missing, renamed, value
from contract_tests.drifts.operations import STATUS
from contract_tests.drifts.pieces import on_body
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Recipe
from contract_tests.drifts.states import in_state

_row = partial(drift, kind="line errors")


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
