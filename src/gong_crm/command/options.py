"""The options that several subcommands share."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from gong_crm.errors import CredentialsError, SetupError
from gong_crm.feeds import CsvOptions
from gong_crm.front import GongCrm
from gong_crm.wire.budget import Budget
from gong_crm.wire.settings import from_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm.events import Event

CONNECTION = Group("Gong", sort_key=2)
OUTPUT = Group("Output", sort_key=3)
CSV = Group("CSV", sort_key=1)
_NAMES: Final = ("GONG_BASE_URL", "GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET", "GONG_ACCESS_TOKEN")
_LARGEST: Final = 64 * 1024

Seconds = Annotated[float, Parameter(validator=Number(gt=0))]
Count = Annotated[int, Parameter(validator=Number(gte=0))]


@Parameter(name="*", group=OUTPUT)
@dataclass(frozen=True, kw_only=True)
class Output:
    """How results are printed.

    Attributes:
        json: One event a line on standard output, errors too, and nothing on standard error.
        debug: A traceback with each error, without secrets.
    """

    json: Annotated[bool, Parameter(negative="")] = False
    debug: Annotated[bool, Parameter(negative="")] = False


@Parameter(name="*", group=CONNECTION)
@dataclass(frozen=True, kw_only=True)
class Connection:
    """Where Gong is, who calls, and what remembers.

    Attributes:
        base_url: The address that Gong's API page shows; GONG_BASE_URL, else https://api.gong.io.
        credentials: A file that only its owner can read, with lines such as GONG_ACCESS_KEY=..., in the place of the
            environment's variables of these names.
        journal: The folder that remembers what was sent; one for all nights.
        legacy: The legacy endpoints, with the legacy rules for lines.
        calls_per_second: How many calls a second Gong allows you.
        calls_per_day: How many calls a day Gong allows you.
        evidence: A new file for Gong's answers, scrubbed, each held against the contract; nothing is sent anywhere.
    """

    base_url: str | None = None
    credentials: Path | None = None
    journal: Path | None = None
    legacy: Annotated[bool, Parameter(negative="")] = False
    calls_per_second: float = 3.0
    calls_per_day: int = 10_000
    evidence: Path | None = None

    def open(self, on_event: Callable[[Event], None] | None = None) -> GongCrm:
        """Open the door.

        Raises:
            SetupError: If an option cannot be.
        """
        environment = {name: value for name in _NAMES if (value := os.environ.get(name))}
        if self.credentials is not None:
            environment |= _read_credentials(self.credentials)
        settings: dict[str, Any] = from_environment(environment)
        if self.base_url is not None:
            settings["base_url"] = self.base_url
        try:
            budget = Budget(per_second=self.calls_per_second, per_day=self.calls_per_day)
        except ValueError as problem:
            raise SetupError(str(problem)) from None
        return GongCrm(
            **settings,
            journal=self.journal,
            legacy=self.legacy,
            budget=budget,
            on_event=on_event,
            evidence=self.evidence,
        )


@Parameter(name="*", group=CSV)
@dataclass(frozen=True, kw_only=True)
class Csv:
    """How CSV is read, where that cannot be seen.

    Attributes:
        delimiter: What stands between cells.
        empty: Whether an empty cell leaves the member out, or clears it.
        timezone: The zone of times that name none, such as Europe/Berlin.
        list_separator: What stands between the values of a list in one cell.
        map: COLUMN=MEMBER for a column whose name is another than the member's; may be repeated.
    """

    delimiter: str | None = None
    empty: Literal["omit", "null"] = "omit"
    timezone: str | None = None
    list_separator: str = ";"
    map: Annotated[tuple[str, ...], Parameter(negative="")] = ()

    def options(self) -> CsvOptions | None:
        """Give the options of the library; None when nothing was said, so that only CSV is read as CSV.

        Raises:
            SetupError: If one cannot be.
        """
        if self == Csv():
            return None
        pairs = [text.partition("=") for text in self.map]
        wrong = [text for text, pair in zip(self.map, pairs, strict=True) if not (pair[0] and pair[2])]
        if wrong:
            raise SetupError(f"--map takes COLUMN=MEMBER, not {wrong[0]!r}")
        return CsvOptions(
            delimiter="\t" if self.delimiter == "\\t" else self.delimiter,
            empty=self.empty,
            timezone=self.timezone,
            list_separator=self.list_separator,
            columns={column: member for column, _, member in pairs},
        )


def _read_credentials(path: Path) -> dict[str, str]:
    try:
        state = path.stat()
        text = path.read_text(encoding="utf-8-sig") if state.st_size <= _LARGEST else ""
    except (OSError, UnicodeDecodeError) as problem:
        raise CredentialsError(
            f"the credentials {path} cannot be read: {getattr(problem, 'strerror', None) or 'it is no text'}"
        ) from None
    if os.name == "posix" and state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialsError(f"others can read {path}; say: chmod 600 {path}")
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or name.strip() not in _NAMES:
            raise CredentialsError(
                f"{path}:{number}: a line must be NAME=VALUE, with one of the names {', '.join(_NAMES)}"
            )
        found[name.strip()] = value.strip().strip("\"'")
    return found
