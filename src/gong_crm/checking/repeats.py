"""Lines about an object that a line before is about too."""

from __future__ import annotations

from array import array
from contextlib import closing
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

import orjson

from gong_crm.checking.repeated import Repeated
from gong_crm.checking.shown import shown
from gong_crm.checking.spans import spans_of
from gong_crm.errors import SourceChangedError
from gong_crm.findings import Finding, Severity
from gong_crm.sorting.columns import Columns
from gong_crm.sorting.sorter import NUMBERS, TEXTS, Sorter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.checking.spans import Span
    from gong_crm.feeds.block import Feed
    from gong_crm.findings import Origin

_PLACE_BYTES: Final = 3 * array("q").itemsize

_MOST_SAID: Final = 10_000
"""Different lines remembered of one object; a later one that is the same as none of them counts as different."""

_Where = tuple[int, int, int, int]
"""Source, line, and the bytes before the line and of it; of a row, those of the row."""


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
        ids = cast("list[str]", checked.ids)
        if checked.bad or checked.blank:
            ids = [one for one in ids if one is not None]
        if ids:
            self._repeated.add(ids, spans_of(checked, number, offset))

    def findings(self) -> Iterator[Finding]:
        """Tell of each line whose object a line before is about too, in the order of the sources."""
        folder = Path(self._folder.name)
        with (
            closing(Sorter(TEXTS, folder / "objects")) as by_object,
            closing(Sorter(NUMBERS, folder / "later")) as later,
        ):
            for columns in self._suspects():
                by_object.add(columns, sum(map(len, columns.lines)))
            for some in _later(by_object):
                later.add(some, sum(map(len, some.lines)))
            for line in chain.from_iterable(lines for _, lines in later.sorted_lines()):
                object_id, place, first, is_same = orjson.loads(line)
                yield _repetition(object_id, self._origin(place), self._origin(first), is_same=is_same)

    def _suspects(self) -> Iterator[Columns[str]]:
        """Give the places of suspected lines, and a hash of each, to be sorted by object; read them again for it."""
        number = 0
        for span, places in self._repeated.suspects():
            columns: Columns[str] = Columns()
            for object_id, place, line in self._lines(span, places):
                columns.keys.append(orjson.dumps(object_id).decode())
                columns.numbers.append(number)
                columns.lines.append(orjson.dumps([place, sha256(line).hexdigest()]) + b"\n")
                number += 1
            yield columns

    def _lines(self, span: Span, places: Sequence[int]) -> Iterator[tuple[str, _Where, bytes]]:
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
                yield object_id, self._place(span, place, start, len(line)), line
            start += len(line) + 1

    def _place(self, span: Span, place: int, start: int, length: int) -> _Where:
        line = span.first_line + place
        if span.source not in self._places:
            return span.source, line, span.offset + start, length
        file = self._places[span.source]
        file.seek((line - 1) * _PLACE_BYTES)
        row, offset, size = array("q", file.read(_PLACE_BYTES))
        return span.source, row, offset, size

    def _origin(self, place: _Where) -> Origin:
        source, line, offset, length = place
        return self._feeds[source].origin(line, offset=offset, length=length)

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


def _later(by_object: Sorter[str]) -> Iterator[Columns[float]]:
    """Give the lines of each object but the first, in the order of their coming again."""
    object_id = ""
    first: object = None
    said: set[str] = set()
    for columns in by_object.sorted():
        later: Columns[float] = Columns()
        for key, number, line in zip(columns.keys, columns.numbers, columns.lines, strict=True):
            place, hashed = orjson.loads(line)
            if key != object_id:
                object_id, first, said = key, place, {hashed}
                continue
            later.keys.append(float(number))
            later.numbers.append(number)
            later.lines.append(orjson.dumps([orjson.loads(key), place, first, hashed in said]) + b"\n")
            if len(said) < _MOST_SAID:
                said.add(hashed)
        if later:
            yield later


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
