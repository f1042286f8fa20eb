"""What a check found in a source, without a network."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gong_crm.checking.blocks import checked_blocks
from gong_crm.checking.order import Order
from gong_crm.checking.progress import Progress
from gong_crm.checking.repeats import Repeats
from gong_crm.feeds import feed
from gong_crm.findings import Severity
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from gong_crm.events import Checking
    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.options import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.findings import Finding


@dataclass(slots=True)
class _Counts:
    lines: int = 0
    errors: int = 0
    warnings: int = 0
    whole: bool = False


class Report:
    """What a check found, as it reads; each finding comes once.

    Lines are reported in their order, then what can be said of a whole source: unknown members, order, repeated ids.
    The numbers are whole once the report was read to its end.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        rules: Rules,
        *,
        strict: bool = False,
        on_progress: Callable[[Checking], None] | None = None,
    ) -> None:
        self._strict = strict
        self._counts = _Counts()
        # The generator must not know the report: whoever drops a report half read drops what it holds on disk.
        self._findings = _findings(feeds, rules, self._counts, Progress(rules.object_type, feeds, on_progress))

    def __iter__(self) -> Iterator[Finding]:
        return self._findings

    def close(self) -> None:
        """Read no further, and let go of what is open."""
        self._findings.close()

    @property
    def lines(self) -> int:
        """Lines read, blank ones not counted."""
        return self._counts.lines

    @property
    def errors(self) -> int:
        """Lines that would be refused."""
        return self._counts.errors

    @property
    def warnings(self) -> int:
        """Findings of lines that would be taken, but perhaps not as meant."""
        return self._counts.warnings

    @property
    def ok(self) -> bool:
        """Whether nothing would be refused (and, when strict, no warning was given); reads what is unread.

        What could not be read to its end, or was closed before, is not ok.
        """
        deque(self._findings, maxlen=0)
        return self._counts.whole and not self.errors and not (self._strict and self.warnings)


def _findings(feeds: Sequence[Feed], rules: Rules, counts: _Counts, progress: Progress) -> Generator[Finding]:
    with Repeats(feeds) as repeats:
        for number, one in enumerate(feeds):
            order = Order(one)
            for checked in checked_blocks(one, rules):
                repeats.add(number, checked)
                order.follow(checked)
                counts.lines += len(checked.lines) - len(checked.blank)
                counts.errors += len(checked.bad)
                progress.count(one, len(checked.block.data), lines=counts.lines, refused=counts.errors)
                yield from _counted(checked.findings, counts)
            yield from order.findings()
        progress.report(lines=counts.lines, refused=counts.errors)
        yield from _counted(repeats.findings(), counts)
    counts.whole = True


def _counted(findings: Iterable[Finding], counts: _Counts) -> Iterator[Finding]:
    for finding in findings:
        counts.warnings += finding.severity is Severity.WARNING
        yield finding


def check(  # noqa: PLR0913  (each is a choice of its own)
    source: object,
    object_type: str,
    *,
    fields: Sequence[Field] = (),
    legacy: bool = False,
    csv: CsvOptions | None = None,
    strict: bool = False,
    on_progress: Callable[[Checking], None] | None = None,
) -> Report:
    """Hold every line of a source against the rules for its object type, without a network.

    Args:
        source: What `feed` takes: a path, a glob, a folder, an open file, records, a table.
        object_type: What it holds, in Gong's capitals.
        fields: The integration's fields of that object type; without them custom members are reported as unknown.
        legacy: Whether the rules of the older endpoints hold.
        csv: How to read CSV.
        strict: Whether warnings make the report not ok.
        on_progress: Is called about twice a second while the report is read, and at the end of the lines.

    Returns:
        A report that reads as it is iterated.

    Raises:
        SourceError: If there is nothing to read, or no way to read it.
    """
    rules = Rules(object_type, legacy=legacy, fields=fields)
    feeds = feed(source, object_type=object_type, legacy=legacy, fields=fields, csv=csv)
    return Report(feeds, rules, strict=strict, on_progress=on_progress)
