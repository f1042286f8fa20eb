"""What a check says of a line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gong_crm.printable import printable


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Gong would refuse the line."""
    WARNING = "warning"
    """Gong would take the line, but perhaps not as meant."""
    INFO = "info"
    """Good to know; nothing has to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a line comes from.

    Attributes:
        source: The file, or a name for what is no file, such as `<records>`.
        line: 1-based line of the file, or row of what has rows.
        offset: Bytes before the line (after decompression), or None where there are no bytes.
        length: Bytes of the line without its end, or None where there are no bytes.
        is_row: Whether `line` counts rows of records or of a table.
    """

    source: str
    line: int
    offset: int | None = None
    length: int | None = None
    is_row: bool = False

    def __str__(self) -> str:
        """Write it as editors understand it."""
        return f"{self.source}:{self.line}" if not self.is_row else f"{self.source} row {self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with, or odd about, a line.

    Attributes:
        origin: Where the line comes from.
        rule: A stable word for the rule, such as `missing`, `type`, `day`, `repeated`; docs/push.md lists them.
        message: What is wrong, in one sentence that shows the value, shortened.
        hint: What to do about it, or "".
        severity: Whether Gong would refuse the line.
        member: The member of the line, or None when it is about the whole line.
        object_id: The object id of the line, where it has one.
    """

    origin: Origin
    rule: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    member: str | None = None
    object_id: str | None = None

    def __str__(self) -> str:
        """Write it in one line, to be printed."""
        member = f" {self.member}" if self.member else ""
        hint = f"; {self.hint}" if self.hint else ""
        return printable(f"{self.origin}:{member} {self.message}{hint}")
