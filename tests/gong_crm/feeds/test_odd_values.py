"""Odd values of DuckDB, Polars, pandas and numpy: cast by a rule or refused by name, never sent as something else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm.checking.report import check
from gong_crm.errors import SourceError
from gong_crm.feeds import feed

if TYPE_CHECKING:
    from collections.abc import Iterator

pa = pytest.importorskip("pyarrow")
duckdb = pytest.importorskip("duckdb")
np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

BERLIN = "Europe/Berlin"
NAIVE = datetime(2026, 1, 2, 3, 4, 5, 678)  # noqa: DTZ001  (that is the point)
AWARE = NAIVE.replace(tzinfo=UTC)
LOCAL = '"2026-01-02T04:04:05+01:00"'


def values(table: object) -> list[str]:
    """Give the value of the column x of each row, as it would be sent."""
    (one,) = feed(table, object_type="DEAL")
    lines: list[str] = []
    for block in one.blocks():
        assert () == block.findings
        lines += block.data.decode().splitlines()
    return [line.removeprefix('{"x":').removesuffix("}") for line in lines]


def rules(table: object) -> list[str]:
    """Give the rules that hold back the column x of some rows."""
    (one,) = feed(table, object_type="DEAL")
    findings = [finding for block in one.blocks() for finding in block.findings]
    assert {"x"} == {finding.member for finding in findings}
    return [finding.rule for finding in findings]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pl.Series([Decimal("1.10"), None]), ["1.10", "null"]),
        (pl.Series([AWARE]).dt.convert_time_zone(BERLIN), [LOCAL]),
        (pl.Series([AWARE]).cast(pl.Datetime("ns", "UTC")).dt.convert_time_zone(BERLIN), [LOCAL]),
        (pl.Series([date(2026, 1, 2)]), ['"2026-01-02"']),
        (pl.Series(["a", None], dtype=pl.Enum(["a", "b"])), ['"a"', "null"]),
        (pl.Series(["a", None], dtype=pl.Categorical), ['"a"', "null"]),
        (pl.Series([{"a": 1, "b": Decimal("1.0")}]), ['{"a":1,"b":1.0}']),
        (pl.Series([["a", "b"], None, []]), ['["a","b"]', "null", "[]"]),
        (pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)), ["[1,2]"]),
        (pl.Series([2**64 - 1], dtype=pl.UInt64), [str(2**64 - 1)]),
        (pl.Series([True, None]), ["true", "null"]),
        (pl.Series([None]), ["null"]),
    ],
    ids=lambda one: str(getattr(one, "dtype", one)),
)
def test_values_of_polars_are_cast(series: Any, expected: list[str]) -> None:  # noqa: ANN401  (of any type)
    """Decimals keep their digits, times lose their fraction and keep their zone, categories are their text."""
    assert expected == values(pl.DataFrame({"x": series}))


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pl.Series([NAIVE]), ["naive-time"]),
        (pl.Series([[NAIVE]]), ["naive-time"]),
        (pl.Series([float("nan"), None, float("inf")]), ["not-finite", "not-finite"]),
        (pl.Series([time(1, 2)]), ["no-json"]),
        (pl.Series([timedelta(1)]), ["no-json"]),
        (pl.Series([b"a"]), ["no-json"]),
        (pl.Series([object()], dtype=pl.Object), ["no-json"]),
    ],
    ids=lambda one: str(getattr(one, "dtype", one)),
)
def test_values_of_polars_are_refused(series: Any, expected: list[str]) -> None:  # noqa: ANN401  (of any type)
    """What has no form in JSON, no zone or no number holds its row back."""
    assert expected == rules(pl.DataFrame({"x": series}))


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pd.Series([AWARE]).dt.tz_convert(BERLIN), [LOCAL]),
        (pd.Series([AWARE]).astype("datetime64[ns, Europe/Berlin]"), [LOCAL]),
        (pd.Series([pd.NaT, pd.Timestamp(AWARE)]), ["null", '"2026-01-02T03:04:05+00:00"']),
        (pd.Series([1.5, float("nan")]), ["1.5", "null"]),
        (pd.Series([1, pd.NA], dtype="Int64"), ["1", "null"]),
        (pd.Series([True, pd.NA], dtype="boolean"), ["true", "null"]),
        (pd.Series(["a", pd.NA], dtype="string"), ['"a"', "null"]),
        (pd.Series(["a", None, float("nan"), pd.NA], dtype="object"), ['"a"', "null", "null", "null"]),
        (pd.Series([Decimal("1.10"), Decimal("22.00")], dtype="object"), ["1.10", "22.00"]),
        (pd.Series(["a", None], dtype="category"), ['"a"', "null"]),
        (pd.Series([date(2026, 1, 2)]), ['"2026-01-02"']),
        (pd.Series([["a"], None]), ['["a"]', "null"]),
        (pd.Series([{"a": 1}]), ['{"a":1}']),
        (pd.Series([2**64 - 1], dtype="uint64"), [str(2**64 - 1)]),
    ],
    ids=lambda one: repr(one).partition("\n")[0] if isinstance(one, list) else str(one.dtype),
)
def test_values_of_pandas_are_cast(series: Any, expected: list[str]) -> None:  # noqa: ANN401  (of any type)
    """What pandas writes for nothing is null, whichever of its four ways it is."""
    assert expected == values(pd.DataFrame({"x": series}))


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pd.Series([NAIVE]), ["naive-time"]),
        (pd.Series([NAIVE]).astype("datetime64[ns]"), ["naive-time"]),
        (pd.Series([float("inf")]), ["not-finite"]),
        (pd.Series([pd.Timedelta(1, "s")]), ["no-json"]),
        (pd.Series(pd.period_range("2026-01", periods=1, freq="M")), ["no-json"]),
        (pd.Series([pd.Interval(0, 1)]), ["no-json"]),
        (pd.Series([b"a"]), ["no-json"]),
    ],
    ids=lambda one: str(getattr(one, "dtype", one)),
)
def test_values_of_pandas_are_refused(series: Any, expected: list[str]) -> None:  # noqa: ANN401  (of any type)
    """A period is no number of months since 1970, and an interval no object with two ends."""
    assert expected == rules(pd.DataFrame({"x": series}))


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": pd.arrays.SparseArray([0, 1])}),
        pd.DataFrame([[1, 2]], columns=["x", "x"]),
        pd.DataFrame({"x": pd.Series([1, "a"], dtype="object")}),
        pd.DataFrame({"x": [1 + 2j]}),
        pd.Series([1, 2]),
    ],
    ids=["sparse", "two of one name", "mixed", "complex", "series"],
)
def test_frames_that_arrow_cannot_take_are_refused_whole(frame: Any) -> None:  # noqa: ANN401  (of pandas)
    """The sentence is that of pandas or pyarrow, in an error of ours."""
    (one,) = feed(frame, object_type="DEAL")
    with pytest.raises(SourceError, match="could not be read"):
        list(one.blocks())


def test_a_lazy_frame_is_to_be_collected() -> None:
    """It has no rows yet, and the sentence says what to do."""
    with pytest.raises(SourceError, match=r"read LazyFrame: collect\(\) it first"):
        feed(pl.LazyFrame({"x": [1]}), object_type="DEAL")


@pytest.fixture
def connection() -> Iterator[Any]:
    """Give a connection in a time zone with a type of its own."""
    with duckdb.connect() as opened:
        opened.execute("create type mood as enum ('a', 'b')")
        opened.execute(f"set timezone='{BERLIN}'")
        yield opened


CAST = [
    ("1.10::decimal(10, 2)", "1.10"),
    ("170141183460469231731687303715884105727::hugeint", str(2**127 - 1)),
    ("12345678901234567890123456789012345678::decimal(38, 0)", "12345678901234567890123456789012345678"),
    ("timestamptz '2026-01-02 03:04:05.678+00'", LOCAL),
    ("date '2026-01-02'", '"2026-01-02"'),
    ("'c5c9a6ab-3b3f-4b5c-8f7b-1f3f9c1e2d3a'::uuid", '"c5c9a6ab-3b3f-4b5c-8f7b-1f3f9c1e2d3a"'),
    ("['a', null]", '["a",null]'),
    ("{'a': 1.5}", '{"a":1.5}'),
    ("map {'a': 1}", '{"a":1}'),
    ("null::map(varchar, integer)", "null"),
    ("'a'::mood", '"a"'),
    ("null", "null"),
]


@pytest.mark.parametrize(("sql", "expected"), CAST)
def test_values_of_duckdb_are_cast(connection: Any, sql: str, expected: str) -> None:  # noqa: ANN401  (of DuckDB)
    """A query and a cursor give the same values; a mapping is an object, and a number keeps all its digits."""
    if "timestamptz" not in sql:  # the cursor needs a library of its own for zones
        assert [expected] == values(connection.cursor().execute(f"select {sql.replace('mood', 'varchar')} as x"))
    assert [expected] == values(connection.sql(f"select {sql} as x"))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("timestamp '2026-01-02 03:04:05.678'", "naive-time"),
        ("timestamp_ns '2026-01-02 03:04:05.123456789'", "naive-time"),
        ("time '01:02'", "no-json"),
        ("timetz '01:02:03+01'", "no-json"),
        ("interval 1 day", "no-json"),
        ("[interval 1 day]", "no-json"),
        ("[map {'a': 1}]", "no-json"),
        ("map {1: 'a'}", "key"),
        ("'a'::blob", "no-json"),
        ("'101'::bit", "no-json"),
        ("'nan'::double", "not-finite"),
        ("'infinity'::timestamptz", "no-json"),
        ("'infinity'::date", "no-json"),
        ("'9999-12-31 23:59:59+00'::timestamptz", "no-json"),
    ],
)
def test_values_of_duckdb_are_refused(connection: Any, sql: str, expected: str) -> None:  # noqa: ANN401  (of DuckDB)
    """An interval is no list of three numbers; a time that Python does not know holds back its own row only."""
    rows = connection.sql(f"select x from (select 1 as n, {sql} as x union all select 2, null) order by n")  # noqa: S608  (our own)
    assert [expected] == rules(rows)


def test_a_key_that_comes_twice_in_a_mapping_is_refused() -> None:
    """A mapping of Arrow may repeat a key; an object would keep the last value only."""
    twice = pa.array([[("a", 1), ("a", 2)], [("a", 1)]], pa.map_(pa.string(), pa.int64()))
    assert ["no-json"] == rules(pa.table({"x": twice}))


def test_a_cursor_that_cannot_be_iterated_is_fetched(connection: Any) -> None:  # noqa: ANN401  (of DuckDB)
    """All rows come, with the names of the columns; a connection without a result is no source."""
    report = check(connection.execute("select 'd' || range as objectId from range(2500)"), "DEAL")
    assert {"missing"} == {finding.rule for finding in report}
    assert 2500 == report.lines
    with duckdb.connect() as fresh, pytest.raises(SourceError, match="no way to read"):
        check(fresh, "DEAL")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float16(1.5), "1.5"),
        (np.uint64(2**64 - 1), str(2**64 - 1)),
        (np.str_("a"), '"a"'),
        (np.array(5), "5"),
        (np.datetime64("2026-01-02"), '"2026-01-02"'),
        (pd.Timestamp("2026-01-02T03:04:05.123456789", tz="UTC"), '"2026-01-02T03:04:05+00:00"'),
    ],
)
def test_scalars_in_records_are_cast(value: object, expected: str) -> None:
    """A number of numpy is its number, a time of pandas is a time."""
    assert [expected] == values([{"x": value}])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.datetime64("2026-01-02T03:04:05"), "naive-time"),
        (np.datetime64("2026-01-02T03:04:05.5", "ns"), "naive-time"),
        (np.datetime64("NaT"), "not-finite"),
        (np.datetime64("NaT", "ns"), "not-finite"),
        (np.timedelta64(1, "s"), "no-json"),
        (np.timedelta64(1, "ns"), "no-json"),
        (np.float32("nan"), "not-finite"),
        (np.longdouble(1), "no-json"),
        (np.complex128(1), "no-json"),
        (np.array(["a"]), "no-json"),
        (np.bytes_(b"a"), "no-json"),
        (pd.Timestamp("2026-01-02"), "naive-time"),
        (pd.Timedelta(1, "s"), "no-json"),
        (pd.Period("2026-01"), "no-json"),
        (pd.Interval(0, 1), "no-json"),
    ],
    ids=repr,
)
def test_scalars_in_records_are_refused(value: object, expected: str) -> None:
    """A time in nanoseconds is no whole number, as its `item()` says."""
    assert [expected] == rules([{"x": value}])


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.none() | st.decimals(-(10**9), 10**9, places=2),
            "changed": st.none() | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001  (the strategy adds the zone)
            "day": st.none() | st.dates(),
            "count": st.none() | st.integers(-(2**63), 2**63 - 1),
            "score": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "flag": st.none() | st.booleans(),
            "name": st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9),
            "tags": st.none() | st.lists(st.text("abc", max_size=3), max_size=3),
        }
    ),
    min_size=1,
    max_size=8,
)
SCHEMA = pa.schema(
    [
        ("amount", pa.decimal128(20, 2)),
        ("changed", pa.timestamp("us", "UTC")),
        ("day", pa.date32()),
        ("count", pa.int64()),
        ("score", pa.float64()),
        ("flag", pa.bool_()),
        ("name", pa.string()),
        ("tags", pa.list_(pa.string())),
    ]
)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_the_same_rows_are_the_same_lines_whoever_holds_them(rows: list[dict[str, Any]]) -> None:
    """Records, Arrow, Polars and DuckDB give one text; only pandas, whose columns have fewer types, may not."""
    rows = [{name: row[name] for name in SCHEMA.names} for row in rows]
    table = pa.Table.from_pylist(rows, SCHEMA)
    with duckdb.connect() as opened:
        opened.execute("set timezone='UTC'")
        texts = [
            [block.data for block in feed(source, object_type="DEAL")[0].blocks()]
            for source in (rows, table, pl.from_arrow(table), opened.from_arrow(table))
        ]
    assert texts[1:] == texts[:-1]
    read = [json.loads(line, parse_float=Decimal) for line in texts[0][0].splitlines()]
    for row, line in zip(rows, read, strict=True):
        assert (row["amount"], row["count"], row["name"]) == (line["amount"], line["count"], line["name"])
        changed = row["changed"] and row["changed"].replace(microsecond=0).isoformat()
        assert changed == line["changed"]
