"""Variations of how the fields of a schema are listed."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from contract_tests.drifts.edits import at, missing
from contract_tests.drifts.operations import FIELDS, LEGACY
from contract_tests.drifts.pieces import on_body
from contract_tests.drifts.registry import variation

_FIELD: Final = "objectTypeToSelectedFields.*.*"


def _nulls_left_out(field: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {name: value for name, value in field.items() if value is not None}


_row = partial(variation, kind="schema lists")

SCHEMAS: Final = (
    _row(
        "schema-list-name-too",
        "C-6: examples say name, models say uniqueName",
        "Lists name beside uniqueName on the current path.",
        on_body(FIELDS, at(_FIELD, lambda field: {"name": field["uniqueName"], **field})),
    ),
    _row(
        "schema-list-name-left-out",
        "C-6: name is deprecated",
        "Lists no name on the legacy path.",
        on_body(FIELDS & LEGACY, missing(f"{_FIELD}.name")),
    ),
    _row(
        "schema-list-nulls-left-out",
        "C-9: null or absent",
        "Leaves out members of a field that are null.",
        on_body(FIELDS, at(_FIELD, _nulls_left_out)),
    ),
    _row(
        "schema-list-values-null",
        "2.5: the documented example lists PICKLIST fields with null",
        "Lists PICKLIST fields with null for orderedValueList.",
        on_body(FIELDS, at(f"{_FIELD}.orderedValueList", lambda _: None)),
    ),
    _row(
        "schema-list-in-other-order",
        "2.5: no order of fields is documented",
        "Lists fields in reverse order.",
        on_body(FIELDS, at("objectTypeToSelectedFields.*", lambda fields: fields[::-1])),
    ),
    _row(
        "schema-list-standard-fields",
        "C-8: whether Gong-defined fields are listed is not known",
        "Lists the standard fields too.",
        list_standard_fields=True,
    ),
)
