"""Which tests are run: by clause, by operation, by layer, and what belongs to a target."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Final

import pytest

from contract_tests.suite.ledger.clauses import Clause
from contract_tests.suite.ledger.operations import BY_ID, OPERATIONS, Operation

SERVERLESS: Final = frozenset({"clauses", "document", "evidence", "replay"})
"""Modules that ask no server: they judge the project itself."""

_LINE: Final = re.compile(r"/components/schemas/([A-Za-z]+)Record(?:Legacy)?(?:/|$)")
"""What a line of a file must be, as the document points to it."""


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """Say which clauses a test asserts, as its markers name them."""
    return tuple(str(clause) for marker in item.iter_markers("clause") for clause in marker.args)


def layer_of(item: pytest.Item) -> str:
    """Say to which layer of the suite a test belongs: what its module names, else the module's own name."""
    marker = item.get_closest_marker("layer")
    return str(marker.args[0]) if marker else module_of(item)


def module_of(item: pytest.Item) -> str:
    """Name the module of a test as people speak of it."""
    return item.path.stem.removeprefix("test_")


def operations_of(item: pytest.Item, clauses: Mapping[str, Clause]) -> frozenset[str]:
    """Say which operations a test is about: those of its parameters, else those of its clauses."""
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params if callspec else {}
    named = {found.id for value in parameters.values() if (found := _operation_in(value))}
    if named:
        return frozenset(named)
    pointers = {clauses[clause].pointer for clause in clauses_of(item) if clause in clauses}
    family = parameters.get("family")
    return frozenset(
        operation.id
        for operation in OPERATIONS
        if family is None or operation.family in {family, "shared"}
        if any(_is_about(pointer, operation) for pointer in pointers)
    )


def _operation_in(value: object) -> Operation | None:
    if isinstance(value, Operation):
        return value
    name, family = getattr(value, "name", None), getattr(value, "family", None)
    found = [one for one in OPERATIONS if one.name == name and one.family in {family, "shared"}]
    return found[0] if found else None


def _is_about(pointer: str, operation: Operation) -> bool:
    if (line := _LINE.match(pointer)) is not None:
        return operation.name == ("mapCrmUsersLegacy" if line[1] == "UserMapping" else "uploadCrmEntities")
    twins = [one for one in OPERATIONS if one.name == operation.name]
    places = [f"/paths/{one.path.replace('/', '~1')}/{one.method.lower()}" for one in twins]
    return any(f"{pointer}/".startswith(f"{place}/") for place in places)


def chosen(items: list[pytest.Item], config: pytest.Config, clauses: Mapping[str, Clause]) -> list[pytest.Item]:
    """Keep the tests that --clause, --operation and --layer ask for, all where none is given.

    Raises:
        pytest.UsageError: Nothing has such a name.
    """
    wanted_clauses = _known(config.getoption("--clause"), clauses, what="clause")
    wanted_operations = _known(config.getoption("--operation"), BY_ID, what="operation")
    wanted_layers = _known(config.getoption("--layer"), dict.fromkeys(map(layer_of, items)), what="layer")
    tests: list[tuple[set[str], Callable[[pytest.Item], Iterable[str]]]] = [
        (wanted_clauses, clauses_of),
        (wanted_operations, lambda item: operations_of(item, clauses)),
        (wanted_layers, lambda item: [layer_of(item)]),
    ]
    return [item for item in items if all(not wanted or wanted & set(of(item)) for wanted, of in tests)]


def _known(patterns: list[str], names: Iterable[str], *, what: str) -> set[str]:
    every, found = list(names), set[str]()
    for pattern in patterns:
        matching = {name for name in every if fnmatchcase(name, pattern)}
        if not matching:
            near = get_close_matches(pattern, every, n=3, cutoff=0.5)
            advice = f"; near it are {', '.join(near)}" if near else f"; there are {', '.join(sorted(every)[:20])}"
            raise pytest.UsageError(f"--{what} {pattern}: there is no such {what}{advice}")
        found |= matching
    return found
