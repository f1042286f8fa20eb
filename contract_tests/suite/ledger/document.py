"""openapi.yaml as the judge of answers and lines."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contract_tests.suite.ledger.yaml_files import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENAPI = Path(__file__).parents[3] / "openapi.yaml"
_BASE = "urn:gong-crm"
LONG = 200


class Document:
    """The published contract, with the questions that the suite asks it."""

    def __init__(self, path: Path = OPENAPI) -> None:
        self.raw: Mapping[str, Any] = read_yaml(path)
        resource: Resource[Any] = Resource.from_contents(self.raw, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._quick_registry = jsonschema_rs.Registry([(_BASE, self.raw)], draft=jsonschema_rs.Draft202012)
        self._operations = {
            (method.upper(), path): operation
            for path, item in self.raw["paths"].items()
            for method, operation in item.items()
            if method in {"get", "put", "post", "delete"}
        }
        self._validator = cache(self._make_validator)
        self._quick_validator = cache(self._make_quick_validator)

    def at(self, pointer: str) -> Any:  # noqa: ANN401  (a place in the document is any JSON)
        """Look up a JSON pointer such as ``/paths/~1v2/get``; references on the way are followed.

        Raises:
            LookupError: The document says nothing there.
        """
        place: Any = self.raw
        for token in pointer.split("/")[1:]:
            place = self._followed(place)
            key = token.replace("~1", "/").replace("~0", "~")
            place = place[int(key)] if isinstance(place, list) else place[key]
        return self._followed(place)

    def _followed(self, place: Any) -> Any:  # noqa: ANN401  (same)
        return self.at(place["$ref"][1:]) if isinstance(place, dict) and "$ref" in place else place

    def statuses(self, method: str, path: str) -> frozenset[int]:
        """Return the statuses that an operation documents; none for one that the document does not know."""
        operation = self._operations.get((method, path))
        return frozenset(int(status) for status in operation["responses"]) if operation else frozenset()

    def line_faults(self, method: str, path: str, *, object_type: str | None, line: object) -> list[str]:
        """Hold one line of an upload against the schema of its object type, which is None for a user mapping."""
        return self.faults(self.line_pointer(method, path, object_type=object_type), line)

    def line_pointer(self, method: str, path: str, *, object_type: str | None) -> str:
        """Return where the schema of a line stands; the object type is None for a user mapping."""
        body = self._operations[method, path]["requestBody"]
        found = body["x-line-schemas"][object_type] if object_type else body["x-line-schema"]
        return str(found).removeprefix("#")

    def schema_faults(self, name: str, value: object) -> list[str]:
        """Hold a value against a named schema; return what does not obey, in words."""
        return self.faults(f"/components/schemas/{name}", value)

    def faults(self, pointer: str, value: object) -> list[str]:
        """Hold a value against the schema at a pointer; return what does not obey, in words."""
        if self._quick_validator(pointer).is_valid(value):  # hundreds of times as quick, but with fewer words
            return []
        errors = sorted(self._validator(pointer).iter_errors(value), key=lambda error: list(map(str, error.path)))
        return [f"{error.json_path}: {_short(error)}" for error in errors]

    def _make_validator(self, pointer: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": f"{_BASE}#{pointer}"}, registry=self._registry)

    def _make_quick_validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator({"$ref": f"{_BASE}#{pointer}"}, registry=self._quick_registry)


def _short(error: ValidationError) -> str:
    """Return what is wrong; the value itself is left out where it is long."""
    return error.message if len(error.message) <= LONG else f"{error.validator} {error.validator_value!r} does not hold"


@cache
def the_document() -> Document:
    """Read openapi.yaml once."""
    return Document()
