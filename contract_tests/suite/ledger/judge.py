"""What every answer must obey, whatever test asked for it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.checker import Checker
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.operations import PATHS

_REQUEST_ID: Final = re.compile(r"[a-z0-9]{18,19}")
_RANKS: Final = {"PENDING": 0, "IN_PROGRESS": 1, "DONE": 2, "FAILED": 2}
_BAD_CREDENTIALS: Final = 'Basic realm="Gong.io API"'
# No source settles 400 or 404 for unknown ids (C-10, C-11, U-22), nor 400 or 413 for a file too large (U-7).
_TOLERATED: Final = frozenset({404, 413})
MOST_ERRORS: Final = 20
_INT64: Final = range(-(2**63), 2**63)


@dataclass(kw_only=True)
class Judge:
    """Holds every exchange of a run against what holds for all of them."""

    contract: Contract
    _seen: set[str] = field(default_factory=set)
    _statuses: dict[tuple[str, str], str] = field(default_factory=dict)

    def judge(self, answer: Answer) -> None:
        """Hold one answer against the contract.

        Raises:
            Breach: A clause that holds for every answer is broken.
        """
        exchange = answer.exchange
        if exchange.status >= 500:  # the range of server faults
            answer.require("envelope.no-server-fault", holds=False, expected="no server fault")
        if exchange.path not in PATHS and exchange.status == 404:  # nobody recorded that body
            return
        self._status(answer)
        self._envelope(answer)
        self._trace(answer)
        self._body(answer)
        if (
            exchange.operation is not None
            and exchange.operation.name == "getCrmRequestStatus"
            and exchange.status == 200
        ):
            self._forward(answer)

    def _status(self, answer: Answer) -> None:
        exchange = answer.exchange
        operation = exchange.operation
        if operation is None:
            return
        documented = operation.success | {
            status
            for status in self.contract.document.statuses(operation.method, operation.path)
            if status >= 400  # successes come from the operation itself
        }
        clause = {
            "uploadCrmEntitySchema": "schema.upload-success",
            "deleteCrmIntegration": f"delete.success-{operation.family}",
        }.get(operation.name, operation.success_clause)
        success = exchange.status < 400  # below are successes and redirects
        answer.require(
            clause if success else "envelope.documented-status",
            exchange.status in documented | _TOLERATED,
            f"one of the documented statuses {sorted(documented)}",
        )

    def _envelope(self, answer: Answer) -> None:
        exchange = answer.exchange
        clause = "envelope.success-content-type" if exchange.status < 400 else "envelope.error-content-type"
        json_by_name = exchange.media_type == "application/json" or (
            exchange.status >= 400  # nobody recorded the exact type of a refusal (U-20)
            and re.fullmatch(r"application/[\w.-]+\+json", exchange.media_type)
        )
        answer.require(clause, json_by_name, "a JSON content type, whatever the charset")
        if exchange.reading.beyond_bounds:
            success = exchange.operation is not None and exchange.status < 400
            clause = exchange.operation.success_clause if exchange.operation and success else "envelope.documented-body"
            answer.require(clause, holds=False, expected=f"an answer that can be read; {exchange.reading.fault}")
        request_id = exchange.member("requestId")
        why = f"; the answer cannot be read: {exchange.reading.fault}" if exchange.reading.fault else ""
        answer.require(
            "envelope.request-id",
            isinstance(request_id, str) and request_id,
            f"a JSON object with a requestId that is a non-empty string{why}",
        )
        answer.require("envelope.request-id-unique", request_id not in self._seen, "a requestId of its own")
        self._seen.add(str(request_id))
        client_request_id = exchange.query.get("clientRequestId")
        answer.require(
            "envelope.request-id-not-client", request_id != client_request_id, "a requestId that Gong made itself"
        )
        answer.prefer(
            "envelope.request-id-form", _REQUEST_ID.fullmatch(str(request_id)), "18 or 19 lower-case letters and digits"
        )
        if exchange.status >= 400:  # the range of refusals
            self._errors(answer)

    @staticmethod
    def _errors(answer: Answer) -> None:
        errors = answer.member("errors")
        answer.require(
            "envelope.errors-strings",
            isinstance(errors, list) and errors and all(isinstance(error, str) and error for error in errors),
            "errors as a non-empty list of strings",
        )

    @staticmethod
    def _trace(answer: Answer) -> None:
        exchange = answer.exchange
        trace = exchange.headers.get("x-traceid")
        if exchange.valid_credentials:
            answer.require(
                "envelope.trace-id",
                trace is None or trace == exchange.member("requestId"),
                "x-traceid with the value of requestId, or none",
            )
            answer.prefer("envelope.trace-id-present", trace, "the header x-traceid")
        elif exchange.status == 401:  # the status of bad credentials
            answer.prefer(
                "auth.www-authenticate",
                exchange.headers.get("www-authenticate") == _BAD_CREDENTIALS,
                f"WWW-Authenticate: {_BAD_CREDENTIALS}",
            )

    def _body(self, answer: Answer) -> None:
        exchange = answer.exchange
        operation = exchange.operation
        if operation is None:
            return
        for found in _integration_ids(exchange.body):
            answer.require(
                "ids.integration-id-integer",
                isinstance(found, int) and not isinstance(found, bool) and found in _INT64,
                "integrationId as a JSON integer of 64 bits",
            )
        faults = Checker(document=self.contract.document).body_faults(
            operation, status=exchange.status, body=_tolerated(exchange)
        )
        clause = operation.success_clause if exchange.status < 400 else "envelope.documented-body"
        if operation.name == "getCrmRequestStatus" and any("errors" in fault for fault in faults):
            errors = answer.member("errors")
            count = len(errors) if isinstance(errors, list) else 0
            answer.require("status.twenty-errors", count <= MOST_ERRORS, f"{MOST_ERRORS} errors at most; {count} came")
            clause = "status.error-entry"
        if operation.name == "getCrmRequestStatus" and any("$.status" in fault for fault in faults):
            clause = "status.values"
        answer.require(clause, not faults, "a body that obeys the document; it does not: " + "; ".join(faults))

    def _forward(self, answer: Answer) -> None:
        exchange = answer.exchange
        query = exchange.query
        key = (query.get("integrationId", ""), query.get("clientRequestId", ""))
        status = str(exchange.member("status"))
        if status not in _RANKS:  # a breach of status.values, which a run may pass over
            return
        before = self._statuses.get(key, "PENDING")
        ended = before in {"DONE", "FAILED"}
        answer.require(
            "status.forward",
            status == before if ended else _RANKS[status] >= _RANKS[before],
            f"a status that does not fall back: it was {before} before",
        )
        self._statuses[key] = status


def _integration_ids(body: object) -> list[object]:
    if not isinstance(body, dict):
        return []
    found = [body["integrationId"]] if "integrationId" in body else []
    entries = body.get("integrations")
    if isinstance(entries, list):
        found += [entry["integrationId"] for entry in entries if isinstance(entry, dict) and "integrationId" in entry]
    return found


def _tolerated(exchange: Exchange) -> object:
    """Leave out of an answer what a correct server may do beside the letter of the document.

    The legacy schema list may use the deprecated name for uniqueName (C-6).
    """
    body = exchange.body
    if not isinstance(body, dict):
        return body
    operation = exchange.operation
    if operation is not None and operation.name == "listCrmEntitySchema" and operation.family == "legacy":
        return _renamed(body)
    return body


def _renamed(body: Mapping[str, Any]) -> object:
    copied = json.loads(json.dumps(body))
    by_type = copied.get("objectTypeToSelectedFields")
    for fields in by_type.values() if isinstance(by_type, dict) else []:
        for field_ in fields if isinstance(fields, list) else []:
            if isinstance(field_, dict) and "uniqueName" not in field_ and "name" in field_:
                field_["uniqueName"] = field_["name"]
    return copied
