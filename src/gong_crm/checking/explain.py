"""What breaks the schema, as a sentence for people with a hint."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gong_crm.checking.shown import shown
from gong_crm.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jsonschema_rs import ValidationError

    from gong_crm.findings import Origin
    from gong_crm.rules import Rules

_TIME: Final = "a time such as 2018-02-18T02:30:00-07:00 or 2018-02-18T08:00:00Z"
_DATE: Final = "a date such as 2021-05-19"
_FORMS: Final = {
    "CrmDate": ("date", _DATE),
    "CrmDateOrDateTime": ("date", f"{_DATE}, or {_TIME}"),
    "CrmDateTime": ("datetime", _TIME),
    "FieldDateTime": ("datetime", _TIME),
    "CrmObjectId": ("object-id", 'of 1 to 64 letters, digits, "-" and "_", or an e-mail address'),
}
"""The rule and the words for what has a name in the contract."""

_BY_TYPE: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "an array of texts",
}
_FEW: Final = 10
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class _Breach(NamedTuple):
    """What is wrong, before it is known where."""

    rule: str
    message: str
    hint: str = ""
    member: str | None = None


def explained(errors: Sequence[ValidationError], record: dict[str, Any], rules: Rules, origin: Origin) -> list[Finding]:
    """Say where a record breaks the schema, each member once."""
    breaches: dict[str | None, _Breach] = {}
    for error in errors:
        path = error.instance_path[1:]
        breach = _of_member(str(path[0]), record, rules) if path else _of_record(error, record, rules)
        if breach is not None:
            breaches.setdefault(breach.member or breach.message, breach)
    object_id = record.get("objectId")
    return [
        Finding(
            origin=origin,
            rule=breach.rule,
            message=breach.message,
            hint=breach.hint,
            member=breach.member,
            object_id=object_id if isinstance(object_id, str) else None,
        )
        for breach in breaches.values()
    ]


def _of_record(error: ValidationError, record: dict[str, Any], rules: Rules) -> _Breach | None:
    """Say what is missing."""
    name = getattr(error.kind, "property", None)
    if isinstance(name, str):
        return _Breach("missing", "is missing", f"every {rules.object_type} needs it", name)
    # The other rule about a whole record: one of several members must be there.
    choices = _at(rules.schema, error.schema_path[1:])
    names = [name for choice in choices for name in choice["required"]]
    if any(record.get(name) is not None for name in names):
        return None  # it is there, and what is wrong with it is reported for that member
    return _Breach("missing", f"one of {', '.join(names)} must be there", f"{names[0]} is the newest")


def _at(schema: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401  (some part of a schema)
    for step in path:
        schema = schema[step]
    return schema


def _of_member(name: str, record: dict[str, Any], rules: Rules) -> _Breach:
    """Say what a member must be."""
    value = record[name]
    schema = rules.schema["properties"][name]
    if value is None or (value == "" and "null" not in schema.get("type", ())):
        return _Breach("missing", f"is {'null' if value is None else 'empty'}, and must not be", "", name)
    rule, wanted = _wanted(schema)
    if rule in {"date", "datetime"} and isinstance(value, str):
        return _of_time(name, value, rule, wanted)
    message = f"must be {wanted}, not {shown(value)}"
    if "items" in schema and isinstance(value, list):
        place, item = next((place, item) for place, item in enumerate(value, 1) if not isinstance(item, str))
        message = f"must be {wanted}, and its value {place} is {shown(item)}"
    return _Breach(rule, message, _hint(value, schema), name)


def _wanted(schema: dict[str, Any]) -> tuple[str, str]:
    """Give the rule and the words for what a value must be."""
    if schema.get("$comment") in _FORMS:
        return _FORMS[schema["$comment"]]
    if "enum" in schema:
        return "value", f"one of {_few([one for one in schema['enum'] if one is not None])}"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    words = " or ".join(_BY_TYPE[kind] for kind in kinds if kind != "null")
    if "maximum" in schema:
        return "range", f"{words} from {schema['minimum']} to {schema['maximum']}"
    return "type", words


def _few(words: Sequence[str]) -> str:
    more = f" and {len(words) - _FEW:,} more" if len(words) > _FEW else ""
    return ", ".join(map(shown, words[:_FEW])) + more


def _of_time(name: str, value: str, rule: str, wanted: str) -> _Breach:
    """Say what is wrong with a text that should be a date or a time."""
    if _DAY.match(value) is not None and not _exists(value[:10]):
        return _Breach("day", f"{shown(value)} is on a day that does not exist", "", name)
    message = f"must be {wanted}, not {shown(value)}"
    if rule == "date" and wanted == _DATE:
        return _Breach(rule, message, "leave the time out" if _DAY.match(value) else "", name)
    rest = value[10:] if _DAY.match(value) else ""
    if re.fullmatch(r"[Tt ][0-9:.,]*", rest):
        return _Breach("naive-time", f"{shown(value)} names no time zone", "append Z or an offset such as +01:00", name)
    hint = ""
    if rest != rest.upper():
        hint = "write T and Z in capitals, and a zone as an offset"
    elif "." in rest or "," in rest:
        hint = "leave out the fraction of the second"
    elif rest.startswith(" "):
        hint = "put a T between day and time"
    elif not rest and _DAY.fullmatch(value):
        hint = "append the time and its zone, such as T00:00:00Z"
    elif rest:
        hint = "end with Z or an offset of hours and minutes, such as +01:00"
    return _Breach(rule, message, hint, name)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _hint(value: object, schema: dict[str, Any]) -> str:
    """Guess what was meant."""
    if isinstance(value, str):
        return _hint_for_text(value, schema)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    is_text = "string" in schema.get("type", ()) and schema.get("$comment", "CrmObjectId") == "CrmObjectId"
    return f'write "{shown(value)}", in quotes' if is_number and is_text else ""


def _hint_for_text(value: str, schema: dict[str, Any]) -> str:
    kinds = schema.get("type", ())
    if "enum" in schema:
        allowed = {one.casefold(): one for one in schema["enum"] if one is not None}
        near = get_close_matches(value.casefold(), allowed, n=1)
        return f"did you mean {shown(allowed[near[0]])}?" if near else ""
    if "number" in kinds and _NUMBER.fullmatch(value):
        return f"write {value} without quotes"
    if "number" in kinds and re.fullmatch(r"[-+0-9.,' ]+", value):
        return "write digits, and a point before decimals, as in 1234.50"
    if "boolean" in kinds and value.lower() in {"true", "false"}:
        return f"write {value.lower()} without quotes"
    if "array" in kinds:
        return f"write [{shown(value)}]"
    return f"it has {len(value):,} characters" if len(value) > schema.get("maxLength", len(value)) else ""
