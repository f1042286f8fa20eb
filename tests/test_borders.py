"""A violation planted in any border of the project is caught by `lint-imports`."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[1]
LINTER: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]
CONTRACTS: Final[list[dict[str, Any]]] = LINTER["contracts"]
PACKAGES: Final[list[str]] = LINTER["root_packages"]
MAY_IMPORT: Final = {"gong_crm": {"gong_crm_client", "gong_crm_schemas"}, "contract_tests": {"gong_crm_client"}}
"""The table of ARCHITECTURE.md; a package that is not here imports none of ours."""
HOMES: Final = {"gong_crm_client": "generated", "gong_crm_schemas": "generated", "contract_tests": "."}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that is linted."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("src", "generated", "contract_tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "cassettes"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(project: Path) -> str:
    """Lint the copy, and return what was said."""
    paths = [str(project / name) for name in (".", "src", "generated")]
    command = f"import sys; sys.path[:0] = {paths!r}; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=project, capture_output=True, text=True, timeout=120, check=False
    )
    return " ".join(done.stdout.split()) + done.stderr


def home_of(module: str, project: Path) -> Path:
    """Find the file of a module; that of a package is its __init__."""
    place = project / HOMES.get(module.partition(".")[0], "src") / module.replace(".", "/")
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def violation_of(contract: dict[str, Any]) -> tuple[str, str]:
    """Make the import that a contract forbids most plainly: who would do it, and whom it would import."""
    if contract["type"] == "forbidden":
        return contract["source_modules"][0], contract["forbidden_modules"][0]
    if contract["type"] == "independence":
        return contract["modules"][1], contract["modules"][0]
    container, layers = contract["containers"][0], contract["layers"]
    lowest, highest = (layer.partition("|")[0].strip() for layer in (layers[-1], layers[0]))
    return f"{container}.{lowest}", f"{container}.{highest}"


def test_the_borders_hold(project: Path) -> None:
    """Nothing is violated as it is, so that a planted violation is the only one."""
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint(project)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_a_planted_violation_is_caught(project: Path, contract: dict[str, Any]) -> None:
    """One forbidden import breaks the contract that forbids it, and is named."""
    importer, imported = violation_of(contract)
    path = home_of(importer, project)
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\nimport {imported}\n", encoding="utf-8")
    try:
        said = lint(project)
    finally:
        path.write_text(before, encoding="utf-8")
    assert f"{' '.join(contract['name'].split())} BROKEN" in said
    assert f"{importer} -> {imported}" in said


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_the_table_allows(project: Path, package: str) -> None:
    """Each of our packages that another may not import is named, wherever in the other it is imported."""
    importer = "contract_tests.options" if package == "contract_tests" else package
    forbidden = sorted({*PACKAGES} - {package} - MAY_IMPORT.get(package, set()))
    path = home_of(importer, project)
    before = path.read_text(encoding="utf-8")
    path.write_text("\n".join([before, *(f"import {one}" for one in forbidden), ""]), encoding="utf-8")
    try:
        said = lint(project)
    finally:
        path.write_text(before, encoding="utf-8")
    assert forbidden == [one for one in forbidden if f"- {importer} -> {one} " in said]


@pytest.mark.parametrize("contract", [one for one in CONTRACTS if one.get("exhaustive")], ids=lambda one: one["name"])
def test_a_module_without_a_place_is_caught(project: Path, contract: dict[str, Any]) -> None:
    """A new module has to be given a layer."""
    path = home_of(contract["containers"][0], project).with_name("homeless.py")
    path.write_text('"""A module that no layer names."""\n', encoding="utf-8")
    try:
        said = lint(project)
    finally:
        path.unlink()
    assert f"{' '.join(contract['name'].split())} BROKEN" in said
