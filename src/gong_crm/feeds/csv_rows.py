"""Rows of CSV as lines."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import orjson

from gong_crm.errors import SourceError
from gong_crm.feeds.block import Block
from gong_crm.feeds.casts import CastError
from gong_crm.feeds.csv_header import Column, delimiter_of, read_header
from gong_crm.feeds.ldjson import BLOCK_BYTES, BYTE_ORDER_MARK, LONGEST_LINE, damage_reported
from gong_crm.findings import Finding, Origin, Severity
from gong_crm.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gong_crm.feeds.options import CsvOptions
    from gong_crm.rules import Rules

_BLANK: Final = b"\n"


class CsvFeed:
    """One line for each row below the header.

    Args:
        name: What people call it.
        open_: Opens it in binary, decompressed, at its beginning.
        rules: Which members there are, and of which types.
        options: How to read it.
        original: The file with the rows, compressed or not.
    """

    path: Path | None = None

    def __init__(
        self,
        name: str,
        *,
        open_: Callable[[], BinaryIO],
        rules: Rules,
        options: CsvOptions,
        original: Path | None = None,
    ) -> None:
        self.name = name
        self.original = original
        self._open = open_
        self._rules = rules
        self._options = options

    def blocks(self) -> Iterator[Block]:
        """Give a line for each row, in order."""
        with damage_reported(self.name), self._open() as handle:
            yield from self._blocks(_Rows(handle, self._rules, self._options))

    def _blocks(self, rows: _Rows) -> Iterator[Block]:
        header = next(rows, None)
        if header is None:
            return  # nothing at all is legitimate: a sign of life
        columns, findings = self._header(header)
        lines: list[bytes] = []
        places: list[tuple[int, int, int]] = []
        first, offset, size = 1, 0, 0
        for row in rows:
            line, found = self._line(row, columns, len(header.cells))
            lines.append(line)
            places.append(row.place)
            findings += found
            size += len(line)
            if size >= BLOCK_BYTES:
                yield _block(lines, first, offset, findings, places)
                first, offset, size = first + len(lines), offset + size, 0
                lines, findings, places = [], [], []
        if lines or findings:
            yield _block(lines, first, offset, findings, places)

    def origin(self, line: int, offset: int | None = None, length: int | None = None) -> Origin:
        """Say where a row begins."""
        return Origin(source=self.name, line=line, offset=offset, length=length)

    def _header(self, row: _Row) -> tuple[list[Column], list[Finding]]:
        origin = self.origin(*row.place)
        if row.problem is not None:
            raise SourceError(f"{origin}: the names of the columns cannot be read: {row.problem[1]}; {row.problem[2]}")
        return read_header(row.cells, rules=self._rules, options=self._options, origin=origin)

    def _line(self, row: _Row, columns: list[Column], width: int) -> tuple[bytes, list[Finding]]:
        origin = self.origin(*row.place)
        cells = row.cells
        if row.problem is None and not any(cells):
            message = "the row is empty, and will not be sent"
            return _BLANK, [self._finding(origin, "empty-row", message, severity=Severity.WARNING)] if cells else []
        findings = [] if row.problem is None else [self._finding(origin, *row.problem)]
        if row.problem is None and (len(cells) < width or any(cells[width:])):
            message = f"the row has {len(cells):,} cells, and the header {width:,}"
            findings.append(
                self._finding(origin, "cells", message, "look for a delimiter or a quote too many or too few")
            )
        record: dict[str, Any] = {}
        for column, cell in ((column, cells[column.place]) for column in columns if column.place < len(cells)):
            try:
                self._put(record, column, cell)
            except CastError as problem:
                record[column.member] = cell
                findings.append(self._finding(origin, problem.rule, str(problem), problem.hint, member=column.member))
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE), findings

    def _put(self, record: dict[str, Any], column: Column, cell: str) -> None:
        if cell:
            record[column.member] = cell if column.cast is None else column.cast(cell)
        elif self._options.empty == "null":
            record[column.member] = None

    def _finding(  # noqa: PLR0913  (each is a fact about the row)
        self,
        origin: Origin,
        rule: str,
        message: str,
        hint: str = "",
        *,
        member: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        return Finding(origin=origin, rule=rule, message=message, hint=hint, member=member, severity=severity)


class _Row(NamedTuple):
    cells: list[str]
    place: tuple[int, int, int]
    """Its first line, the bytes before it, and its bytes without the line end."""
    problem: tuple[str, str, str] | None
    """Rule, message and hint for what cannot be read."""


class _Rows:
    """Rows, and where each stands in the bytes."""

    def __init__(self, handle: BinaryIO, rules: Rules, options: CsvOptions) -> None:
        self._handle = handle
        self._offset = 0
        self._end = 0
        self._wrong: int | None = None
        first = self._read().removeprefix("\ufeff")
        self._start = len(BYTE_ORDER_MARK) if self._offset > len(first.encode()) else 0
        self._reader = csv.reader(
            chain([first] if first else [], iter(self._read, "")),
            delimiter=delimiter_of(first, rules, options),
            quotechar=options.quote,
            strict=True,  # else a quote in the wrong place changes cells silently
        )

    def __iter__(self) -> Iterator[_Row]:
        return self

    def __next__(self) -> _Row:
        line, problem = self._reader.line_num + 1, None
        cells: list[str] = []
        try:
            cells = next(self._reader)
        except csv.Error as error:
            problem = _explained(error)
        if self._wrong is not None:
            problem = ("utf-8", f"byte {self._wrong:#04x} is not UTF-8", "save the file as UTF-8")
            self._wrong = None
        start, self._start = self._start, self._offset
        return _Row(cells, (line, start, self._offset - start - self._end), problem)

    def _read(self) -> str:
        data = self._handle.readline(LONGEST_LINE)
        if not data:
            return ""
        self._offset += len(data)
        self._end = len(data) - len(data.rstrip(b"\r\n"))
        try:
            return data.decode()
        except UnicodeDecodeError as wrong:
            self._wrong = data[wrong.start]
            return data.decode("utf-8", "replace")


def _explained(error: csv.Error) -> tuple[str, str, str]:
    if "new-line" in str(error):
        message = "a carriage return stands alone, outside quotes"
        return "csv", message, "end rows by a newline (`tr '\\r' '\\n'` makes them), or put the cell in quotes"
    hint = "look for a quote that is not closed or not doubled"
    if "field limit" in str(error):
        hint += "; a cell that is meant to be as long can be sent as LDJSON"
    return "csv", f"the row cannot be read: {printable(str(error))}", hint


def _block(
    lines: list[bytes], first: int, offset: int, findings: list[Finding], places: list[tuple[int, int, int]]
) -> Block:
    return Block(
        data=b"".join(lines), first_line=first, offset=offset, findings=tuple(findings), places=places, lines=lines
    )
