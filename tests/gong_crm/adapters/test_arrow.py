"""The check over batches of Arrow: the verdicts of `check`, row by row."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm import Field, check
from gong_crm.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
arrow = pytest.importorskip("gong_crm.adapters.arrow")

TIME = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
TIER = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("gold", "silver"))
FIELDS = [TIER, Field(unique_name="probability", label="Probability", type="PERCENT")]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "objectId": st.sampled_from(["d1", "d2", "", "two words", None]),
            "modifiedDate": st.sampled_from([TIME, None]),
            "amount": st.sampled_from([Decimal("1.50"), Decimal("-3.25"), None]),
            "probability": st.sampled_from([0.0, 50.0, 101.0, float("nan"), None]),
            "isDeleted": st.sampled_from([True, None]),
            "tier": st.sampled_from(["gold", "lead", None]),
            "colour": st.sampled_from(["red", None]),
        }
    ),
    max_size=30,
)
SCHEMA = pa.schema(
    [
        ("objectId", pa.string()),
        ("modifiedDate", pa.timestamp("us", "UTC")),
        ("amount", pa.decimal128(20, 2)),
        ("probability", pa.float64()),
        ("isDeleted", pa.bool_()),
        ("tier", pa.string()),
        ("colour", pa.string()),
    ]
)


def checked(rows: list[dict[str, Any]], *, size: int = 7) -> list[dict[str, Any]]:
    """Check rows in batches of some, and give all that came out as one list."""
    batches = pa.Table.from_pylist(rows, SCHEMA).to_batches(max_chunksize=size)
    return [row for batch in arrow.check_batches(batches, "DEAL", fields=FIELDS) for row in batch.to_pylist()]


@settings(deadline=None)
@given(ROWS)
def test_each_row_has_the_verdict_of_the_check(rows: list[dict[str, Any]]) -> None:
    """The same rows are good, the same errors are reported, and each stands beside its row."""
    expected: dict[int, set[tuple[str, str | None]]] = {}
    report = check(pa.Table.from_pylist(rows, SCHEMA), "DEAL", fields=FIELDS)
    for finding in report:
        if finding.severity == "error":
            expected.setdefault(finding.origin.line, set()).add((finding.rule, finding.member))
    out = checked(rows)
    assert len(rows) == len(out)
    assert sorted(expected) == [number for number, row in enumerate(out, 1) if not row["ok"]]
    for number, row in enumerate(out, 1):
        errors = {(one["rule"], one["member"]) for one in row["findings"] if one["severity"] == "error"}
        assert expected.get(number, set()) == errors


def test_a_row_is_the_line_that_a_push_would_send() -> None:
    """Digits are kept, times have whole seconds, and the line has no end."""
    row = {"objectId": "d1", "modifiedDate": TIME, "amount": Decimal("1.50")}
    (out,) = checked([row])
    expected = '{"objectId":"d1","modifiedDate":"2026-01-02T03:04:05+00:00","amount":1.50,'
    assert out["line"].startswith(expected)
    assert out["line"].endswith("}")
    warned = {"rule": "unknown-member", "severity": "warning", "member": "colour"}
    assert [warned] == [{name: one[name] for name in warned} for one in out["findings"]]


def test_an_empty_batch_stays_empty() -> None:
    """No rows are no rows, with the columns of a checked batch."""
    (batch,) = arrow.check_batches([pa.RecordBatch.from_pylist([], SCHEMA)], "DEAL")
    assert (0, arrow.CHECKED) == (batch.num_rows, batch.schema)
    assert [] == list(arrow.check_batches([], "DEAL"))


def test_what_cannot_be_checked_is_an_error() -> None:
    """An object type that is not there, and two columns of one name."""
    with pytest.raises(SourceError, match="did you mean DEAL"):
        next(arrow.check_batches([pa.record_batch({"a": [1]})], "DEALS"))
    twice = pa.RecordBatch.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(SourceError, match="more than one column 'a'"):
        next(arrow.check_batches([twice], "DEAL"))


def write(rows: Iterable[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Check rows, write the good ones, and give the others."""
    batches = pa.Table.from_pylist(list(rows), SCHEMA).to_batches(max_chunksize=2)
    rest = arrow.write_lines(arrow.check_batches(batches, "DEAL"), folder)
    return [row for batch in rest for row in batch.to_pylist()]


def test_good_lines_become_a_file_that_a_push_takes(tmp_path: Path) -> None:
    """The good rows stand in one file in their order, and the others are passed on."""
    rows = [{"objectId": one, "modifiedDate": TIME} for one in ("d1", "", "d2", "d3", None)]
    rest = write(rows, tmp_path / "lines")
    assert [False, False] == [row["ok"] for row in rest]
    (file,) = (tmp_path / "lines").iterdir()
    assert ["d1", "d2", "d3"] == [json.loads(line)["objectId"] for line in file.read_text().splitlines()]
    assert check(tmp_path / "lines", "DEAL").ok


def test_a_task_that_runs_twice_writes_one_file(tmp_path: Path) -> None:
    """The name is the hash of the content, and what broke in the middle leaves nothing."""
    rows = [{"objectId": "d1", "modifiedDate": TIME}]
    write(rows, tmp_path)
    write(rows, tmp_path)
    assert 1 == len(list(tmp_path.iterdir()))

    def broken() -> Iterator[Any]:
        yield from arrow.check_batches(pa.Table.from_pylist(rows, SCHEMA).to_batches(), "DEAL")
        raise LookupError

    with pytest.raises(LookupError):
        list(arrow.write_lines(broken(), tmp_path))
    assert 1 == len(list(tmp_path.iterdir()))


def test_no_good_line_is_an_empty_file(tmp_path: Path) -> None:
    """A folder without a file could not be pushed; an empty one is a sign of life."""
    for _ in range(2):
        write([{"objectId": "", "modifiedDate": TIME}], tmp_path)
    assert [b""] == [path.read_bytes() for path in tmp_path.iterdir()]


def test_what_engines_send_to_their_processes_can_be_pickled() -> None:
    """The function and the fields travel by name and by value."""
    function, fields = pickle.loads(pickle.dumps((arrow.check_batches, FIELDS)))  # noqa: S301  (our own bytes)
    assert (arrow.check_batches, FIELDS) == (function, fields)


def test_a_missing_extra_is_one_sentence() -> None:
    """Who lacks pyarrow reads what to install; `import gong_crm` loads no adapter."""
    program = """
import sys
import gong_crm
from gong_crm import GongCrm, check
assert not [name for name in sys.modules if name.startswith("gong_crm.adapters")]
sys.modules["pyarrow"] = None
try:
    import gong_crm.adapters.arrow
except ImportError as problem:
    print(problem)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "gong_crm.adapters.arrow needs pyarrow: pip install 'gong-crm[arrow]'\n" == run.stdout
