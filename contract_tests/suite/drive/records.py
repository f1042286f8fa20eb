"""Good lines of each object type by the rules of either family, and whether an object read back is what was sent."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from contract_tests.suite.ledger.operations import Family

OBJECT_TYPES: Final = ("BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD")
READABLE_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD")

_FULL: Final[Mapping[str, Mapping[str, Any]]] = {
    "BUSINESS_USER": {"emailAddress": "{id}@example.com"},
    "STAGE": {"name": "Discovery {id}", "isActive": True, "sortOrder": 1},
    "ACCOUNT": {
        "name": "Account {id}",
        "domains": ["{id}.example.com", "{id}.example.org"],
        "url": "https://crm.example.com/a/{id}",
    },
    "CONTACT": {
        "accountId": "acc",
        "emailAddress": "{id}@example.com",
        "firstName": "Jane",
        "lastName": "Contact {id}",
        "title": "Buyer",
        "phoneNumber": "+14055766687",
    },
    "DEAL": {
        "accountId": "acc",
        "ownerId": "usr",
        "name": "Deal {id}",
        "createdDate": "2024-01-05T10:00:00Z",
        "closeDate": "2024-09-04",
        "stage": "stg",
        "amount": 7000.5,
    },
    "LEAD": {
        "emailAddress": "{id}@example.com",
        "firstName": "Bob",
        "lastName": "Lead {id}",
        "title": "Director",
        "phoneNumber": "+14055766688",
    },
}
# What only one family asks for or knows: deals and stages changed between them.
_OF_FAMILY: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("STAGE", "legacy"): {"internalName": "{id}"},
    ("DEAL", "legacy"): {"isOpen": True, "isWon": False},
    ("DEAL", "current"): {"status": "OPEN"},
}


def good_line(object_type: str, family: Family, object_id: str, *, minute: int = 0, **members: Any) -> dict[str, Any]:  # noqa: ANN401  (a member is any JSON)
    """Make a line that a family accepts, so many minutes after a fixed moment, with members added or replaced."""
    own = {**_FULL[object_type], **_OF_FAMILY.get((object_type, family), {})}
    filled = {name: _filled(value, object_id) for name, value in own.items()}
    return {"objectId": object_id, "modifiedDate": moment(minute), **filled, **members}


def _filled(value: Any, object_id: str) -> Any:  # noqa: ANN401  (a member is any JSON)
    if isinstance(value, list):
        return [_filled(one, object_id) for one in value]
    return value.replace("{id}", object_id) if isinstance(value, str) else value


def moment(minute: int) -> str:
    """Return the moment so many minutes after a fixed one, in UTC and without milliseconds."""
    return f"2024-02-04T{8 + minute // 60:02d}:{minute % 60:02d}:00Z"


def good_lines(object_type: str, family: Family, prefix: str, count: int) -> Iterator[dict[str, Any]]:
    """Make good lines in order of their modifiedDate, with ids ``prefix-0`` and so on."""
    for number in range(count):
        yield good_line(object_type, family, f"{prefix}-{number}", minute=number)


def agrees(sent: object, got: object) -> bool:
    """Return whether a value read back is the one that was sent, however the server types a scalar."""
    if sent == got:
        return True
    if isinstance(sent, list):  # of domains, whose order says nothing
        return isinstance(got, list) and sorted(map(str, sent)) == sorted(map(str, got))
    if isinstance(sent, bool) or isinstance(got, bool):
        return str(sent).lower() == str(got).lower()
    try:
        return float(str(sent)) == float(str(got))
    except ValueError:
        return str(sent) == str(got)


def shows(want: dict[str, Any] | None, got: dict[str, Any] | None) -> bool:
    """Return whether an object read back has these members; None is wanted of one that must not be there.

    A deleted object may be shown as long as it says so (U-8).
    """
    if want is None:
        return got is None or agrees(sent=True, got=got.get("isDeleted"))
    return got is not None and all(name in got and agrees(value, got[name]) for name, value in want.items())
