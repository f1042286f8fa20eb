"""Tests of scripts/bench_client.py: how it judges and where it writes; the measuring itself is run by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import bench_client
from bench_client import Row

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    Row(what="a call", told="1.05", bar="at most 1.10", kept=True),
    Row(what="an upload", told="2.00", bar="at most 1.25", kept=False),
    Row(what="a peer", told="3.00", bar="", kept=None),
]


def test_table_shows_what_is_missed() -> None:
    """A bar that is missed stands out, and a number without a bar has no verdict."""
    lines = bench_client.as_markdown(ROWS).splitlines()

    assert ["| a call | 1.05 | at most 1.10 | yes |", "| an upload | 2.00 | at most 1.25 | **no** |"] == lines[-3:-1]
    assert "| a peer | 3.00 |  |  |" == lines[-1]


def test_section_replaces_only_its_own(tmp_path: Path) -> None:
    """The section goes between its markers, again and again, and the rest of the page stays."""
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- client -->\nold\n<!-- /client -->\nafter\n", encoding="utf-8")
    for _ in range(2):
        bench_client.write_section(page, r"new \1" + "\n")

    assert "before\n<!-- client -->\nnew \\1\n<!-- /client -->\nafter\n" == page.read_text(encoding="utf-8")


def test_page_without_markers_is_refused(tmp_path: Path) -> None:
    """Without markers nothing is written."""
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="needs the markers"):
        bench_client.write_section(page, "new\n")


@pytest.mark.parametrize(("ours", "code"), [(0.11, True), (0.13, False)])
def test_uploads_are_held_against_curl(ours: float, code: bool) -> None:  # noqa: FBT001 - a table's column
    """An upload may take 1.25 of curl's time."""
    rows = bench_client._time_rows({"curl": [0.1], "sync": [ours], "async": [ours], "raw": [0.1]}, None)

    assert [code, code, None, None] == [row.kept for row in rows]
    assert "Java or openapi-generator-cli is not on this machine" == rows[-1].told


def test_missing_java_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java or the generator the peer is left out."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bench_client.generate_peer(tmp_path) is None


def test_missing_curl_is_reported() -> None:
    """Without curl the page says so instead of a ratio."""
    rows = bench_client._time_rows({"curl": [], "sync": [1.0], "async": [1.0], "raw": [1.0]}, None)

    assert ["there is no curl on this machine"] == [row.told for row in rows]


def test_lines_stay_below_the_limit(tmp_path: Path) -> None:
    """The file that is uploaded has whole lines and at most the bytes asked for."""
    bench_client.write_lines(tmp_path / "x.ldjson", 10_000)

    text = (tmp_path / "x.ldjson").read_text(encoding="ascii")
    assert 8_000 < len(text) <= 10_000
    assert text.endswith("}\n")


def test_failing_child_is_quoted() -> None:
    """What a measurement says when it fails is passed on."""
    with pytest.raises(SystemExit, match="import no_such_module failed"):
        bench_client.child("import", "no_such_module")
