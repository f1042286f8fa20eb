"""The pages about engines: each block runs in its engine, as a program of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gong_crm import GongCrm

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"(?ms)^## (\w+)[^\n]*\n+```python\n(.*?)^```", PAGE))
DISTRIBUTIONS = {"Spark": "pyspark", "Ray": "ray", "Dask": "dask"}


def test_every_engine_has_its_block() -> None:
    """The pattern above finds all blocks of the page."""
    assert list(DISTRIBUTIONS) == list(BLOCKS)
    assert len(BLOCKS) == PAGE.count("```python")


def run(program: str, emulator: RunningEmulator, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block in a folder, against the emulator."""
    caller = emulator.principals["admin"]
    environment = {
        **os.environ,
        "GONG_BASE_URL": emulator.url,
        "GONG_ACCESS_KEY": caller.access_key,
        "GONG_ACCESS_KEY_SECRET": caller.access_key_secret,
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("engine", BLOCKS)
def test_an_engine_prepares_and_one_process_sends(engine: str, gong_emulator: RunningEmulator, tmp_path: Path) -> None:
    """Every good row of a Parquet file is in Gong once, digits and all; the bad ones are in the engine's own output."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    if find_spec(DISTRIBUTIONS[engine]) is None:
        pytest.skip(f"{engine} is not installed; nox -s engines has it")
    if engine == "Spark" and "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        pytest.skip("Spark needs Java, 17 or newer")
    changed = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    rows = [{"objectId": f"d{n}" if n % 5 else "", "modifiedDate": changed, "amount": Decimal(n)} for n in range(50)]
    schema = pa.schema(
        [("objectId", pa.string()), ("modifiedDate", pa.timestamp("us", "UTC")), ("amount", pa.decimal128(12, 2))]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema), tmp_path / "deals.parquet")
    done = run(BLOCKS[engine], gong_emulator, tmp_path)
    ids = [f"d{n}" for n in range(50) if n % 5]
    caller = gong_emulator.principals["admin"]
    with GongCrm(
        base_url=gong_emulator.url,
        access_key=caller.access_key,
        access_key_secret=caller.access_key_secret,
        journal=tmp_path / "state",
    ) as gong:
        integration = gong.integration()
        assert integration is not None, done.stderr[-3000:]
        found = integration.read("DEAL", ids)
    assert {one: float(one[1:]) for one in ids} == {one: deal and deal["amount"] for one, deal in found.items()}
    assert 0 == done.returncode, done.stderr[-3000:]
    rejected = tmp_path / f"{engine.lower()}-rejected"
    assert 10 == (
        sum(len(path.read_text().splitlines()) for path in rejected.glob("*.json"))
        if engine == "Spark"
        else pq.read_table(rejected).num_rows
    )
