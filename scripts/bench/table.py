"""The table that a benchmark writes into its section of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MACHINE: Final = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured.
        result: The ratio or number.
        bar: What it is held against, or "".
        kept: Whether it is kept, where there is a bar.
    """

    what: str
    result: str
    bar: str = ""
    kept: bool | None = None


def at_least(what: str, ratio: float, bar: float) -> Row:
    """Hold a ratio against the least it should be."""
    return Row(what=what, result=f"{ratio:.2f}", bar=f"at least {bar:.2f}", kept=round(ratio, 2) >= bar)


def at_most(what: str, number: float, bar: float, *, unit: str = "", digits: int = 0) -> Row:
    """Hold a number against the most it may be."""
    return Row(
        what=what,
        result=f"{number:.{digits}f}{unit}",
        bar=f"at most {bar:.{digits}f}{unit}",
        kept=round(number, digits) <= bar,
    )


def as_markdown(notes: Iterable[str], rows: Iterable[Row]) -> str:
    """Write the notes, one a line, and the rows as a table."""
    words = {True: "yes", False: "**no**", None: ""}
    lines = [f"| {row.what} | {row.result} | {row.bar} | {words[row.kept]} |" for row in rows]
    return "\n".join([*notes, "", "| what | ratio or number | bar | kept |", "|---|---|---|---|", *lines, ""])


def write_section(page: Path, name: str, section: str) -> None:
    """Put a section between its markers; the rest of the page is others'."""
    text = page.read_text(encoding="utf-8")
    fresh, count = re.subn(
        rf"(?s)(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda found: found[1] + section + found[2], text
    )
    if count != 1:
        raise SystemExit(f"{page} needs the markers <!-- {name} --> and <!-- /{name} --> once")
    page.write_text(fresh, encoding="utf-8")
