"""Tests of scripts/bench_client.py: how it judges and where it writes; the measuring itself is run by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import bench_client

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("ours", "code"), [(0.11, True), (0.13, False)])
def test_uploads_are_held_against_curl(ours: float, code: bool) -> None:  # noqa: FBT001  (a table's column)
    """An upload may take 1.25 of curl's time."""
    rows = bench_client._time_rows({"curl": [0.1], "sync": [ours], "async": [ours], "raw": [0.1]}, None)

    assert [code, code, None, None] == [row.kept for row in rows]
    assert "Java or openapi-generator-cli is not on this machine" == rows[-1].result


def test_missing_java_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java or the generator the peer is left out."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bench_client.generate_peer(tmp_path) is None


def test_missing_curl_is_reported() -> None:
    """Without curl the page says so instead of a ratio."""
    rows = bench_client._time_rows({"curl": [], "sync": [1.0], "async": [1.0], "raw": [1.0]}, None)

    assert ["there is no curl on this machine"] == [row.result for row in rows]


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
