"""The seventeen operations, as the facts name them."""

from dataclasses import dataclass
from typing import Final, Literal

Family = Literal["current", "legacy"]
FAMILIES: Final[tuple[Family, ...]] = ("current", "legacy")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: how it is called and what its success looks like.

    Attributes:
        id: Its operationId.
        name: The operationId of its twin in the current family, its own where it has no twin.
        chapter: How the ids of its clauses begin.
    """

    id: str
    name: str
    chapter: str
    family: Literal["current", "legacy", "shared"]
    method: str
    path: str
    scope: str
    success: frozenset[int]
    success_clause: str


def _twins(  # noqa: PLR0913  (a row of the table)
    operation_id: str, method: str, *, paths: tuple[str, str], chapter: str, scope: str, success: str, clause: str
) -> list[Operation]:
    """Make two operations; success holds the statuses of the current one, then those of its legacy twin."""
    return [
        Operation(
            id=operation_id + suffix,
            name=operation_id,
            chapter=chapter,
            family=family,
            method=method,
            path=path,
            scope=scope,
            success=frozenset(map(int, statuses.split("/"))),
            success_clause=clause,
        )
        for family, suffix, path, statuses in zip(FAMILIES, ("", "Legacy"), paths, success.split(), strict=True)
    ]


def _single(  # noqa: PLR0913  (same)
    operation_id: str, method: str, path: str, *, chapter: str, scope: str, success: int
) -> Operation:
    return Operation(
        id=operation_id,
        name=operation_id,
        chapter=chapter,
        family="legacy" if operation_id.endswith("Legacy") else "shared",
        method=method,
        path=path,
        scope=scope,
        success=frozenset({success}),
        success_clause=f"{chapter}.success",
    )


# Where both 200 and 201 are documented, both are a success: legacy deletion, current schema upload.
# Live, a schema upload answered 200, so a legacy 201 is not documented anywhere.
OPERATIONS: Final[tuple[Operation, ...]] = (
    *_twins(
        "registerCrmIntegration",
        "PUT",
        paths=("/v2/crm/integrations", "/v2/crm/integration/new"),
        chapter="register",
        scope="api:crm:integration:register",
        success="200 200",
        clause="register.success",
    ),
    *_twins(
        "listCrmIntegrations",
        "GET",
        paths=("/v2/crm/integrations", "/v2/crm/integration/list"),
        chapter="list",
        scope="api:crm:integrations:read",
        success="200 200",
        clause="list.success",
    ),
    *_twins(
        "deleteCrmIntegration",
        "DELETE",
        paths=("/v2/crm/integrations", "/v2/crm/integration/delete"),
        chapter="delete",
        scope="api:crm:integration:delete",
        success="201 200/201",
        clause="delete.echo",
    ),
    *_twins(
        "uploadCrmEntitySchema",
        "POST",
        paths=("/v2/crm/entity-schema", "/v2/crm/object/schema"),
        chapter="schema",
        scope="api:crm:schema",
        success="200/201 200",
        clause="schema.upload-success",
    ),
    *_twins(
        "listCrmEntitySchema",
        "GET",
        paths=("/v2/crm/entity-schema", "/v2/crm/object/schema/list"),
        chapter="schema-list",
        scope="api:crm:schema",
        success="200 200",
        clause="schema-list.success",
    ),
    *_twins(
        "uploadCrmEntities",
        "POST",
        paths=("/v2/crm/entities", "/v2/crm/object/entities"),
        chapter="upload",
        scope="api:crm:upload",
        success="201 201",
        clause="upload.success",
    ),
    *_twins(
        "getCrmEntities",
        "GET",
        paths=("/v2/crm/entities", "/v2/crm/object/list"),
        chapter="objects",
        scope="api:crm:get-objects",
        success="200 200",
        clause="objects.success",
    ),
    _single(
        "getCrmRequestStatus",
        "GET",
        "/v2/crm/request-status",
        chapter="status",
        scope="api:crm:upload",
        success=200,
    ),
    _single("mapCrmUsersLegacy", "POST", "/v2/crm/map/users", chapter="map-users", scope="api:crm:upload", success=201),
    _single("uploadCrmStagesLegacy", "POST", "/v2/crm/stages", chapter="stages", scope="api:crm:schema", success=200),
)

SCOPE_CLAUSES: Final = {
    "registerCrmIntegration": "scope.register",
    "listCrmIntegrations": "scope.list",
    "deleteCrmIntegration": "scope.delete",
    "uploadCrmEntitySchema": "scope.schema-upload",
    "listCrmEntitySchema": "scope.schema-list",
    "uploadCrmEntities": "scope.upload",
    "getCrmEntities": "scope.get-objects",
    "getCrmRequestStatus": "scope.request-status",
    "mapCrmUsersLegacy": "scope.map-users",
    "uploadCrmStagesLegacy": "scope.stages",
}
"""The clause that says which scope an operation asks for, by the name that twins share."""

BY_ID: Final[dict[str, Operation]] = {operation.id: operation for operation in OPERATIONS}
PATHS: Final[frozenset[str]] = frozenset(operation.path for operation in OPERATIONS)


def operation_of(name: str, family: Family) -> Operation:
    """Find one of two twins, by the operationId of the current family; what has no twin belongs to both families.

    Raises:
        LookupError: The family has no such operation.
    """
    for operation in OPERATIONS:
        if operation.name == name and operation.family in {family, "shared"}:
            return operation
    raise LookupError(f"the {family} family has no operation {name}")


def operation_at(method: str, path: str) -> Operation | None:
    """Find the operation that a call meant; none for an unknown path or an undeclared method."""
    for operation in OPERATIONS:
        if operation.method == method.upper() and operation.path == path:
            return operation
    return None
