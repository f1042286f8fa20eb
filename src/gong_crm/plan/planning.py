"""The pass over all sources that checks every line and plans the files."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gong_crm.checking.blocks import checked_blocks
from gong_crm.checking.progress import Progress
from gong_crm.errors import JournalError, SetupError, SourceError, TooManyErrorsError
from gong_crm.findings import Severity
from gong_crm.plan.held import with_too_long
from gong_crm.plan.model import STEPS
from gong_crm.plan.object_type import ObjectTypePlanner
from gong_crm.plan.plan import FOLDERS, Plan, remove
from gong_crm.plan.reading import check_unchanged
from gong_crm.plan.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.events import Checking
    from gong_crm.feeds import Feed
    from gong_crm.plan.model import PlannedFile, Source, TypePlan
    from gong_crm.rules import Rules

LARGEST: Final = 200_000_000
"""Bytes that an upload may have."""

OVERHEAD: Final = 1_000
"""Bytes of an upload that the multipart form takes, more or less."""

_WORK: Final = "work"


def plan_push(  # noqa: PLR0913  (each is a choice)
    sources: Mapping[str, Sequence[Feed]],
    rules: Mapping[str, Rules],
    *,
    folder: Path,
    largest: int = LARGEST,
    on_progress: Callable[[Checking], None] | None = None,
    stop_after_errors: int | None = None,
) -> Plan:
    """Check every line once, and plan what is sent in which files.

    Args:
        sources: The feeds of each object type; none at all, or feeds without lines, give one empty file.
        rules: The rules of each of these object types.
        folder: A folder for what the plan keeps; it is made, or holds no plan yet.
        largest: The most bytes of an upload, its multipart form included.
        on_progress: Is called about twice a second, and at the end of each object type.
        stop_after_errors: The most bad lines.

    Returns:
        The plan, which is not saved yet.

    Raises:
        SourceError: If a source cannot be read.
        SourceChangedError: If one changes meanwhile.
        TooManyErrorsError: If more lines are bad than `stop_after_errors`.
        JournalError: If the folder cannot be written.
        BalanceError: If a line was lost or doubled, by a fault of this library.
    """
    unknown = [name for name in sources if name not in STEPS]
    if unknown:
        raise SetupError(f"there is no object type {unknown[0]!r}; there are {', '.join(STEPS)}")
    with _made(folder):
        planning = _Planning(folder, limit=largest - OVERHEAD, most_bad=stop_after_errors)
        for name in sorted(sources, key=list(STEPS).index):
            planning.add(name, sources[name], rules[name], on_progress)
        return planning.plan()


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folders of a plan, and leave nothing behind when it fails."""
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (_WORK, *FOLDERS):
            (folder / name).mkdir()
            made.append(folder / name)
    except OSError as problem:
        for one in made:
            one.rmdir()
        raise JournalError(f"the plan's folder {folder} cannot be made: {problem.strerror or problem}") from problem
    try:
        yield
    except BaseException as problem:
        shutil.rmtree(folder / _WORK, ignore_errors=True)
        remove(folder)
        if isinstance(problem, OSError):
            raise JournalError(
                f"the plan could not be written to {folder}: {problem.strerror or problem};"
                " it takes up to three times the space of the sources"
            ) from problem
        raise
    shutil.rmtree(folder / _WORK, ignore_errors=True)


class _Planning:
    """A plan that is being made."""

    def __init__(self, folder: Path, *, limit: int, most_bad: int | None) -> None:
        self._folder = folder
        self._limit = limit
        self._most_bad = most_bad
        self._bad = 0
        self._sources: list[Source] = []
        self._types: list[TypePlan] = []
        self._files: list[PlannedFile] = []

    def plan(self) -> Plan:
        """Give the plan."""
        order = list(STEPS)
        files = sorted(self._files, key=lambda one: (one.step, one.wave, order.index(one.object_type), one.part))
        return Plan(folder=self._folder, types=tuple(self._types), files=tuple(files), sources=tuple(self._sources))

    def add(
        self, name: str, feeds: Sequence[Feed], rules: Rules, on_progress: Callable[[Checking], None] | None
    ) -> None:
        """Read and plan all sources of an object type."""
        first = len(self._sources)
        progress = Progress(name, feeds, on_progress)
        planner = ObjectTypePlanner(
            name, folder=self._folder, work=self._folder / _WORK, sources=self._sources, limit=self._limit
        )
        with closing(planner):
            spools = [self._read(feed, rules, planner, progress) for feed in feeds]
            plan, files = planner.finish()
        progress.report(lines=planner.read, refused=planner.held_back)
        for place, spool in enumerate(spools, first):
            source = self._sources[place]
            if not source.spooled:
                check_unchanged(source)
            if planner.is_mapped and source.has_bytes:
                self._sources[place] = replace(source, index=spool.write_index())
        self._types.append(plan)
        self._files += files
        self._bad += plan.held_back

    def _read(self, feed: Feed, rules: Rules, planner: ObjectTypePlanner, progress: Progress) -> Spool:
        """Read one source."""
        place = len(self._sources)
        spool = Spool(feed, planner.object_type, base=self._folder / "sources" / str(place))
        self._sources.append(spool.source)
        with spool:
            for checked in _checked(feed, rules):
                block = checked.block
                spool.take(block)
                if len(block.data) >= self._limit:
                    planner.take(place, with_too_long(checked, feed, most=self._limit), feed)
                else:
                    planner.take(place, checked, feed)
                if checked.bad and self._most_bad is not None and self._bad + planner.held_back > self._most_bad:
                    raise TooManyErrorsError(_too_many(self._most_bad, checked))
                progress.count(feed, len(block.data), lines=planner.read, refused=planner.held_back)
        self._sources[place] = spool.finish()
        return spool


def _checked(feed: Feed, rules: Rules) -> Iterator[CheckedBlock]:
    """Check a feed; a feed of someone else's may not know our errors."""
    try:
        yield from checked_blocks(feed, rules)
    except OSError as problem:
        raise SourceError(f"{feed.name} could not be read: {problem.strerror or problem}") from problem


def _too_many(most: int, checked: CheckedBlock) -> str:
    findings = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
    return (
        f"more than {most:,} lines are bad, so nothing is sent; the last one: {findings[-1]}"
        " (check reports all of them)"
    )
