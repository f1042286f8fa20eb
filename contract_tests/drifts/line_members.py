"""Drifts that no longer demand a mandatory member of a line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.files import USER_MAPPING, Record, on_lines
from contract_tests.drifts.operations import CURRENT, LEGACY
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.registry import Drift

WHEN: Final = "2026-03-01T10:00:00Z"

FILLERS: Final[Record] = {
    "objectId": "filled-in",
    "crmUserId": "filled-in",
    "modifiedDate": WHEN,
    "emailAddress": "filled.in@example.com",
    "internalName": "filled-in",
    "name": "Filled in",
    "isActive": True,
    "sortOrder": 1,
    "domains": [],
    "accountId": "filled-in",
    "firstName": "Filled",
    "lastName": "In",
    "ownerId": "filled-in",
    "createdDate": WHEN,
    "closeDate": "2026-03-01",
    "isOpen": True,
    "isWon": False,
    "stage": "filled-in",
    "amount": 1,
}
"""A good value for each member that some object type demands."""

FULL: Final = {**FILLERS, "status": "OPEN"}
"""A record that every object type accepts under the rules of either family."""

DEMANDED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "current": {
        "ACCOUNT": ("objectId", "modifiedDate"),
        "CONTACT": ("objectId", "modifiedDate"),
        "DEAL": ("objectId", "modifiedDate"),
        "LEAD": ("objectId", "modifiedDate"),
        "BUSINESS_USER": ("objectId", "modifiedDate", "emailAddress"),
        "STAGE": ("objectId", "name"),
    },
    "legacy": {
        "ACCOUNT": ("objectId", "modifiedDate", "name", "domains"),
        "CONTACT": ("objectId", "modifiedDate", "accountId", "emailAddress", "firstName", "lastName"),
        "DEAL": (
            *("objectId", "modifiedDate", "accountId", "ownerId", "name", "createdDate"),
            *("closeDate", "isOpen", "isWon", "stage", "amount"),
        ),
        "LEAD": ("objectId", "modifiedDate", "emailAddress", "firstName", "lastName"),
        "BUSINESS_USER": ("objectId", "modifiedDate", "emailAddress"),
        "STAGE": ("objectId", "modifiedDate", "internalName", "name", "isActive", "sortOrder"),
    },
}
"""Mandatory members of a line by family and object type, from the tables of the published rules."""

_STAND_INS: Final = {
    "closeDate": ("estimatedCloseDate", "actualCloseDate"),
    "amount": ("estimatedAmount", "actualAmount"),
}
FAMILIES: Final = {"current": CURRENT, "legacy": LEGACY}
_OF_TYPES: Final = {"objectId": "object-id", "modifiedDate": "modified-date"}


def _filled(name: str, *, where: Callable[[Record], bool]) -> Callable[[Record], Record]:
    def fill(record: Record) -> Record:
        others = any(record.get(other) is not None for other in _STAND_INS.get(name, ()))
        return {**record, name: FILLERS[name]} if where(record) and not others else record

    return fill


def _missing_accepted(family: str, object_type: str, name: str) -> Drift:
    kind = object_type.lower().replace("_", "-")
    clause = f"line.{_OF_TYPES[name]}.{family}" if name in _OF_TYPES else f"line.{kind}.{family}.{name}"
    return drift(
        f"line-{family}-{kind}-without-{name}-accepted",
        clause,
        f"Takes a {object_type} line without {name} under the {family} rules.",
        on_lines(
            _filled(name, where=lambda record: name not in record), operations=FAMILIES[family], types=(object_type,)
        ),
        kind="mandatory members",
    )


def _empty_accepted(family: str, object_type: str) -> Drift:
    names = [name for name in DEMANDED[family][object_type] if isinstance(FILLERS[name], str)]

    def fill(record: Record) -> Record:
        return {**record, **{name: FILLERS[name] for name in names if record.get(name) == ""}}

    return drift(
        f"line-{family}-{object_type.lower().replace('_', '-')}-empty-accepted",
        "line.empty-mandatory",
        f"Takes an empty string for a mandatory member of {object_type} under the {family} rules.",
        on_lines(fill, operations=FAMILIES[family], types=(object_type,)),
        kind="mandatory members",
    )


def _null_accepted(family: str) -> Drift:
    def fill(record: Record) -> Record:
        return {**record, **{name: FILLERS[name] for name in FILLERS if name in record and record[name] is None}}

    return drift(
        f"line-{family}-null-accepted",
        "line.null-mandatory",
        f"Takes null for a mandatory member under the {family} rules.",
        on_lines(fill, operations=FAMILIES[family]),
        kind="mandatory members",
    )


MANDATORY: Final = (
    *(
        _missing_accepted(family, object_type, name)
        for family, types in DEMANDED.items()
        for object_type, names in types.items()
        for name in names
    ),
    *(_empty_accepted(family, object_type) for family, types in DEMANDED.items() for object_type in types),
    *(_null_accepted(family) for family in DEMANDED),
)

_row = partial(drift, kind="mandatory members")

MAPPINGS: Final = (
    _row(
        "map-users-without-crm-user-id-accepted",
        "map-users.crm-user-id",
        "Takes a user mapping without crmUserId.",
        on_lines(_filled("crmUserId", where=lambda record: not record.get("crmUserId")), types=(USER_MAPPING,)),
    ),
    _row(
        "map-users-without-email-accepted",
        "map-users.email",
        "Takes a user mapping without emailAddress.",
        on_lines(_filled("emailAddress", where=lambda record: not record.get("emailAddress")), types=(USER_MAPPING,)),
    ),
)
