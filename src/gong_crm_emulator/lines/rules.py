"""Why a line of an uploaded file is refused."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import orjson

from gong_crm_emulator.lines import columns, values
from gong_crm_emulator.lines.fields import ALTERNATIVES, MANDATORY, STANDARD, UNLESS_DELETED, USER_MAPPING, Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

_SHOWN_CHARACTERS: Final = 60
_MOST_MEMBERS: Final = 100
_LONGEST_NAME: Final = 200
_MOST_COLUMNS: Final = 1_000
"""Names up to which many lines are judged at once; where each line has names of its own that takes longer than one by
one."""
_FLAT: Final = (str, int, float, bool, NoneType)
DEEPEST: Final = 200
"""Levels of nesting that a line may have; what is deeper can be read by orjson and not be written again."""
_STRING: Final = values.string


Record: TypeAlias = tuple[str, int, int]
"""What the tenant needs to know of a good line before it reads the line itself: the id of the object (or of the CRM
user in a user mapping), modifiedDate in seconds since 1970, and 1 when the line deletes the object, else 0."""


Records: TypeAlias = "tuple[Sequence[str], Sequence[int], Sequence[int]]"
"""The same of many good lines: all ids, all modifiedDates, all deletions."""


class LineRules:
    """The rules for the lines of one file.

    Attributes:
        custom_members: Names of members in good lines, so far, that Gong does not define; the first 100, and none
            that is longer than 200 characters.
    """

    def __init__(
        self,
        object_type: str,
        *,
        family: Family,
        custom_fields: Iterable[Mapping[str, Any]] = (),
        strict_object_ids: bool = False,
        received: int = 0,
    ) -> None:
        standard = STANDARD[family][object_type]
        checks = {field["uniqueName"]: check_of(field) for field in custom_fields}
        checks.update({name: values.BY_KIND[kind] for name, kind in standard.items()})
        self.custom_members: set[str] = set()
        self._standard = frozenset(standard)
        self._dated = "modifiedDate" in standard
        self._id_name = "crmUserId" if object_type == USER_MAPPING else "objectId"
        # Only the current text says how long an object id may be, and of what it may be made.
        self._id_is_free = family is Family.LEGACY
        self._strict = strict_object_ids
        self._received = received
        self._mandatory = MANDATORY[family][object_type]
        self._alternatives = ALTERNATIVES if (family, object_type) == (Family.LEGACY, "DEAL") else {}
        self._unless_deleted = UNLESS_DELETED.get(object_type)
        # The three members that every line is read for are checked apart, the others in one loop.
        apart = {self._id_name, "modifiedDate", "isDeleted"}
        self._checks = {name: check for name, check in checks.items() if name not in apart}
        self._known = self._checks.keys() | apart

    def judge(self, line: bytes) -> Record | str:
        """Judge one line."""
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as problem:
            return _not_json(line, problem)
        if record.__class__ is not dict:
            return f"Line is not a JSON object but {_json_kind(record)}"
        if _may_be_deep(line) and _depth(record) > DEEPEST:
            return f"Line is nested deeper than {DEEPEST} levels"
        get = record.get
        for name in self._mandatory:
            value = get(name)
            if (value is None or value == "") and self._is_missing(record, name):
                return f"Mandatory field [{name}] is missing or empty"
        check_of_name = self._checks.get
        for name, value in record.items():
            check = check_of_name(name)
            # Most members are strings that hold a string; they are worth a short way round the call.
            if check is not None and value is not None and not (check is _STRING and value.__class__ is str):
                rule = check(value)
                if rule is not None:
                    return _wrong(name, rule, value)
        judged = self._record(record)
        if judged.__class__ is tuple:
            self._note_members(record.keys())
        return judged

    def judge_all(self, lines: Sequence[bytes]) -> Records | None:
        """Judge lines that are good in all likelihood, in a fraction of the time.

        Returns:
            What the tenant needs to know of them; None when one of them is bad, or not plainly good: then `judge`
            reports each line.
        """
        try:
            records = list(map(orjson.loads, lines))
        except orjson.JSONDecodeError:
            return None
        if not columns.all_of(records, dict):
            return None
        names: set[str] = set().union(*records)
        found = {name: columns.column(records, name) for name in names & self._known}
        full = all(name in found and columns.is_full(found[name]) for name in self._mandatory)
        if not full or len(names) > _MOST_COLUMNS:
            return None
        if not all(columns.all_pass(found[name], self._checks[name]) for name in found.keys() & self._checks.keys()):
            return None
        # What a check has passed is flat; only members without a check can be nested at all.
        free = [columns.column(records, name) for name in names - self._known]
        if not all(columns.all_of(one, *_FLAT) for one in free) and any(map(_may_be_deep, lines)):
            return None
        judged = self._records(found, len(lines))
        if judged is not None:
            self._note_members(names)
        return judged

    def _note_members(self, names: AbstractSet[str]) -> None:
        if not names <= self._standard and len(self.custom_members) < _MOST_MEMBERS:
            short = {name for name in names - self._standard if len(name) <= _LONGEST_NAME}
            self.custom_members |= set(sorted(short)[:_MOST_MEMBERS])

    def _records(self, found: dict[str, columns.Column], count: int) -> Records | None:
        object_ids = found[self._id_name]
        if not columns.are_texts(object_ids):
            return None
        if not self._id_is_free and not columns.all_object_ids(object_ids, strict=self._strict):
            return None
        deleted = found.get("isDeleted", ())
        if not columns.all_of(deleted, bool, NoneType):
            return None
        dates = found.get("modifiedDate") if self._dated else None
        modified: Sequence[int] | None = [self._received] * count
        if dates is not None:
            modified = columns.all_seconds(dates) if columns.are_texts(dates) else None
        if modified is None:
            return None
        return object_ids, modified, [int(one is True) for one in deleted] or [0] * count

    def _is_missing(self, record: dict[str, Any], name: str) -> bool:
        if name == self._unless_deleted and record.get("isDeleted") is True:
            return False
        return all(record.get(other) in (None, "") for other in self._alternatives.get(name, ()))

    def _record(self, record: dict[str, Any]) -> Record | str:
        object_id = record[self._id_name]
        if object_id.__class__ is not str:
            return _wrong(self._id_name, "a string", object_id)
        if not self._id_is_free and not values.is_object_id(object_id, strict=self._strict):
            return _wrong(self._id_name, values.ID_RULE, object_id)
        deleted = record.get("isDeleted")
        if deleted is not None and deleted.__class__ is not bool:
            return _wrong("isDeleted", "true or false", deleted)
        modified: int | None = self._received
        date = record.get("modifiedDate") if self._dated else None
        if date is not None:
            modified = values.seconds(date) if date.__class__ is str else None
            if modified is None:
                return _wrong("modifiedDate", values.DATETIME_RULE, date)
        return object_id, modified or 0, 1 if deleted else 0


def check_of(field: Mapping[str, Any]) -> values.Check:
    """Choose the check for the values of a schema field."""
    allowed = field.get("orderedValueList")
    if field["type"] == "PICKLIST" and allowed is not None:
        return values.one_of(frozenset(allowed), rule=f"one of the values of its orderedValueList: {_few(allowed)}")
    return values.BY_FIELD_TYPE[field["type"]]


def _few(words: list[str]) -> str:
    shown = ", ".join(map(values.shortened, words[:10]))
    return shown if len(words) <= 10 else f"{shown} and {len(words) - 10} more"  # noqa: PLR2004  (enough to recognise)


def _wrong(name: str, rule: str, value: object) -> str:
    return f"Field [{values.shortened(name)}] must be {rule}, not {_shown(value)}"


def _shown(value: object) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def _json_kind(value: object) -> str:
    kinds = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")


def _not_json(line: bytes, problem: orjson.JSONDecodeError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError:
        return "Line is not valid UTF-8"
    return f"Line is not valid JSON: {problem.msg} at column {problem.colno}"


def _may_be_deep(line: bytes) -> bool:
    return line.count(b"[") + line.count(b"{") > DEEPEST


def _depth(value: object) -> int:
    """Count the levels of nesting, without recursion."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth
