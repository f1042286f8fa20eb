"""The seventeen operations by verb and family, as the facts name them."""

from dataclasses import dataclass
from typing import Final, Literal

Family = Literal["current", "legacy"]
FAMILIES: Final[tuple[Family, ...]] = ("current", "legacy")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: how it is called and what its success looks like."""

    id: str
    verb: str
    family: Literal["current", "legacy", "shared"]
    method: str
    path: str
    scope: str
    success: frozenset[int]
    success_clause: str


def _twins(
    row: tuple[str, str, str], *, paths: tuple[str, str], scope: str, clause: str, success: str
) -> list[Operation]:
    """Make the two operations of a table row; success holds the statuses of the current, then the legacy twin."""
    verb, method, operation_id = row
    return [
        Operation(
            id=operation_id + suffix,
            verb=verb,
            family=family,
            method=method,
            path=path,
            scope=scope,
            success=frozenset(map(int, statuses.split("/"))),
            success_clause=clause,
        )
        for family, suffix, path, statuses in zip(FAMILIES, ("", "Legacy"), paths, success.split(), strict=True)
    ]


def _single(row: tuple[str, str, str], *, path: str, scope: str, success: int) -> Operation:
    verb, method, operation_id = row
    return Operation(
        id=operation_id,
        verb=verb,
        family="legacy" if operation_id.endswith("Legacy") else "shared",
        method=method,
        path=path,
        scope=scope,
        success=frozenset({success}),
        success_clause=f"{verb}.success",
    )


# Where both 200 and 201 are documented, both are a success: legacy deletion, current schema upload.
# Live, a schema upload answered 200, so a legacy 201 is not documented anywhere.
OPERATIONS: Final[tuple[Operation, ...]] = (
    *_twins(
        ("register", "PUT", "registerCrmIntegration"),
        paths=("/v2/crm/integrations", "/v2/crm/integration/new"),
        scope="api:crm:integration:register",
        clause="register.success",
        success="200 200",
    ),
    *_twins(
        ("list", "GET", "listCrmIntegrations"),
        paths=("/v2/crm/integrations", "/v2/crm/integration/list"),
        scope="api:crm:integrations:read",
        clause="list.success",
        success="200 200",
    ),
    *_twins(
        ("delete", "DELETE", "deleteCrmIntegration"),
        paths=("/v2/crm/integrations", "/v2/crm/integration/delete"),
        scope="api:crm:integration:delete",
        clause="delete.echo",
        success="201 200/201",
    ),
    *_twins(
        ("schema", "POST", "uploadCrmEntitySchema"),
        paths=("/v2/crm/entity-schema", "/v2/crm/object/schema"),
        scope="api:crm:schema",
        clause="schema.upload-success",
        success="200/201 200",
    ),
    *_twins(
        ("schema-list", "GET", "listCrmEntitySchema"),
        paths=("/v2/crm/entity-schema", "/v2/crm/object/schema/list"),
        scope="api:crm:schema",
        clause="schema-list.success",
        success="200 200",
    ),
    *_twins(
        ("upload", "POST", "uploadCrmEntities"),
        paths=("/v2/crm/entities", "/v2/crm/object/entities"),
        scope="api:crm:upload",
        clause="upload.success",
        success="201 201",
    ),
    *_twins(
        ("objects", "GET", "getCrmEntities"),
        paths=("/v2/crm/entities", "/v2/crm/object/list"),
        scope="api:crm:get-objects",
        clause="objects.success",
        success="200 200",
    ),
    _single(
        ("status", "GET", "getCrmRequestStatus"), path="/v2/crm/request-status", scope="api:crm:upload", success=200
    ),
    _single(("map-users", "POST", "mapCrmUsersLegacy"), path="/v2/crm/map/users", scope="api:crm:upload", success=201),
    _single(("stages", "POST", "uploadCrmStagesLegacy"), path="/v2/crm/stages", scope="api:crm:schema", success=200),
)

BY_ID: Final[dict[str, Operation]] = {operation.id: operation for operation in OPERATIONS}
PATHS: Final[frozenset[str]] = frozenset(operation.path for operation in OPERATIONS)


def operation_of(verb: str, family: Family) -> Operation:
    """Find an operation by what it does and which family it belongs to.

    Args:
        verb: What it does, such as ``upload``.
        family: ``current`` or ``legacy``; shared operations belong to both.

    Returns:
        The operation.

    Raises:
        LookupError: The family has no such operation.
    """
    for operation in OPERATIONS:
        if operation.verb == verb and operation.family in {family, "shared"}:
            return operation
    raise LookupError(f"the {family} family has no operation to {verb}")


def operation_at(method: str, path: str) -> Operation | None:
    """Find the operation that a call meant.

    Args:
        method: HTTP method.
        path: Path of the URL, without query.

    Returns:
        The operation, or None for an unknown path or an undeclared method.
    """
    for operation in OPERATIONS:
        if operation.method == method.upper() and operation.path == path:
            return operation
    return None
