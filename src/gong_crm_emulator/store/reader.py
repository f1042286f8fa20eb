"""The reading of an uploaded file into raw storage, line by line, in bounded memory."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.lines.rules import LineRules
from gong_crm_emulator.store import raw_lines, schema
from gong_crm_emulator.store.raw_lines import MOST_LINES, GoodLines
from gong_crm_emulator.store.requests import SHOWN_ERRORS, TrackedRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from gong_crm_emulator.clock import Clock
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.database import Database

_CHUNK: Final = 1 << 18
"""Bytes read and stored at a time; also what is read again after a kill."""

_ROW: Final = 1 << 14
"""Bytes of lines that go into one row, more or less: reading one object reads its row."""

_STARTS: Final = {
    b"\x1f\x8b": "it is gzip-compressed",
    b"PK\x03\x04": "it is a ZIP archive",
    b"\xff\xfe": "it is UTF-16, not UTF-8",
    b"\xfe\xff": "it is UTF-16, not UTF-8",
}
"""First bytes that tell another kind of file, which gets one general error instead of one for each line."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(kw_only=True)
class _Batch:
    """What came of one chunk of the file."""

    good: list[GoodLines] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    error_count: int = 0


def read_file(database: Database, seq: int, *, settings: EmulatorSettings, clock: Clock) -> None:
    """Read the file of an upload into raw storage, from where an earlier run left off.

    Each chunk is one transaction that also notes how far the reading got, so a killed process resumes here.
    """
    generation = database.generation
    row = database.row("SELECT * FROM request WHERE seq = ? AND parsed IS NULL", seq)
    if row is None or row["file"] is None:
        return
    request = TrackedRequest.of(row)
    path = database.folder / str(request.file)
    reader = _Reader(database, request, settings=settings, generation=generation)
    try:
        with path.open("rb") as file:
            reader.read(file)
    except FileNotFoundError:
        reader.fail("The uploaded file is gone from the disk of the emulator")
    except (OSError, sqlite3.Error) as problem:
        reader.fail(f"The file could not be processed: {problem}")
    except _Abandoned:
        path.unlink(missing_ok=True)
        return
    reader.finish(clock.now())
    path.unlink(missing_ok=True)


class _Abandoned(Exception):  # noqa: N818  (says why reading stopped)
    """The state was reset, or the integration deleted, while the file was read."""


class _Reader:
    def __init__(
        self, database: Database, request: TrackedRequest, *, settings: EmulatorSettings, generation: int
    ) -> None:
        self._database = database
        self._request = request
        self._generation = generation
        self._rules = LineRules(
            request.object_type or "",
            family=Family(request.family),
            custom_fields=schema.active_fields(database, request.object_type or ""),
            strict_object_ids=settings.strict_object_ids,
            received=int(request.received),
        )
        self._strict_order = settings.strict_order
        self._max_line = settings.max_line_bytes
        self._last_modified = 0
        self._seen: set[str] = set()

    def read(self, file: BinaryIO) -> None:
        number, place = self._request.read_lines, self._request.read_bytes
        if self._request.read_bytes == 0:
            kind = _other_kind(file.read(4))
            if kind is not None:
                self.fail(f"The file is not LDJSON: {kind}. Send one JSON object a line, in UTF-8")
                return
        fresh = self._request.read_bytes == 0
        for lines, consumed in _chunks(file, start=self._request.read_bytes, max_line=self._max_line):
            if fresh and lines[0] is not None:
                lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
            fresh = False
            batch = self._judge(lines, number, size=consumed - place)
            number, place = number + len(lines), consumed
            self._keep(batch, consumed, number)

    def _judge(self, lines: list[bytes | None], number: int, *, size: int) -> _Batch:
        batch = _Batch()
        step = min(MOST_LINES, 1 + len(lines) * _ROW // size)
        for first in range(0, len(lines), step):
            some = lines[first : first + step]
            if not self._judge_all(some, number + first + 1, batch):
                self._judge_each(some, number + first + 1, batch)
        return batch

    def _judge_all(self, lines: list[bytes | None], number: int, batch: _Batch) -> bool:
        """Take in lines that are all good, which tells the quickest."""
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
                    batch.errors.append({"line": number, "description": outcome})
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
            return f"Object [{object_id}] is contained more than once in the file"
        if modified < self._last_modified:
            return "Lines must be sorted by modifiedDate ascending"
        self._seen.add(object_id)
        self._last_modified = modified
        return outcome

    def _keep(self, batch: _Batch, consumed: int, number: int) -> None:
        with self._database.transaction() as connection:
            now = self._still_wanted(connection)
            errors = (orjson.loads(now["errors"]) + batch.errors)[:SHOWN_ERRORS]
            for lines in batch.good:
                raw_lines.store(connection, self._request.seq, lines)
            connection.execute(
                "UPDATE request SET read_bytes = ?, read_lines = ?, errors = ?, error_count = error_count + ?,"
                " success_count = success_count + ? WHERE seq = ?",
                (
                    *(consumed, number, orjson.dumps(errors).decode(), batch.error_count),
                    *(sum(len(lines.bodies) for lines in batch.good), self._request.seq),
                ),
            )

    def _still_wanted(self, connection: sqlite3.Connection) -> sqlite3.Row:
        row: sqlite3.Row | None = connection.execute(
            "SELECT errors FROM request WHERE seq = ? AND parsed IS NULL", (self._request.seq,)
        ).fetchone()
        if row is None or self._database.generation != self._generation:
            raise _Abandoned
        return row

    def fail(self, description: str) -> None:
        with self._database.transaction() as connection:
            self._still_wanted(connection)
            connection.execute(
                "UPDATE request SET errors = ?, error_count = 1 WHERE seq = ?",
                (orjson.dumps([{"line": 0, "description": description}]).decode(), self._request.seq),
            )

    def finish(self, now: float) -> None:
        with self._database.transaction() as connection:
            if self._database.generation == self._generation:
                connection.execute(
                    "UPDATE request SET parsed = ?, file = NULL WHERE seq = ? AND parsed IS NULL",
                    (now, self._request.seq),
                )


def _other_kind(start: bytes) -> str | None:
    return next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), None)


def _chunks(file: BinaryIO, *, start: int, max_line: int) -> Iterator[tuple[list[bytes | None], int]]:
    """Cut a file into lists of lines."""
    file.seek(start)
    line_start = start
    rest = b""
    dropping = False
    while chunk := file.read(_CHUNK):
        lines: list[bytes | None] = []
        lines.extend((rest + chunk).split(b"\n"))
        rest = lines.pop() or b""
        if lines:
            line_start = file.tell() - len(rest)
            lines[0] = None if dropping else lines[0]
            dropping = False
            yield _bounded(lines, max_line), line_start
        if dropping or len(rest) > max_line:
            rest, dropping = b"", True
    if rest or dropping:
        yield _bounded([None if dropping else rest], max_line), file.tell()


def _bounded(lines: list[bytes | None], max_line: int) -> list[bytes | None]:
    """Put None for lines that are too long; beyond the first they are no longer than a chunk."""
    suspects = 1 if max_line >= _CHUNK else len(lines)
    for place, line in enumerate(lines[:suspects]):
        if line is not None and len(line) > max_line:
            lines[place] = None
    return lines
