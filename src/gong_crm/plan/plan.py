"""A plan: what is sent in which files, what is held back and what it will take, saved as JSON."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gong_crm.checking.spans import Span
from gong_crm.errors import JournalError
from gong_crm.plan.held import held_lines
from gong_crm.plan.model import STEPS, PlannedFile, Source, TypePlan
from gong_crm.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm.plan.held import HeldLine

VERSION: Final = 1
FOLDERS: Final = ("files", "held", "sources")
"""What a plan keeps in its folder beside its JSON."""

_FILE: Final = "plan.json"
_CALLS_PER_SECOND: Final = 3
_CALLS_PER_DAY: Final = 10_000
_DAY: Final = 24 * 3600.0
_ACCOUNT_PAUSE: Final = 60.0
_POLLS: Final = 5
"""Calls that follow a file to its end, when Gong takes half a minute."""
_ROUND: Final = 30.0
"""Seconds from an upload to its end, before what must come later is sent."""
_SHOWN_WAVES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be sent, and what will not.

    Attributes:
        folder: Where the plan is, with the files of its own.
        types: What becomes of the lines of each object type.
        files: The files to be sent, in the order in which they are sent; those of one step and wave may be
            processed side by side.
        sources: Where the lines come from.
    """

    folder: Path
    types: tuple[TypePlan, ...]
    files: tuple[PlannedFile, ...]
    sources: tuple[Source, ...]

    @property
    def calls(self) -> int:
        """Count the calls it takes, when Gong takes half a minute for each file."""
        return len(self.files) * (1 + _POLLS)

    @property
    def expected_seconds(self) -> float:
        """Say how long it takes at Gong's limits, when Gong takes half a minute for each file.

        That is 3 calls a second and 10,000 a day, one wave after the other, and a minute after the accounts.
        The network is not counted, which takes 16 seconds for 200 MB at 100 Mbit a second.
        """
        steps = {planned.step for planned in self.files}
        rounds = len({(planned.step, planned.wave) for planned in self.files})
        pause = _ACCOUNT_PAUSE if STEPS["ACCOUNT"] in steps and max(steps) > STEPS["ACCOUNT"] else 0.0
        nights = max(0, self.calls - 1) // _CALLS_PER_DAY
        last_day = self.calls - nights * _CALLS_PER_DAY
        return nights * _DAY + last_day / _CALLS_PER_SECOND + rounds * _ROUND + pause

    def held_back(self, object_type: str) -> Iterator[HeldLine]:
        """Give the lines of an object type that are not sent, with what is wrong about them."""
        return held_lines(self.folder, object_type)

    def table(self) -> str:
        """Write it as a text for people."""
        rows = [("type", "wave", "files", "lines", "bytes"), *self._rows()]
        lines = [table(rows, words=2)]
        for one in self.types:
            if one.held_back:
                lines.append(f"{one.object_type}: {one.held_back:,} of {one.read:,} lines are bad and held back")
            if one.duplicates:
                lines.append(f"{one.object_type}: {one.duplicates:,} lines say nothing new and are dropped")
        return "\n".join([*lines, f"about {self.calls:,} calls, at least {_duration(self.expected_seconds)}", ""])

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for one in self.types:
            waves: dict[str, list[PlannedFile]] = {}
            for planned in self.files:
                if planned.object_type == one.object_type:
                    wave = str(planned.wave) if planned.wave < _SHOWN_WAVES else f"{_SHOWN_WAVES} and later"
                    waves.setdefault(wave, []).append(planned)
            for wave, files in waves.items():
                lines, size = sum(planned.lines for planned in files), sum(planned.bytes for planned in files)
                yield one.object_type, wave, f"{len(files):,}", f"{lines:,}", f"{size:,}"

    def save(self) -> None:
        """Write it into its folder, whole or not at all.

        Raises:
            JournalError: If it cannot be written.
        """
        text = json.dumps(_as_json(self), indent=None, separators=(",", ":"))
        path = self.folder / _FILE
        new = path.with_suffix(".new")
        try:
            with new.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError as problem:
            raise JournalError(f"the plan could not be saved to {path}: {problem.strerror or problem}") from problem

    @classmethod
    def load(cls, folder: Path) -> Plan:
        """Read a plan that was saved.

        Raises:
            JournalError: If there is none, or another version wrote it.
        """
        path = folder / _FILE
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values["version"] != VERSION:
                raise JournalError(
                    f"{path} was written by another version of gong-crm; finish the job with that version,"
                    " or push the sources again"
                )
            return _from_json(values, folder)
        except OSError as problem:
            raise JournalError(
                f"the plan {path} could not be read: {problem.strerror or problem};"
                " push the sources again, which sends nothing twice, and discard this job"
            ) from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise JournalError(f"{path} is damaged; push the sources again") from problem

    def discard(self) -> None:
        """Remove what it keeps in its folder, and the folder when nothing else is in it."""
        remove(self.folder)


def remove(folder: Path) -> None:
    """Remove a plan, or what there is of it, from its folder; the folder too when nothing else is in it."""
    (folder / _FILE).unlink(missing_ok=True)
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _as_json(plan: Plan) -> dict[str, Any]:
    def written(path: Path) -> str:
        return str(path.relative_to(plan.folder)) if path.is_relative_to(plan.folder) else str(path)

    def row(one: Source | PlannedFile) -> dict[str, Any]:
        values = {name: value for name, value in asdict(one).items() if value is not None}
        return {name: written(value) if isinstance(value, Path) else value for name, value in values.items()}

    return {
        "version": VERSION,
        "types": [asdict(one) for one in plan.types],
        "files": [row(one) for one in plan.files],
        "sources": [row(one) for one in plan.sources],
    }


def _from_json(values: dict[str, Any], folder: Path) -> Plan:
    def row(one: dict[str, Any]) -> dict[str, Any]:
        read = dict(one)
        read.update((name, folder / one[name]) for name in ("path", "places", "original", "index") if name in one)
        if "spans" in one:
            read["spans"] = tuple(Span(*span) for span in one["spans"])
        return read

    return Plan(
        folder=folder,
        types=tuple(TypePlan(**one) for one in values["types"]),
        files=tuple(PlannedFile(**row(one)) for one in values["files"]),
        sources=tuple(Source(**row(one)) for one in values["sources"]),
    )


def _duration(seconds: float) -> str:
    minutes, hours, days = round(seconds / 60), round(seconds / 3600), round(seconds / _DAY)
    if days > 1:
        return f"{days} days"
    if hours > 1:
        return f"{hours} hours"
    return f"{minutes} minutes" if minutes > 1 else f"{seconds:.0f} seconds"
