"""The fixtures that other people's tests use."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TESTS = """
import httpx, pytest

BODY = {"name": "n", "ownerEmail": "o@example.com"}

@pytest.mark.parametrize("turn", range(4))
def test_each_test_starts_fresh(gong_emulator, gong_principals, turn):
    admin = gong_principals["admin"]
    answer = httpx.put(
        gong_emulator.url + "/v2/crm/integrations", json=BODY, auth=(admin.access_key, admin.access_key_secret)
    )
    assert answer.status_code == 200

def test_the_clock_stands(gong_clock):
    now = gong_clock.now()
    gong_clock.step(60)
    assert gong_clock.now() == now + 60

def test_faults_can_be_planned(gong_faults, gong_emulator):
    gong_faults.add("*", {"kind": "answer", "status": 503})
    assert httpx.get(gong_emulator.url + "/v2/crm/integrations").status_code == 503
    assert gong_faults.consumed()
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_fixtures_work_in_a_project_of_its_own(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """A test file that only names the fixtures passes, each test on a fresh state, also with two workers."""
    (tmp_path / "test_mine.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    # Only the plugins under test: others that are installed here take seconds to load.
    plugin = ("-p", "gong_crm_emulator.pytest_plugin", *(("-p", "xdist") if workers else ()))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", *plugin, *workers, str(tmp_path)]
    done = subprocess.run(  # noqa: S603  (our own command)
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False
    )
    assert "6 passed" in done.stdout, done.stdout + done.stderr


def test_the_package_registers_the_plugin() -> None:
    """Whoever installs the package has the fixtures without naming a plugin."""
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "gong_crm_emulator.pytest_plugin" in project["project"]["entry-points"]["pytest11"].values()
