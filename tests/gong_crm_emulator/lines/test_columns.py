"""Many lines judged at once: never other than each by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm_emulator.lines.fields import MANDATORY, OBJECT_TYPES, STANDARD, USER_MAPPING, Family, Kind
from gong_crm_emulator.lines.rules import LineRules

WHEN = "2019-01-03T23:45:57+01:00"
RECEIVED = 1_700_000_000
GOOD: dict[Kind, tuple[Any, ...]] = {
    Kind.STRING: ("x1", "a-b_c", "j@b.co", "Zoë", "x" * 65, "\u2028"),
    Kind.STRINGS: ([], ["a.com"], ["a.com", ""]),
    Kind.BOOLEAN: (True, False),
    Kind.NUMBER: (0, 7000, 0.5, -1),
    Kind.DAY_OR_MOMENT: ("2022-09-04", "2022-09-04T01:02:03Z"),
    Kind.DATE: ("2022-09-04", "2024-02-29"),
    Kind.DATETIME: (WHEN, "2018-02-18T08:00:00Z", "1970-01-01T00:00:00Z"),
    Kind.ORDER: (1, 5, 2**31 - 1),
    Kind.STATUS: ("OPEN", "WON", "LOST"),
}
BROKEN: tuple[Any, ...] = (
    None,
    "",
    " ",
    0,
    1,
    1.0,
    -0.0,
    True,
    [],
    [1],
    {},
    "2022-09-31",
    "2018-02-18T08:00:00.000Z",
    "MAYBE",
    "x_1",
    "é",
)
FIELDS: list[dict[str, Any]] = [
    {"uniqueName": "size", "type": "NUMBER"},
    {"uniqueName": "share", "type": "PERCENT"},
    {"uniqueName": "since", "type": "DATETIME"},
    {"uniqueName": "day", "type": "DATE"},
    {"uniqueName": "tier", "type": "PICKLIST", "orderedValueList": ["gold", "tin"]},
    {"uniqueName": "words", "type": "STRINGARRAY"},
    {"uniqueName": "note", "type": "STRING"},
    {"uniqueName": "hot", "type": "BOOLEAN"},
]
CUSTOM: dict[str, tuple[Any, ...]] = {
    "size": (1, 2.5),
    "share": (0, 100, 1, 1.0),
    "since": (WHEN, "2018-02-18T08:00:00.123Z"),
    "day": GOOD[Kind.DATE],
    "tier": ("gold", "tin"),
    "words": GOOD[Kind.STRINGS],
    "note": ("", "words"),
    "hot": (True, False),
    "unknown": (1, [None], {"a": None}),
}
TEXTS = (b"", b"  ", b"[]", b'"x"', b"{", b'{"objectId": "x1"}, {}', b'{"objectId": "\xff"}', b"null")
PLACES = [(family, object_type) for family in Family for object_type in STANDARD[family]]


def rules(family: Family, object_type: str, *, strict: bool = False) -> LineRules:
    """Make the rules of one object type, with a custom field of nearly every type."""
    return LineRules(object_type, family=family, custom_fields=FIELDS, strict_object_ids=strict, received=RECEIVED)


def whole(family: Family, object_type: str) -> dict[str, Any]:
    """Make a good line with every member."""
    return {name: GOOD[kind][0] for name, kind in STANDARD[family][object_type].items()} | {"note": "x", "size": 1}


@st.composite
def drawn_lines(draw: st.DrawFn, family: Family, object_type: str) -> list[bytes]:
    """Draw lines that are mostly good and of few shapes, with some that are wrong in one thing."""
    values = {name: GOOD[kind] for name, kind in STANDARD[family][object_type].items()} | CUSTOM
    mandatory = MANDATORY[family][object_type]
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=6))
        names = [*mandatory, *[name for name in names if name not in mandatory]]
        record = {name: draw(st.sampled_from(values[name])) for name in names}
        if draw(st.integers(0, 4)) == 0:
            record[draw(st.sampled_from(names))] = draw(st.sampled_from(BROKEN))
        if draw(st.integers(0, 9)) == 0:
            record.pop(draw(st.sampled_from(names)))
        lines.append(json.dumps(record).encode())
    return lines if draw(st.integers(0, 9)) else [*lines, draw(st.sampled_from(TEXTS))]


@pytest.mark.parametrize(("family", "object_type"), PLACES)
@given(data=st.data(), strict=st.booleans())
@settings(derandomize=True, deadline=None, max_examples=150)
def test_lines_are_judged_together_as_each_by_itself(
    *, family: Family, object_type: str, data: st.DataObject, strict: bool
) -> None:
    """Many lines at once are judged as each of them alone, for every family, type, value and shape."""
    lines = data.draw(drawn_lines(family, object_type))
    judge = rules(family, object_type, strict=strict)
    together = judge.judge_all(lines)
    if together is not None:
        assert [judge.judge(line) for line in lines] == list(zip(*together, strict=True))


@pytest.mark.parametrize(("family", "object_type"), PLACES)
def test_good_lines_are_judged_together(family: Family, object_type: str) -> None:
    """Lines that hold all members, only the mandatory ones, or null elsewhere, need no look at each."""
    full = whole(family, object_type)
    least = {name: full[name] for name in MANDATORY[family][object_type]}
    nulls = dict.fromkeys(full.keys() - least.keys() - {"modifiedDate"})
    lines = [json.dumps(record).encode() for record in (full, {**nulls, **least, "modifiedDate": WHEN}, full)]
    judge = rules(family, object_type)
    together = judge.judge_all(lines)
    assert together is not None
    assert [judge.judge(line) for line in lines] == list(zip(*together, strict=True))
    assert judge.judge_all([json.dumps(least).encode()] * 2) is not None


@pytest.mark.parametrize("object_id", ["a_b", "a-b", "j@b.co", "x" * 64, "---", "abc123"])
def test_ids_of_every_form_are_judged_together(object_id: str) -> None:
    """Object ids with dashes, underscores and of e-mail addresses are judged many at once too."""
    line = json.dumps({"objectId": object_id, "modifiedDate": WHEN}).encode()
    assert ((object_id, object_id), [1546555557] * 2, [0, 0]) == rules(Family.CURRENT, "LEAD").judge_all([line, line])


@pytest.mark.parametrize("object_id", ["", "x" * 65, "a b", "é", "٣", "a\n", "-" * 65])
def test_no_wrong_id_slips_through(object_id: str) -> None:
    """One wrong object id among good ones is noticed."""
    records = [{"objectId": one, "modifiedDate": WHEN} for one in ("good", object_id, "a-b_c")]
    assert rules(Family.CURRENT, "LEAD").judge_all([json.dumps(record).encode() for record in records]) is None


def test_equal_numbers_are_told_apart() -> None:
    """True is no number, and 0.0 is no false."""
    for name, values in (("sortOrder", (1, True)), ("isActive", (False, 0.0))):
        records = [{"objectId": "s", "name": "n", name: value} for value in values]
        lines = [json.dumps(record).encode() for record in records]
        assert rules(Family.CURRENT, "STAGE").judge_all(lines[:1]) is not None
        assert rules(Family.CURRENT, "STAGE").judge_all(lines) is None


def test_types_are_known_to_the_test() -> None:
    """Every object type of both families, and the user mapping, is among those generated."""
    assert {*OBJECT_TYPES, USER_MAPPING} == {object_type for _, object_type in PLACES}
