"""Which clauses the tests assert, read from the tests themselves."""

from collections.abc import Iterable, Mapping

import pytest

from contract_tests.suite.report.choosing import clauses_of


def asserted_by(items: Iterable[pytest.Item]) -> Mapping[str, tuple[str, ...]]:
    """Say which tests assert each clause.

    Args:
        items: The collected tests of the suite.

    Returns:
        By clause id the tests, as module and function, in the order of the collection.
    """
    found: dict[str, dict[str, None]] = {}
    for item in items:
        for clause in clauses_of(item):
            found.setdefault(clause, {})[name_of(item)] = None
    return {clause: tuple(tests) for clause, tests in found.items()}


def name_of(item: pytest.Item) -> str:
    """Name a test without its parameters, such as ``lines::test_rejected_lines``."""
    function = getattr(item, "originalname", None) or item.name
    return f"{item.path.stem.removeprefix('test_')}::{function}"
