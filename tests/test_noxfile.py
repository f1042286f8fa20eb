"""A stale lock and an unfit release are refused with a sentence that says what to do."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import noxfile

ROOT = Path(__file__).parents[1]
VERSION = noxfile.PYPROJECT["project"]["version"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the guards read, and nothing else."""
    for name in ("noxfile.py", "pyproject.toml", "CHANGELOG.md", ".ci/lock.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('"attrs>=23.2,<27"', '"attrs>=23.2,<27", "not-locked>=1"', "has no version for 'not-locked>=1'"),
        ("uvicorn>=0.34,<1", "uvicorn>=99", "for 'uvicorn>=99'"),
        ("coverage>=7.10,<8", "coverage>=99", "for 'coverage>=99'"),
    ],
)
def test_stale_lock_is_refused(checkout: Path, before: str, after: str, sentence: str) -> None:
    """A lock that lacks what pyproject.toml asks for, anywhere, stops every session and says how to write it anew."""
    project = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    assert before in project
    (checkout / "pyproject.toml").write_text(project.replace(before, after), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "nox", "-s", "lint"], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert 1 == run.returncode
    assert sentence in run.stderr
    assert "run `nox -s lock`" in run.stderr
    assert "ruff" not in run.stderr


@pytest.mark.usefixtures("checkout")
def test_tag_of_another_version_is_refused() -> None:
    """A tag is released only when pyproject.toml has its version."""
    assert f"pyproject.toml says {VERSION}" in str(noxfile.why_not_release("v99.0.0"))


def test_release_without_changelog_is_refused(checkout: Path) -> None:
    """A version is released only when the changelog has a section of its name and day."""
    changes = checkout / "CHANGELOG.md"
    changes.write_text("# Changelog\n\n## Unreleased\n", encoding="utf-8")
    assert "CHANGELOG.md has no section" in str(noxfile.why_not_release(f"v{VERSION}"))
    changes.write_text(f"# Changelog\n\n## {VERSION} - 2026-11-28\n", encoding="utf-8")
    assert noxfile.why_not_release(f"v{VERSION}") is None


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda page: page.name)
def test_sessions_that_a_page_names_exist(page: Path) -> None:
    """Nobody is sent to a session that was removed; the changelog may speak of what once was."""
    named = {name for name in re.findall(r"nox -s (\w+)", page.read_text(encoding="utf-8")) if page.stem != "CHANGELOG"}
    assert set() == {name for name in named if not hasattr(noxfile, name)}
