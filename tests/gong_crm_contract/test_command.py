"""The command that judges a server from an installed package, in a folder of its user."""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from contract_tests.options import add_options
from contract_tests.suite.wire.network import CA_VARIABLES
from contract_tests.suite.wire.targets import environment_of
from gong_crm_contract import __main__ as command
from tests.contract_tests.suite import servers

PAGE: Final = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def judge(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder, with nothing of our own environment but what measures coverage."""
    measuring = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, "-m", "gong_crm_contract", *arguments],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), **measuring, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_judges_from_a_folder_that_has_tests_of_its_own(tmp_path: Path) -> None:
    """Names, options, plugins and settings of the user's own tests change nothing, and only the report is left."""
    (tmp_path / "contract_tests").mkdir()
    (tmp_path / "contract_tests" / "__init__.py").write_text("raise SystemExit('the tests of the user')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    before = {path.name for path in tmp_path.iterdir()}
    broken = servers.Counted(trick=servers.replying(b"{}"), path="/v2/deals")
    with servers.served(broken) as (target, _):
        environment = {**environment_of(target), "PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such"}
        run = judge(tmp_path, "--clause", "auth.unknown-path", "--report", "judged", **environment)
    assert 1 == run.returncode, run.stdout + run.stderr
    assert "Breach of " in run.stdout
    assert {"judged"} == {path.name for path in tmp_path.iterdir()} - before
    assert {"contract.html", "contract.json", "contract.xml"} == {path.name for path in (tmp_path / "judged").iterdir()}
    report = json.loads((tmp_path / "judged" / "contract.json").read_text(encoding="utf-8"))
    assert target.base_url == report["facts"]["at"]
    assert ["failed", "passed"] == sorted(one["outcome"] for one in report["tests"])


def test_without_credentials_nothing_is_judged(tmp_path: Path) -> None:
    """Without anything to judge with, the command says what is missing, and leaves nothing behind."""
    run = judge(tmp_path, "--clause", "auth.unknown-path")
    assert 4 == run.returncode, run.stdout + run.stderr
    assert "GONG_ACCESS_KEY" in run.stdout + run.stderr
    assert [] == [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["http://127.0.0.1:8080"], "unrecognized arguments: http://127.0.0.1:8080"),
        (["--rate", "fast"], "argument --rate: invalid float value: 'fast'"),
        (["--base", "http://127.0.0.1:8080"], "unrecognized arguments: --base"),
    ],
)
def test_a_wrong_use_is_said_in_one_line(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    """What cannot be understood ends with exit code 4 and a line that says where the options are."""
    run = judge(tmp_path, *arguments)
    assert (4, "") == (run.returncode, run.stdout)
    assert re.fullmatch(rf"gong-crm-contract: {re.escape(sentence)}.*; gong-crm-contract --help .*\n", run.stderr)


def test_what_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra the command says what is missing and how to get it, and judges nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(command, "NEEDED", ("pytest", "no_such_package"))
    assert 4 == command.main([])
    assert "judging needs no_such_package: python -m pip install" in capsys.readouterr().err


def test_every_option_is_documented() -> None:
    """The page has a row for each option of the command."""
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser.add_argument)
    options = {name for action in parser._actions for name in action.option_strings}
    assert set() == options - set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))


def test_every_exit_code_is_in_the_help(tmp_path: Path) -> None:
    """The help names the exit codes that the page explains, and no other."""
    codes = re.findall(r"^\| (\d) \|", PAGE.partition("## Exit codes")[2], re.MULTILINE)
    text = " ".join(judge(tmp_path, "--help").stdout.partition("Exit codes:")[2].split())
    assert codes == re.findall(r"(?:^|; )(\d) ", text)


def test_the_files_of_certificates_are_those_of_the_suite() -> None:
    """Each variable that the suite takes certificates from is read in the folder of the user."""
    assert set(CA_VARIABLES) == command.CERTIFICATES
