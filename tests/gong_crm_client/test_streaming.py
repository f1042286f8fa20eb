"""Tests that a file of Gong's greatest size goes up in constant memory and about as fast as by curl."""

from __future__ import annotations

import shutil
from statistics import median
from typing import TYPE_CHECKING

import pytest

import bench_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of 200 MB of lines."""
    path = tmp_path_factory.mktemp("lines") / "accounts.ldjson"
    bench_client.write_lines(path, bench_client.SIZE)
    return path


@pytest.fixture(scope="module")
def sink() -> Iterator[str]:
    """Return the address of a server that swallows everything."""
    with bench_client.sink() as url:
        yield url


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_upload_takes_constant_memory(lines: Path, sink: str, kind: str) -> None:
    """200 MB go up with at most 15 MB above what the imports took."""
    assert 199_000_000 < lines.stat().st_size <= 200_000_000

    found = bench_client.child("upload", kind, sink, str(lines), "1")

    assert found["before"] > 0
    assert found["mb"] <= 15


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_upload_is_about_as_fast_as_curl(lines: Path, sink: str, kind: str) -> None:
    """200 MB go up within 1.25 of the time that curl takes in the same run, in the best of four tries."""
    ratios = []
    for _ in range(4):
        ours, curls = [], []
        for _ in range(5):
            curls += [bench_client.curl(sink, lines) for _ in range(2)]
            ours += bench_client.child("upload", kind, sink, str(lines), "3")["seconds"]
        ratios.append(median(ours) / median(curls))
        if ratios[-1] <= 1.25:
            break

    assert min(ratios) <= 1.25
