"""CHANGELOG.md keeps the form that it promises."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = {"Contract", "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
"""Those of Keep a Changelog, and one for openapi.yaml, whose changes scripts/compare.py asks for."""


def test_versions_are_in_order() -> None:
    """What is unreleased comes first, then each version with its day, the newest first."""
    first, *others = re.findall(r"(?m)^## (.*)$", TEXT)
    assert "Unreleased" == first
    released = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - \d{4}-\d{2}-\d{2}", one) for one in others]
    assert None not in released
    numbers = [tuple(map(int, match.groups())) for match in released if match]
    assert sorted(set(numbers), reverse=True) == numbers


def test_sections_are_known() -> None:
    """Each section of a version says what kind of change it lists, and lists some."""
    assert set() == set(re.findall(r"(?m)^### (.*)$", TEXT)) - SECTIONS
    assert [] == re.findall(r"(?m)^### .*\n+(?!- )\S.*$", TEXT)
