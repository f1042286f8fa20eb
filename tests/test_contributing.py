"""What the recipes of CONTRIBUTING.md name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w.]+/[\w./]+)`", TEXT)) - {".nox/environment"})
SESSIONS = sorted({name for names in re.findall(r"nox -s ([\w ]+)", TEXT) for name in names.split()})


@pytest.mark.parametrize("path", PATHS)
def test_named_path_exists(path: str) -> None:
    """Every file and folder that a recipe names exists, unless its name is one to fill in."""
    assert (ROOT / path).exists() or re.search(r"[A-Z_]{4,}", path), path


@pytest.mark.parametrize("session", SESSIONS)
def test_named_session_exists(session: str) -> None:
    """Every session that a recipe names is in the noxfile."""
    assert f"def {session}(session: nox.Session)" in (ROOT / "noxfile.py").read_text(encoding="utf-8")


def test_the_recipes_are_read() -> None:
    """The patterns above find what the page is full of."""
    assert 20 < len(PATHS)
    assert {"refresh", "drifts", "lock"} <= set(SESSIONS)
