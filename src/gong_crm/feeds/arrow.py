"""Tables of Polars, pandas, DuckDB or pyarrow as lines, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import SourceError
from gong_crm.feeds.records import RecordsFeed, refuse_twice
from gong_crm.findings import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from gong_crm.feeds.block import Block

_ROWS: Final = 1024
"""Rows that are Python objects at a time."""

_PLAIN: Final = frozenset({"", "arrow.bool8", "arrow.json", "arrow.uuid"})
"""Names of extension types whose values Python has too; "" for none."""


class ArrowValue:
    """A value that Python or JSON does not have; whoever casts it refuses it, and shows it as Arrow does."""

    __slots__ = ("_scalar",)

    def __init__(self, scalar: Any) -> None:  # noqa: ANN401  (pyarrow has no types)
        self._scalar = scalar

    def __repr__(self) -> str:
        return repr(self._scalar)


class ArrowFeed:
    """One line for each row of a table.

    Args:
        table: Whatever has `__arrow_c_stream__`.
        name: What people call it; the name of its class if left out.
    """

    path: Path | None = None

    def __init__(self, table: Any, *, name: str | None = None) -> None:  # noqa: ANN401  (of any library)
        self.name = name or f"<{type(table).__name__}>"
        self._table = table

    def blocks(self) -> Iterator[Block]:
        """Give a line for each row, in order."""
        return RecordsFeed(self.rows(), name=self.name).blocks()

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:  # noqa: ARG002  (a row has no bytes)
        """Say which row a line comes from."""
        return Origin(source=self.name, line=line, is_row=True)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give each row as a mapping of column to value.

        Raises:
            SourceError: If pyarrow is missing, or cannot read the table.
        """
        try:
            import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)
        except ImportError as problem:
            raise SourceError(f"{self.name} is read by pyarrow: pip install 'gong-crm[arrow]'") from problem
        try:
            batches = pa.RecordBatchReader.from_stream(self._table)
        except Exception as problem:  # of the library that made it, such as a query of DuckDB that fails
            raise _unreadable(self.name, problem) from problem
        try:
            with batches:
                names = batches.schema.names
                refuse_twice(names, self.name)
                readers = [_reader(field) for field in batches.schema]
                for batch in batches:
                    for start in range(0, batch.num_rows, _ROWS):
                        columns = batch.slice(start, _ROWS).columns
                        values = [read(column) for read, column in zip(readers, columns, strict=True)]
                        yield from (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        except pa.ArrowException as problem:
            raise _unreadable(self.name, problem) from problem


def _unreadable(name: str, problem: Exception) -> SourceError:
    said = str(problem).strip().partition("\n")[0].partition(". Detail: ")[0]  # what follows is a traceback, or a query
    hint = "; hand over a frame or a table, not a column" if "non-struct" in said else ""
    return SourceError(f"{name} could not be read: {said or type(problem).__name__}{hint}")


def _reader(field: pa.Field) -> Callable[[Any], list[Any]]:
    """Choose how the values of a column become Python's; what cannot be said is refused.

    Left to itself Arrow would say something else: a duration of months as three numbers, a mapping as a list of pairs,
    a period of pandas as the number of months since 1970.
    """
    import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)

    kind = field.type
    if pa.types.is_map(kind) and not any(map(_is_odd, (kind.key_type, kind.item_type))):
        return _mappings
    if _is_odd(kind) or (field.metadata or {}).get(b"ARROW:extension:name", b"").decode() not in _PLAIN:
        return _scalars
    if getattr(kind, "unit", None) != "ns":
        return _values
    # Python knows no nanoseconds, and Gong wants whole seconds anyway.
    shorter = _in_microseconds(kind)
    return lambda column: _values(column.cast(shorter, safe=False))


def _is_odd(kind: pa.DataType) -> bool:
    """Return whether values of a type, or of one inside it, would turn into something else."""
    import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)

    if isinstance(kind, pa.BaseExtensionType):
        return kind.extension_name not in _PLAIN
    if pa.types.is_map(kind) or pa.types.is_interval(kind):
        return True
    return any(_is_odd(kind.field(number).type) for number in range(kind.num_fields))


def _values(column: Any) -> list[Any]:  # noqa: ANN401  (pyarrow has no types)
    try:
        values: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):  # a time that Python does not know, such as infinity
        return [_value(scalar) for scalar in column]
    return values


def _value(scalar: Any) -> Any:  # noqa: ANN401  (pyarrow has no types)
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return ArrowValue(scalar)


def _mappings(column: Any) -> list[Any]:  # noqa: ANN401  (pyarrow has no types)
    return [_mapping(scalar) if scalar.is_valid else None for scalar in column]


def _mapping(scalar: Any) -> Any:  # noqa: ANN401  (pyarrow has no types)
    pairs = scalar.as_py()
    mapping = dict(pairs)
    return mapping if len(mapping) == len(pairs) else ArrowValue(scalar)


def _scalars(column: Any) -> list[Any]:  # noqa: ANN401  (pyarrow has no types)
    return [ArrowValue(scalar) if scalar.is_valid else None for scalar in column]


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    """Give the type that Python can hold, for one that counts nanoseconds."""
    import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)

    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.duration("us") if pa.types.is_duration(kind) else pa.time64("us")
