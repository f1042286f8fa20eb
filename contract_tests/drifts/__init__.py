"""The proof of the suite: servers that break the contract in one thing, and servers that only look otherwise."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from contract_tests.drifts.access import callers, limits, parameters, routes
from contract_tests.drifts.answers import envelope, members
from contract_tests.drifts.lines import formats, refused
from contract_tests.drifts.lines import members as line_members
from contract_tests.drifts.objects import reading, storing
from contract_tests.drifts.registry import Drift, Variation
from contract_tests.drifts.requests import integrations, line_errors, states, uploads
from contract_tests.drifts.schema import changes, fields
from contract_tests.drifts.tolerated import answers as tolerated_answers
from contract_tests.drifts.tolerated import lines as tolerated_lines
from contract_tests.drifts.tolerated import objects as tolerated_objects
from contract_tests.drifts.tolerated import requests as tolerated_requests
from contract_tests.drifts.tolerated import schema as tolerated_schema

__all__ = ["DRIFTS", "FIRST_OF_EACH_CLAUSE", "VARIATIONS", "Drift", "Variation"]

T = TypeVar("T", Drift, Variation)


def _by_id(rows: Iterable[T]) -> Mapping[str, T]:
    named: dict[str, T] = {}
    for row in rows:
        if row.id in named:
            raise ValueError(f"{row.id} names two servers.")
        named[row.id] = row
    return MappingProxyType(named)


DRIFTS: Final[Mapping[str, Drift]] = _by_id(
    (
        *(row for chapter in (callers, parameters, routes, limits) for row in chapter.ROWS),
        *(row for chapter in (envelope, members) for row in chapter.ROWS),
        *(row for chapter in (integrations, uploads, states, line_errors) for row in chapter.ROWS),
        *(row for chapter in (line_members, formats, refused) for row in chapter.ROWS),
        *(row for chapter in (reading, storing) for row in chapter.ROWS),
        *(row for chapter in (fields, changes) for row in chapter.ROWS),
    )
)
"""Servers that break the contract, by id; those that break what is promised nowhere, in a strict run only."""

VARIATIONS: Final[Mapping[str, Variation]] = _by_id(
    (
        *tolerated_answers.ROWS,
        *tolerated_schema.ROWS,
        *tolerated_requests.ROWS,
        *tolerated_lines.ROWS,
        *tolerated_objects.ROWS,
    )
)
"""Servers that do not, by id."""

FIRST_OF_EACH_CLAUSE: Final[tuple[str, ...]] = tuple(
    dict.fromkeys({clause: row.id for row in reversed(tuple(DRIFTS.values())) for clause in row.clauses}.values())
)
"""One drift for each clause that has any: the short list for a quick matrix."""
