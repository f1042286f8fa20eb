"""Which clauses the tests assert, read from the tests themselves."""

import ast
import contextlib
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest

from contract_tests.suite.report.reporter import clauses_of

SUITE: Final = Path(__file__).parents[2]
EVERY_ANSWER: Final = "every answer"
"""Stands for the judgement that each answer of a run meets, whatever test asked for it."""


def asserted_by(items: Iterable[pytest.Item], clauses: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Say which tests assert each clause.

    Args:
        items: The collected tests of the suite.
        clauses: Ids of the ledger; a clause that no test names may still be judged with every answer.

    Returns:
        By clause id the tests, as module and function, in the order of the collection.
    """
    found: dict[str, dict[str, None]] = {}
    for item in items:
        for clause in clauses_of(item):
            found.setdefault(clause, {})[name_of(item)] = None
    for clause in judged_always() & set(clauses):
        found.setdefault(clause, {})[EVERY_ANSWER] = None
    return {clause: tuple(tests) for clause, tests in found.items()}


def name_of(item: pytest.Item) -> str:
    """Name a test without its parameters.

    Args:
        item: The test.

    Returns:
        Module and function, such as ``lines::test_bad_lines_are_refused``.
    """
    function = getattr(item, "originalname", None) or item.name
    return f"{item.path.stem.removeprefix('test_')}::{function}"


def judged_always(judge: Path = SUITE / "suite" / "ledger" / "judge.py") -> frozenset[str]:
    """Say which strings the judge of every answer writes out, the clauses that it holds answers against among them.

    Args:
        judge: The module.

    Returns:
        Its string literals.
    """
    tree = ast.parse(judge.read_text(encoding="utf-8"))
    return frozenset(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def collect() -> list[pytest.Item]:
    """Collect the suite without running it.

    Returns:
        Its tests.

    Raises:
        RuntimeError: The suite cannot be collected.
    """
    collector = _Collector()
    told = io.StringIO()
    quiet = ("-qq", "-p", "no:cacheprovider", "--assert=plain")  # plugins of pytest are imported already
    arguments = [str(SUITE), "--collect-only", f"--rootdir={SUITE.parent}", *quiet]
    with contextlib.chdir(SUITE.parent), contextlib.redirect_stdout(told):
        code = pytest.main(arguments, plugins=[collector])
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the suite cannot be collected:{os.linesep}{told.getvalue()}")
    return collector.items


class _Collector:
    """Keeps what pytest collected; a pytest plugin."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the tests."""
        self.items = list(session.items)
