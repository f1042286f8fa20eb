"""Drifts of the members that answers carry: missing, null, of another type, under another name, of another value."""

from collections.abc import Iterator
from typing import Any, Final

from contract_tests.drifts.edits import at, missing, renamed, value
from contract_tests.drifts.operations import (
    CURRENT,
    DELETE,
    EVERY,
    LEGACY,
    LIST,
    LIST_SCHEMA,
    MAP_USERS,
    READ,
    REGISTER,
    STATUS,
    UPLOAD,
)
from contract_tests.drifts.recipes import on_body
from contract_tests.drifts.registry import Drift, drift
from contract_tests.suite.ledger.operations import BY_ID

FIELD: Final = "objectTypeToSelectedFields.*.*"

MEMBERS: Final = (
    (REGISTER, "integrationId", "register.success ids.integration-id-integer"),
    (LIST, "integrations", "list.success"),
    (LIST, "integrations.*.integrationId", "list.success ids.integration-id-integer"),
    (LIST, "integrations.*.name", "list.success"),
    (LIST, "integrations.*.ownerEmail", "list.success"),
    (DELETE, "clientRequestId", "delete.echo"),
    (LIST_SCHEMA, "objectTypeToSelectedFields", "schema-list.success"),
    (LIST_SCHEMA, f"{FIELD}.uniqueName", "schema-list.success"),
    (LIST_SCHEMA, f"{FIELD}.label", "schema-list.success"),
    (LIST_SCHEMA, f"{FIELD}.type", "schema-list.success"),
    (UPLOAD, "clientRequestId", "upload.success"),
    (READ, "crmObjectsMap", "objects.success"),
    (STATUS, "errors.*.line", "status.error-entry"),
    (STATUS, "errors.*.description", "status.error-entry"),
    (MAP_USERS, "clientRequestId", "map-users.success"),
)
"""Operations, path of the member, the clauses that say that it is there and of its type."""


def _retyped(present: Any) -> Any:  # noqa: ANN401  (any JSON)
    if isinstance(present, str):
        return 12345
    if isinstance(present, dict):
        return list(present.values())
    if isinstance(present, list):
        return {"0": present[0]} if present else {}
    return str(present)


def _rows(operations: frozenset[str], path: str, clauses: str) -> Iterator[Drift]:
    name, member = min(operations), path.rpartition(".")[2]
    yield drift(
        f"{name}-{member}-missing", clauses, f"Leaves {path} out of {name}.", on_body(operations, missing(path))
    )
    yield drift(
        f"{name}-{member}-null", clauses, f"Answers null for {path} in {name}.", on_body(operations, value(path, None))
    )
    yield drift(
        f"{name}-{member}-of-another-type",
        clauses,
        f"Answers another JSON type for {path} in {name}.",
        on_body(operations, at(path, _retyped)),
    )


def _rounded(number: int) -> int:
    return int(float(number) / 1000) * 1000


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(row for member in MEMBERS for row in _rows(*member)),
    *(
        drift(f"{name}-requestId-missing", BY_ID[name].success_clause if name in DELETE else "envelope.request-id",
            f"Leaves requestId out of {name}.", on_body(frozenset({name}), missing("requestId")))
        for name in sorted(CURRENT | MAP_USERS)
    ),
    drift("listCrmEntitySchema-selectedFields", "schema-list.success",
        "Lists schemas under selectedFields, as a documentation slip had it.",
        on_body(LIST_SCHEMA, renamed("objectTypeToSelectedFields", "selectedFields"))),
    drift("getCrmRequestStatus-status-missing", "status.success", "Leaves status out of getCrmRequestStatus.",
        on_body(STATUS, missing("status"))),
    drift("getCrmRequestStatus-status-null", "status.values", "Answers null for status in getCrmRequestStatus.",
        on_body(STATUS, value("status", None))),
    drift("getCrmEntitiesLegacy-crmObjectsMap-missing", "objects.success", "Leaves crmObjectsMap out of a legacy read.",
        on_body(READ & LEGACY, missing("crmObjectsMap"))),
    drift("listCrmEntitySchemaLegacy-label-missing", "schema-list.success",
        "Leaves label out of the legacy schema list.", on_body(LIST_SCHEMA & LEGACY, missing(f"{FIELD}.label"))),
    drift("listCrmEntitySchema-isDeleted-as-text", "schema-list.success", "Lists isDeleted as text.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.isDeleted", lambda flag: str(flag).lower()))),
    drift("listCrmEntitySchema-values-as-text", "schema-list.ordered-values", "Lists pick lists as one text.",
        on_body(LIST_SCHEMA, at(f"{FIELD}.orderedValueList", lambda values: values and ",".join(values)))),
    drift("integrationId-listed-rounded", "ids.integration-id-exact", "Lists integrationId rounded as a double does.",
        on_body(LIST, at("integrations.*.integrationId", _rounded))),
    drift("integrationId-off-by-one", "ids.integration-id-exact", "Lists an integrationId whose last digit differs.",
        on_body(LIST, at("integrations.*.integrationId", lambda number: number ^ 1))),
    drift("success-nested", "envelope.request-id", "Answers every success inside data.",
        on_body(EVERY, lambda body: {"data": body})),
)
# fmt: on
