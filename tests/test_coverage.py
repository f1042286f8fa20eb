"""Each package of src/ has a floor for what its unit tests cover."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage-floors"]


def test_every_package_has_a_floor() -> None:
    """No package of src/ is left out of the gate, and no floor is left behind by a package."""
    assert sorted(path.parent.name for path in ROOT.glob("src/*/__init__.py")) == sorted(FLOORS)


def test_a_floor_below_all_has_a_reason() -> None:
    """A package that is not covered whole says why."""
    assert [] == [name for name, floor in FLOORS.items() if floor["percent"] < 100 and not floor.get("reason")]
