"""The matrix: what is kept of a run, when it is stale, and which tests have proven nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.suite.proof.matrix import (
    Matrix,
    Row,
    hash_of_sources,
    read_matrix,
    unproven,
    write_matrix,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with a suite, an emulator and a document."""
    for name in ("contract_tests/test_a.py", "src/gong_crm_emulator/app.py", "openapi.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"one\ntwo\n")
    return tmp_path


def test_a_matrix_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What a run showed comes back whole, and a row that is caught or green does not say so twice."""
    rows = {
        "a": Row(word="caught", by={"upload.echo": ("requests::test_a",)}, strict=True, seconds=1.2),
        "b": Row(word="elsewhere", by={"list.success": ("lifecycle::test_b",)}, seconds=0.5),
        "c": Row(word="survived"),
        "d": Row(word="green", seconds=9.0),
        "b2": Row(word="never met"),
    }
    matrix = Matrix(date="2026-01-02", sources="abc", rows=rows)
    write_matrix(matrix, tmp_path / "matrix.json")

    assert matrix == read_matrix(tmp_path / "matrix.json")
    assert '"d": {"seconds": 9.0}\n' in (tmp_path / "matrix.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["contract_tests/test_a.py", "contract_tests/drifts/new.py", "src/gong_crm_emulator/app.py", "openapi.yaml"]
)
def test_a_change_of_the_sources_changes_their_hash(root: Path, path: str) -> None:
    """Suite, drifts, emulator and document go into the hash, new files too."""
    before = hash_of_sources(root)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(b"three\n")

    assert before != hash_of_sources(root)


@pytest.mark.parametrize("path", ["contract_tests/drifts/matrix.json", "contract_tests/cassettes/a.yaml", "README.md"])
def test_what_no_verdict_depends_on_leaves_the_hash_alone(root: Path, path: str) -> None:
    """The matrix itself, cassettes and pages do not go into the hash, and neither do the line ends of a checkout."""
    before = hash_of_sources(root)
    (root / path).parent.mkdir(exist_ok=True, parents=True)
    (root / path).write_bytes(b"three\n")
    (root / "openapi.yaml").write_bytes(b"one\r\ntwo\r\n")

    assert before == hash_of_sources(root)


def test_a_test_that_found_no_drift_of_its_clause_is_named() -> None:
    """A test proves a clause with a drift that it caught; another clause's breach, or another test's, is no proof."""
    rows = {
        "drift": Row(word="caught", by={"a.one": ("m::finds",)}),
        "other": Row(word="elsewhere", by={"a.two": ("m::finds",)}),
    }
    asserted = {
        "a.one": ("m::finds", "m::vacuous"),
        "a.two": ("m::finds",),
        "a.three": (),
    }

    assert {"a.one": ("m::vacuous",), "a.two": ("m::finds",), "a.three": ()} == unproven(rows, asserted)
