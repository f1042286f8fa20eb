"""How to read a source that does not say so itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOptions:
    """How to read CSV.

    Attributes:
        delimiter: What stands between cells; None looks at the file.
        quote: What encloses cells that hold a delimiter or a line end.
        empty: Whether an empty cell leaves the member out, or clears it by null.
        timezone: IANA name of the zone of times that name none, such as `Europe/Berlin`; None refuses them.
        list_separator: What stands between the values of a list in one cell.
        columns: Member for each column whose name is another.
    """

    delimiter: str | None = None
    quote: str = '"'
    empty: Literal["omit", "null"] = "omit"
    timezone: str | None = None
    list_separator: str = ";"
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
