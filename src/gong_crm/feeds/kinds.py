"""What a file holds, by its name and its first bytes."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from gong_crm.errors import SourceError
from gong_crm.feeds.ldjson import BYTE_ORDER_MARK, LdjsonFeed
from gong_crm.feeds.options import CsvOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm.feeds.block import Feed
    from gong_crm.rules import Rules

LDJSON: Final = (".ldjson", ".ndjson", ".jsonl", ".json")
CSV: Final = (".csv", ".tsv")
KNOWN: Final = (*LDJSON, *CSV)
COMPRESSED: Final = ".gz"
GZIP: Final = b"\x1f\x8b"
START: Final = 8
"""How many of the first bytes show what a file is."""

_UTF_16: Final = "UTF-16; write it in UTF-8, by `iconv -f UTF-16 -t UTF-8` for example"
_UTF_32: Final = _UTF_16.replace("16", "32")
_ZIP: Final = "a ZIP archive or a workbook; unpack it, or save it as CSV in UTF-8"
_FOREIGN: Final = {
    b"\xff\xfe\0\0": _UTF_32,
    b"\0\0\xfe\xff": _UTF_32,
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"PK\x03\x04": _ZIP,
    b"PK\x05\x06": _ZIP,
    b"\xd0\xcf\x11\xe0": "a workbook of an old form; save it as CSV in UTF-8",
    b"BZh": "compressed by bzip2; decompress it, or compress it by gzip",
    b"\xfd7zXZ": "compressed by xz; decompress it, or compress it by gzip",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; decompress it, or compress it by gzip",
    b"PAR1": "Parquet; read it by pyarrow, Polars or DuckDB, and hand over the table",
    b"ARROW1": "a file of Arrow; read it by pyarrow, Polars or DuckDB, and hand over the table",
    b"Obj\x01": "Avro; read it by DuckDB or Polars, and hand over the table",
    b"SQLite f": "a SQLite database; hand over the rows of a query",
}
"""First bytes of files that hold no lines, and what to do about them."""


class Reading(NamedTuple):
    """How lines are made of what is no LDJSON."""

    rules: Rules
    csv: CsvOptions | None


def suffix_of(name: str) -> str:
    """Give the suffix that names the kind, the one before .gz."""
    path = Path(name)
    return Path(path.stem).suffix.lower() if path.suffix.lower() == COMPRESSED else path.suffix.lower()


def check_suffix(name: str) -> None:
    """Refuse a name that does not say what the file holds.

    Raises:
        SourceError: If it does not.
    """
    suffix = suffix_of(name)
    if suffix not in KNOWN:
        near = get_close_matches(suffix, KNOWN, n=1)
        meant = f"; did you mean {near[0]}?" if near else ";"
        ends = f"ends with {suffix}" if suffix else "has no suffix"
        raise SourceError(f"{name} {ends}, which does not tell what it holds{meant} known are {_all_known()}")


def check_start(start: bytes, name: str, *, is_decompressed: bool = False) -> None:
    """Refuse what begins like another kind of file.

    Raises:
        SourceError: If it does.
    """
    kind = next((kind for mark, kind in _FOREIGN.items() if start.startswith(mark)), None)
    if kind is None and b"\0\0" in {start[:3:2], start[1:4:2]}:
        kind = _UTF_16  # whose byte order mark is missing
    if is_decompressed and start.startswith(GZIP):
        kind = "compressed by gzip twice; decompress it once"
    if kind is not None:
        raise SourceError(f"{name} is {kind}")
    if suffix_of(name) == ".json" and start.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"["):
        raise SourceError(f"{name} is one JSON array; write one object a line, by `jq -c '.[]'` for example")


def feed_of(
    name: str,
    *,
    open_: Callable[[], BinaryIO],
    reading: Reading,
    path: Path | None = None,
    original: Path | None = None,
) -> Feed:
    """Make the feed for what can be opened.

    Args:
        name: What people call it; its suffix shows whether it is CSV.
        open_: Opens it in binary, decompressed, at its beginning.
        reading: How rows become lines.
        path: The file, when its bytes are the lines.
        original: The file, compressed or not.
    """
    suffix = suffix_of(name)
    if suffix in CSV or (reading.csv is not None and suffix not in LDJSON):
        from gong_crm.feeds.csv_rows import CsvFeed  # noqa: PLC0415  (csv and zones, on first use)

        options = reading.csv or CsvOptions(delimiter="\t" if suffix == ".tsv" else None)
        return CsvFeed(name, open_=open_, rules=reading.rules, options=options, original=original)
    return LdjsonFeed(name, open_=open_, path=path)


def _all_known() -> str:
    return f"{', '.join(KNOWN)}, and each with .gz behind"
