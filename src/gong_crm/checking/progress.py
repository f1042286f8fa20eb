"""How far the sources of an object type are read, reported now and then."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gong_crm.events import Checking
    from gong_crm.feeds.block import Feed

_REPORT_SECONDS: Final = 0.5


class Progress:
    """Counts what was read, and reports it.

    Args:
        object_type: What the sources hold.
        feeds: The sources.
        on_progress: Is called about twice a second, and with the last report.
    """

    def __init__(self, object_type: str, feeds: Sequence[Feed], on_progress: Callable[[Checking], None] | None) -> None:
        self._object_type = object_type
        self._on_progress = on_progress
        self._bytes = 0
        self._source = ""
        self._next = monotonic() + _REPORT_SECONDS
        paths = [feed.path for feed in feeds]
        self._total = sum(path.stat().st_size for path in paths if path is not None and path.exists())
        self._total_is_known = None not in paths

    def count(self, feed: Feed, size: int, *, lines: int, refused: int) -> None:
        """Count bytes of a source, and report all that was read when that is due."""
        self._bytes += size
        self._source = feed.name
        if self._on_progress is not None and monotonic() > self._next:
            self._next = monotonic() + _REPORT_SECONDS
            self.report(lines=lines, refused=refused)

    def report(self, *, lines: int, refused: int) -> None:
        """Report how far reading is."""
        if self._on_progress is not None:
            from gong_crm.events import Checking  # noqa: PLC0415  (not needed by who asks for no progress)

            self._on_progress(
                Checking(
                    object_type=self._object_type,
                    source=self._source,
                    lines=lines,
                    bytes=self._bytes,
                    refused=refused,
                    total_bytes=self._total if self._total_is_known else None,
                )
            )
