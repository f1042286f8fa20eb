"""The proof of the suite: servers that break the contract in one thing, and servers that only look otherwise."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from contract_tests.drifts import (
    access,
    after_deletion,
    answers,
    deletion,
    envelope,
    field_values,
    legacy,
    letter,
    limits,
    line_errors,
    line_formats,
    line_members,
    line_refusals,
    lost_lines,
    object_members,
    object_parameters,
    objects,
    registration,
    repeated_uploads,
    routes,
    schema_changes,
    schema_parameters,
    schema_removal,
    schema_rules,
    states,
    status_requests,
    storing,
    tolerated_answers,
    tolerated_lines,
    tolerated_objects,
    tolerated_registration,
    tolerated_schema_lists,
    tolerated_statuses,
    tolerated_time,
    uploads,
)
from contract_tests.drifts.registry import Drift, Variation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
        *registration.REGISTRATION,
        *deletion.SUCCESSES,
        *after_deletion.ROWS,
        *deletion.PARAMETERS,
        *after_deletion.SCHEMA,
        *access.AUTHENTICATION,
        *access.SCOPES,
        *limits.ROWS,
        *envelope.ENVELOPE,
        *envelope.SUCCESSES,
        *envelope.REQUEST_IDS,
        *routes.ROUTES,
        *answers.ROWS,
        *answers.RENAMED,
        *answers.LEGACY_ONLY,
        *answers.IDS,
        *schema_rules.ACCEPTED,
        *schema_removal.REMOVAL,
        *schema_changes.CHANGES,
        *schema_rules.REFUSED,
        *schema_rules.SUCCESSES,
        *schema_parameters.PARAMETERS,
        *field_values.ROWS,
        *uploads.PARAMETERS,
        *repeated_uploads.REPEATED,
        *storing.ROWS,
        *lost_lines.ROWS,
        *storing.REFERENCES,
        *states.STATES,
        *status_requests.ROWS,
        *line_errors.LINE_ERRORS,
        *line_members.MANDATORY,
        *line_members.MAPPINGS,
        *line_formats.FORMATS,
        *line_refusals.REFUSED,
        *objects.READING,
        *object_members.MEMBERS,
        *objects.NOTHING,
        *object_parameters.PARAMETERS,
        *legacy.PATHS,
        *legacy.STAGES_AND_USERS,
        *letter.ROWS,
    )
)
"""Servers that break the contract, by id; those that break what is promised nowhere, in a strict run only."""

VARIATIONS: Final[Mapping[str, Variation]] = _by_id(
    (
        *tolerated_answers.LAYOUT,
        *tolerated_statuses.STATUSES,
        *tolerated_schema_lists.SCHEMAS,
        *tolerated_time.WORK,
        *tolerated_time.NAMES,
        *tolerated_lines.LINES,
        *tolerated_objects.OBJECTS,
        *tolerated_registration.REGISTRATION,
    )
)
"""Servers that do not, by id."""

FIRST_OF_EACH_CLAUSE: Final[tuple[str, ...]] = tuple(
    dict.fromkeys({row.clauses[0]: row.id for row in reversed(tuple(DRIFTS.values()))}.values())
)
"""One drift for each clause that has any: the short list for a quick matrix."""
