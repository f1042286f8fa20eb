"""Tests of scripts/drifts.py: the proof of the suite, proven on itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import drifts

ROOT = Path(__file__).parents[2]
REGISTRATION = str(ROOT / "contract_tests" / "test_registration.py")
CLAUSE = "register.second-is-conflict"
VACUOUS = f'''
import pytest


@pytest.mark.clause("{CLAUSE}")
def test_vacuous() -> None:
    """It claims a clause and asserts nothing."""
'''


def proof(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as somebody would."""
    command = [sys.executable, str(ROOT / "scripts" / "drifts.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_drift_is_caught_by_a_test_that_asserts_its_clause() -> None:
    """A drift whose clause a test asserts is caught by that test, under the name of that clause."""
    done = proof("--only", "register-second-400", "--tests", REGISTRATION)

    assert 0 == done.returncode, done.stdout
    assert f"register-second-400: caught {CLAUSE} by registration::test_one_after_the_other" in done.stdout


def test_generated_calls_find_a_drift() -> None:
    """Calls that were generated before the processes part find a drift as those of an ordinary run do."""
    done = proof("--only", "refusal-500", "--tests", str(ROOT / "contract_tests" / "test_conformance.py"))

    assert "refusal-500: caught envelope.no-server-fault by conformance::test_answers_obey_the_document" in done.stdout


def test_waits_are_leapt_over_together_with_the_server() -> None:
    """A server that takes ten calls a second, and one that takes a second for each request, are still green."""
    done = proof("--only", "rate-limit", "seconds", "--tests", REGISTRATION)

    assert 0 == done.returncode, done.stdout
    assert "variations run, 0 false alarms" in done.stdout


def test_a_variation_that_no_test_meets_is_named() -> None:
    """A run says of a variation that is green only because no test asked for what it does otherwise."""
    done = proof("--only", "unknown-headers", "unknown-path-html", "--tests", REGISTRATION)

    assert 0 == done.returncode, done.stdout
    assert "unknown-headers: green" in done.stdout
    assert "unknown-path-html: never met" in done.stdout


def test_a_silenced_clause_lets_its_drifts_survive() -> None:
    """When the breaches of a clause return quietly, no drift of it is caught: nothing else proves the clause."""
    done = proof("--only", CLAUSE, "--tests", REGISTRATION, "--silence", CLAUSE)

    assert 1 == done.returncode, done.stdout
    assert ": caught" not in done.stdout
    assert f"{CLAUSE}: no drift was found by" in done.stdout


def test_a_vacuous_test_is_refused(tmp_path: Path) -> None:
    """A test that claims a clause and finds none of its drifts fails the matrix by name, beside one that does."""
    module = tmp_path / "contract_tests" / "test_vacuous.py"
    module.parent.mkdir()
    module.write_text(VACUOUS, encoding="utf-8")
    done = proof("--only", CLAUSE, "--tests", REGISTRATION, str(module))

    assert 1 == done.returncode, done.stdout
    assert f"{CLAUSE}: no drift was found by vacuous::test_vacuous\n" in done.stdout


@pytest.mark.parametrize(("name", "near"), [("nonsense", ""), ("register-second-40", "register-second-400")])
def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str], name: str, near: str) -> None:
    """A name that no drift, variation or clause has is refused, with near ones."""
    with pytest.raises(SystemExit, match="2"):
        drifts.main(["--only", name])

    said = capsys.readouterr().err
    assert f"is called {name}" in said
    assert near in said
