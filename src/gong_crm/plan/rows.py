"""Rows of CSV as they came, for lines that were made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from gong_crm.errors import SourceChangedError
from gong_crm.plan.origins import row_at
from gong_crm.plan.reading import check_original

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

    from gong_crm.findings import Origin
    from gong_crm.plan.plan import Plan

_LINE_ENDS = (b"\r\n", b"\n", b"\r")


class OriginalRows:
    """The rows of the sources of one object type.

    Attributes:
        header: What stands before the first row.
    """

    def __init__(self, header: bytes, paths: dict[str, Path]) -> None:
        self.header = header
        self._paths = paths
        self._name = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def row(self, origin: Origin) -> bytes:
        """Read a row, with its line end."""
        assert origin.offset is not None  # noqa: S101  (files have bytes)
        assert origin.length is not None  # noqa: S101  (same)
        if self._file is None or self._name != origin.source:
            self.__exit__(None, None, None)
            self._name, self._file = origin.source, self._paths[origin.source].open("rb")
        self._file.seek(origin.offset)
        data = self._file.read(origin.length + 2)
        row, rest = data[: origin.length], data[origin.length :]
        return row + next((end for end in _LINE_ENDS if rest.startswith(end)), b"\n")


def original_rows(plan: Plan, object_type: str) -> OriginalRows | None:
    """Give access to the rows that the lines of an object type were made of.

    Returns:
        None unless all its sources are files of rows with the same header that are still what was planned.
    """
    sources = [source for source in plan.sources if source.object_type == object_type and source.size]
    paths: dict[str, Path] = {}
    headers = set()
    for source in sources:
        if source.original is None or source.places is None:
            return None
        try:
            check_original(source)
        except SourceChangedError:
            return None
        paths[source.name] = source.original
        with source.original.open("rb") as file:
            headers.add(file.read(row_at(source.places, 1)[1]))
    return OriginalRows(headers.pop(), paths) if len(headers) == 1 else None
