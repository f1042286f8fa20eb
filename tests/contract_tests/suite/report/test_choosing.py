"""Tests are chosen by clause, by operation and by layer, one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.operations import operation_of
from contract_tests.suite.report.choosing import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Test:
    """As much of a collected test as choosing looks at."""

    __test__ = False

    module: str
    clauses: tuple[str, ...] = ()
    layer: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where its module lies."""
        return Path(f"contract_tests/test_{self.module}.py")

    @property
    def callspec(self) -> SimpleNamespace:
        """With which parameters it is run."""
        return SimpleNamespace(params=self.parameters)

    def iter_markers(self, _: str) -> Iterator[SimpleNamespace]:
        """Give what names its clauses."""
        if self.clauses:
            yield SimpleNamespace(args=self.clauses)

    def get_closest_marker(self, _: str) -> SimpleNamespace | None:
        """Give what names its layer."""
        return SimpleNamespace(args=(self.layer,)) if self.layer else None


ERRORS = Test(module="requests", clauses=("status.twenty-errors",), layer="lifecycle")
CURRENT = Test(module="objects", clauses=("objects.found",), layer="lifecycle", parameters={"family": "current"})
LEGACY = Test(module="objects", clauses=("objects.found",), layer="lifecycle", parameters={"family": "legacy"})
UPLOAD = Test(
    module="limits", clauses=("limit.envelope",), parameters={"operation": operation_of("uploadCrmEntities", "current")}
)
LINE = Test(module="lines", clauses=("line.deal.status",))
EVERY = [ERRORS, CURRENT, LEGACY, UPLOAD, LINE]


def choose(**options: list[str]) -> list[Test]:
    """Choose among some tests as the command line would."""
    given = {f"--{name}": options.get(name, []) for name in ("clause", "operation", "layer")}
    config = cast("pytest.Config", SimpleNamespace(getoption=given.__getitem__))
    found: list[Any] = chosen(cast("list[pytest.Item]", EVERY), config, read_clauses())
    return found


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, EVERY),
        ({"clause": ["status.twenty-errors"]}, [ERRORS]),
        ({"clause": ["objects.*", "limit.envelope"]}, [CURRENT, LEGACY, UPLOAD]),
        ({"operation": ["getCrmEntities"]}, [CURRENT]),
        ({"operation": ["getCrmEntitiesLegacy"]}, [LEGACY]),
        ({"operation": ["uploadCrmEntities"]}, [UPLOAD, LINE]),
        ({"layer": ["lifecycle"], "clause": ["objects.found"]}, [CURRENT, LEGACY]),
        ({"layer": ["limits"]}, [UPLOAD]),
        ({"layer": ["limits"], "clause": ["objects.found"]}, []),
    ],
)
def test_options_narrow_each_other(options: dict[str, list[str]], expected: list[Test]) -> None:
    """Names of one option add up, globs included, and options narrow each other."""
    assert expected == choose(**options)


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [
        ("clause", "status.twenty-error", "status.twenty-errors"),
        ("operation", "uploadCrmEntity", "uploadCrmEntities"),
        ("layer", "lifecycel", "lifecycle"),
        ("clause", "nothing.*", "near it are|there are"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_near_ones(option: str, name: str, near: str) -> None:
    """A choice by a misspelt name would judge nothing."""
    with pytest.raises(pytest.UsageError, match=near):
        choose(**{option: [name]})
