"""Whether recorded exchanges obey openapi.yaml, line by line for uploads, without any server."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contract_tests.suite.evidence.cassettes import Interaction, Recording
from contract_tests.suite.evidence.matching import NoForm, parts_of
from contract_tests.suite.ledger.document import Document

# Refusals that say that the request is wrong; the others are answered to right ones too.
_WRONG_REQUEST: Final = frozenset({400, 404, 405, 413, 415})
_FORM: Final = "multipart/form-data"


def faults_of(recording: Recording, document: Document) -> list[str]:
    """Hold every exchange of a cassette against the document.

    Args:
        recording: The cassette.
        document: The published contract.

    Returns:
        What does not obey, a sentence each; nothing when all is well.
    """
    found = []
    for interaction in recording.interactions:
        operation = document.raw["paths"].get(interaction.path, {}).get(interaction.method.lower())
        if operation is None:
            found.append(f"{interaction}: openapi.yaml has no such operation")
            continue
        exchange = _Exchange(document, interaction, operation)
        told = [*exchange.request_faults(), *exchange.answer_faults(), *_line_faults(exchange, recording)]
        found += [f"{interaction}: {fault}" for fault in told]
    return found


class _Exchange:
    """An exchange beside the operation that it belongs to."""

    def __init__(self, document: Document, interaction: Interaction, operation: Mapping[str, Any]) -> None:
        self.document = document
        self.interaction = interaction
        self.operation = operation
        escaped = interaction.path.replace("~", "~0").replace("/", "~1")
        self._pointer = f"/paths/{escaped}/{interaction.method.lower()}"

    def request_faults(self) -> Iterator[str]:
        """Hold the request against the document, unless the answer says that it is wrong."""
        if self.interaction.status not in _WRONG_REQUEST:
            yield from self._parameter_faults()
            yield from self._body_faults()

    def _parameter_faults(self) -> Iterator[str]:
        sent = list(self.interaction.query)
        known = {}
        for number in range(len(self.operation.get("parameters", []))):
            pointer = self._followed(f"{self._pointer}/parameters/{number}")
            parameter = self.document.at(pointer)
            known[parameter["name"]] = pointer
            if parameter.get("required") and parameter["name"] not in dict(sent):
                yield f"the parameter {parameter['name']} is missing"
        for name, value in sent:
            if name not in known:
                yield f"the parameter {name} is unknown"
            else:
                schema = f"{known[name]}/schema"
                yield from self._faults(schema, _typed(self.document.at(schema), value), f"parameter {name}")

    def _body_faults(self) -> Iterator[str]:
        body = self.operation.get("requestBody")
        content = self.interaction.request_body
        if body is None or not content:
            if content:
                yield "a body is sent where none is known"
            elif body is not None and body.get("required"):
                yield "the body is missing"
            return
        media_type = _media_type(self.interaction.request_headers)
        if media_type not in body["content"]:
            yield f"the content type {media_type!r} of the body is unknown"
            return
        schema = self._followed(f"{self._pointer}/requestBody/content/{media_type.replace('/', '~1')}/schema")
        try:
            value = self.form() if media_type == _FORM else json.loads(content)
        except (NoForm, ValueError) as error:
            yield f"the body cannot be read: {error}"
        else:
            yield from self._faults(schema, value, "body")

    def form(self) -> dict[str, str]:
        """Read the body as a form.

        Returns:
            By name, the text of each part.

        Raises:
            NoForm: It is none.
        """
        parts = parts_of(self.interaction.request_headers.get("content-type", ""), self.interaction.request_body)
        return {part.name: part.content.decode("utf-8", "replace") for part in parts}

    def answer_faults(self) -> Iterator[str]:
        """Hold the answer against the document."""
        status = str(self.interaction.status)
        if status not in self.operation["responses"]:
            yield "the status is not documented"
            return
        pointer = self._followed(f"{self._pointer}/responses/{status}")
        yield from self._header_faults(pointer)
        content = self.document.at(pointer).get("content", {})
        media_type = _media_type(self.interaction.headers)
        if media_type not in content:
            yield f"the content type {media_type!r} of the answer is not documented"
            return
        try:
            value = json.loads(self.interaction.content)
        except ValueError as error:
            yield f"the answer cannot be read: {error}"
        else:
            yield from self._faults(f"{pointer}/content/{media_type.replace('/', '~1')}/schema", value, "answer")

    def _header_faults(self, pointer: str) -> Iterator[str]:
        for name in self.document.at(pointer).get("headers", {}):
            place = self._followed(f"{pointer}/headers/{name}")
            header, value = self.document.at(place), self.interaction.headers.get(name.lower())
            if value is not None:
                yield from self._faults(f"{place}/schema", _typed(header["schema"], value), f"header {name}")
            elif header.get("required"):
                yield f"the header {name} is missing"

    def _followed(self, pointer: str) -> str:
        """Follow the reference that stands at the end of a pointer."""
        parent, _, last = pointer.rpartition("/")
        place = self.document.at(parent)
        found = place[int(last)] if isinstance(place, list) else place[last.replace("~1", "/").replace("~0", "~")]
        return self._followed(found["$ref"][1:]) if "$ref" in found else pointer

    def _faults(self, pointer: str, value: object, what: str) -> Iterator[str]:
        yield from (f"{what}, {fault}" for fault in self.document.faults(pointer, value))


def _line_faults(exchange: _Exchange, recording: Recording) -> Iterator[str]:
    """Hold the lines of an upload against their schema, those that the server has said to have taken."""
    interaction = exchange.interaction
    body = exchange.operation.get("requestBody", {})
    if interaction.status >= 300 or not body.keys() & {"x-line-schema", "x-line-schemas"}:  # taken, and made of lines
        return
    object_type = dict(interaction.query).get("objectType")
    refused = _refused(interaction, recording)
    if refused is None or object_type not in body.get("x-line-schemas", {object_type: None}):
        return  # nobody told, or told already
    try:
        text = exchange.form().get("dataFile", "")
    except NoForm:
        return  # told already
    for number, line in enumerate(text.split("\n"), 1):
        if number in refused or not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            yield f"line {number} was taken, but is no JSON: {error}"
            continue
        faults = exchange.document.line_faults(
            interaction.method, interaction.path, object_type=object_type, line=record
        )
        yield from (f"line {number} was taken, but {fault}" for fault in faults)


def _refused(upload: Interaction, recording: Recording) -> frozenset[int] | None:
    """Say which lines of an upload were refused; None when no later exchange tells them all."""
    client_request_id = dict(upload.query).get("clientRequestId")
    for interaction in reversed(recording.interactions[upload.number :]):
        asked = interaction.path.endswith("/request-status") and interaction.status == 200  # a status that was told
        if not asked or dict(interaction.query).get("clientRequestId") != client_request_id:
            continue
        told = json.loads(interaction.content)
        if told.get("status") == "DONE":
            return frozenset()
        errors = told.get("errors") or []
        if told.get("status") == "FAILED" and told.get("totalErrorCount", len(errors)) == len(errors):
            return frozenset(error.get("line") for error in errors)
        return None
    return None


def _typed(schema: Mapping[str, Any], text: str) -> object:
    """Read a parameter or a header as its schema means it; what cannot be read stays text and is told."""
    if schema.get("type") == "integer":
        try:
            return int(text) if text.strip() == text and "_" not in text else text
        except ValueError:
            return text
    return text


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
