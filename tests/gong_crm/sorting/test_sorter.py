"""Sorting outside of memory gives what sorting in memory gives, whatever fits at once."""

from __future__ import annotations

from array import array
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gong_crm.sorting.columns import Columns, Key
from gong_crm.sorting.sorter import NUMBERS, TEXTS, KeyFormat, Sorter

if TYPE_CHECKING:
    from collections.abc import Sequence


def result(sorter: Sorter[Key]) -> list[tuple[Key, int, bytes]]:
    """Collect all lines that a sorter gives."""
    return [
        row for columns in sorter.sorted() for row in zip(columns.keys, columns.numbers, columns.lines, strict=True)
    ]


def fill(sorter: Sorter[Key], rows: Sequence[tuple[Key, bytes]], *, block: int) -> list[tuple[Key, int, bytes]]:
    """Hand rows to a sorter some at a time, and say what must come out."""
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        lines = [line + b"\n" for _, line in part]
        numbers = array("q", range(start, start + len(part)))
        sorter.add(Columns([key for key, _ in part], numbers, lines), sum(map(len, lines)))
    return sorted(((key, number, line) for number, (key, line) in enumerate(rows)), key=lambda row: row[0])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.integers(-2, 9), st.binary(max_size=30).filter(lambda line: b"\n" not in line))),
    block=st.integers(1, 20),
    sizes=st.fixed_dictionaries(
        {
            "run_bytes": st.sampled_from([1, 1_000, 10_000, 10**9]),
            "chunk_bytes": st.sampled_from([1, 50, 10_000]),
            "fan_in": st.sampled_from([2, 3, 100]),
        }
    ),
)
def test_lines_come_by_key_and_those_of_one_key_as_they_came(
    rows: list[tuple[int, bytes]], block: int, sizes: dict[str, int]
) -> None:
    """Runs of one line and runs merged in many rounds included; a file that was needed is gone at the end."""

    def hold(keys: KeyFormat[Key], keyed: Sequence[tuple[Key, bytes]]) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "runs"
            sorter = Sorter(keys, path, **sizes)
            expected = fill(sorter, keyed, block=block)
            assert expected == result(sorter)
            sorter.close()
            assert not path.exists()

    hold(NUMBERS, [(float(number), line) for number, line in rows])
    hold(TEXTS, [(f"é{number}", line) for number, line in rows])


def test_few_lines_need_no_file(tmp_path: Path) -> None:
    """A small source leaves the disk alone."""
    sorter = Sorter(TEXTS, tmp_path / "runs")
    expected = fill(sorter, [("b", b"1"), ("a", b"2")], block=1)
    assert expected == result(sorter)
    assert not (tmp_path / "runs").exists()


def test_each_round_of_a_merge_advances_in_all_runs(tmp_path: Path) -> None:
    """Else a merge of many runs would cost more for each line than a merge of few."""
    rounds = []
    for runs in (10, 40):
        sorter = Sorter(TEXTS, tmp_path / "runs", run_bytes=300 * 210, chunk_bytes=6_000)
        fill(sorter, [(f"{number * 7_919 % 300_007:06d}", b"x" * 10) for number in range(300 * runs)], block=100)
        rounds.append(sum(1 for _ in sorter.sorted()))
        sorter.close()
    assert rounds[1] < 1.5 * rounds[0]
