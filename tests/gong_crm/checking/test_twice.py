"""Members that stand in a line twice are never missed by the quick look."""

from __future__ import annotations

import json

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from gong_crm.checking.twice import members_may_come_twice

TEXTS = st.text(st.sampled_from('ab":\\ ,{}[]\t\u003a\u2028é'), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.just("2026-11-27T08:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
BLANKS = st.sampled_from(["", " ", "\t", "  "])
LINES = st.lists(st.tuples(TEXTS, BLANKS, BLANKS, VALUES, st.booleans()), max_size=5)


def _written(members: list[tuple[str, str, str, object, bool]]) -> bytes:
    """Write a line by hand, for no writer of JSON repeats a name."""
    parts = [
        f"{json.dumps(name, ensure_ascii=ascii_)}{before}:{after}{json.dumps(value, ensure_ascii=ascii_)}"
        for name, before, after, value, ascii_ in members
    ]
    return ("{" + ", ".join(parts) + "}\n").encode()


@given(st.lists(LINES, min_size=1, max_size=4))
@example([[("a:b", "", "", 1, True), ("a", "", "", 1, True), ("a", "", "", 2, True)]])
@example([[('a"', "", "", [":", ":"], True), ('a"', " ", "", {"x": 1}, False)]])
def test_no_member_that_comes_twice_is_missed(block: list[list[tuple[str, str, str, object, bool]]]) -> None:
    """Whatever names and texts hold, and however the line is spaced."""
    data = b"".join(map(_written, block))
    records = [orjson.loads(line) for line in data.splitlines()]
    names = set[str]().union(*records)
    is_twice = any(len(members) != len({name for name, *_ in members}) for members in block)
    assert members_may_come_twice(data, records, names) or not is_twice


def test_lines_as_programs_write_them_need_no_closer_look() -> None:
    """Times, addresses of pages and lists of one text hold colons and quotes in their usual places."""
    record = {
        "objectId": "a1",
        "modifiedDate": "2026-11-27T08:00:00+01:00",
        "url": "https://a.com",
        "domains": ["a.com"],
    }
    data = orjson.dumps(record) + b"\n" + json.dumps(record).encode() + b"\n"
    assert not members_may_come_twice(data, [record, record], record)
