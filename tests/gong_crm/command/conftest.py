"""The command, in the test or as a process of its own, and an emulator that it calls."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gong_crm import GongCrm
from gong_crm.command.__main__ import main
from gong_crm_emulator import Principal, RunningEmulator

COMMAND = [sys.executable, "-W", "error", "-m", "gong_crm.command"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(gong_emulator: RunningEmulator, tmp_path: Path) -> dict[str, str]:
    """Give what the command needs to know."""
    caller = gong_emulator.principals["admin"]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "GONG_BASE_URL": gong_emulator.url,
        "GONG_ACCESS_KEY": caller.access_key,
        "GONG_ACCESS_KEY_SECRET": caller.access_key_secret,
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "COLUMNS": "100",
        # Coverage measures the command when it measures the tests.
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
    }


@pytest.fixture
def run(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run the command in this process, in a folder of its own, as fast as the emulator allows."""

    def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":  # noqa: ANN401  (as of subprocess)
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, value in (environment | more.pop("env", {})).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO(more.pop("input", "")))
            assert not more
            capsys.readouterr()
            code = main([*arguments, *quick(arguments)])
            said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return run


def quick(arguments: Sequence[str]) -> list[str]:
    """Give the option that lets a command call as often as it likes, where it takes one."""
    return [] if arguments[0] in {"demo", "emulator"} else ["--calls-per-second", "1000"]


@pytest.fixture
def process(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the command as a user does, in a process of its own: for streams, signals and exit codes."""

    def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":  # noqa: ANN401  (of subprocess)
        env, command = environment | more.pop("env", {}), [*COMMAND, *arguments, *quick(arguments)]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, **more)

    return run


@pytest.fixture
def registered(gong_emulator: RunningEmulator, gong_principals: Mapping[str, Principal], tmp_path: Path) -> None:
    """Register an integration that the journal of the command knows."""
    caller = gong_principals["admin"]
    state = tmp_path / "state" / "gong-crm"
    with GongCrm(base_url=gong_emulator.url, access_token=caller.access_token, journal=state) as gong:
        gong.register(name="Acme CRM", owner_email="ops@acme.example")
