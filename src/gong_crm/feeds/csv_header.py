"""The first row of CSV: which column holds which member, and what stands between cells."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import SourceError
from gong_crm.feeds.casts import shown
from gong_crm.feeds.cells import cast_for
from gong_crm.findings import Finding, Origin, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gong_crm.feeds.options import CsvOptions
    from gong_crm.rules import Rules

_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that is read.

    Attributes:
        place: Which cell of a row it is, from 0.
        member: The member that its cells are values of.
        cast: Makes a value of a cell; None where it stays text.
    """

    place: int
    member: str
    cast: Callable[[str], Any] | None


def delimiter_of(first: str, rules: Rules, options: CsvOptions) -> str:
    """Say what stands between cells: what makes most members of the first row, else most cells."""
    if options.delimiter is not None:
        return options.delimiter
    known = rules.members | options.columns.keys()

    def quality(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader([first], delimiter=delimiter, quotechar=options.quote), [])
        except csv.Error:  # the row is read once more, and reported then
            names = []
        return len(known & {name.strip() for name in names}), len(names)

    return max(_DELIMITERS, key=quality)


def read_header(
    names: Sequence[str], *, rules: Rules, options: CsvOptions, origin: Origin
) -> tuple[list[Column], list[Finding]]:
    """Say what each column holds, and report those that Gong does not know.

    Raises:
        SourceError: If two columns hold the same member, or none holds objectId, or one is named that is not there.
    """
    names = [name.strip() for name in names]
    _check_mapping(names, options, origin)
    members = {place: options.columns.get(name, name) for place, name in enumerate(names) if name}
    twice = [member for member, count in Counter(members.values()).items() if count > 1]
    if twice:
        raise SourceError(f"{origin}: more than one column holds {shown(twice[0])}; rename or drop all but one")
    if not members:
        raise SourceError(f"{origin}: the first row is blank; it must hold the names of the columns")
    if "objectId" not in members.values():
        if names[0].lower().startswith("sep="):
            raise SourceError(f"{origin}: the first row is {shown(names[0])}, a word for Excel; take that row off")
        raise SourceError(
            f"{origin}: no column is called objectId, there are {', '.join(map(shown, names[:10]))}; "
            'name the one that holds it, by columns={"Id": "objectId"} for example, or add the row of names'
        )
    properties = rules.schema["properties"]
    columns = [
        Column(place=place, member=member, cast=cast_for(properties.get(member), options))
        for place, member in members.items()
    ]
    unknown = [_unknown(member, rules, origin) for member in members.values() if member not in properties]
    nameless = [place for place, name in enumerate(names, 1) if not name]
    if nameless:
        unknown.append(_nameless(nameless, origin))
    return columns, unknown


def _check_mapping(names: Sequence[str], options: CsvOptions, origin: Origin) -> None:
    for column in options.columns:
        if column not in names:
            near = get_close_matches(column, names, n=1)
            meant = f"; did you mean {shown(near[0])}?" if near else ""
            raise SourceError(f"{origin}: there is no column {shown(column)}, which `columns` names{meant}")


def _unknown(member: str, rules: Rules, origin: Origin) -> Finding:
    near = get_close_matches(member, sorted(rules.members), n=1)
    return Finding(
        origin=origin,
        rule="unknown-column",
        message=f"the column is no member of {rules.object_type} that Gong knows",
        hint=f"did you mean {near[0]}?" if near else "describe it as a field, else Gong shows nothing of it",
        severity=Severity.WARNING,
        member=member,
    )


def _nameless(places: Sequence[int], origin: Origin) -> Finding:
    which = f"column {places[0]} has" if len(places) == 1 else f"columns {', '.join(map(str, places[:10]))} have"
    return Finding(
        origin=origin,
        rule="unknown-column",
        message=f"{which} no name, and will not be sent",
        hint="name what is to be sent",
        severity=Severity.WARNING,
    )
