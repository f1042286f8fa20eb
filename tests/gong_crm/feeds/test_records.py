"""Records of a program, cursors and tables as lines."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gong_crm.checking.report import check
from gong_crm.errors import SourceError
from gong_crm.feeds import feed

if TYPE_CHECKING:
    from collections.abc import Iterator

BERLIN = ZoneInfo("Europe/Berlin")
GOOD = {"objectId": "1", "modifiedDate": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=BERLIN)}


class Colour(Enum):
    """A word with a value."""

    RED = "red"


class Level(IntEnum):
    """A number with a name."""

    HIGH = 3


class Text(str):
    """A text of a class of its own."""

    __slots__ = ()


class Word(str, Enum):  # noqa: UP042  (str of it gives another text than that of StrEnum)
    """A text with a name."""

    NAME = "name"


class Untellable:
    """Breaks whoever shows it."""

    def __repr__(self) -> str:
        raise RuntimeError


def line(value: object) -> str:
    """Write a value as the member of a line."""
    (one,) = feed([{"x": value}], object_type="CONTACT")
    (block,) = one.blocks()
    assert () == block.findings
    return block.data.decode().removeprefix('{"x":').removesuffix("}\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("é\n", '"é\\n"'),
        (Text("a"), '"a"'),
        (5, "5"),
        (2**70, str(2**70)),
        (1.5, "1.5"),
        (Decimal("12345678901234567890.10"), "12345678901234567890.10"),
        (Decimal("1E+5"), "1E+5"),
        (Colour.RED, '"red"'),
        (Level.HIGH, "3"),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), '"2026-01-02T03:04:05+00:00"'),
        (datetime(2026, 7, 2, 3, 4, tzinfo=BERLIN), '"2026-07-02T03:04:00+02:00"'),
        (datetime(1880, 1, 1, tzinfo=BERLIN), '"1879-12-31T23:06:32+00:00"'),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), '"2026-01-02T00:00:00-03:30"'),
        (["a", Decimal(1)], '["a",1]'),
        (("a",), '["a"]'),
        ({"a": {"b": Decimal(1)}}, '{"a":{"b":1}}'),
        (OrderedDict(a=1), '{"a":1}'),
        (MappingProxyType({"a": None}), '{"a":null}'),
    ],
)
def test_each_type_is_written_by_its_rule(value: object, text: str) -> None:
    """Digits are kept, times have whole seconds and an offset, nothing else changes."""
    assert text == line(value)


def test_one_bad_member_changes_no_other() -> None:
    """The members beside one that is refused are written by their rules."""
    (one,) = feed([{"a": float("nan"), "b": Colour.RED, "c": UUID(int=1), "d": None}], object_type="CONTACT")
    (block,) = one.blocks()
    expected = {"a": "nan", "b": "red", "c": "00000000-0000-0000-0000-000000000001", "d": None}
    assert (expected, 1) == (json.loads(block.data), len(block.findings))


def circle() -> list[Any]:
    """Make a list that holds itself."""
    made: list[Any] = []
    made.append(made)
    return made


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (float("nan"), "not-finite"),
        (float("-inf"), "not-finite"),
        (Decimal("NaN"), "not-finite"),
        ([1.0, float("nan")], "not-finite"),
        ({"a": float("nan")}, "not-finite"),
        pytest.param(10**400, "too-large", id="400 digits"),
        pytest.param(10**5000, "too-large", id="5000 digits"),
        (Decimal("1E+400"), "too-large"),
        (datetime(2026, 1, 2), "naive-time"),  # noqa: DTZ001  (that is the point)
        (datetime.min.replace(tzinfo=timezone(timedelta(seconds=1))), "datetime"),
        (b"a", "no-json"),
        (time(1, 2), "no-json"),
        (timedelta(1), "no-json"),
        ({1, 2}, "no-json"),
        (Untellable(), "no-json"),
        ("\ud800", "text"),
        ({"a": {5: 1}}, "key"),
        (circle(), "depth"),
    ],
)
def test_what_has_no_rule_is_refused_and_never_sent_as_something_else(value: object, rule: str) -> None:
    """The record is one line that is held back; the finding names its row and member."""
    report = check([GOOD, {**GOOD, "objectId": "2", "name": value}], "DEAL")
    (finding,) = report
    assert ("<records> row 2", rule, "name") == (str(finding.origin), finding.rule, finding.member)
    assert (2, 1) == (report.lines, report.errors)


def test_what_is_no_record_is_refused() -> None:
    """A name that is no text, and a record that is no mapping, are reported with what to do."""
    assert ["key", "record", "record"] == [one.rule for one in check([{**GOOD, 5: 1}, ("a", 1), "text"], "DEAL")]
    assert "no Unicode" in str(next(iter(check([{"\ud800": 1}], "DEAL"))))


class Name(StrEnum):
    """Names of members."""

    ID = "objectId"
    DATE = "modifiedDate"


def test_names_of_any_kind_of_text_are_names() -> None:
    """Names that enumerations or numpy give are the text that they are."""
    (one,) = feed([{Name.ID: "1", Name.DATE: "today", Word.NAME: {Text("a"): 1}}], object_type="DEAL")
    assert [{"objectId": "1", "modifiedDate": "today", "name": {"a": 1}}] == [
        json.loads(line) for block in one.blocks() for line in block.data.splitlines()
    ]


@dataclass
class Deal:
    """A record that is no mapping."""

    objectId: str = "1"  # noqa: N815  (as Gong has it)


def test_records_of_classes_say_how_they_become_mappings() -> None:
    """Those of dataclasses do, and of libraries that are like them."""
    assert ["give mappings, by `asdict` of dataclasses or attrs"] == [one.hint for one in check([Deal()], "DEAL")]
    modelled = type("Model", (), {"model_dump": dict})()
    assert ["give mappings: its model_dump()"] == [one.hint for one in check([modelled], "DEAL")]


def test_a_generator_is_read_as_it_comes() -> None:
    """Rows are not gathered, and what it raises is the caller's."""

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(5000):
            yield {**GOOD, "objectId": str(number), "name": "x" * 40}
        raise LookupError

    (one,) = feed(rows(), object_type="DEAL")
    blocks = one.blocks()
    first = next(blocks)
    assert (1, True) == (first.first_line, len(first.data) < 40_000)
    with pytest.raises(LookupError):
        list(blocks)


def test_no_records_are_no_lines() -> None:
    """Nothing to send is legitimate."""
    report = check(iter(()), "DEAL")
    assert (True, 0) == (report.ok, report.lines)


def test_rows_of_a_cursor_have_the_names_of_its_columns() -> None:
    """Tuples and sqlite3.Row alike; two columns of one name are refused, because one would be lost."""
    connection = sqlite3.connect(":memory:")
    query = "select 1 as objectId, '2026-01-02T03:04:05Z' as modifiedDate"
    expected = {"objectId": 1, "modifiedDate": "2026-01-02T03:04:05Z"}
    for factory in (None, sqlite3.Row):
        connection.row_factory = factory
        (one,) = feed(connection.execute(query), object_type="DEAL")
        assert [expected] == [json.loads(block.data) for block in one.blocks()]
    with pytest.raises(SourceError, match="more than one column 'a'"):
        feed(connection.execute("select 1 as a, 2 as a"), object_type="DEAL")
    connection.close()


def test_tables_are_read_batch_by_batch() -> None:
    """Decimals keep their digits, nanoseconds become whole seconds, NaN and naive times are refused."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table(
        {
            "objectId": ["1", "2", "3"],
            "modifiedDate": pa.array([10**18 + 1] * 3, pa.timestamp("ns", "UTC")),
            "amount": pa.array([Decimal("1.10"), None, Decimal("3.00")], pa.decimal128(10, 2)),
            "score": [1.5, float("nan"), None],
            "seen": pa.array([None, None, 10**18], pa.timestamp("ns")),
            "wait": pa.array([None, None, 5], pa.duration("ns")),
            "clock": pa.array([None, None, 5], pa.time64("ns")),
        }
    )
    (one,) = feed(table, object_type="DEAL")
    (block,) = one.blocks()
    assert b'{"objectId":"1","modifiedDate":"2001-09-09T01:46:40+00:00","amount":1.10,"score":1.5,' in block.data
    assert [
        ("<Table> row 2", "score", "not-finite"),
        ("<Table> row 3", "seen", "naive-time"),
        ("<Table> row 3", "wait", "no-json"),
        ("<Table> row 3", "clock", "no-json"),
    ] == [(str(one.origin), one.member, one.rule) for one in block.findings]
    assert "<Table> row 7" == str(one.origin(7))


def test_tables_that_cannot_be_read_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two columns of one name, a stream that breaks, and a missing pyarrow each say so."""
    pa = pytest.importorskip("pyarrow")
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(SourceError, match="more than one column 'a'"):
        list(feed(twice, object_type="DEAL")[0].blocks())

    def batches() -> Iterator[Any]:
        yield pa.record_batch({"a": [1]})
        raise pa.ArrowInvalid("the other end is gone")

    broken = pa.RecordBatchReader.from_batches(pa.schema([("a", pa.int64())]), batches())
    with pytest.raises(SourceError, match="could not be read"):
        list(feed(broken, object_type="DEAL")[0].blocks())
    with pytest.raises(SourceError, match="hand over a frame or a table, not a column"):
        list(feed(pa.chunked_array([["a"]]), object_type="DEAL")[0].blocks())
    failing = type("Query", (), {"__arrow_c_stream__": lambda *_: dict[str, int]()["gone"]})()
    with pytest.raises(SourceError, match="<Query> could not be read: 'gone'"):
        list(feed(failing, object_type="DEAL")[0].blocks())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SourceError, match=r"pip install 'gong-crm\[arrow\]'"):
        list(feed(twice, object_type="DEAL")[0].blocks())


def test_values_of_numpy_and_pandas_have_rules_too() -> None:
    """A number of numpy is its number; what pandas writes for nothing is refused."""
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    assert ["5", "true"] == [line(np.int64(5)), line(np.bool_(True))]  # noqa: FBT003  (the value itself)
    for nothing, rule in ((pd.NaT, "not-finite"), (pd.NA, "no-json"), (np.float64("nan"), "not-finite")):
        (finding,) = check([{**GOOD, "name": nothing}], "DEAL")
        assert (rule, "write None where there is no value") == (finding.rule, finding.hint)


def test_rows_of_sqlalchemy_are_records() -> None:
    """A result, its mappings and its rows alike."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    query = sqlalchemy.text("select '1' as \"objectId\", '2026-01-02T03:04:05Z' as \"modifiedDate\"")
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        for rows in (connection.execute(query), connection.execute(query).mappings(), connection.execute(query).all()):
            report = check(rows, "DEAL")
            assert (True, 1) == (report.ok, report.lines)
    engine.dispose()
