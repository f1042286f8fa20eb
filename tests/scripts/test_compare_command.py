"""The command scripts/compare.py: its exit codes, what it prints, and the changelog that it asks for."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

import compare
from tests.scripts.edits import PROBE, put
from tests.scripts.test_compare import KIND, NAME, PUT, SCHEMAS, cut, versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from document.openapi import Node

    Edit = Callable[[Node], None]


def write(path: Path, root: Node) -> str:
    """Write a document and return its path as text."""
    path.write_text(yaml.safe_dump(root), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Return two versions on disk, the newer of which breaks."""
    old, new = versions(cut(f"{SCHEMAS}/ThingKind/enum", "SMALL"))
    return write(tmp_path / "old.yaml", old.root), write(tmp_path / "new.yaml", new.root)


def test_command_fails_on_a_breaking_change(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Text output names verdict, place and rule of each change, then counts; the exit code is 1."""
    assert 1 == compare.main([*files])
    expected = (
        "breaking: /components/schemas/ThingKind: enum-value-removed: the value SMALL is gone\n"
        "1 breaking, 0 compatible, 0 cosmetic\n"
    )
    assert expected == capsys.readouterr().out


def test_command_speaks_json(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """JSON output carries the same."""
    assert 1 == compare.main([*files, "--json"])
    said = json.loads(capsys.readouterr().out)
    assert {"breaking": 1, "compatible": 0, "cosmetic": 0} == said["counts"]
    assert "enum-value-removed" == said["changes"][0]["rule"]


def test_command_passes_the_way_back(files: tuple[str, str]) -> None:
    """A compatible change ends with 0."""
    assert 0 == compare.main([*reversed(files)])


NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this machine")


@NEEDS_GIT
def test_command_reads_git_revisions(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is no file is a git revision of openapi.yaml."""
    question = ["git", "-C", str(compare.ROOT), "rev-parse", "HEAD"]
    inside = subprocess.run(question, capture_output=True, check=False)
    if inside.returncode:
        pytest.skip("not in a git checkout")

    assert 0 == compare.main(["HEAD", "HEAD"])
    assert "0 breaking, 0 compatible, 0 cosmetic\n" == capsys.readouterr().out


def test_missing_git_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without git a name that is no file ends with 2 and says why."""
    monkeypatch.setenv("PATH", "")

    assert 2 == compare.main(["v0.1.0", str(PROBE)])
    assert "v0.1.0 is no file, and git is not installed" in capsys.readouterr().err


@NEEDS_GIT
@pytest.mark.parametrize("name", ["no-such-revision", "--help-me", "missing.yaml"])
def test_command_refuses_what_it_cannot_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is neither file nor revision ends with 2 and one sentence."""
    assert 2 == compare.main([str(PROBE), "--", name] if name.startswith("--") else [str(PROBE), name])
    assert f"{name} is neither a file nor a git revision" in capsys.readouterr().err


def test_command_refuses_what_is_no_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no OpenAPI document ends with 2."""
    (tmp_path / "x.yaml").write_text("a: 1", encoding="utf-8")

    assert 2 == compare.main([str(PROBE), str(tmp_path / "x.yaml")])
    assert "no OpenAPI document" in capsys.readouterr().err


@pytest.mark.parametrize(
    "edit",
    [
        put("", "paths", "none"),
        put("/paths", "/things", 7),
        put(PUT, "responses", []),
        put(NAME, "minLength", "two"),
        put(f"{SCHEMAS}/BigRecord", "allOf", None),
        put(KIND, "name", ["kind"]),
    ],
)
def test_command_refuses_what_is_no_openapi(tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Edit) -> None:
    """A document of the wrong shape ends with 2 and one sentence that says what to ask, whichever side it is on."""
    _, bad = versions(edit)
    path = write(tmp_path / "bad.yaml", bad.root)

    assert (2, 2) == (compare.main([str(PROBE), path]), compare.main([path, str(PROBE)]))
    assert 2 == capsys.readouterr().err.count("ask openapi-spec-validator")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# Changelog\n\n## Unreleased\n\n- **Breaking:** `SMALL` is gone.\n\n## 0.1.0\n", 0),
        ("# Changelog\n\n## Unreleased\n\n- Something else.\n\n## 0.1.0\n\n- Breaking in an older one.\n", 1),
        ("# Changelog\n", 1),
    ],
)
def test_changelog_must_tell_what_breaks(files: tuple[str, str], tmp_path: Path, text: str, code: int) -> None:
    """With --changelog a breaking change passes when the newest section tells it."""
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")

    assert code == compare.main([*files, "--changelog", str(tmp_path / "CHANGELOG.md")])


def test_changelog_must_tell_what_is_new(files: tuple[str, str], tmp_path: Path) -> None:
    """A compatible change needs an entry of any kind."""
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n", encoding="utf-8")
    assert 1 == compare.main([*reversed(files), "--changelog", str(tmp_path / "CHANGELOG.md")])
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n\n- `SMALL` is new.\n", encoding="utf-8")
    assert 0 == compare.main([*reversed(files), "--changelog", str(tmp_path / "CHANGELOG.md")])
