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

def test_a_client_is_ready(gong_client):
    assert gong_client.get("/v2/crm/integrations").json()["integrations"] == []

def test_the_environment_is_set(gong_environment):
    import os
    assert os.environ["GONG_BASE_URL"] == gong_environment["GONG_BASE_URL"]
    auth = (os.environ["GONG_ACCESS_KEY"], os.environ["GONG_ACCESS_KEY_SECRET"])
    assert "GONG_ACCESS_TOKEN" not in os.environ
    assert httpx.get(os.environ["GONG_BASE_URL"] + "/v2/crm/integrations", auth=auth).status_code == 200
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_the_fixtures_work_in_a_project_of_its_own(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """A test file that only names the fixtures passes, each test on a fresh state, also with two workers."""
    (tmp_path / "test_mine.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    # Only the plugins under test: others that are installed here take seconds to load.
    plugin = ("-p", "gong_crm_emulator.pytest_plugin", *(("-p", "xdist") if workers else ()))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "GONG_ACCESS_TOKEN": "another"}
    command = [sys.executable, "-m", "pytest", "-q", *plugin, *workers, str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False
    )
    assert "8 passed" in done.stdout, done.stdout + done.stderr


def test_the_package_registers_the_plugin() -> None:
    """Whoever installs the package has the fixtures without naming a plugin."""
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "gong_crm_emulator.pytest_plugin" in project["project"]["entry-points"]["pytest11"].values()


EXTRA = ("httptools", "orjson", "python_multipart", "starlette", "uvicorn")
BARE = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {extra}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Missing())
"""


def bare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python as if only the base install were there."""
    (folder / "sitecustomize.py").write_text(BARE.format(extra=set(EXTRA)), encoding="utf-8")
    path = os.pathsep.join([str(folder), *(path for path in sys.path if path)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("test", "outcome"),
    [
        ("def test_mine(): pass", "1 passed"),
        ("def test_mine(gong_emulator): pass", "pip install 'gong-crm[emulator]'"),
    ],
)
def test_the_base_install_breaks_no_test_run(tmp_path: Path, test: str, outcome: str) -> None:
    """Without the extra other tests run as ever, and a test that asks for a fixture learns what to install."""
    (tmp_path / "test_mine.py").write_text(test, encoding="utf-8")
    done = bare(tmp_path, "-W", "error", "-m", "pytest", "-q", "-p", "gong_crm_emulator.pytest_plugin", "test_mine.py")
    assert outcome in done.stdout, done.stdout + done.stderr


def test_the_base_install_has_a_command_that_says_what_is_missing(tmp_path: Path) -> None:
    """Without the extra the command ends with one sentence, and still lists its options."""
    done = bare(tmp_path, "-m", "gong_crm_emulator")
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.endswith("which is not installed: pip install 'gong-crm[emulator]'.\n")
    assert 1 == done.stderr.count("\n")
    assert 0 == bare(tmp_path, "-m", "gong_crm_emulator", "--help").returncode


def test_an_unused_plugin_loads_nothing_of_the_server(tmp_path: Path) -> None:
    """A test run that never asks for a fixture imports no server and no client."""
    heavy = {*EXTRA, "httpx", "attr"}
    (tmp_path / "test_mine.py").write_text(
        f"import sys\ndef test_mine(): assert set() == {heavy!r} & set(sys.modules)", encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "gong_crm_emulator.pytest_plugin", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60, check=False
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
