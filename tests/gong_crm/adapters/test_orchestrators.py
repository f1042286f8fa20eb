"""The page about schedulers: each block is run by the scheduler that it is written for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gong_crm import GongCrm

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "orchestrators.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"(?ms)^## (\w+)[^\n]*\n.*?```python\n(.*?)^```", PAGE))
RUNS = {
    "Airflow": """
import subprocess, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag("dags")
assert bag.import_errors == {}, bag.import_errors
dag = bag.dags["gong_nightly"]
assert ["settled", "start"] == sorted(dag.task_ids)
assert dag.get_task("settled").reschedule
for command in (["db", "migrate"], ["dags", "reserialize"], ["dags", "test", "gong_nightly"]):
    subprocess.run([sys.executable, "-m", "airflow", *command], check=True)
""",
    "Dagster": """
from dags.gong_nightly import defs
result = defs.resolve_job_def("gong_nightly").execute_in_process()
assert result.success
assert 3 == result.output_for_node("settled")["types"][0]["accepted"]
""",
    "Prefect": """
from dags.gong_nightly import gong_nightly
assert 3 == gong_nightly()["types"][0]["accepted"]
""",
}


def test_every_scheduler_has_its_block() -> None:
    """The pattern above finds all blocks of the page."""
    assert list(RUNS) == list(BLOCKS)
    assert len(BLOCKS) == PAGE.count("```python")


@pytest.mark.parametrize("scheduler", BLOCKS)
def test_a_scheduler_takes_the_block(scheduler: str, gong_emulator: RunningEmulator, tmp_path: Path) -> None:
    """It is parsed and run: a task pushes, another one waits by the token, and the accounts are in Gong."""
    if find_spec(scheduler.lower()) is None:
        pytest.skip(f"{scheduler} is not installed; nox -s engines has it")
    (tmp_path / "dags").mkdir()
    block = BLOCKS[scheduler].replace("/var/lib/gong-crm", str(tmp_path / "journal"))
    (tmp_path / "dags" / "gong_nightly.py").write_text(block)
    lines = [{"objectId": f"a{n}", "modifiedDate": "2026-01-02T03:04:05Z", "name": "A"} for n in range(3)]
    (tmp_path / "accounts.ldjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    caller = gong_emulator.principals["admin"]
    environment = {
        **os.environ,
        "GONG_BASE_URL": gong_emulator.url,
        "GONG_ACCESS_KEY": caller.access_key,
        "GONG_ACCESS_KEY_SECRET": caller.access_key_secret,
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DAGSTER_HOME": str(tmp_path),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "DO_NOT_TRACK": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUNS[scheduler]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert 0 == done.returncode, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    with GongCrm(
        base_url=gong_emulator.url,
        access_key=caller.access_key,
        access_key_secret=caller.access_key_secret,
        journal=tmp_path / "journal",
    ) as gong:
        assert [] == gong.jobs()
        integration = gong.integration()
        assert integration is not None
        assert None not in integration.read("ACCOUNT", ["a0", "a1", "a2"]).values()
