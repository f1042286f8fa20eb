"""Values at their edges: for each member and field of a type, values that a careless server loses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from contract_tests.suite.drive.fixtures import FOREIGN, NAME_OF

LONG: Final = "x" * 254 + "y"
VERY_LONG: Final = "lorem " * 800 + "end"
TEXTS: Final[Mapping[str, str]] = {
    "digits": "007",
    "word": "null",
    "zero": "0",
    "quotes": 'a "quoted" \\ back/slash\ttab {brace} [bracket] <tag> &amp; %20',
    "two-lines": "first\nsecond\r\nthird",
    "long": LONG,
    "foreign": FOREIGN,
}
ACCOUNT_FIELDS: Final[tuple[Mapping[str, Any], ...]] = tuple(
    {"uniqueName": name, "label": f"Label of {name}", "type": kind, **more}
    for name, kind, more in (
        ("region", "STRING", {}),
        ("score", "NUMBER", {}),
        ("strategic", "BOOLEAN", {}),
        ("edgePercent", "PERCENT", {}),
        ("edgeCurrency", "CURRENCY", {}),
        ("edgeDate", "DATE", {}),
        ("edgeDatetime", "DATETIME", {}),
        ("edgePicklist", "PICKLIST", {"orderedValueList": ["Zeta", "alpha", "10", "2"]}),
        ("edgeUrl", "URL", {}),
        ("edgePhone", "PHONENUMBER", {}),
        ("edgeMail", "EMAILADDRESS", {}),
        ("edgeId", "ID", {}),
        ("edgeReference", "REFERENCE", {"referenceTo": "ACCOUNT"}),
    )
)
"""A field of each type, which the accounts of a run have; every module sends them all, as a schema upload has to."""


_PERSON: Final = {"phoneNumber": ("+14055766687", "030901820"), "emailAddress": ("o'neil+crm@mail.example.com",)}
_FORMS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "CONTACT": {**_PERSON, "accountId": ("0", "007")},
    "LEAD": {
        **_PERSON,
        **dict.fromkeys(("convertedToDealId", "convertedToContactId", "convertedToAccountId"), ("0", "007")),
    },
}
"""Members whose values have a form of their own."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A member with a value at its edge, and the clause that says that it comes back."""

    object_type: str
    member: str
    word: str
    value: Any
    clause: str


def edges(object_type: str, family: str) -> Iterator[Edge]:
    """List the values to send in the members of a type, and in the fields of accounts."""
    texts = {"CONTACT": ("firstName", "lastName", "title"), "LEAD": ("firstName", "lastName", "title")}
    for member in texts.get(object_type, (NAME_OF[object_type],)):
        yield from _texts(object_type, member)
    for member, values in _FORMS.get(object_type, {}).items():
        for place, value in enumerate(values):
            yield Edge(object_type=object_type, member=member, word=str(place), value=value, clause="objects.texts")
    if object_type == "ACCOUNT":
        yield from _accounts(family)
    if object_type == "DEAL":
        yield from _numbers(object_type, "amount")


def _texts(object_type: str, member: str) -> Iterator[Edge]:
    for word, text in TEXTS.items():
        yield Edge(object_type=object_type, member=member, word=word, value=text, clause="objects.texts")
    yield Edge(object_type=object_type, member=member, word="very-long", value=VERY_LONG, clause="objects.long-texts")


def _numbers(object_type: str, member: str) -> Iterator[Edge]:
    numbers = {"negative": -5, "fraction": 0.1, "exact": 2**53 - 1, "money": 12345678901.25, "small": -0.0001}
    numbers |= {"tiny": 1.5e-07, "precise": 3.141592653589793}
    for word, number in numbers.items():
        yield Edge(object_type=object_type, member=member, word=word, value=number, clause="objects.numbers")
    yield Edge(object_type=object_type, member=member, word="zero", value=0, clause="objects.falsy-values")
    large = 2**53 + 1
    yield Edge(object_type=object_type, member=member, word="large", value=large, clause="objects.large-integers")


def _accounts(family: str) -> Iterator[Edge]:
    yield from _texts("ACCOUNT", "region")
    yield from _numbers("ACCOUNT", "score")
    of_type = {
        "edgePercent": (100, 12.5),
        "edgeCurrency": (-0.01, 99.99),
        "strategic": (True,),
        "edgeDate": ("2020-02-29", "1970-01-01"),
        "edgeDatetime": ("2018-02-18T02:30:00-07:00", "2018-02-18T08:00:00Z"),
        "edgePicklist": ("Zeta", "10"),
        "edgeUrl": ("https://crm.example.com/a/b?c=d&e=f#g",),
        "edgePhone": ("+49 30 901820",),
        "edgeMail": ("o'neil+crm@mail.example.com",),
        "edgeId": ("0", "00Q5e000004xYzABC"),
        "edgeReference": ("0",),
    }
    for member, values in of_type.items():
        for place, value in enumerate(values):
            yield Edge(object_type="ACCOUNT", member=member, word=str(place), value=value, clause="objects.field-types")
    falsy: dict[str, Any] = {"edgePercent": 0, "edgeCurrency": 0, "strategic": False}
    if family == "current":  # the old rules demand domains, and whether an empty list counts as missing is not settled
        falsy["domains"] = []
    for member, value in falsy.items():
        yield Edge(object_type="ACCOUNT", member=member, word="falsy", value=value, clause="objects.falsy-values")
    many = [f"d{number}.example.com" for number in range(40)]
    yield Edge(object_type="ACCOUNT", member="domains", word="many", value=many, clause="objects.texts")


def same_value(sent: object, got: object) -> bool:
    """Say whether a value came back to the last digit and letter, however the server types a scalar."""
    if isinstance(sent, bool):
        return got is sent or (isinstance(got, str) and got.lower() == str(sent).lower())
    if isinstance(sent, int | float):
        try:
            return not isinstance(got, bool) and Decimal(str(got)) == Decimal(str(sent))
        except InvalidOperation:
            return False
    if isinstance(sent, list):  # of domains, whose order says nothing
        return isinstance(got, list) and sorted(map(str, got)) == sorted(map(str, sent))
    return sent == got or (isinstance(sent, str) and same_moment(sent, got))


def same_moment(sent: str, got: object) -> bool:
    """Say whether two ISO-8601 texts name the same moment."""
    try:
        return datetime.fromisoformat(sent).timestamp() == datetime.fromisoformat(str(got)).timestamp()
    except ValueError:
        return False
