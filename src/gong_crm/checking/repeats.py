"""Lines about an object that a line before is about too."""

from __future__ import annotations

from array import array
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Final, Self

import orjson

from gong_crm.checking.repeated import Repeated
from gong_crm.checking.shown import shown
from gong_crm.checking.spans import spans_of
from gong_crm.errors import SourceChangedError
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.checking.spans import Span
    from gong_crm.feeds.block import Feed
    from gong_crm.findings import Origin

_PLACE_BYTES: Final = 3 * array("q").itemsize


class Repeats:
    """Collects the ids of good lines of some feeds, in constant memory, and reports at the end which came back.

    Args:
        feeds: Where the lines come from; those that are no file are copied into a temporary one.
    """

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = feeds
        self._files: dict[int, BinaryIO] = {}
        self._places: dict[int, BinaryIO] = {}

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="gong-crm-")
        self._repeated = Repeated(Path(self._folder.name) / "ids")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._repeated.close()
        for file in chain(self._files.values(), self._places.values()):
            file.close()
        self._folder.cleanup()

    def add(self, number: int, checked: CheckedBlock) -> None:
        """Take in the good lines of the next block of a feed."""
        block = checked.block
        offset = block.offset
        if self._feeds[number].path is None:
            offset = _append(self._file(number), block.data)
        if block.places is not None:
            _append(self._places_file(number), array("q", chain.from_iterable(block.places)).tobytes())
        ids = [one for one in checked.ids if one is not None]
        if ids:
            self._repeated.add(ids, spans_of(checked, number, offset))

    def findings(self) -> Iterator[Finding]:
        """Tell of each line whose object a line before is about too."""
        first: dict[str, tuple[Origin, set[bytes]]] = {}
        for span, places in self._repeated.suspects():
            for object_id, line, origin in self._lines(span, places):
                if object_id not in first:
                    first[object_id] = origin, {line}
                else:
                    before, lines = first[object_id]
                    yield _repetition(object_id, origin, before, is_same=line in lines)
                    lines.add(line)

    def _lines(self, span: Span, places: Sequence[int]) -> Iterator[tuple[str, bytes, Origin]]:
        """Read suspected lines again."""
        file = self._file(span.source)
        file.seek(span.offset)
        lines = file.read(span.length).split(b"\n")
        start = 0
        wanted = set(places)
        for place, line in enumerate(lines):
            if place in wanted:
                try:
                    object_id = orjson.loads(line)["objectId"]
                except (ValueError, LookupError, TypeError) as problem:
                    name = self._feeds[span.source].name
                    raise SourceChangedError(f"{name} changed while it was checked; check it again") from problem
                yield object_id, line, self._origin(span, place, start, len(line))
            start += len(line) + 1

    def _origin(self, span: Span, place: int, start: int, length: int) -> Origin:
        feed, line = self._feeds[span.source], span.first_line + place
        if span.source not in self._places:
            return feed.origin(line, offset=span.offset + start, length=length)
        file = self._places[span.source]
        file.seek((line - 1) * _PLACE_BYTES)
        row, offset, size = array("q", file.read(_PLACE_BYTES))
        return feed.origin(row, offset=offset, length=size)

    def _file(self, number: int) -> BinaryIO:
        """Open where the lines of a feed can be read again."""
        if number not in self._files:
            path = self._feeds[number].path
            own = Path(self._folder.name) / f"{number}.ldjson"
            self._files[number] = own.open("w+b") if path is None else path.open("rb")
        return self._files[number]

    def _places_file(self, number: int) -> BinaryIO:
        if number not in self._places:
            self._places[number] = (Path(self._folder.name) / f"{number}.places").open("w+b")
        return self._places[number]


def _append(file: BinaryIO, data: bytes) -> int:
    offset = file.seek(0, 2)
    file.write(data)
    return offset


def _repetition(object_id: str, origin: Origin, before: Origin, *, is_same: bool) -> Finding:
    message = f"{shown(object_id)} is in {before} already"
    return Finding(
        origin=origin,
        rule="repeated-line" if is_same else "repeated",
        message=f"{message}, in the very same line" if is_same else message,
        hint="a push sends it once" if is_same else "a push sends the later change in a file of its own, afterwards",
        severity=Severity.WARNING,
        member="objectId",
        object_id=object_id,
    )
