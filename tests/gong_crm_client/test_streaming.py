"""A file of Gong's greatest size goes up in constant memory; how fast, nox -s bench_client tells."""

from __future__ import annotations

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
