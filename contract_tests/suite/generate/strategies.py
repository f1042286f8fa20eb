"""Lines generated from the line schemas, good ones and ones that are bad in one thing."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contract_tests.suite.drive.records import good_line
from contract_tests.suite.ledger.document import Document, the_document
from contract_tests.suite.ledger.operations import Family, operation_of

_LETTERS: Final = string.ascii_letters + string.digits + " .,;:-_'\"\\/{}[]äöüßéñçØ株式会社\U0001f680"
_TEXT: Final = st.text(_LETTERS, min_size=1, max_size=25).filter(str.strip)
_NAMES: Final = st.text(string.ascii_lowercase, min_size=1, max_size=8).map("own_{}".format)
_MOMENTS: Final = st.datetimes(datetime(2001, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001  (the strategy adds the zone)
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")
)
_DAYS: Final = st.dates(date(2001, 1, 1), date(2029, 12, 31)).map(date.isoformat)
_TIMES: Final = {"CrmDate": _DAYS, "CrmDateTime": _MOMENTS, "CrmDateOrDateTime": _DAYS | _MOMENTS}
_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=4,
)
_MALFORMED: Final = ("yesterday", "02/04/2024 08:00", "2024-02-04T8h")
# Their values are tied to something else, so they stay as they are.
_FIXED: Final = frozenset(
    {"objectId", "modifiedDate", "isDeleted", "url", "lastModified", "emailAddress", "sortOrder", "domains"}
    | {"phoneNumber", "accountId", "ownerId", "stage", "internalName"}
)


@dataclass(frozen=True, kw_only=True)
class GeneratedLine:
    """A line and whether it has to be refused."""

    line: Any
    bad: bool


def members_of(document: Document, pointer: str) -> Mapping[str, Any]:
    """Collect the members that a line schema describes, through its parts."""
    found: dict[str, Any] = {}
    schema = document.at(pointer)
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            found |= members_of(document, part["$ref"][1:])
        found |= part.get("properties", {})
    found |= schema.get("properties", {})
    return found


def _values(schema: Mapping[str, Any], document: Document) -> st.SearchStrategy[Any]:
    options = schema.get("oneOf") or [schema]
    named = [option["$ref"] for option in options if "$ref" in option]
    if named:
        kind = named[0].rsplit("/", 1)[-1]
        if kind in _TIMES:
            return _TIMES[kind]
        return st.sampled_from(document.at(named[0][1:])["enum"])
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return {
        "boolean": st.booleans(),
        "number": st.integers(0, 10**9),
        "integer": st.integers(1, 99),
        "array": st.lists(_TEXT, min_size=1, max_size=3),
    }.get(kind, _TEXT)


@st.composite
def generated_lines(
    draw: st.DrawFn, document: Document, pointer: str, object_type: str, family: Family
) -> GeneratedLine:
    """Generate a line: a good one with other values, fewer members and new ones, or one that is bad in one thing.

    Its objectId is still to be set, unless that is what is wrong with it.
    """
    line = good_line(object_type, family, "generated")
    mandatory = mandatory_members(document, pointer, object_type, family)
    for name, schema in members_of(document, pointer).items():
        if name in line and name not in _FIXED and draw(st.booleans()):
            line[name] = draw(_values(schema, document))
    # Lists stay in order, and a tenant that imports calls of a dialer may ask for the number (4.4, 4.6).
    for name in [name for name in line if name not in {*mandatory, "modifiedDate", "phoneNumber"}]:
        if draw(st.integers(0, 3)) == 0:
            del line[name]
    line |= draw(st.dictionaries(_NAMES, _JSON, max_size=2))
    if draw(st.integers(0, 2)):
        return GeneratedLine(line=line, bad=False)
    return GeneratedLine(line=_broken(draw, line, mandatory), bad=True)


def _broken(draw: st.DrawFn, line: dict[str, Any], mandatory: Sequence[str]) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(mandatory)))
    ways = ["missing"]
    if isinstance(line[name], str):
        ways.append("empty")
    if name in {"modifiedDate", "createdDate"}:
        ways.append("malformed")
    way = draw(st.sampled_from(ways))
    if way == "missing":
        return {key: value for key, value in line.items() if key != name}
    return {**line, name: "" if way == "empty" else draw(st.sampled_from(_MALFORMED))}


@cache
def mandatory_members(document: Document, pointer: str, object_type: str, family: Family) -> tuple[str, ...]:
    """Name the members that a good line cannot do without."""
    line = good_line(object_type, family, "generated")
    rest = {name: {key: value for key, value in line.items() if key != name} for name in line}
    return tuple(name for name in line if document.faults(pointer, rest[name]))


@cache
def generated_file(family: Family, object_type: str, *, count: int) -> tuple[GeneratedLine, ...]:
    """Generate the lines of a file, the same ones in every run."""
    document = the_document()
    operation = operation_of("uploadCrmEntities", family)
    pointer = document.line_pointer(operation.method, operation.path, object_type=object_type)
    return tuple(generate(generated_lines(document, pointer, object_type, family), count=count))


def generate(strategy: st.SearchStrategy[GeneratedLine], *, count: int) -> list[GeneratedLine]:
    """Generate lines, the same ones in every run."""
    generated: list[GeneratedLine] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(line: GeneratedLine) -> None:
        generated.append(line)

    collect()
    return generated[:count]
