"""The choice of a feed by the shape of a source."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, get_args

from gong_crm.errors import SourceError
from gong_crm.feeds import files, handles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.options import CsvOptions
    from gong_crm.fields import Field

_SHAPES: Final = (
    "a path, a glob, a folder, an open file, `-` for standard input, an iterable of mappings, "
    "or a table with __arrow_c_stream__"
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
            that registered the entry point `gong_crm.feeds`.
        object_type: What it holds, in Gong's capitals.
        legacy: Whether the rules of the older endpoints type the cells of CSV.
        fields: The integration's fields of that object type, which type the cells of CSV too.
        csv: How to read CSV; such a source is CSV whatever its name says.

    Returns:
        One feed for each file, in the order of their names.

    Raises:
        SourceError: If there is nothing to read, or no way to read it.
    """
    object_type = known_object_type(object_type)
    if isinstance(source, list | tuple) and source and _is_source(source[0]):
        return [
            one for part in source for one in feed(part, object_type=object_type, legacy=legacy, fields=fields, csv=csv)
        ]
    if isinstance(source, str | os.PathLike):
        return files.feeds(source)
    if isinstance(source, io.IOBase) or callable(getattr(source, "read", None)):
        return [handles.feed(source)]
    if _is_feed(source):
        return [source]  # type: ignore[list-item]  # it has what a Feed must have
    if isinstance(source, Iterable) and not isinstance(source, bytes | bytearray | memoryview | Mapping):
        from gong_crm.feeds.records import RecordsFeed  # noqa: PLC0415  (orjson, on first use)

        return [RecordsFeed(source)]
    raise SourceError(f"no way to read {_a(source)}: give {_SHAPES}")


def known_object_type(object_type: str) -> str:
    """Give the object type back.

    Raises:
        SourceError: If there is no such object type; names the nearest.
    """
    from gong_crm_schemas import ObjectType  # noqa: PLC0415  (light, but not needed by who only imports)

    known = get_args(ObjectType)
    if object_type in known:
        return object_type
    near = get_close_matches(str(object_type).upper().replace(" ", "_"), known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    raise SourceError(f"there is no object type {object_type!r}{meant} There are: {', '.join(known)}")


def _is_source(part: Any) -> bool:  # noqa: ANN401  (anything)
    return isinstance(part, str | os.PathLike) or callable(getattr(part, "read", None)) or _is_feed(part)


def _is_feed(source: object) -> bool:
    return callable(getattr(source, "blocks", None)) and callable(getattr(source, "origin", None))


def _a(source: object) -> str:
    return "a mapping" if isinstance(source, Mapping) else type(source).__name__
