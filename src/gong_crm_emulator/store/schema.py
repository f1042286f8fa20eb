"""The custom fields of each object type, and the rules for changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import bad_request
from gong_crm_emulator.lines import values
from gong_crm_emulator.lines.fields import FIELD_TYPE, SCHEMA_TYPES, SHOWN, Family
from gong_crm_emulator.store import raw_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gong_crm_emulator.store.database import Database

FIELD_TYPES: Final = tuple(values.BY_FIELD_TYPE)
REFERENCES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")
_OPTIONAL: Final = ("lastModified", "isDeleted", "referenceTo", "orderedValueList")


def active_fields(database: Database, object_type: str) -> list[dict[str, Any]]:
    """Read the custom fields of an object type.

    Returns:
        The fields as Gong lists them, in the order of the last upload.
    """
    rows = database.rows("SELECT document FROM field WHERE object_type = ? ORDER BY position", object_type)
    return [orjson.loads(row["document"]) for row in rows]


def listed(database: Database, object_type: str | None, *, family: Family, standard: bool) -> dict[str, Any]:
    """List the schema."""
    types = SCHEMA_TYPES if object_type is None else (object_type,)
    fields = {name: [*(_standard_fields(name) if standard else []), *active_fields(database, name)] for name in types}
    if family is Family.LEGACY:
        return {name: [{"name": field["uniqueName"], **field} for field in some] for name, some in fields.items()}
    return fields


def replace_fields(database: Database, object_type: str, body: Any, *, family: Family) -> None:  # noqa: ANN401  (any JSON)
    """Put an uploaded schema in the place of the present one.

    Raises:
        Refusal: If the body is no list of fields, a field is wrong, or a present field is left out.
    """
    fields = _read_fields(body, object_type=object_type, family=family)
    with database.transaction() as connection:
        present = {field["uniqueName"]: field for field in active_fields(database, object_type)}
        _require_all(present, fields, object_type=object_type)
        kept = [field for field in fields if not field["isDeleted"]]
        now_typed = {field["uniqueName"]: field["type"] for field in kept}
        gone = [name for name, field in present.items() if now_typed.get(name) != field["type"]]
        # Values of a removed or retyped field stay in raw storage but never show again, even if it comes back.
        connection.executemany(
            f"INSERT OR REPLACE INTO dropped_field SELECT ?, ?, {raw_lines.LAST} FROM raw",  # noqa: S608  (our own constant)
            [(object_type, name) for name in gone],
        )
        connection.execute("DELETE FROM field WHERE object_type = ?", (object_type,))
        connection.executemany(
            "INSERT INTO field VALUES (?, ?, ?, ?)",
            [
                (object_type, field["uniqueName"], place, orjson.dumps(field).decode())
                for place, field in enumerate(kept)
            ],
        )


def _read_fields(body: Any, *, object_type: str, family: Family) -> list[dict[str, Any]]:  # noqa: ANN401  (any JSON)
    if not isinstance(body, list):
        raise bad_request("The body must be a JSON array of fields")
    fields = [_read_field(item, place, object_type=object_type, family=family) for place, item in enumerate(body)]
    names = [field["uniqueName"] for field in fields]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise bad_request(*(f"uniqueName '{name}' is contained more than once" for name in twice))
    return fields


def _require_all(present: Iterable[str], fields: Iterable[dict[str, Any]], *, object_type: str) -> None:
    sent = {field["uniqueName"] for field in fields}
    left_out = [name for name in present if name not in sent]
    if left_out:
        raise bad_request(
            "All fields must be included in the request, also those sent before. "
            f"Missing for {object_type}: {', '.join(left_out)}. To remove a field send it with isDeleted = true"
        )


def _standard_fields(object_type: str) -> list[dict[str, Any]]:
    return [
        {"uniqueName": name, "label": name, "type": FIELD_TYPE[kind], "lastModified": None, "isDeleted": False}
        | {"referenceTo": None, "orderedValueList": None}
        for name, kind in SHOWN[object_type].items()
    ]


def _read_field(item: Any, place: int, *, object_type: str, family: Family) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    at = f"[{place}]"
    if not isinstance(item, dict):
        raise bad_request(f"{at}: must be a JSON object")
    field = {"uniqueName": item.get("uniqueName"), "label": item.get("label"), "type": item.get("type")}
    field |= {name: item.get(name) for name in _OPTIONAL}
    if family is Family.LEGACY and field["uniqueName"] is None:
        field["uniqueName"] = item.get("name")
    problems = _problems(field, object_type=object_type, bare=family is Family.LEGACY and field["isDeleted"] is True)
    if problems:
        raise bad_request(*(f"{at}.{problem}" for problem in problems))
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
