"""Drifts that no longer demand a mandatory member of a line."""

from collections.abc import Callable, Iterator
from typing import Final

from contract_tests.drifts.exchange import Recipe
from contract_tests.drifts.files import USER_MAPPING, Record, on_lines
from contract_tests.drifts.operations import CURRENT, LEGACY
from contract_tests.drifts.registry import Drift, drift
from contract_tests.suite.drive.records import OBJECT_TYPES, good_line
from contract_tests.suite.generate.strategies import mandatory_members
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.operations import FAMILIES, Family, operation_of

OF: Final = {"current": CURRENT, "legacy": LEGACY}
"""The operations of each family."""

_ALTERNATIVES: Final = {
    "closeDate": ("estimatedCloseDate", "actualCloseDate"),
    "amount": ("estimatedAmount", "actualAmount"),
}
_OF_ALL_TYPES: Final = {"objectId": "object-id", "modifiedDate": "modified-date"}


def demanded(family: Family, object_type: str) -> Record:
    """Give the mandatory members of a line as the document has them, each with a good value."""
    operation, document = operation_of("uploadCrmEntities", family), the_document()
    pointer = document.line_pointer(operation.method, operation.path, object_type=object_type)
    line = good_line(object_type, family, "filled-in")
    return {name: line[name] for name in mandatory_members(document, pointer, object_type, family)}


def _filled(values: Record, *, where: Callable[[Record, str], bool]) -> Callable[[Record], Record]:
    def fill(record: Record) -> Record:
        return {**record, **{name: filler for name, filler in values.items() if where(record, name)}}

    return fill


def _absent(record: Record, name: str) -> bool:
    return name not in record and all(record.get(other) is None for other in _ALTERNATIVES.get(name, ()))


def _rows(family: Family, object_type: str) -> Iterator[Drift]:
    kind, members = object_type.lower().replace("_", "-"), demanded(family, object_type)

    def taking(change: Callable[[Record], Record]) -> Recipe:
        return on_lines(change, operations=OF[family], types=(object_type,))

    for name, filler in members.items():
        yield drift(
            f"line-{family}-{kind}-without-{name}",
            f"line.{_OF_ALL_TYPES[name]}.{family}" if name in _OF_ALL_TYPES else f"line.{kind}.{family}.{name}",
            f"Takes a {object_type} line without {name} under the {family} rules.",
            taking(_filled({name: filler}, where=_absent)),
        )
    yield drift(
        f"line-{family}-{kind}-empty",
        "line.empty-mandatory",
        f"Takes an empty string for a mandatory member of {object_type} under the {family} rules.",
        taking(_filled(members, where=lambda record, name: record.get(name) == "")),
    )
    yield drift(
        f"line-{family}-{kind}-null",
        "line.null-mandatory",
        f"Takes null for a mandatory member of {object_type} under the {family} rules.",
        taking(_filled(members, where=lambda record, name: name in record and record[name] is None)),
    )


def _mapping_without(name: str) -> Callable[[Record], Record]:
    return lambda record: record if record.get(name) else {**record, name: "filled.in@example.com"}


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(row for family in FAMILIES for object_type in OBJECT_TYPES for row in _rows(family, object_type)),
    *(
        drift(f"map-users-without-{name}", clause, f"Takes a user mapping without {name}.",
            on_lines(_mapping_without(name), types=(USER_MAPPING,)))
        for name, clause in (("crmUserId", "map-users.crm-user-id"), ("emailAddress", "map-users.email"))
    ),
)
# fmt: on
