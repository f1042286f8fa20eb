"""Variations of what a registration or a schema upload may say, and of how fields are listed."""

from typing import Any, Final

from contract_tests.drifts.edits import at, missing, value
from contract_tests.drifts.exchange import Call
from contract_tests.drifts.operations import LEGACY, LIST_SCHEMA, REGISTER, UPLOAD_SCHEMA
from contract_tests.drifts.recipes import on_body, refusing
from contract_tests.drifts.registry import variation
from contract_tests.drifts.schema.changes import names_of, refusing_after_removal, removal_listed
from contract_tests.drifts.schema.fields import FIELD, on_fields, some_field, user_target
from contract_tests.drifts.tolerated.lines import TEXTS

_STANDARD: Final = frozenset({*TEXTS, "modifiedDate", "domains", "amount", "closeDate", "status", "createdDate"})


def _member(call: Call, name: str) -> Any:  # noqa: ANN401  (any JSON)
    return call.json().get(name) if isinstance(call.json(), dict) else None


def _without_address(call: Call) -> bool:
    owner = _member(call, "ownerEmail")
    return isinstance(owner, str) and "@" not in owner


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    variation("owner-e-mail-checked", "U-12: checks on ownerEmail are not known", "Refuses an ownerEmail without @.",
        refusing(REGISTER, _without_address, error="ownerEmail: must be a well-formed email address")),
    variation("empty-name-refused", "U-12: checks on name are not known", "Refuses an empty name.",
        refusing(REGISTER, lambda call: _member(call, "name") == "", error="name: must not be empty")),
    variation("schema-standard-name-refused", "U-21: a uniqueName equal to a standard field is not settled",
        "Refuses a field named like a standard one.",
        refusing(UPLOAD_SCHEMA, some_field(lambda field: str(field.get("uniqueName")) in _STANDARD))),
    variation("schema-long-label-refused", "2.4: no text says how long a label may be",
        "Refuses a label of more than 100 letters.",
        refusing(UPLOAD_SCHEMA, some_field(lambda field: len(str(field.get("label"))) > 100))),
    variation("schema-readded-refused", "U-21: adding a removed field again is not settled",
        "Refuses a field that was removed before.",
        refusing_after_removal(lambda removed, call: removed & names_of(call, removed=False))),
    variation("schema-target-business-user", "C-31: a live client sends it, the outcome is not known",
        "Takes BUSINESS_USER as referenceTo.", on_fields(user_target)),
    variation("schema-removed-listed-as-deleted", "2.4: nothing says whether a removed field is listed as deleted",
        "Lists a removed field with isDeleted true.", removal_listed(marked=True)),
    variation("schema-list-name-too", "C-6: examples say name, models say uniqueName",
        "Lists name beside uniqueName on the current path.",
        on_body(LIST_SCHEMA, at(FIELD, lambda field: {"name": field["uniqueName"], **field}))),
    variation("schema-list-name-left-out", "C-6: name is deprecated", "Lists no name on the legacy path.",
        on_body(LIST_SCHEMA & LEGACY, missing(f"{FIELD}.name"))),
    variation("schema-list-nulls-left-out", "C-9: null or absent", "Leaves out members of a field that are null.",
        on_body(LIST_SCHEMA, at(FIELD, lambda field: {name: one for name, one in field.items() if one is not None}))),
    variation("schema-list-values-null", "2.5: the documented example lists PICKLIST fields with null",
        "Lists PICKLIST fields with null for orderedValueList.",
        on_body(LIST_SCHEMA, value(f"{FIELD}.orderedValueList", None))),
    variation("schema-list-in-other-order", "2.5: no order of fields is documented", "Lists fields in reverse order.",
        on_body(LIST_SCHEMA, at("objectTypeToSelectedFields.*", lambda fields: fields[::-1]))),
    variation("schema-list-standard-fields", "C-8: whether Gong-defined fields are listed is not known",
        "Lists the standard fields too.", list_standard_fields=True),
)
# fmt: on
