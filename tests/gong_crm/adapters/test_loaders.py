"""The page about loaders: its pipeline runs, twice, and its configuration is one that the target takes."""

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

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "loaders.md").read_text(encoding="utf-8")
ROW = {"id": "a2", "changed_at": "2026-11-22T08:00:00Z", "name": "Bolt", "tier": "gold"}


@pytest.fixture
def environment(gong_emulator: RunningEmulator, tmp_path: Path) -> dict[str, str]:
    """Give an environment that knows the emulator."""
    caller = gong_emulator.principals["admin"]
    return {
        **os.environ,
        "GONG_BASE_URL": gong_emulator.url,
        "GONG_ACCESS_KEY": caller.access_key,
        "GONG_ACCESS_KEY_SECRET": caller.access_key_secret,
        "DLT_DATA_DIR": str(tmp_path / "dlt"),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }


def run(program: str, *arguments: str, folder: Path, environment: dict[str, str], standard_input: str = "") -> str:
    """Run a program in a folder, and give what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments],
        cwd=folder,
        env=environment,
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 0 == done.returncode, done.stderr[-3000:]
    return done.stdout


def test_the_pipeline_of_the_page_runs_and_runs_again(environment: dict[str, str], tmp_path: Path) -> None:
    """The account is accepted once, and a second run of the pipeline changes nothing."""
    if find_spec("dlt") is None:
        pytest.skip("dlt is not installed; pip install 'gong-crm[dlt]'")
    (block,) = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE)
    for _ in range(2):
        assert re.search(r"(?m)^ACCOUNT +1 +1 +0 +0 ", run(block, folder=tmp_path, environment=environment))
    assert not (tmp_path / "rejected").exists()


def test_the_configuration_of_the_page_is_taken(environment: dict[str, str], tmp_path: Path) -> None:
    """The target pushes a record by it, and tells the state."""
    if find_spec("singer_sdk") is None:
        pytest.skip("singer-sdk is not installed; pip install 'gong-crm[singer]'")
    (block,) = re.findall(r"(?ms)^```json\n(.*?)^```", PAGE)
    (tmp_path / "config.json").write_text(block)
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in ROW}}
    messages = [
        {"type": "SCHEMA", "stream": "firms", "schema": schema, "key_properties": ["id"]},
        {"type": "RECORD", "stream": "firms", "record": ROW},
        {"type": "STATE", "value": {"read": 1}},
    ]
    sent = "".join(json.dumps(message) + "\n" for message in messages)
    program = "from gong_crm.adapters.singer_command import main; main()"
    for _ in range(2):
        printed = run(program, "--config", "config.json", folder=tmp_path, environment=environment, standard_input=sent)
        assert '{"read": 1}\n' == printed
    assert not (tmp_path / "rejected").exists()
