"""The matrix: which tests caught each drift, as the last whole run showed, and the sources it was made from."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
MATRIX: Final = ROOT / "contract_tests" / "drifts" / "matrix.json"
SOURCES: Final = ("contract_tests", "src/gong_crm_emulator", "openapi.yaml")
"""What a verdict depends on: suite, drifts, emulator and the document that answers are held against."""
APART: Final = frozenset({"cassettes", "evidence", "__pycache__", MATRIX.name})
"""Names within the sources that no verdict depends on."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the run showed of one server.

    Attributes:
        word: The verdict, as ``matrix_run.Verdict`` has it.
        by: The tests that found the drift, by the clause that their breach named.
        strict: Whether only a strict run finds it.
        seconds: How long it took, so that the next run can begin with what takes longest.
    """

    word: str
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strict: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A whole run: when, from which sources, and what it showed by server."""

    date: str
    sources: str
    rows: Mapping[str, Row]


def read_matrix(path: Path = MATRIX) -> Matrix | None:
    """Read the last matrix, or None when there is none."""
    if not path.exists():
        return None
    written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    rows = {}
    for name, row in written["rows"].items():
        by = {clause: tuple(tests) for clause, tests in row.get("by", {}).items()}
        rows[name] = Row(**{"word": "caught" if by else "green", **row, "by": by})
    return Matrix(date=written["date"], sources=written["sources"], rows=rows)


def write_matrix(matrix: Matrix, path: Path = MATRIX) -> None:
    """Write a matrix, one line a server; what goes without saying is left out."""
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(_short(row))}" for name, row in sorted(matrix.rows.items()))
    head = f'"date": {json.dumps(matrix.date)},\n"sources": {json.dumps(matrix.sources)}'
    path.write_text(f'{{\n{head},\n"rows": {{\n{rows}\n}}\n}}\n', encoding="utf-8")


def _short(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {} if row.word in {"caught", "green"} else {"word": row.word}
    found |= {"by": row.by} if row.by else {}
    found |= {"strict": True} if row.strict else {}
    return found | {"seconds": round(row.seconds, 1)}


def hash_of_sources(root: Path = ROOT) -> str:
    """Hash what a verdict depends on, names and contents, whatever the line ends of a checkout."""
    whole = hashlib.sha256()
    for path in sorted(_files(root)):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()[:16]


def _files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        for path in (source,) if source.is_file() else source.rglob("*"):
            if path.is_file() and not APART & set(path.parts):
                yield path


def unproven(rows: Mapping[str, Row], asserted: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """Say which tests claim to assert a clause and have found no drift of it.

    Args:
        rows: What a run showed, by server.
        asserted: The tests that claim each clause.

    Returns:
        Tests by clause; a clause of which no drift was caught at all is there with all of its tests.
    """
    found: dict[str, set[str]] = {}
    for row in rows.values():
        for clause, tests in row.by.items():
            if row.word == "caught":
                found.setdefault(clause, set()).update(tests)
    missing = {
        clause: tuple(test for test in tests if test not in found.get(clause, ())) for clause, tests in asserted.items()
    }
    return {clause: tests for clause, tests in missing.items() if tests or clause not in found}
