"""The check and the emulator judge every line alike, so that no push of the demo is refused after a good check."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm.checking.blocks import checked_blocks
from gong_crm.feeds import feed
from gong_crm.fields import Field
from gong_crm.rules import Rules
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.lines.rules import LineRules
from gong_crm_schemas import ObjectType, line_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TYPES = get_args(ObjectType)
FIELD_TYPES = (
    *("DATE", "DATETIME", "NUMBER", "PERCENT", "CURRENCY", "ID", "URL", "STRING", "BOOLEAN", "PHONENUMBER"),
    *("EMAILADDRESS", "PICKLIST", "REFERENCE"),
)
FIELDS = tuple(
    Field(
        unique_name=f"custom_{kind.lower()}",
        label=kind,
        type=kind,
        reference_to="ACCOUNT" if kind == "REFERENCE" else None,
        ordered_value_list=("Red", "green", "") if kind == "PICKLIST" else None,
    )
    for kind in FIELD_TYPES
)
LISTED = [
    {"uniqueName": field.unique_name, "type": field.type, "orderedValueList": field.ordered_value_list}
    for field in FIELDS
]
SETTLED = [
    *("2023-02-29", "2024-02-29", "1900-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "2026-13-01", "2026-00-10"),
    *("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+15:00", "2026-01-02T03:04:05-23:59", "2026-01-02T03:04:05+24:00"),
    *("2023-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("2026-01-02T03:04:05", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.1234567890Z", "2026-01-02 03:04:05Z"),
    *("2026-01-02T24:00:00Z", "2026-01-02T23:59:60Z", "2026-01-02T03:04:05z", "2026-01-02T03:04:05+0100", "2026-1-2"),
    *("2026-01-02\n", "2026-01-02T03:04:05Z\n", "٢٠٢٦-01-02", "2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05+01:60"),
    *("", " ", "a", "a_b", "a b", "a\n", "x" * 64, "x" * 65, "jane.doe@acme.com", "jane@acme", "@acme.com", "a@b.c\n"),
    *("é", "WON", "won", "OPEN", "Red", "green", "true", "1", "\x00", "\u2028", "😀", "x" * 60 + "@acme.com", "a@-.-"),
    *(0, 1, 1.0, -1, 1.5, 2**31 - 1, 2**31, 2.0**31, 100, 100.0, 100.01, -0.0, 10**30, 1e300, 5e-324),
    *(True, False, None, [], ["a"], ["a", 1], [None], [["a"]], {}, {"a": "b"}),
]  # fmt: skip
"""Values where judges disagree, or did before the facts settled it."""

TWICE = b'{"objectId":"a","objectId":5,"modifiedDate":"2026-01-02T03:04:05Z","name":"n"}'
RAW = [
    *(b"null", b"[]", b"{}", b'"a"', b"5", b"{", b"}", b"", b" ", b"\t", b"\x0c", b"\x00", b"\xff", b"// a"),
    *(b'{"a":NaN}', b'{"a":1e400}', b'{"a":' + b"9" * 400 + b"}", b'{"a":"\\ud800"}', b'{"a":"\xc3"}', TWICE),
    *(b"\xef\xbb\xbf{}", b"{}{}", b'{"a":' * 1100 + b"1" + b"}" * 1100, b"{'a':1}", b'{"a":1,}', b'{"a":01}'),
]  # fmt: skip
"""Lines that are no object, or no good one."""


@cache
def rules_of(object_type: ObjectType, *, legacy: bool) -> Rules:
    """Compile the rules once."""
    return Rules(object_type, legacy=legacy, fields=FIELDS)


@cache
def good_values(object_type: ObjectType, *, legacy: bool) -> dict[str, list[Any]]:
    """Give values that keep to the rules, for each member that an example has."""
    found: dict[str, list[Any]] = {}
    for example in line_schema(object_type, legacy=legacy)["examples"]:
        for name, value in example.items():
            found.setdefault(name, []).append(value)
    return found


@st.composite
def lines(draw: st.DrawFn, object_type: ObjectType, *, legacy: bool) -> bytes:
    """Draw a line: most members good, some broken, some missing, some unknown; seldom no object at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(RAW) | st.binary(max_size=20).filter(lambda line: b"\n" not in line))
    record: dict[str, Any] = {
        name: draw(st.sampled_from(values)) for name, values in good_values(object_type, legacy=legacy).items()
    }
    names = sorted({*rules_of(object_type, legacy=legacy).members, "unknown"})
    anything = st.sampled_from(SETTLED) | st.text(max_size=8) | st.integers() | st.floats(allow_nan=False, width=32)
    for name in draw(st.lists(st.sampled_from(names), max_size=3)):
        record[name] = draw(anything)
    for name in draw(st.lists(st.sampled_from(names), max_size=1)):
        record.pop(name, None)
    separators = draw(st.sampled_from([(",", ":"), (", ", " : ")]))
    # What cannot be written in UTF-8 stays an escape, of half a character.
    text = json.dumps(record, ensure_ascii=draw(st.booleans()), separators=separators)
    return text.encode("utf-8", "backslashreplace")


def emulator_refuses(some: Sequence[bytes], object_type: ObjectType, *, legacy: bool) -> list[bool]:
    """Ask the emulator's rules of each line; blank ones are no lines to it."""
    rules = LineRules(object_type, family=Family.LEGACY if legacy else Family.CURRENT, custom_fields=LISTED)
    return [bool(line) and not line.isspace() and isinstance(rules.judge(line), str) for line in some]


def check_refuses(some: Sequence[bytes], path: Path, object_type: ObjectType, *, legacy: bool) -> list[bool]:
    """Check the lines as one file."""
    # The first bytes of a file tell its kind, so they are no one's line here.
    path.write_bytes(b"\n".join([b"{}", *some]))
    rules = rules_of(object_type, legacy=legacy)
    (source,) = feed(path, object_type=object_type)
    refused = []
    for checked in checked_blocks(source, rules):
        refused += [place in checked.bad for place in range(len(checked.lines))]
    return [*refused[1:], *[False] * (len(some) + 1 - len(refused))]  # a last line without bytes is none


@pytest.mark.parametrize("legacy", [False, True], ids=["current", "legacy"])
@pytest.mark.parametrize("object_type", TYPES)
def test_the_check_and_the_emulator_agree(
    object_type: ObjectType, tmp_path_factory: pytest.TempPathFactory, *, legacy: bool
) -> None:
    """Whatever lines a file holds, both refuse the same ones."""
    path = tmp_path_factory.mktemp("lines") / "lines.ldjson"

    @settings(max_examples=60, deadline=None)
    @given(st.lists(lines(object_type, legacy=legacy), max_size=8))
    def agree(some: list[bytes]) -> None:
        expected = emulator_refuses(some, object_type, legacy=legacy)
        assert expected == check_refuses(some, path, object_type, legacy=legacy), some

    agree()


@pytest.mark.parametrize("legacy", [False, True], ids=["current", "legacy"])
@pytest.mark.parametrize("object_type", TYPES)
def test_every_settled_value_is_judged_alike_in_every_member(
    object_type: ObjectType, tmp_path: Path, *, legacy: bool
) -> None:
    """Each value that judges disagree on, in each member, gets one verdict from both."""
    good = {name: values[0] for name, values in good_values(object_type, legacy=legacy).items()}
    names = sorted({*rules_of(object_type, legacy=legacy).members, "unknown"})
    some = [json.dumps({**good, name: value}).encode() for name in names for value in SETTLED]
    expected = emulator_refuses(some, object_type, legacy=legacy)
    found = check_refuses(some, tmp_path / "lines.ldjson", object_type, legacy=legacy)
    assert [] == [line for line, theirs, ours in zip(some, expected, found, strict=True) if theirs != ours]
    assert {False, True} == set(found)


@pytest.mark.parametrize(
    ("member", "value", "refused"),
    [
        ("closeDate", "2023-02-29", True),
        ("closeDate", "0000-01-01", True),
        ("closeDate", "2026-09-04T08:00:00Z", False),
        ("createdDate", "2026-09-04T08:00:00+15:00", False),
        ("createdDate", "2026-09-04T24:00:00Z", True),
    ],
)
def test_what_the_facts_settled_for_deals(tmp_path: Path, member: str, value: str, *, refused: bool) -> None:
    """Days must exist, any offset of ISO-8601 is one, and a deal may close at a time."""
    some = [json.dumps({"objectId": "1", "modifiedDate": "2026-01-02T03:04:05Z", member: value}).encode()]
    assert [refused] == emulator_refuses(some, "DEAL", legacy=False)
    assert [refused] == check_refuses(some, tmp_path / "lines.ldjson", "DEAL", legacy=False)


def test_a_whole_number_may_be_written_with_a_point(tmp_path: Path) -> None:
    """1.0 is 1 to JSON, and no text forbids it."""
    some = [b'{"objectId":"1","name":"n","sortOrder":1.0}', b'{"objectId":"1","name":"n","sortOrder":1.5}']
    assert [False, True] == emulator_refuses(some, "STAGE", legacy=False)
    assert [False, True] == check_refuses(some, tmp_path / "lines.ldjson", "STAGE", legacy=False)
