"""How to read a source that does not say so itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from gong_crm.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping


STANDARD_INPUT: Final = frozenset({"-", "/dev/stdin"})
"""Names of standard input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOptions:
    """How to read CSV.

    Attributes:
        delimiter: What stands between cells; None looks at the file.
        quote: What encloses cells that hold a delimiter or a line end.
        empty: Whether an empty cell leaves the member out, or clears it by null.
        timezone: IANA name of the zone of times that name none, such as `Europe/Berlin`; None refuses such times.
        list_separator: What stands between the values of a list in one cell.
        columns: Member for each column whose name is another.

    Raises:
        SourceError: If one of them cannot be.
    """

    delimiter: str | None = None
    quote: str = '"'
    empty: Literal["omit", "null"] = "omit"
    timezone: str | None = None
    list_separator: str = ";"
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, value in (("delimiter", self.delimiter), ("quote", self.quote)):
            if value is not None and (len(value) != 1 or value in "\r\n"):
                raise SourceError(f"{name} must be one character, not {value!r}")
        if self.delimiter == self.quote:
            raise SourceError(f"delimiter and quote are both {self.quote!r}")
        if self.empty not in {"omit", "null"}:
            raise SourceError(f"empty must be omit or null, not {self.empty!r}")
        if not self.list_separator:
            raise SourceError("list_separator must not be empty")
        _ = self.zone

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone that `timezone` names."""
        if self.timezone is None:
            return None
        try:
            return ZoneInfo(self.timezone)
        except (LookupError, ValueError, OSError) as problem:
            raise SourceError(
                f"there is no time zone {self.timezone!r}; give an IANA name such as Europe/Berlin or UTC"
                " (on Windows, install tzdata)"
            ) from problem
