"""What README.md promises is what happens."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from gong_crm_emulator import running_emulator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    """Give the fenced blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_first_push_works_and_works_again(tmp_path: Path) -> None:
    """The first push, pasted twice, tells the same outcome both times, and why one line is refused."""
    with running_emulator() as emulator:
        program = fenced("python")[0].replace("http://127.0.0.1:8080", emulator.url)
        for _ in range(2):
            run = subprocess.run(
                [sys.executable, "-W", "error", "-c", program],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert "" == run.stderr
            rows = [line.split()[:5] for line in run.stdout.splitlines()]
            assert ["ACCOUNT", "1", "1", "0", "0"] in rows
            assert ["CONTACT", "2", "1", "1", "0"] in rows
            assert "<records> row 2 (c2): modifiedDate" in run.stdout


def test_ci_runs_the_test_command() -> None:
    """CI runs the command that README.md gives for the tests, letter by letter."""
    command = fenced("")[1].strip()
    assert command == "python -m pip install nox && nox"
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_counted_operations_are_those_of_the_contract() -> None:
    """The number of operations that README.md gives is that of openapi.yaml."""
    paths = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["paths"].values()
    operations = [one for path in paths for one in path.values() if "operationId" in one]
    assert [str(len(operations))] == re.findall(r"(\d+) operations", README)


@pytest.mark.parametrize("extra", sorted(set(re.findall(r"gong-crm\[(\w+)\]", README))))
def test_named_extra_exists(extra: str) -> None:
    """Every extra that README.md names is in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert extra in project["optional-dependencies"]


@pytest.mark.parametrize("session", sorted(set(re.findall(r"nox -s (\w+)", README))))
def test_named_session_exists(session: str) -> None:
    """Every session that README.md names is in the noxfile."""
    assert f"def {session}(session: nox.Session)" in (ROOT / "noxfile.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_link_leads_somewhere(target: str) -> None:
    """Every file that README.md links to exists."""
    assert (ROOT / target).exists()
