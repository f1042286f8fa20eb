"""The reading of an uploaded file into raw storage, in bounded memory."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import ReplacedError
from gong_crm_emulator.lines.chunks import chunks, other_kind
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.lines.rules import LineRules
from gong_crm_emulator.lines.values import shortened
from gong_crm_emulator.store.tables import raw_lines, requests, schema
from gong_crm_emulator.store.tables.raw_lines import MOST_LINES, GoodLines
from gong_crm_emulator.store.tracking import SHOWN_ERRORS, Progress, TrackedRequest
from gong_crm_emulator.store.writer import Stopped, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from gong_crm_emulator.clock import Clock
    from gong_crm_emulator.settings import EmulatorSettings

_LOG: Final = logging.getLogger("gong_crm_emulator")

_ROW: Final = 1 << 15
"""Bytes of lines that go into one row, more or less: reading one object reads its row."""

_SHOWN_BYTES: Final = 500
"""Bytes of a refused line that are kept for those who look for what is wrong with it."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(kw_only=True)
class _Batch:
    """What came of one chunk of the file."""

    good: list[GoodLines] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    error_count: int = 0
    custom_members: dict[str, int] = field(default_factory=dict)


class _AbandonedError(Exception):
    """The integration was deleted while the file was read."""


def read_file(writer: Writer, request: TrackedRequest, *, settings: EmulatorSettings, clock: Clock) -> None:
    """Read the file of an upload into raw storage, from where an earlier run left off.

    Each chunk is one transaction that also notes how far the reading got, so a killed process resumes here.
    Whatever a file holds, its request ends: what nobody foresaw becomes one general error.
    """
    # The name alone: a file of the state that somebody else wrote must not lead to another folder.
    path = writer.database.folder / Path(str(request.file)).name
    file = _RequestWriter(writer, request.seq)
    try:
        reader = _Reader(file, request, settings=settings)
        with path.open("rb") as content:
            reader.read(content)
        file.finish(clock.now())
    except Stopped:
        return
    except (ReplacedError, _AbandonedError):
        pass
    except Exception as problem:  # noqa: BLE001  (whatever fails, the request ends)
        _LOG.exception("Request %s could not be read", request.client_request_id)
        with contextlib.suppress(ReplacedError, _AbandonedError):
            file.fail(f"The file could not be processed: {_sentence(problem)}", now=clock.now())
    path.unlink(missing_ok=True)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, FileNotFoundError):
        return "it is gone from the disk of the emulator"
    return f"{type(problem).__name__}: {problem}" if not isinstance(problem, OSError | sqlite3.Error) else str(problem)


class _RequestWriter:
    """Writes what is read for one request, as long as it wants it."""

    def __init__(self, writer: Writer, seq: int) -> None:
        self.database = writer.database
        self._writer = writer
        self._seq = seq

    def _write(self, work: Callable[[], None]) -> None:
        def within() -> None:
            request = requests.find(self.database, self._seq)
            if request is None or request.parsed is not None:
                raise _AbandonedError
            work()

        self._writer.write(within)

    def store(self, lines: Sequence[GoodLines], progress: Progress) -> None:
        def work() -> None:
            for some in lines:
                raw_lines.store(self.database, self._seq, some)
            requests.keep_progress(self.database, self._seq, progress)

        self._write(work)

    def refuse(self, description: str) -> None:
        self._write(lambda: requests.fail(self.database, self._seq, description))

    def fail(self, description: str, *, now: float) -> None:
        def work() -> None:
            requests.fail(self.database, self._seq, description)
            requests.finish_reading(self.database, self._seq, at=now)

        self._write(work)

    def finish(self, now: float) -> None:
        self._write(lambda: requests.finish_reading(self.database, self._seq, at=now))


class _Reader:
    def __init__(self, file: _RequestWriter, request: TrackedRequest, *, settings: EmulatorSettings) -> None:
        self._file = file
        self._request = request
        self._rules = LineRules(
            request.object_type or "",
            family=Family(request.family),
            custom_fields=schema.active_fields(file.database, request.object_type or ""),
            strict_object_ids=settings.strict_object_ids,
            received=int(request.received),
        )
        self._strict_order = settings.strict_order
        self._max_line = settings.max_line_bytes
        self._last_modified = 0
        self._seen: set[str] = set()
        self._members = set(request.custom_members)

    def read(self, file: BinaryIO) -> None:
        number, place = self._request.read_lines, self._request.read_bytes
        fresh = place == 0
        if fresh and (kind := other_kind(file.read(4))) is not None:
            self._file.refuse(f"The file is not LDJSON: {kind}. Send one JSON object a line, in UTF-8")
            return
        for lines, consumed in chunks(file, start=place, max_line=self._max_line):
            if fresh and lines[0] is not None:
                lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
            fresh = False
            batch = self._judge(lines, number, size=consumed - place)
            number, place = number + len(lines), consumed
            progress = Progress(
                read_bytes=consumed,
                read_lines=number,
                errors=batch.errors,
                error_count=batch.error_count,
                success_count=sum(len(lines.bodies) for lines in batch.good),
                custom_members=batch.custom_members,
            )
            self._file.store(batch.good, progress)

    def _judge(self, lines: list[bytes | None], number: int, *, size: int) -> _Batch:
        batch = _Batch()
        step = min(MOST_LINES, 1 + len(lines) * _ROW // size)
        for first in range(0, len(lines), step):
            some = lines[first : first + step]
            if not self._judge_all(some, number + first + 1, batch):
                self._judge_each(some, number + first + 1, batch)
            if not self._rules.custom_members <= self._members:
                self._note_members(some, number + first + 1, batch)
        return batch

    def _judge_all(self, lines: list[bytes | None], number: int, batch: _Batch) -> bool:
        """Take in lines that are all good, which shows the quickest."""
        whole = [line for line in lines if line is not None]
        records = None if self._strict_order or len(whole) < len(lines) else self._rules.judge_all(whole)
        if records is None:
            return False
        object_ids, modified, deleted = records
        numbers = range(number, number + len(lines))
        batch.good.append(
            GoodLines(bodies=whole, numbers=numbers, object_ids=object_ids, modified=modified, deleted=deleted)
        )
        return True

    def _judge_each(self, lines: list[bytes | None], first: int, batch: _Batch) -> None:
        """Judge lines one by one, and say of the bad ones what is wrong."""
        good: list[tuple[Any, ...]] = []
        for number, line in enumerate(lines, first):
            if line is None:
                outcome: Any = f"Line is longer than {self._max_line} bytes"
            elif not line or line.isspace():
                continue
            else:
                outcome = self._rules.judge(line)
            if self._strict_order and outcome.__class__ is not str:
                outcome = self._in_order(outcome)
            if outcome.__class__ is str:
                batch.error_count += 1
                if len(batch.errors) < SHOWN_ERRORS:
                    shown = (line or b"")[:_SHOWN_BYTES].decode("utf-8", "replace")
                    batch.errors.append({"line": number, "description": outcome, "text": shown})
            else:
                good.append((line, number, *outcome))
        if good:
            bodies, numbers, object_ids, modified, deleted = zip(*good, strict=True)
            batch.good.append(
                GoodLines(bodies=bodies, numbers=numbers, object_ids=object_ids, modified=modified, deleted=deleted)
            )

    def _in_order(self, outcome: Any) -> Any:  # noqa: ANN401  (a record, or the sentence that refuses it)
        object_id, modified, _ = outcome
        if object_id in self._seen:
            return f"Object [{shortened(object_id)}] is contained more than once in the file"
        if modified < self._last_modified:
            return "Lines must be sorted by modifiedDate ascending"
        self._seen.add(object_id)
        self._last_modified = modified
        return outcome

    def _note_members(self, lines: Sequence[bytes | None], first: int, batch: _Batch) -> None:
        """Note where members that Gong does not define came first, which happens once for each name."""
        for name in sorted(self._rules.custom_members - self._members):
            holding = (number for number, line in enumerate(lines, first) if line is not None and _holds(line, name))
            batch.custom_members[name] = next(holding, first)
        self._members |= self._rules.custom_members


def _holds(line: bytes, name: str) -> bool:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(record, dict) and name in record
