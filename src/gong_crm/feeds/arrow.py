"""Tables of Polars, pandas, DuckDB or pyarrow as lines, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import SourceError
from gong_crm.feeds.records import RecordsFeed, refuse_twice
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from gong_crm.feeds.block import Block

_ROWS: Final = 1024
"""Rows that are Python objects at a time."""


class ArrowFeed:
    """One line for each row of a table.

    Args:
        table: Whatever has `__arrow_c_stream__`.
    """

    path: Path | None = None

    def __init__(self, table: Any) -> None:  # noqa: ANN401  (of any library)
        self.name = f"<{type(table).__name__}>"
        self._table = table

    def blocks(self) -> Iterator[Block]:
        """Give a line for each row, in order."""
        return RecordsFeed(self._rows(), name=self.name).blocks()

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:  # noqa: ARG002  (a row has no bytes)
        """Say which row a line comes from."""
        return Origin(source=self.name, line=line, is_row=True)

    def _rows(self) -> Iterator[dict[str, Any]]:
        try:
            import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)
        except ImportError as problem:
            raise SourceError(f"{self.name} is read by pyarrow: pip install 'gong-crm[arrow]'") from problem
        try:
            with pa.RecordBatchReader.from_stream(self._table) as batches:
                refuse_twice(batches.schema.names, self.name)
                schema = pa.schema([field.with_type(_in_microseconds(field.type)) for field in batches.schema])
                for batch in batches:
                    for start in range(0, batch.num_rows, _ROWS):
                        # Python knows no nanoseconds, and Gong wants whole seconds anyway.
                        yield from batch.slice(start, _ROWS).cast(schema, safe=False).to_pylist()
        except pa.ArrowException as problem:
            raise SourceError(f"{self.name} could not be read: {problem}") from problem


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    """Give the type that Python can hold, for one that counts nanoseconds."""
    import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)

    if getattr(kind, "unit", None) != "ns":
        return kind
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us")
