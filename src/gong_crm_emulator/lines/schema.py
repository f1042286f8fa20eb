"""What the fields of an uploaded schema must look like."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from gong_crm_emulator.errors import SchemaError
from gong_crm_emulator.lines import values
from gong_crm_emulator.lines.fields import FIELD_TYPE, SHOWN, Family

FIELD_TYPES: Final = tuple(values.BY_FIELD_TYPE)
REFERENCES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")
MOST_NAMED: Final = 20
"""Names that a sentence lists at most."""

_OPTIONAL: Final = ("lastModified", "isDeleted", "referenceTo", "orderedValueList")


def read_fields(body: Any, *, object_type: str, family: Family) -> list[dict[str, Any]]:  # noqa: ANN401  (any JSON)
    """Read the fields of an upload.

    The legacy family knows `name`, and lets a removal leave out label and type.

    Raises:
        SchemaError: If the body is no list of fields, or a field is wrong.
    """
    if not isinstance(body, list):
        raise SchemaError("The body must be a JSON array of fields")
    fields = [_read_field(item, place, object_type=object_type, family=family) for place, item in enumerate(body)]
    counted = Counter(field["uniqueName"] for field in fields)
    twice = sorted(name for name, times in counted.items() if times > 1)
    if twice:
        raise SchemaError(
            *(f"uniqueName '{values.shortened(name)}' is contained more than once" for name in twice[:MOST_NAMED])
        )
    return fields


def standard_fields(object_type: str) -> list[dict[str, Any]]:
    """List the fields that Gong itself defines, as it would list them."""
    return [
        {"uniqueName": name, "label": name, "type": FIELD_TYPE[kind], "lastModified": None, "isDeleted": False}
        | {"referenceTo": None, "orderedValueList": None}
        for name, kind in SHOWN[object_type].items()
    ]


def _read_field(item: Any, place: int, *, object_type: str, family: Family) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    at = f"[{place}]"
    if not isinstance(item, dict):
        raise SchemaError(f"{at}: must be a JSON object")
    field = {"uniqueName": item.get("uniqueName"), "label": item.get("label"), "type": item.get("type")}
    field |= {name: item.get(name) for name in _OPTIONAL}
    if family is Family.LEGACY and field["uniqueName"] is None:
        field["uniqueName"] = item.get("name")
    problems = _problems(field, object_type=object_type, bare=family is Family.LEGACY and field["isDeleted"] is True)
    if problems:
        raise SchemaError(*(f"{at}.{problem}" for problem in problems))
    field["isDeleted"] = field["isDeleted"] is True
    return field


def _problems(field: dict[str, Any], *, object_type: str, bare: bool) -> list[str]:
    mandatory = ("uniqueName",) if bare else ("uniqueName", "label", "type")
    problems = [f"{name}: must not be null" for name in mandatory if field[name] is None]
    if field["uniqueName"] == "":
        problems.append("uniqueName: must not be empty")
    for name, check in _CHECKS.items():
        rule = None if field[name] is None else check(field[name])
        if rule is not None:
            problems.append(f"{name}: must be {rule}")
    return problems or _problems_of_type(field, object_type=object_type)


def _problems_of_type(field: dict[str, Any], *, object_type: str) -> list[str]:
    """Say what the field's type asks for, once every member has its right form."""
    standard = SHOWN[object_type].get(field["uniqueName"])
    if field["isDeleted"]:
        return []
    if field["type"] == "PICKLIST" and field["orderedValueList"] is None:
        return ["orderedValueList: must not be null for type PICKLIST"]
    if field["type"] == "REFERENCE" and field["referenceTo"] is None:
        return ["referenceTo: must not be null for type REFERENCE"]
    if field["type"] == "STRINGARRAY" and (standard is None or FIELD_TYPE[standard] != "STRINGARRAY"):
        return ["type: STRINGARRAY can only be used for Gong-defined fields"]
    return []


_CHECKS: Final[dict[str, values.Check]] = {
    "uniqueName": values.string,
    "label": values.string,
    "type": values.one_of(FIELD_TYPES, rule=f"one of {', '.join(FIELD_TYPES)} (case-sensitive)"),
    "lastModified": values.moment,
    "isDeleted": values.boolean,
    "referenceTo": values.one_of(REFERENCES, rule=f"one of {', '.join(REFERENCES)} (case-sensitive)"),
    "orderedValueList": values.strings,
}
