"""What action.yml runs in other people's CI does what its inputs say."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from gong_crm_emulator import running_emulator

ACTION: Final[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "action.yml").read_text(encoding="utf-8"))
STEPS: Final = {step.get("id") or step["name"]: step for step in ACTION["runs"]["steps"]}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Path]:
    """A folder for what a runner keeps, with this environment as the one that the action installs."""
    for extra in ("emulator", "contract"):
        (tmp_path / f"gong-crm-{extra}").symlink_to(sys.prefix)
    yield tmp_path
    if (pid := tmp_path / "gong-crm-emulator.pid").exists():
        os.kill(int(pid.read_text()), signal.SIGTERM)


def run(step: str, runner: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the script of a step, as the runner of GitHub would."""
    given = dict.fromkeys(STEPS[step].get("env", {}), "") | variables
    environment = {**os.environ, "RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(runner / "output"), **given}
    return subprocess.run(
        ["/usr/bin/env", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=runner,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def outputs(runner: Path) -> dict[str, str]:
    """Read what a step has put out."""
    lines = (runner / "output").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_emulator_answers_the_steps_that_follow(runner: Path) -> None:
    """The address and the credentials that are put out open an emulator with the options that were given."""
    started = run("emulator", runner, PORT="0", OPTIONS="--processing=at-once\n\n--rate=off\n")
    assert 0 == started.returncode, started.stdout + started.stderr
    found = outputs(runner)
    assert {"base-url", "access-key", "access-key-secret"} == found.keys()
    answer = httpx.get(
        f"{found['base-url']}/v2/crm/integrations", auth=(found["access-key"], found["access-key-secret"])
    )
    assert 200 == answer.status_code


def test_an_emulator_that_cannot_start_fails_the_step(runner: Path) -> None:
    """What the emulator said stands in the log, and nothing is put out."""
    started = run("emulator", runner, PORT="0", OPTIONS="--no-such-option")
    assert 1 == started.returncode
    assert "no-such-option" in started.stdout
    assert not (runner / "output").exists()


def test_an_input_is_never_run(runner: Path) -> None:
    """What an option holds reaches the program as it is, and the shell does nothing with it."""
    started = run("emulator", runner, PORT="0", OPTIONS='--data=$(touch ran)`touch ran`; touch ran; "--x')
    assert not (runner / "ran").exists()
    assert started.returncode in {0, 1}


def test_the_verdict_is_the_exit_code(runner: Path) -> None:
    """A server is judged at the address given, and the exit code of the suite is that of the step and an output."""
    with running_emulator() as emulator:
        keys = {"GONG_ACCESS_KEY": "key-admin", "GONG_ACCESS_KEY_SECRET": "secret-admin"}
        chosen = "--clause=auth.unknown-path"
        judged = run("judge", runner, BASE_URL=emulator.url, REPORT="judged", OPTIONS=chosen, **keys)
    assert 0 == judged.returncode, judged.stdout + judged.stderr
    assert {"exit-code": "0"} == outputs(runner)
    assert (runner / "judged" / "contract.xml").exists()


def test_a_target_that_cannot_be_judged_fails_the_step(runner: Path) -> None:
    """The exit code of the suite is handed on when it is not 0 too."""
    judged = run("judge", runner, BASE_URL="http://127.0.0.1:9", REPORT="judged", OPTIONS="--no-such-option")
    assert (4, {"exit-code": "4"}) == (judged.returncode, outputs(runner))


def test_no_script_has_an_expression() -> None:
    """No step writes an input, or anything else of the workflow, into its script."""
    assert [] == [name for name, step in STEPS.items() if "${{" in step.get("run", "")]


def test_every_input_and_output_is_documented() -> None:
    """docs/ci.md has a row for each input, with its default, and names each output."""
    page = (Path(__file__).parents[1] / "docs" / "ci.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(" `"): cells for line in page.splitlines() if (cells := line.split("|"))[2:]}
    for name, given in ACTION["inputs"].items():
        assert (f"`{given['default']}`" if given.get("default") else "") in rows[name][3]
    assert [] == [name for name in ACTION["outputs"] if f"`{name}`" not in page]
