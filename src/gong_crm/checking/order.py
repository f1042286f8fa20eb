"""Whether the lines of a feed ascend by `modifiedDate`, or have to be sorted before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gong_crm.checking.instants import instant, instants
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.feeds.block import Feed


class Order:
    """Looks for lines that are older than one before.

    Args:
        feed: Where the lines come from.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._latest = 0.0
        self._first: Finding | None = None

    def follow(self, checked: CheckedBlock) -> None:
        """Compare the times of a block with those before."""
        if self._first is not None:
            return
        times = checked.modified
        keys = instants(times if None not in times else [time for time in times if time is not None])
        if not keys:
            return
        if keys[0] >= self._latest and keys == sorted(keys):
            self._latest = keys[-1]
            return
        for place, time in enumerate(times):
            if time is not None:
                self._compare(instant(time), checked, place)

    def findings(self) -> Iterator[Finding]:
        """Tell at the first line that is out of order, once a feed."""
        if self._first is not None:
            yield self._first

    def _compare(self, key: float, checked: CheckedBlock, place: int) -> None:
        if key >= self._latest:
            self._latest = key
        elif self._first is None:
            self._first = Finding(
                origin=checked.origin(self._feed, place),
                rule="order",
                message="this line is older than one before, and Gong asks for the oldest first",
                hint="a push sorts them",
                severity=Severity.INFO,
                member="modifiedDate",
                object_id=checked.ids[place],
            )
