"""The rules for a line: the schema of its object type and family, merged with the integration's fields."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, get_args

from gong_crm.errors import SourceError
from gong_crm.flatten import flattened
from gong_crm_schemas import ObjectType, line_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jsonschema_rs import ValidationError

    from gong_crm.fields import Field

TEXT: Final = {"type": ["string", "null"]}
_NUMBER: Final = {"type": ["number", "null"]}
_BY_FIELD_TYPE: Final[dict[str, dict[str, Any]]] = {
    "NUMBER": _NUMBER,
    "CURRENCY": _NUMBER,
    "PERCENT": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "BOOLEAN": {"type": ["boolean", "null"]},
    "STRINGARRAY": {"type": ["array", "null"], "items": {"type": "string"}},
}
"""What the values of a custom field must be; DATE and DATETIME come from the contract, and all others hold text."""

_FRACTION: Final = r"(?:\.[0-9]{1,9})?"


class Rules:
    """What a line of one object type must be.

    Args:
        object_type: In Gong's capitals.
        legacy: Whether the rules of the older endpoints hold.
        fields: The integration's fields of that object type.

    Raises:
        SourceError: If there is no such object type; names the nearest.
    """

    def __init__(self, object_type: str, *, legacy: bool = False, fields: Sequence[Field] = ()) -> None:
        self.object_type = _known(object_type)
        self.legacy = legacy
        self.fields = tuple(fields)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what the rules are made of, because a compiled schema cannot travel."""
        return _rebuild, (self.object_type, self.legacy, self.fields)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The schema of one line, without references."""
        schema = flattened(line_schema(self.object_type, legacy=self.legacy))
        custom = {field.unique_name: _schema_of(field) for field in self.fields if not field.is_deleted}
        # A field that is called like a member of Gong's own changes nothing about that member.
        schema["properties"] = {**custom, **schema["properties"]}
        return schema

    @cached_property
    def members(self) -> frozenset[str]:
        """Every member that Gong knows."""
        return frozenset(self.schema["properties"])

    def are_good(self, records: Sequence[object]) -> bool:
        """Return whether all of these keep to the schema."""
        return bool(self._validator.is_valid(records))

    def errors(self, records: Sequence[object]) -> list[list[ValidationError]]:
        """Say for each of these where it breaks the schema."""
        found: list[list[ValidationError]] = [[] for _ in records]
        for error in self._validator.iter_errors(records):
            found[int(error.instance_path[0])].append(error)
        return found

    @cached_property
    def _validator(self) -> Any:  # noqa: ANN401  (its library is imported on first use)
        from jsonschema_rs import Draft202012Validator, RegexOptions  # noqa: PLC0415  (heavy, on first use)

        # A block is judged as one array, which costs half of a call for each line.
        # No pattern looks around, so the engine that is linear in the text does for all.
        return Draft202012Validator({"type": "array", "items": self.schema}, pattern_options=RegexOptions())


def _known(object_type: str) -> ObjectType:
    known: tuple[ObjectType, ...] = get_args(ObjectType)
    if object_type in known:
        return object_type
    near = get_close_matches(str(object_type).upper().replace(" ", "_"), known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ";"
    raise SourceError(f"there is no object type {object_type!r}{meant} there are {', '.join(known)}")


def _rebuild(object_type: str, legacy: bool, fields: tuple[Field, ...]) -> Rules:  # noqa: FBT001  (for pickle)
    return Rules(object_type, legacy=legacy, fields=fields)


def _schema_of(field: Field) -> dict[str, Any]:
    if field.type == "PICKLIST" and field.ordered_value_list is not None:
        return {"enum": [*field.ordered_value_list, None]}
    if field.type in {"DATE", "DATETIME"}:
        return _dated(field.type)
    return _BY_FIELD_TYPE.get(field.type, TEXT)


def _dated(field_type: str) -> dict[str, Any]:
    definitions = line_schema("DEAL", legacy=True)["$defs"]
    if field_type == "DATE":
        return {"$comment": "CrmDate", "type": ["string", "null"], "pattern": definitions["CrmDate"]["pattern"]}
    # Gong's own example has milliseconds in a custom field (C-18).
    pattern = definitions["CrmDateTime"]["pattern"].replace("(?:Z|", f"{_FRACTION}(?:Z|")
    return {"$comment": "FieldDateTime", "type": ["string", "null"], "pattern": pattern}
