"""Rejected rows of CSV as they came, below the header that they came with."""

from __future__ import annotations

import gzip
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, cast

from gong_crm.errors import SourceChangedError
from gong_crm.plan.reading import check_original

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from gong_crm.findings import Origin
    from gong_crm.plan.model import Source
    from gong_crm.plan.plan import Plan

_PLACE = 3
_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"


class RejectRows:
    """Collects rejected lines that were rows of CSV, and writes the rows.

    Args:
        plan: The plan of the lines.
        object_type: What they hold.
    """

    def __init__(self, plan: Plan | None, object_type: str) -> None:
        sources = plan.sources if plan is not None else ()
        self._sources = {
            one.name: one
            for one in sources
            if one.object_type == object_type and one.places is not None and one.original is not None
        }
        self._places = {name: array("q") for name in self._sources}

    def add(self, origin: Origin) -> None:
        """Take a rejected line, if it was a row."""
        if origin.source in self._places and origin.offset is not None and origin.length is not None:
            self._places[origin.source].extend((origin.offset, origin.length))

    def write(self, folder: Path, object_type: str) -> Iterator[tuple[str, str]]:
        """Write the rows of each file; gives (name of the written file, "") or ("", why it could not be written)."""
        chosen = [name for name, places in self._places.items() if places]
        for number, name in enumerate(chosen, 1):
            target = f"{object_type}.csv" if len(chosen) == 1 else f"{object_type}.{number}.csv"
            try:
                check_original(self._sources[name])
                self._write(self._sources[name], self._places[name], folder / target)
            except SourceChangedError:
                yield "", f"the rejected rows of {name} cannot be written out: it was written anew meanwhile"
            except (EOFError, ValueError, OverflowError, MemoryError):
                yield (
                    "",
                    f"the rejected rows of {name} cannot be written out: a file in the folder of the job is damaged",
                )
            except OSError as problem:
                yield "", f"the rejected rows of {name} cannot be written out: {problem.strerror or problem}"
            else:
                yield target, ""

    def _write(self, source: Source, places: array[int], target: Path) -> None:
        with _opened(cast("Path", source.original)) as rows, target.open("wb") as file:
            header = rows.read(_first_row(source)).removeprefix(_MARK)
            end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
            file.write(header if header.endswith(end) else header + end)
            for offset, length in _ascending(places):
                rows.seek(offset)
                file.write(rows.read(length).rstrip(b"\r\n") + end)


def _ascending(places: array[int]) -> Iterable[tuple[int, int]]:
    """Give each place once; those of held back rows ascend already, and may be millions."""
    offsets, lengths = places[::2], places[1::2]
    if all(one < other for one, other in pairwise(offsets)):
        return zip(offsets, lengths, strict=True)
    return sorted(set(zip(offsets, lengths, strict=True)))


def _first_row(source: Source) -> int:
    """Give the bytes before the first row, which the header has."""
    place = array("q")
    with cast("Path", source.places).open("rb") as file:
        place.fromfile(file, _PLACE)
    return place[1]


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(len(_GZIP)) == _GZIP
    return cast("BinaryIO", gzip.open(path, "rb")) if is_gzip else path.open("rb")
