"""The choice of a feed by the shape of a source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import SourceError
from gong_crm.feeds import files, handles
from gong_crm.feeds.arrow import ArrowFeed
from gong_crm.feeds.kinds import Reading
from gong_crm.feeds.records import RecordsFeed, is_cursor
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.options import CsvOptions
    from gong_crm.fields import Field

ENTRY_POINTS: Final = "gong_crm.feeds"
_SHAPES: Final = (
    "a path, a glob, a folder, an open file, `-` for standard input, an iterable of mappings,"
    " or a table with __arrow_c_stream__"
)


def feed(
    source: object,
    *,
    object_type: str,
    legacy: bool = False,
    fields: Sequence[Field] = (),
    csv: CsvOptions | None = None,
) -> list[Feed]:
    """Choose the feeds of a source by its shape.

    Args:
        source: A path, a glob or a folder of files; an open file; `-` for standard input; an iterable of mappings;
            a table with `__arrow_c_stream__`; a feed; a list of several of these; or whatever a distribution knows
            that registered a function as entry point of the group `gong_crm.feeds`: it takes the source and gives a
            feed, or None where it does not know it.
        object_type: What it holds, in Gong's capitals.
        legacy: Whether the rules of the older endpoints type the cells of CSV.
        fields: The integration's fields of that object type, which type the cells of CSV too.
        csv: How to read CSV; a source whose name does not say what it is, is CSV then.

    Returns:
        One feed for each file, in the order of their names.

    Raises:
        SourceError: If there is nothing to read, or no way to read it.
    """
    return _feeds(source, Reading(Rules(object_type, legacy=legacy, fields=fields), csv))


def _feeds(source: object, reading: Reading) -> list[Feed]:
    if isinstance(source, list | tuple) and source and _is_source(source[0]):
        return [one for part in source for one in _feeds(part, reading)]
    if isinstance(source, str | os.PathLike):
        return files.feeds(source, reading)
    if callable(getattr(source, "read", None)):
        return [handles.feed(source, reading)]
    if _is_feed(source):
        return [source]  # type: ignore[list-item]  # it has what a feed must have
    if hasattr(source, "__arrow_c_stream__"):
        return [ArrowFeed(source)]
    return [_registered(source) or _records(source)]


def _records(source: object) -> Feed:
    if isinstance(source, bytes | bytearray | memoryview):
        raise SourceError("bytes look like content, not like a path; hand over `io.BytesIO(content)`")
    if isinstance(source, Mapping):
        raise SourceError("one mapping is no source; hand over a list of records")
    if not isinstance(source, Iterable) and not is_cursor(source):
        hint = "collect() it first" if hasattr(source, "collect") else f"give {_SHAPES}"  # a LazyFrame of Polars
        raise SourceError(f"there is no way to read {type(source).__name__}: {hint}")
    return RecordsFeed(source)


def _registered(source: object) -> Feed | None:
    """Ask what other distributions know."""
    for entry in entry_points(group=ENTRY_POINTS):
        known: Feed | None = entry.load()(source)
        if known is not None:
            return known
    return None


def _is_source(part: Any) -> bool:  # noqa: ANN401  (anything)
    return (
        isinstance(part, str | os.PathLike)
        or callable(getattr(part, "read", None))
        or hasattr(part, "__arrow_c_stream__")
        or _is_feed(part)
    )


def _is_feed(source: object) -> bool:
    return callable(getattr(source, "blocks", None)) and callable(getattr(source, "origin", None))
