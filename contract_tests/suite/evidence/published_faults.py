"""What an exchange that others published does otherwise than openapi.yaml says."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contract_tests.suite.evidence.published import Evidence
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.operations import Operation

MADE_UP_REQUEST_ID: Final = "0000000000000000000"
"""Stands for a requestId that the source does not tell."""


def request_faults(document: Document, evidence: Evidence) -> list[str]:
    """Hold a request against the document.

    Args:
        document: The document.
        evidence: The exchange.

    Returns:
        What the document does not allow; for a path outside the document nothing can be said.
    """
    operation = evidence.operation
    if operation is None:
        return []
    place = pointer_to(operation)
    return [
        *_query_faults(document, place, evidence.request.get("query", {})),
        *_body_faults(document, place, evidence),
    ]


def answer_faults(document: Document, evidence: Evidence) -> list[str]:
    """Hold an answer against the document.

    Args:
        document: The document.
        evidence: The exchange.

    Returns:
        What is not documented.
    """
    answer, body, operation = evidence.answer, known_body(evidence), evidence.judged_as
    if operation is None:
        return [] if body is None else document.schema_faults("ErrorResponse", body)
    if answer["status"] not in document.statuses(operation.method, operation.path):
        return [f"answer: {operation.id} documents no status {answer['status']}"]
    faults = [
        *_header_faults(document, operation, answer),
        *(
            f"answer: the header x-traceid is {trace} and not the requestId"
            for trace in [answer.get("headers", {}).get("x-traceid")]
            if trace and body and "requestId" in answer["body"] and trace != body["requestId"]
        ),
    ]
    if body is not None:
        faults += [
            f"answer {fault}"
            for fault in document.answer_faults(operation.method, operation.path, status=answer["status"], body=body)
        ]
    return faults


def known_body(evidence: Evidence) -> dict[str, Any] | None:
    """Take the body of an answer, with a made-up requestId where the source leaves it out.

    Args:
        evidence: The exchange.

    Returns:
        The body; None when the source does not tell it.
    """
    if "body" not in evidence.answer:
        return None
    made_up = {"requestId": MADE_UP_REQUEST_ID} if "requestId" in evidence.answer.get("omits", ()) else {}
    return {**evidence.answer["body"], **made_up}


def pointer_to(operation: Operation) -> str:
    """Say where the document describes an operation.

    Args:
        operation: The operation.

    Returns:
        A JSON pointer.
    """
    return f"/paths/{operation.path.replace('/', '~1')}/{operation.method.lower()}"


def sentences(document: Document, operation: Operation, status: int) -> set[str]:
    """Collect every sentence that the document shows in an answer.

    Args:
        document: The document.
        operation: The operation.
        status: The status of the answer.

    Returns:
        The strings in its examples; scopes and member names replaced by a mark.
    """
    response = document.at(f"{pointer_to(operation)}/responses/{status}")
    return {general(text) for text in _strings(response["content"])}


def general(sentence: str) -> str:
    """Replace the scope or the member that a sentence names.

    Args:
        sentence: The sentence.

    Returns:
        The sentence, the same for every scope and every member.
    """
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


def _query_faults(document: Document, place: str, query: Mapping[str, Any]) -> Iterator[str]:
    declared: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for number, entry in enumerate(_at(document, f"{place}/parameters", [])):
        home = entry["$ref"][1:] if "$ref" in entry else f"{place}/parameters/{number}"
        parameter = document.at(home)
        declared[parameter["name"]] = (home, parameter)
    for name in query.keys() - declared.keys():
        yield f"request: the document knows no parameter {name}"
    for name, (home, parameter) in declared.items():
        if name not in query:
            if parameter.get("required"):
                yield f"request: the parameter {name} is missing"
            continue
        text = str(query[name])
        number_like = parameter["schema"].get("type") == "integer" and re.fullmatch(r"-?[0-9]+", text)
        for fault in document.faults(f"{home}/schema", int(text) if number_like else text):
            yield f"request: parameter {name} {fault}"


def _body_faults(document: Document, place: str, evidence: Evidence) -> Iterator[str]:
    request, described = evidence.request, _at(document, f"{place}/requestBody", None)
    if described is None:
        return
    expected = next(iter(described["content"]))
    if "content_type" in request and request["content_type"] != expected:
        yield f"request: content type {request['content_type']} and not {expected}"
    if expected == "multipart/form-data":
        form = {"dataFile": "\n".join(request["file"])} if "file" in request else {}
        for fault in document.faults(f"{place}/requestBody/content/multipart~1form-data/schema", form):
            yield f"request: form {fault}"
        yield from _file_faults(document, evidence)
        return
    if "body" not in request and "text" not in request:
        if described.get("required"):
            yield "request: the body is missing"
        return
    try:
        body = json.loads("\n".join(request["text"])) if "text" in request else request["body"]
    except json.JSONDecodeError as error:
        yield f"request: the body is no JSON: {error}"
        return
    for fault in document.faults(f"{place}/requestBody/content/application~1json/schema", body):
        yield f"request: body {fault}"


def _file_faults(document: Document, evidence: Evidence) -> Iterator[str]:
    for number, line in enumerate(evidence.request.get("file", []), start=1):
        if not line:
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            yield f"request: line {number} is no JSON: {error}"
            continue
        object_type = evidence.request["query"].get("objectType")
        faults = document.line_faults(
            evidence.request["method"], evidence.request["path"], object_type=object_type, line=record
        )
        for fault in faults:
            yield f"request: line {number} {fault}"


def _header_faults(document: Document, operation: Operation, answer: Mapping[str, Any]) -> Iterator[str]:
    told = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    if told.get("content-type", "application/json").split(";")[0] != "application/json":
        yield f"answer: content type {told['content-type']}"
    response = document.at(f"{pointer_to(operation)}/responses/{answer['status']}")
    for name, entry in response.get("headers", {}).items():
        if name.lower() not in told:
            continue
        home = entry["$ref"][1:]
        for fault in document.faults(f"{home}/schema", told[name.lower()]):
            yield f"answer: header {name} {fault}"


def _at(document: Document, pointer: str, default: Any) -> Any:  # noqa: ANN401  # a place in the document is any JSON
    try:
        return document.at(pointer)
    except LookupError:
        return default
