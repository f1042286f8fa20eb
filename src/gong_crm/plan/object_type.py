"""The lines of one object type on their way into files: left where they stand as long as that will do, else sorted."""

from __future__ import annotations

from array import array
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, cast

import orjson

from gong_crm.checking.instants import instants
from gong_crm.checking.repeated import Repeated
from gong_crm.checking.spans import Span, spans_of
from gong_crm.errors import BalanceError
from gong_crm.plan.held import Held
from gong_crm.plan.model import STEPS, PlannedFile, TypePlan
from gong_crm.plan.outputs import Outputs
from gong_crm.plan.parts import Part, SpanParts
from gong_crm.plan.reading import SourceReader
from gong_crm.plan.waves import DROPPED, Waves
from gong_crm.sorting.columns import Columns, number_of
from gong_crm.sorting.sorter import NUMBERS, Sorter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.feeds import Feed
    from gong_crm.plan.model import Source


class ObjectTypePlanner:
    """Takes the checked blocks of all sources of one object type, then gives its files.

    `is_mapped` says afterwards whether the files are new ones, so that their lines must be found in the sources.

    Args:
        object_type: The object type.
        folder: The plan's folder.
        work: A folder for what is not kept.
        sources: All sources of the plan so far; grows while this works.
        limit: The most bytes of one file.
    """

    def __init__(self, object_type: str, *, folder: Path, work: Path, sources: Sequence[Source], limit: int) -> None:
        self.object_type = object_type
        self.read = 0
        self.is_mapped = False
        self._folder = folder
        self._work = work
        self._limit = limit
        self._stack = ExitStack()
        self._held = self._stack.enter_context(Held(folder, object_type))
        # A source that is being planned still grows; whether it changed is looked at when all of it was read.
        self._reader = self._stack.enter_context(SourceReader(sources, check=False))
        self._repeated = Repeated(work / "ids")
        self._stack.callback(self._repeated.close)
        self._parts = SpanParts(limit=limit)
        self._last = 0.0
        self._sorter: Sorter[float] | None = None

    def close(self) -> None:
        """Close what is open, and remove what is not kept."""
        self._stack.close()

    @property
    def held_back(self) -> int:
        """Count the lines that are held back."""
        return self._held.lines

    def take(self, source: int, checked: CheckedBlock, feed: Feed) -> None:
        """Take the next block.

        Args:
            source: Place of its source.
            checked: The block.
            feed: What gave the block.
        """
        block, lines = checked.block, checked.lines
        if not lines:  # only findings about the source as a whole
            return
        self.read += len(lines) - len(checked.blank)
        if checked.bad:
            self._held.add(checked, feed)
        spans = spans_of(checked, source, block.offset)
        if not checked.bad and not checked.blank:
            self._take_good(spans, cast("list[str]", checked.ids), checked.modified, lines, block.data)
        elif spans:
            good = [place for place, object_id in enumerate(checked.ids) if object_id is not None]
            texts = [lines[place] for place in good]
            ids = [cast("str", checked.ids[place]) for place in good]
            self._take_good(spans, ids, [checked.modified[place] for place in good], texts, b"".join(texts))

    def _take_good(
        self,
        spans: list[Span],
        ids: list[str],
        modified: Sequence[str | None],
        lines: list[bytes],
        data: bytes,
    ) -> None:
        keys = instants(modified)
        self._repeated.add(ids, spans)
        if self._sorter is None and not self._are_next(keys):
            self._sort()
        if self._sorter is None:
            self._leave(spans, lines, data)
        else:
            if not data.endswith(b"\n"):
                lines = [*lines[:-1], lines[-1] + b"\n"]
            numbers = array("q", chain.from_iterable(map(numbers_of, spans)))
            self._sorter.add(Columns(keys, numbers, lines), len(data))

    def _leave(self, spans: list[Span], lines: list[bytes], data: bytes) -> None:
        """Leave lines where they stand."""
        if len(spans) == 1:
            self._parts.add(spans[0], lines, data)
        else:
            line = start = 0
            for span in spans:
                self._parts.add(span, lines[line : line + span.lines], data[start : start + span.length])
                line, start = line + span.lines, start + span.length
        if self._parts.is_scattered():
            self._sort()

    def _are_next(self, keys: list[float]) -> bool:
        """Tell whether lines are in order and come behind those before."""
        if keys[0] < self._last or keys != sorted(keys):
            return False
        self._last = keys[-1]
        return True

    def _sort(self) -> None:
        """Begin to sort, with the lines that were in order so far."""
        self._sorter = Sorter(NUMBERS, self._work / "lines")
        self._stack.callback(self._sorter.close)
        for numbers, lines in self._reader.lines(self._parts.spans()):
            keys = instants([orjson.loads(line).get("modifiedDate") for line in lines])
            texts = [line + b"\n" for line in lines]
            self._sorter.add(Columns(keys, numbers, texts), sum(map(len, texts)))
        self._parts = SpanParts(limit=self._limit)

    def finish(self) -> tuple[TypePlan, list[PlannedFile]]:
        """Give what becomes of all lines, and the files.

        Raises:
            BalanceError: If lines were lost or doubled.
        """
        if self._sorter is not None:
            self._sorter.spill()  # finding the waves sorts too
        waves = Waves(self._repeated, self._reader, self._work)
        self._stack.callback(waves.close)
        duplicates = 0
        if self.read == 0:
            files = [self._left(Part(), 1)]  # Gong watches whether anything comes at all
        elif self._sorter is None and not waves.has_more:
            files = [self._left(part, number) for number, part in enumerate(self._parts.parts, 1)]
        else:
            files, duplicates = self._written(waves)
        to_send = sum(planned.lines for planned in files)
        if self.read != to_send + self.held_back + duplicates or waves.has_more:
            raise BalanceError(
                f"{self.object_type}: {self.read:,} lines were read, but {to_send:,} would be sent,"
                f" {self.held_back:,} are held back and {duplicates:,} are dropped; please report this fault"
            )
        plan = TypePlan(
            object_type=self.object_type,
            read=self.read,
            held_back=self.held_back,
            duplicates=duplicates,
            to_send=to_send,
            bytes=sum(planned.bytes for planned in files),
        )
        return plan, files

    def _left(self, part: Part, number: int) -> PlannedFile:
        return PlannedFile(
            object_type=self.object_type,
            step=STEPS[self.object_type],
            wave=1,
            part=number,
            lines=part.lines,
            bytes=part.size,
            sha256=part.hash.hexdigest(),
            spans=tuple(part.spans),
        )

    def _written(self, waves: Waves) -> tuple[list[PlannedFile], int]:
        """Write the files, wave by wave, and count the lines that are dropped."""
        outputs = Outputs(self._folder / "files", self.object_type, limit=self._limit)
        self.is_mapped = True
        duplicates = 0
        for numbers, lines in self._sorted():
            later = waves.of(numbers)
            of_wave: dict[int, list[int]] = {}
            for place, wave in later.items():
                of_wave.setdefault(wave, []).append(place)
            duplicates += len(of_wave.pop(DROPPED, ()))
            for wave, places in of_wave.items():
                outputs.write(wave, [numbers[place] for place in places], [lines[place] for place in places])
            for place in reversed(later):
                del numbers[place], lines[place]
            if lines:
                outputs.write(1, numbers, lines)
        return outputs.finish(), duplicates

    def _sorted(self) -> Iterator[tuple[array[int], list[bytes]]]:
        """Give the numbers of all good lines and the lines without their newlines, by instant."""
        if self._sorter is None:
            yield from self._reader.lines(self._parts.spans())
        else:
            yield from self._sorter.sorted_lines()


def numbers_of(span: Span) -> range:
    """Give the numbers of the lines of a span."""
    first = number_of(span.source, span.first_line)
    return range(first, first + span.lines)
