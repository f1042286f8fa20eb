"""What is said of lines that are bad or odd."""

from __future__ import annotations

import gc
import gzip
import json
import pickle
import subprocess
import sys
import tracemalloc
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.checking.reading import LONGEST_LINE
from gong_crm.checking.repeated import Repeated
from gong_crm.checking.report import check
from gong_crm.errors import SourceChangedError, SourceError
from gong_crm.fields import Field
from gong_crm.findings import Severity
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm.findings import Finding

TIME = "2026-01-02T03:04:05Z"
HEAD = b'"objectId":"a","modifiedDate":"2026-01-02T03:04:05Z"'
GOOD = b"{" + HEAD + b"}"


def of(*lines: bytes, path: Path, object_type: str = "CONTACT") -> list[Finding]:
    """Check lines of a file."""
    path.write_bytes(b"\n".join(lines))
    return list(check(path, object_type))


def one(member: str, value: object, object_type: str = "DEAL", *, legacy: bool = False) -> Finding | None:
    """Check one record with one odd member, and give what is said of that member."""
    example = {"objectId": "a", "modifiedDate": TIME, "name": "n"}
    found = check([{**example, member: value}], object_type, legacy=legacy)
    return next((finding for finding in found if finding.member == member), None)


@pytest.mark.parametrize(
    ("line", "rule", "words"),
    [
        (b"null", "not-object", "null"),
        (b"[1]", "not-object", "an array of 1"),
        (b'"' + b"x" * 99 + b'"', "not-object", "x…"),
        (b"{" + HEAD + b',"x":NaN}', "json", "NaN at column 59"),
        (b"{" + HEAD + b',"x":-Infinity}', "json", "Infinity"),
        (b"{" + HEAD + b',"x":1e400}', "json", "infinity"),
        (b"{" + HEAD + b',"x":' + b"9" * 400 + b"}", "json", "no program could read this number"),
        (b"{" + HEAD + b',"x":"caf\xe9"}', "utf-8", "byte 0xe9 at byte 63"),
        (b"{" + HEAD + b',"x":"\\ud800"}', "json", "half of a character"),
        (b"{" + HEAD + b',"x":' + b"[" * 2000 + b"]" * 2000 + b"}", "json", "flatten what is nested"),
        (GOOD + GOOD, "json", "one line of its own"),
        (GOOD[:-1], "json", "cut off"),
        (b"\xef\xbb\xbf" + GOOD, "json", "start of a file only"),
        (b"// a", "json", "column 1"),
        (b"\x00", "json", "column 1"),
        (b"{" + HEAD + b',"x":"' + b"x" * LONGEST_LINE + b'"}', "too-long", "4,000,0"),
    ],
    ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_line_that_is_no_object_is_reported(tmp_path: Path, line: bytes, rule: str, words: str) -> None:
    """With its number, its bytes and what to do; the lines beside it are good."""
    found = of(GOOD, line, GOOD.replace(b'"a"', b'"b"'), path=tmp_path / "a.ldjson")
    (finding,) = found
    assert (rule, 2, len(GOOD) + 1, len(line)) == (
        *(finding.rule, finding.origin.line),
        *(finding.origin.offset, finding.origin.length),
    )
    assert words in str(finding)
    assert str(finding).isprintable()


def test_one_object_over_several_lines_is_reported_at_each(tmp_path: Path) -> None:
    """A pretty-printed file is no LDJSON."""
    pretty = json.dumps(json.loads(GOOD), indent=1).encode().split(b"\n")
    assert ["json"] * 4 == [finding.rule for finding in of(*pretty, path=tmp_path / "a.ldjson")]


@pytest.mark.parametrize(
    ("member", "value", "rule", "words"),
    [
        ("objectId", "", "missing", "is empty"),
        ("objectId", None, "missing", "is null"),
        ("objectId", 5, "object-id", 'write "5", in quotes'),
        ("objectId", "a b", "object-id", 'not "a b"'),
        ("objectId", "x" * 65, "object-id", "it has 65 characters"),
        ("objectId", "a\n", "object-id", 'not "a\\n"'),
        ("modifiedDate", "2026-01-02T03:04:05", "naive-time", "append Z"),
        ("modifiedDate", "2026-01-02t03:04:05z", "datetime", "capitals"),
        ("modifiedDate", "2026-01-02T03:04:05+01", "datetime", "hours and minutes"),
        ("modifiedDate", "2026-01-02T03:04:05 Europe/Berlin", "datetime", "as an offset"),
        ("modifiedDate", "2026-01-02T03:04:05.000Z", "datetime", "leave out the fraction"),
        ("modifiedDate", "2026-01-02 03:04:05Z", "datetime", "put a T"),
        ("modifiedDate", "2026-01-02", "datetime", "append the time"),
        ("modifiedDate", "2026-01-02T03:04:05Z\n", "datetime", "must be a time such as"),
        ("modifiedDate", "2026-01-02T3Z", "datetime", "must be a time such as"),
        ("modifiedDate", "soon", "datetime", 'not "soon"'),
        ("modifiedDate", 5, "datetime", "not 5"),
        ("modifiedDate", "2023-02-29T00:00:00Z", "day", "does not exist"),
        ("closeDate", "0000-01-01", "day", "does not exist"),
        ("closeDate", "2026-01-02\n", "date", "must be a date such as"),
        ("closeDate", "2026/01/02", "date", "must be a date such as 2021-05-19, or a time"),
        ("status", "won", "value", 'did you mean "WON"?'),
        ("status", "?", "value", 'one of "WON", "LOST", "OPEN", not "?"'),
        ("status", True, "value", "not true"),
        ("amount", "5", "type", "write 5 without quotes"),
        ("amount", "1.234,50", "type", "digits, and a point"),
        ("amount", "much", "type", 'not "much"'),
        ("amount", {"a": 1}, "type", "not an object of 1"),
        ("isDeleted", "TRUE", "type", "write true without quotes"),
        ("isDeleted", "maybe", "type", "must be true or false"),
        ("stage", 3, "type", 'write "3", in quotes'),
        ("stage", False, "type", "must be text, not false"),
    ],
)
def test_a_member_that_breaks_a_rule_is_reported_once(member: str, value: object, rule: str, words: str) -> None:
    """With the value, what it must be, and a guess at what was meant."""
    finding = one(member, value)
    assert finding is not None
    assert (rule, Severity.ERROR) == (finding.rule, finding.severity)
    assert words in str(finding)


def test_rules_of_other_types_are_reported_too() -> None:
    """Lists, ranges, picklists that are long, what legacy deals need, and what users need unless they are deleted."""
    assert 'write ["acme.com"]' in str(one("domains", "acme.com", "ACCOUNT"))
    assert "its value 2 is 5" in str(one("domains", ["a", 5], "ACCOUNT"))
    assert "a whole number from 1 to 2147483647, not 0" in str(one("sortOrder", 0, "STAGE"))
    assert "leave the time out" in str(one("closeDate", TIME, legacy=True))
    assert "must be a date such as 2021-05-19, not" in str(one("closeDate", "soon", legacy=True))
    legacy = [str(finding) for finding in check([{"objectId": "a", "amount": "x"}], "DEAL", legacy=True)]
    assert any("one of closeDate, estimatedCloseDate, actualCloseDate must be there" in text for text in legacy)
    assert not any("one of amount" in text for text in legacy)
    users = [{"objectId": "a", "modifiedDate": TIME}, {"objectId": "b", "modifiedDate": TIME, "isDeleted": True}]
    assert ["emailAddress"] == [finding.member for finding in check(users, "BUSINESS_USER")]
    field = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=tuple("abcdefghijklmn"))
    (finding,) = check([{"objectId": "a", "modifiedDate": TIME, "tier": "z"}], "DEAL", fields=[field])
    assert '"j" and 4 more, not "z"' in str(finding)


def test_custom_fields_are_rules_too() -> None:
    """Deleted ones are unknown again, and one that is called like a member of Gong's own changes nothing."""
    fields = [
        Field(unique_name="score", label="Score", type="PERCENT"),
        Field(unique_name="day", label="Day", type="DATE"),
        Field(unique_name="gone", label="Gone", type="STRING", is_deleted=True),
        Field(unique_name="amount", label="Amount", type="BOOLEAN"),
        Field(unique_name="open", label="Open", type="PICKLIST"),
    ]
    record = {
        "objectId": "a",
        "modifiedDate": TIME,
        "score": 101,
        "day": "2026-01-02",
        "gone": "x",
        "amount": 5,
        "open": "anything",
    }
    assert [("score", "range"), ("gone", "unknown-member")] == [
        (finding.member, finding.rule) for finding in check([record], "DEAL", fields=fields)
    ]
    rules = pickle.loads(pickle.dumps(Rules("DEAL", fields=fields)))  # noqa: S301  (our own)
    assert not rules.are_good([record])


def test_unknown_members_are_reported_once_a_source(tmp_path: Path) -> None:
    """With the first line and the number of lines; they refuse nothing, unless asked to be strict."""
    lines = [
        b'{"objectId":"%d","modifiedDate":"2026-01-02T03:04:05Z","titel":1,"odd":{"a":[1]}}' % n for n in range(999)
    ]
    path = tmp_path / "a.ldjson"
    first, second = sorted(of(GOOD, *lines, path=path), key=lambda finding: finding.member or "")
    assert ("odd", 2, "unknown-member") == (first.member, first.origin.line, first.rule)
    assert "999 lines have it; did you mean title?" in str(second)
    assert [True, False] == [check(path, "CONTACT", strict=strict).ok for strict in (False, True)]


def test_names_that_are_values_do_not_fill_the_memory() -> None:
    """The first 200 unknown members are reported, and then that there are more."""
    records = ({"objectId": str(n), "modifiedDate": TIME, f"n{n}": 1, "x" * 99: 1} for n in range(500))
    found = list(check(records, "DEAL"))
    assert 201 == len(found)
    assert "more than 200" in str(found[-1])
    assert "one line has" in str(found[0])


@pytest.mark.parametrize(
    "line",
    [
        b'{"title":"a","title":"b",' + HEAD + b"}",
        b'{"title" : "a" , "title" :"b",' + HEAD + b"}",
        b'{"title":"a","\\u0074itle":"b",' + HEAD + b"}",
        b'{"title"\t:1,"title":null,' + HEAD + b',"url":"a:b"}',
        b'{"title":1,"title"\r:"x:y","lastName":"a:b",' + HEAD + b"}",
        b'{"objectId" :"b","title":":","title":":",' + HEAD + b"}",
    ],
)
def test_a_member_that_comes_twice_is_reported(tmp_path: Path, line: bytes) -> None:
    """However it is written, and whatever stands in the lines beside it; the last one counts."""
    twice = {"title"} if b'"objectId" ' not in line else {"title", "objectId"}
    others = [b'{"objectId" :"c%d","modifiedDate":"2026-01-02T03:04:05Z"}' % n for n in range(3)]
    found = of(*others, line, path=tmp_path / "a.ldjson")
    assert [("member-twice", Severity.WARNING, 4)] * len(twice) == [(f.rule, f.severity, f.origin.line) for f in found]
    assert twice == {finding.member for finding in found}


def test_members_of_one_name_at_several_depths_are_no_repetition(tmp_path: Path) -> None:
    """Nested objects have names of their own, and texts may hold what looks like one."""
    line = b'{"title":"\\",\\"title\\":","custom":[{"title":1},{"title":2}],' + HEAD + b"}"
    assert ["unknown-member"] == [finding.rule for finding in of(line, path=tmp_path / "a.ldjson")]
    for depth in (900, 1015):
        deep = b'{"x":' + b"[" * depth + b"]" * depth + b"," + HEAD + b',"title":"\\":"}'
        assert ["unknown-member"] == [finding.rule for finding in of(deep, path=tmp_path / "a.ldjson")]


def test_repeated_ids_are_reported_with_the_line_that_came_first(tmp_path: Path) -> None:
    """Over all files, in any kind of source; the very same line again is reported as such."""
    changed = GOOD.replace(b"05Z", b"06Z")
    (tmp_path / "a.ldjson").write_bytes(GOOD + b"\nnull\n\n" + changed + b"\n")
    (tmp_path / "b.csv").write_bytes(
        b'objectId,modifiedDate,title\nb,2026-01-02T03:04:06Z,"x\ny"\na,' + TIME.encode() + b",\n"
    )
    (tmp_path / "c.ldjson").write_bytes(GOOD + b"\n")
    found = [finding for finding in check(tmp_path, "CONTACT") if finding.rule.startswith("repeated")]
    first = f'"a" is in {tmp_path}/a.ldjson:1 already'
    assert [("a.ldjson", 4, "repeated"), ("b.csv", 4, "repeated-line"), ("c.ldjson", 1, "repeated-line")] == [
        (finding.origin.source.rpartition("/")[2], finding.origin.line, finding.rule) for finding in found
    ]
    assert all(first in str(finding) for finding in found)
    assert changed == (tmp_path / "a.ldjson").read_bytes()[found[0].origin.offset or 0 :][: found[0].origin.length]


def test_repeated_ids_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    """Each with the first line of its object, however the objects mix, and however many lines one has."""
    path = tmp_path / "a.ldjson"
    ids = [str(number * number % 37) for number in range(300)]
    path.write_bytes(b"\n".join(GOOD.replace(b'"a"', b'"%b"' % one.encode()) for one in ids))
    found = list(check(path, "CONTACT"))
    expected = [
        (line, f'"{one}" is in {path}:{ids.index(one) + 1} already, in the very same line')
        for line, one in enumerate(ids, 1)
        if ids.index(one) + 1 < line
    ]
    assert expected == [(finding.origin.line, finding.message) for finding in found]


def test_repeated_ids_are_reported_whatever_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for some of them at a time, and with all hashes alike, gives the same findings."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(b"\n".join(GOOD.replace(b'"a"', b'"%d"' % (n % 40)) for n in range(100)))
    expected = sorted(map(str, check(path, "CONTACT")))
    monkeypatch.setattr("gong_crm.checking.repeats.Repeated", partial(Repeated, piece=7, bucket=5))
    assert 60 == len(expected)
    assert expected == sorted(map(str, check(path, "CONTACT")))
    monkeypatch.setattr("gong_crm.checking.repeated.hash", lambda _: 5, raising=False)
    assert expected == sorted(map(str, check(path, "CONTACT")))


def test_a_file_that_changes_while_it_is_checked_is_reported(tmp_path: Path) -> None:
    """Lines are read twice where ids come back; what changed between is no line any more."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(b"no line\n" + (GOOD + b"\n") * 2)
    iterator = iter(check(path, "CONTACT"))
    assert "json" == next(iterator).rule
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(SourceChangedError, match="changed while it was checked"):
        list(iterator)


def test_lines_out_of_order_are_reported_once_a_feed(tmp_path: Path) -> None:
    """By the instant and not by the text, without a word where no line has a time; nothing has to be done."""
    times = ["2026-01-02T03:04:05+02:00", "2026-01-02T02:04:05Z", "2026-01-02T03:04:05+01:00", "2025-01-01T00:00:00Z"]
    lines = [b'{"objectId":"%d","modifiedDate":"%s"}' % (n, time.encode()) for n, time in enumerate(times)]
    (finding,) = of(*lines, *lines[3:], path=tmp_path / "a.ldjson")[:1]
    assert ("order", Severity.INFO, 4) == (finding.rule, finding.severity, finding.origin.line)
    assert check([{"objectId": str(n), "name": "n"} for n in (2, 1)], "STAGE").warnings == 0
    some = [{"objectId": str(n), "name": "n", "modifiedDate": time} for n, time in enumerate([TIME, None, times[0]])]
    assert ["order"] == [finding.rule for finding in check(some, "STAGE")]
    many = [b'{"objectId":"%d","modifiedDate":"2026-01-02T03:04:%02dZ"}' % (n, n % 60) for n in range(5000)]
    assert ["order"] == [finding.rule for finding in of(*many, path=tmp_path / "b.ldjson")]


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Ten times the lines take no more memory; a report that is dropped half read holds nothing."""
    sizes = []
    for count in (20_000, 200_000):
        path = tmp_path / "a.ldjson"
        with path.open("wb") as file:
            file.writelines(
                b'{"objectId":"%d","modifiedDate":"2026-01-02T03:04:05Z"}\n' % (n * 7919 % count) for n in range(count)
            )
        tracemalloc.start()
        assert check(path, "CONTACT").ok
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert sizes[1] < sizes[0] + 30_000_000
    report = check([{"objectId": "a b"}] * 9, "DEAL")
    next(iter(report))
    report.close()
    assert [] == list(report)
    gc.collect()


def test_the_same_is_found_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Hashes differ from one process to the next; what is reported does not."""
    lines = [b'{"objectId":"%d","modifiedDate":"2026-01-02T03:04:05Z","x%d":1}' % (n % 700, n % 3) for n in range(2000)]
    (tmp_path / "a.ldjson").write_bytes(b"\n".join(lines))
    code = f"from gong_crm import check\nfor one in check({str(tmp_path / 'a.ldjson')!r}, 'CONTACT'): print(one)"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert 1 == len(printed)
    assert 1303 == printed.pop().count(b"\n")


def test_what_was_not_read_to_its_end_is_not_ok(tmp_path: Path) -> None:
    """A damaged file, or a report that was closed, has no say about what was not read."""
    path = tmp_path / "deals.ldjson.gz"
    path.write_bytes(gzip.compress((GOOD + b"\n") * 1000)[:-9])
    report = check(path, "DEAL")
    with pytest.raises(SourceError, match="is damaged"):
        list(report)
    assert not report.ok
    closed = check([json.loads(GOOD)], "DEAL")
    closed.close()
    assert not closed.ok


def test_findings_come_in_the_order_of_lines() -> None:
    """So that whoever corrects a file goes through it once."""
    records: list[Any] = [{"objectId": n} if n % 3 else {"objectId": str(n), "modifiedDate": TIME} for n in range(3000)]
    assert all(before.origin.line <= after.origin.line for before, after in pairwise(check(records, "DEAL")))
