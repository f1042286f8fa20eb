"""What a file of 200 MB costs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench import emulator_load as load
from bench_emulator import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Only Linux tells the memory of a process."),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing: install it to upload a large file."),
]


@pytest.mark.parametrize("kept", ["memory", "file"])
def test_two_hundred_megabytes_are_taken_in_with_bounded_memory(tmp_path: Path, kept: str) -> None:
    """764,000 contacts cost at most 120 MB of memory, and others hardly notice.

    Their 99th percentile stays under 50 ms in the quietest of three runs, or, where a machine is so busy that a
    quarter of that is spent without any upload, under four times what it was before.
    """
    path = tmp_path / "contacts.ldjson"
    assert 190_000_000 < load.write_contacts(path) <= 200_000_000
    slower = []
    for run in range(3):
        data = ["--data", str(tmp_path / f"state{run}.db")] if kept == "file" else []
        large = uploaded(path, data)
        assert load.CONTACTS == large.good
        assert large.peak_mb - large.idle_mb <= 120
        before, meanwhile = (load.percentile(seconds, 0.99) for seconds in (large.alone, large.others))
        slower.append(meanwhile / max(0.05, 4 * before))
        if slower[-1] < 1:
            break
    assert min(slower) < 1


def uploaded(path: Path, options: list[str]) -> load.LargeUpload:
    """Start an emulator, upload the file, and measure what that costs."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["--processing", "at-once", "--main-seconds", "0", *options]
    with load.started(load.emulator_command(port, *options), lambda: load.answers(url)) as (process, _):
        return load.upload_large(url, process.pid, path)
