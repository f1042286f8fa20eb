"""What a check found in a source, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gong_crm.checking.blocks import checked_blocks
from gong_crm.checking.order import Order
from gong_crm.checking.repeats import Repeats
from gong_crm.feeds import feed
from gong_crm.findings import Severity
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.options import CsvOptions
    from gong_crm.fields import Field
    from gong_crm.findings import Finding


class Report:
    """What a check found, line by line as it reads; the numbers are whole once it was read to its end.

    Attributes:
        lines: Lines read, blank ones not counted.
        errors: Lines that would be refused.
        warnings: Findings that are no errors.
    """

    def __init__(self, feeds: Sequence[Feed], rules: Rules, *, strict: bool = False) -> None:
        self._feeds = feeds
        self._rules = rules
        self._strict = strict
        self._running = self._run()
        self.lines = 0
        self.errors = 0
        self.warnings = 0

    def __iter__(self) -> Iterator[Finding]:
        """Give each finding once, as it is found."""
        return self._running

    def close(self) -> None:
        """Read no further, and let go of what is open."""
        self._running.close()

    @property
    def ok(self) -> bool:
        """Whether nothing would be refused (and, when strict, nothing is odd); reads what is unread."""
        for _ in self._running:
            pass
        return not self.errors and not (self._strict and self.warnings)

    def _run(self) -> Generator[Finding]:
        with Repeats(self._feeds) as repeats:
            for number, feed in enumerate(self._feeds):
                order = Order(feed)
                for checked in checked_blocks(feed, self._rules):
                    repeats.add(number, checked)
                    order.follow(checked)
                    self.lines += len(checked.lines) - len(checked.blank)
                    self.errors += len(checked.bad)
                    yield from self._counted(checked.findings)
                yield from order.findings()
            yield from self._counted(repeats.findings())

    def _counted(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        for finding in findings:
            self.warnings += finding.severity is Severity.WARNING
            yield finding


def check(  # noqa: PLR0913  (each is a choice of its own)
    source: object,
    object_type: str,
    *,
    fields: Sequence[Field] = (),
    legacy: bool = False,
    csv: CsvOptions | None = None,
    strict: bool = False,
) -> Report:
    """Hold every line of a source against the rules for its object type, without a network.

    Args:
        source: What `feed` takes: a path, a glob, a folder, an open file, records, a table.
        object_type: What it holds, in Gong's capitals.
        fields: The integration's fields of that object type; without them custom members are told as unknown.
        legacy: Whether the rules of the older endpoints hold.
        csv: How to read CSV.
        strict: Whether warnings make the report not ok.

    Returns:
        A report that reads as it is iterated.

    Raises:
        SourceError: If there is nothing to read, or no way to read it.
    """
    rules = Rules(object_type, legacy=legacy, fields=fields)
    feeds = feed(source, object_type=object_type, legacy=legacy, fields=fields, csv=csv)
    return Report(feeds, rules, strict=strict)
