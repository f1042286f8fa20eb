"""What an exchange that others published does otherwise than openapi.yaml says."""

import re
from collections.abc import Iterator
from typing import Any, Final

from contract_tests.suite.evidence.published import Evidence
from contract_tests.suite.ledger.checker import UNKNOWN, Checker, Seen, pointer_to
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.operations import Operation

MADE_UP_REQUEST_ID: Final = "0000000000000000000"
"""Stands for a requestId that the source does not tell."""


def request_faults(document: Document, evidence: Evidence) -> list[str]:
    """Hold a request against the document; for a path outside the document nothing can be said."""
    operation = evidence.operation
    if operation is None:
        return []
    checker, seen = Checker(document=document), _seen(evidence, operation)
    lines = evidence.request.get("file", [])
    object_type = evidence.request.get("query", {}).get("objectType")
    faults = list(checker.line_faults(operation, lines, object_type=object_type)) if lines else []
    return [*checker.request_faults(seen), *(f"line {number} {fault}" for number, fault in faults)]


def answer_faults(document: Document, evidence: Evidence) -> list[str]:
    """Hold an answer against the document."""
    answer, body, operation = evidence.answer, known_body(evidence), evidence.judged_as
    if operation is None:
        return [] if body is None else document.schema_faults("ErrorResponse", body)
    trace = answer.get("headers", {}).get("x-traceid")
    foreign = trace and body and "requestId" in answer["body"] and trace != body["requestId"]
    return [
        *Checker(document=document).answer_faults(_seen(evidence, operation)),
        *([f"the header x-traceid is {trace} and not the requestId"] if foreign else []),
    ]


def _seen(evidence: Evidence, operation: Operation) -> Seen:
    """Say of an exchange what its source tells; headers that it leaves out are not missing ones."""
    request, answer = evidence.request, evidence.answer
    headers = {name.lower(): str(value) for name, value in answer.get("headers", {}).items()}
    body = known_body(evidence)
    return Seen(
        operation=operation,
        query=tuple((name, str(value)) for name, value in request.get("query", {}).items()),
        request_type=request.get("content_type"),
        request_body=_sent(evidence),
        status=answer["status"],
        headers={"content-type": "application/json", "retry-after": "1", **headers},
        body=UNKNOWN if body is None else body,
    )


def _sent(evidence: Evidence) -> Any:  # noqa: ANN401  (a body is any JSON)
    request = evidence.request
    if "file" in request:
        return {"dataFile": "\n".join(request["file"])}
    if "text" in request:
        return "\n".join(request["text"]).encode()
    return request.get("body", b"")


def known_body(evidence: Evidence) -> dict[str, Any] | None:
    """Take the body of an answer, with a requestId of ours where the source has none; None when it shows no body."""
    if "body" not in evidence.answer:
        return None
    made_up = {"requestId": MADE_UP_REQUEST_ID} if "requestId" in evidence.answer.get("omits", ()) else {}
    return {**evidence.answer["body"], **made_up}


def sentences(document: Document, operation: Operation, status: int) -> set[str]:
    """Collect every sentence that the document shows in an answer, its scopes and member names replaced by a mark."""
    response = document.at(f"{pointer_to(operation)}/responses/{status}")
    return {general(text) for text in _strings(response["content"])}


def general(sentence: str) -> str:
    """Replace the scope or the member that a sentence names by a mark."""
    return re.sub(r"'api:[a-z:-]+'|\[\w+\]", "<name>", sentence)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
