"""A feed on its way into a plan: copied to a file unless it is one, with notes of where its lines stand."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from gong_crm.errors import SourceError
from gong_crm.plan.model import Source
from gong_crm.plan.reading import check_original, check_unchanged
from gong_crm.sorting.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from gong_crm.feeds import Block, Feed


AS_LINE: Final = -1
"""In the place of an offset or a length: that of the line in the LDJSON."""


class Spool:
    """What is kept of one feed while it is read.

    Args:
        feed: The feed.
        object_type: What its lines hold.
        base: What is written is named so, with suffixes.
    """

    def __init__(self, feed: Feed, object_type: str, *, base: Path) -> None:
        self._feed = feed
        self._base = base
        self._copy: BinaryIO | None = None
        self._places: BinaryIO | None = None
        self._index = array("q")
        self._size = 0
        self.source = _described(feed, object_type, copy=base.with_suffix(".ldjson"))

    def __enter__(self) -> Self:
        if self.source.spooled:
            self._copy = self.source.path.open("wb", buffering=0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for file in (self._copy, self._places):
            if file is not None:
                file.close()

    def take(self, block: Block) -> None:
        """Keep what is needed of the next block."""
        self._index.extend((block.first_line, block.offset))
        if self._copy is not None:
            # A byte order mark is not handed on, but it counts.
            gap = block.offset - self._size
            self._size += write_all(self._copy, b" " * gap + block.data)
        places = block.places or self._shifted(block)
        if places is not None or self._places is not None:
            self._keep(block, places)

    def _shifted(self, block: Block) -> Sequence[tuple[int, int, int]] | None:
        """Ask the feed where lines without places come from, which may count a header; None if it does not."""
        if not self.source.spooled or self._feed.origin(block.first_line).line == block.first_line:
            return None
        return [(self._feed.origin(line).line, AS_LINE, AS_LINE) for line in _lines_of(block)]

    def _keep(self, block: Block, places: Sequence[tuple[int, int, int]] | None) -> None:
        """Write down the places of a block, and before the first of them those of all lines before."""
        if self._places is None:
            self._places = self._base.with_suffix(".places").open("wb")
            for line in range(1, block.first_line):
                array("q", (line, AS_LINE, AS_LINE)).tofile(self._places)
        some = places or [(line, AS_LINE, AS_LINE) for line in _lines_of(block)]
        array("q", [value for place in some for value in place]).tofile(self._places)

    def finish(self) -> Source:
        """Describe the source when all of it was read.

        Raises:
            SourceChangedError: If it changed meanwhile.
        """
        source = self.source
        if source.spooled:
            places = self._base.with_suffix(".places") if self._places is not None else None
            source = replace(source, size=self._size, places=places)
        check_unchanged(source)
        check_original(source)
        return source

    def write_index(self) -> Path:
        """Write down where each block stands, which finds a line quickly when its number is all that is known."""
        path = self._base.with_suffix(".index")
        path.write_bytes(self._index.tobytes())
        return path


def _lines_of(block: Block) -> range:
    """Give the numbers of the lines of a block."""
    count = block.data.count(b"\n") + (not block.data.endswith(b"\n"))
    return range(block.first_line, block.first_line + count)


def _described(feed: Feed, object_type: str, *, copy: Path) -> Source:
    origin = feed.origin(1, offset=0, length=0)
    source = Source(
        object_type=object_type,
        name=origin.source,
        path=copy,
        size=0,
        spooled=True,
        has_bytes=origin.offset is not None,
        has_rows=origin.is_row,
    )
    original: Path | None = getattr(feed, "original", None)
    path = original or feed.path
    if path is None:
        return source
    try:
        state = path.stat()
    except OSError as problem:
        raise SourceError(f"{feed.name} could not be read: {problem.strerror}") from problem
    if original is not None:
        return replace(
            source, original=path.absolute(), original_size=state.st_size, original_modified=state.st_mtime_ns
        )
    return replace(source, path=path.absolute(), size=state.st_size, modified=state.st_mtime_ns, spooled=False)
