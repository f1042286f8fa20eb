"""Where two files pin the same tool, they pin the same version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
WORKFLOWS = sorted([*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob("docs/examples/*.yml"), ROOT / "action.yml"])
RUFF = next(one for one in GROUPS["lint"] if one.startswith("ruff=="))


def test_every_ruff_is_the_same() -> None:
    """The generator, the lint session and each commit hook use one version of ruff."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    used = [hook["additional_dependencies"] for hook in hooks]
    assert [[RUFF]] * len(hooks) == used
    assert RUFF in GROUPS["generate"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    """Every action but our own is named by the full hash of a commit, and a comment tells its version."""
    uses = re.findall(r"uses: ((?!\./).+)", workflow.read_text(encoding="utf-8"))
    assert uses
    assert [] == [one for one in uses if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)]


def test_an_action_has_one_version() -> None:
    """No two workflows use different commits of one action."""
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (\S+)@(\S+)", text))
    assert len(pins) == len({action for action, _ in pins})
