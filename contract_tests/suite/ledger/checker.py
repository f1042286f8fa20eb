"""An exchange held against openapi.yaml, whoever has seen it: live, recorded or published."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.forms import NoForm, parts_of
from contract_tests.suite.ledger.operations import Operation

UNKNOWN: Final[Any] = object()
"""Stands for what a source does not tell."""

_FORM: Final = "multipart/form-data"
_INTEGER: Final = re.compile(r"-?[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An exchange of an operation as far as it is known.

    Attributes:
        query: Pairs of names and values.
        request_type: Content type of the request.
        request_body: Bytes of the request, or the JSON value where only that is known.
        headers: Headers of the answer, their names in lower case.
        body: The answer, as bytes or as a JSON value.
    """

    operation: Operation
    status: int
    query: tuple[tuple[str, str], ...] = ()
    request_type: str | None = None
    request_body: Any = b""
    headers: Mapping[str, str] | None = None
    body: Any = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Checker:
    """Asks the document about exchanges; every answer is a list of faults in words, empty when all is well."""

    document: Document

    def request_faults(self, seen: Seen) -> list[str]:
        """Hold a request against the document."""
        return [*self._parameter_faults(seen), *self._request_body_faults(seen)]

    def answer_faults(self, seen: Seen) -> list[str]:
        """Hold an answer against the document."""
        pointer = self._response(seen.operation, seen.status)
        if pointer is None:
            return ["the status is not documented"]
        return [*self._header_faults(pointer, seen), *self._content_faults(pointer, seen)]

    def body_faults(self, operation: Operation, *, status: int, body: object) -> list[str]:
        """Hold a JSON answer against the schema of its status; one without is judged as a refusal or a success."""
        responses = self.document.at(pointer_to(operation))["responses"]
        if str(status) not in responses:
            success = next(known for known in responses if known.startswith("2"))
            status = 400 if status >= 400 else int(success)  # refusals share one schema
        pointer = self._response(operation, status)
        return self.document.faults(f"{pointer}/content/application~1json/schema", body)

    def line_faults(
        self, operation: Operation, lines: Iterable[str], *, object_type: str | None, but: frozenset[int] = frozenset()
    ) -> Iterator[tuple[int, str]]:
        """Hold the lines of an upload against their schema; blank ones, and those whose number is named, are passed."""
        method, path = operation.method, operation.path
        for number, line in enumerate(lines, 1):
            if number in but or not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                yield number, f"is no JSON: {error}"
                continue
            for fault in self.document.line_faults(method, path, object_type=object_type, line=record):
                yield number, fault

    def _response(self, operation: Operation, status: int) -> str | None:
        place = f"{pointer_to(operation)}/responses"
        return self._followed(f"{place}/{status}") if str(status) in self.document.at(place) else None

    def _parameter_faults(self, seen: Seen) -> Iterator[str]:
        place = pointer_to(seen.operation)
        known = {}
        for number in range(len(self.document.at(place).get("parameters", []))):
            pointer = self._followed(f"{place}/parameters/{number}")
            parameter = self.document.at(pointer)
            known[parameter["name"]] = pointer
            if parameter.get("required") and parameter["name"] not in dict(seen.query):
                yield f"the parameter {parameter['name']} is missing"
        for name, value in seen.query:
            if name in known:
                schema = f"{known[name]}/schema"
                yield from self._faults(schema, _typed(self.document.at(schema), value), f"parameter {name}")
            else:
                yield f"the parameter {name} is unknown"

    def _request_body_faults(self, seen: Seen) -> Iterator[str]:
        described = self.document.at(pointer_to(seen.operation)).get("requestBody")
        body = seen.request_body
        if body is UNKNOWN:
            return
        if described is None or body == b"":
            if body != b"":
                yield "a body is sent where none is known"
            elif described is not None and described.get("required"):
                yield "the body is missing"
            return
        media_type = next(iter(described["content"])) if seen.request_type is None else _media_type(seen.request_type)
        if media_type not in described["content"]:
            yield f"the content type {media_type!r} of the body is unknown"
            return
        place = f"{pointer_to(seen.operation)}/requestBody/content/{media_type.replace('/', '~1')}/schema"
        try:
            value = body_of(seen) if isinstance(body, bytes) else body
        except (NoForm, ValueError) as error:
            yield f"the body cannot be read: {error}"
        else:
            yield from self._faults(self._followed(place), value, "body")

    def _header_faults(self, pointer: str, seen: Seen) -> Iterator[str]:
        if seen.headers is None:
            return
        for name in self.document.at(pointer).get("headers", {}):
            place = self._followed(f"{pointer}/headers/{name}")
            header, value = self.document.at(place), seen.headers.get(name.lower())
            if value is not None:
                yield from self._faults(f"{place}/schema", _typed(header["schema"], value), f"header {name}")
            elif header.get("required"):
                yield f"the header {name} is missing"

    def _content_faults(self, pointer: str, seen: Seen) -> Iterator[str]:
        media_type = "application/json"
        if seen.headers is not None:
            media_type = _media_type(seen.headers.get("content-type", ""))
        if media_type not in self.document.at(pointer).get("content", {}):
            yield f"the content type {media_type!r} of the answer is not documented"
            return
        if seen.body is UNKNOWN:
            return
        try:
            value = json.loads(seen.body) if isinstance(seen.body, bytes) else seen.body
        except ValueError as error:
            yield f"the answer cannot be read: {error}"
        else:
            yield from self._faults(f"{pointer}/content/{media_type.replace('/', '~1')}/schema", value, "answer")

    def _followed(self, pointer: str) -> str:
        """Follow the reference that stands at the end of a pointer."""
        parent, _, last = pointer.rpartition("/")
        place = self.document.at(parent)
        found = place[int(last)] if isinstance(place, list) else place[last.replace("~1", "/").replace("~0", "~")]
        return self._followed(found["$ref"][1:]) if "$ref" in found else pointer

    def _faults(self, pointer: str, value: object, what: str) -> Iterator[str]:
        yield from (f"{what}, {fault}" for fault in self.document.faults(pointer, value))


def pointer_to(operation: Operation) -> str:
    """Say where the document describes an operation, as a JSON pointer."""
    return f"/paths/{operation.path.replace('~', '~0').replace('/', '~1')}/{operation.method.lower()}"


def body_of(seen: Seen) -> Any:  # noqa: ANN401  (a body is any JSON)
    """Read the bytes of a request: a form as the text of each part by name, anything else as JSON.

    Raises:
        NoForm: It is called a form and is none.
        ValueError: It is no JSON.
    """
    kind = seen.request_type or ""
    if _media_type(kind) != _FORM:
        return json.loads(seen.request_body)
    return {part.name: part.content.decode("utf-8", "replace") for part in parts_of(kind, seen.request_body)}


def _typed(schema: Mapping[str, Any], text: str) -> object:
    """Read a parameter or a header as its schema means it; what cannot be read stays text."""
    return int(text) if schema.get("type") == "integer" and _INTEGER.fullmatch(text) else text


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
