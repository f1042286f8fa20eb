"""Feeds of paths, globs and folders."""

from __future__ import annotations

import gzip
import os
from difflib import get_close_matches
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from gong_crm.errors import SourceError
from gong_crm.feeds.ldjson import LdjsonFeed

if TYPE_CHECKING:
    from gong_crm.feeds.block import Feed

LDJSON: Final = (".ldjson", ".ndjson", ".jsonl", ".json")
COMPRESSED: Final = ".gz"
_SHOWN: Final = 60

_FOREIGN: Final = {
    b"PK\x03\x04": "a ZIP archive or a workbook; unpack it, or save it as CSV in UTF-8",
    b"\xff\xfe": "UTF-16; write it in UTF-8, such as by `iconv -f UTF-16 -t UTF-8`",
    b"\xfe\xff": "UTF-16; write it in UTF-8, such as by `iconv -f UTF-16 -t UTF-8`",
    b"BZh": "compressed by bzip2; decompress it, or compress it by gzip",
    b"\xfd7zXZ": "compressed by xz; decompress it, or compress it by gzip",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; decompress it, or compress it by gzip",
}
"""First bytes of files that hold no lines, and what to do about them."""

_GZIP: Final = b"\x1f\x8b"


def feeds(source: str | os.PathLike[str]) -> list[Feed]:
    """Give a feed for each file that a path, a glob or a folder names."""
    text = os.fspath(source)
    if text == "-":
        from gong_crm.feeds import handles  # noqa: PLC0415  (knows this module)

        return [handles.standard_input()]
    if text.lstrip().startswith(("{", "[")) or "\n" in text:
        raise SourceError(
            f"{_shortened(text)} looks like content, not like a path; hand over records, or `io.BytesIO(text.encode())`"
        )
    path = Path(text)
    try:
        if path.is_dir():
            return [_feed(one) for one in _in_folder(path)]
        if not path.exists():
            return [_feed(one) for one in _matches(text)]
    except (OSError, ValueError) as problem:
        raise SourceError(f"{_shortened(text)} is no path: {problem}") from problem
    return [_feed(path)]


def check_start(start: bytes, name: str) -> None:
    """Refuse what begins like another kind of file.

    Raises:
        SourceError: If it does.
    """
    kind = next((kind for mark, kind in _FOREIGN.items() if start.startswith(mark)), None)
    if kind is not None:
        raise SourceError(f"{name} is {kind}")


def _in_folder(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.is_file() and _suffix(path) in LDJSON)
    if not found:
        raise SourceError(f"the folder {folder} has no file that ends with {', '.join(LDJSON)} (or these with .gz)")
    return found


def _matches(pattern: str) -> list[Path]:
    if not has_magic(pattern):
        raise SourceError(f"there is no file {_shortened(pattern)}{_near(Path(pattern))}")
    found = sorted(path for path in map(Path, glob(pattern, recursive=True)) if path.is_file())  # noqa: PTH207  (the pattern may be absolute)
    if not found:
        raise SourceError(f"no file matches {_shortened(pattern)}")
    return found


def _near(path: Path) -> str:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except OSError:
        return f"; the folder {path.parent} is missing too" if not path.parent.exists() else ""
    near = get_close_matches(path.name, names, n=1)
    return f"; did you mean {path.with_name(near[0])}?" if near else ""


def _feed(path: Path) -> Feed:
    suffix = _suffix(path)
    if suffix not in LDJSON:
        near = get_close_matches(suffix, LDJSON, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise SourceError(
            f"{path} ends with {suffix or 'no suffix'}, which says nothing about its kind{meant} "
            f"Known are {', '.join(LDJSON)}, and these with .gz"
        )
    try:
        with path.open("rb") as handle:
            start = handle.read(8)
    except OSError as problem:
        raise SourceError(f"{path} could not be read: {problem.strerror}") from problem
    check_start(start, str(path))
    if start.startswith(_GZIP):
        return LdjsonFeed(str(path), open_=partial(_open_gzip, path))
    if path.suffix.lower() == COMPRESSED and start:
        raise SourceError(f"{path} is not compressed by gzip, as its name says; take the .gz off its name")
    return LdjsonFeed(str(path), open_=partial(_open, path), path=path)


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix.lower() == COMPRESSED else path.suffix.lower()


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _open_gzip(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb"))


def _shortened(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…'"
