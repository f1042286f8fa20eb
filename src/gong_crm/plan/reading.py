"""Planned sources, read again where a plan says, and never after they changed."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Self

from gong_crm.errors import SourceChangedError
from gong_crm.sorting.columns import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from gong_crm.checking.spans import Span
    from gong_crm.plan.model import Source

PIECE_BYTES: Final = 1024 * 1024
"""What is read at once, more or less."""

_MOST_OPEN: Final = 32
"""Files open at once; a plan may have more sources than a process may open."""


class SourceReader:
    """Reads bytes of sources.

    Args:
        sources: The sources.
        check: Whether each is looked at for changes when it is opened; one that is being planned still grows.
    """

    def __init__(self, sources: Sequence[Source], *, check: bool = True) -> None:
        self._sources = sources
        self._check = check
        self._open: OrderedDict[int, BinaryIO] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        while self._open:
            self._open.popitem()[1].close()

    def read(self, source: int, offset: int, length: int) -> bytes:
        """Read bytes of a source.

        Raises:
            SourceChangedError: If the source is gone, unreadable, or not what was planned.
        """
        try:
            file = self._opened(source)
            file.seek(offset)
            data = file.read(length)
        except OSError as problem:
            raise SourceChangedError(
                f"{self._sources[source].name} was planned and cannot be read any more: {problem.strerror or problem};"
                " plan again"
            ) from problem
        if len(data) < length:
            raise changed(self._sources[source])
        return data

    def lines(self, spans: Iterable[Span], *, size: int = PIECE_BYTES) -> Iterator[tuple[array[int], list[bytes]]]:
        """Read the lines of spans again, without their newlines, and their numbers, some at a time."""
        for span in spans:
            number, rest = number_of(span.source, span.first_line), b""
            for done in range(0, span.length, size):
                *lines, rest = (rest + self.read(span.source, span.offset + done, min(size, span.length - done))).split(
                    b"\n"
                )
                numbers = array("q", range(number, number + len(lines)))
                number += len(lines)
                if lines:
                    yield numbers, lines  # whoever takes them may change them
            if rest:
                yield array("q", [number]), [rest]

    def _opened(self, place: int) -> BinaryIO:
        file = self._open.get(place)
        if file is None:
            source = self._sources[place]
            if len(self._open) >= _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            file = self._open[place] = source.path.open("rb", buffering=0)
            if self._check:
                check_unchanged(source)
        self._open.move_to_end(place)
        return file


def check_unchanged(source: Source) -> None:
    """Look whether the file that holds the lines is still what was planned.

    Raises:
        SourceChangedError: If its size or its time differ, or it is gone.
    """
    _check(source, source.path, source.size, None if source.spooled else source.modified)


def check_original(source: Source) -> None:
    """Look whether the file with the rows that the lines were made of, if there is one, is still what was planned.

    Raises:
        SourceChangedError: If its size or its time differ, or it is gone.
    """
    if source.original is not None:
        _check(source, source.original, source.original_size, source.original_modified)


def _check(source: Source, path: Path, size: int, modified: int | None) -> None:
    try:
        state = path.stat()
    except OSError as problem:
        raise SourceChangedError(
            f"{source.name} was planned and is gone or out of reach: {problem.strerror or problem}; plan again"
        ) from problem
    if state.st_size != size or modified not in (None, state.st_mtime_ns):
        raise changed(source)


def changed(source: Source) -> SourceChangedError:
    """Say that a source is not what was planned."""
    return SourceChangedError(
        f"{source.name} changed after it was planned; plan again, what Gong accepted meanwhile is not sent twice"
    )
