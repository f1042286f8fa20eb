"""Feeds of paths, globs and folders."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from gong_crm.errors import SourceError
from gong_crm.feeds import handles
from gong_crm.feeds.kinds import COMPRESSED, GZIP, KNOWN, LDJSON, START, check_start, check_suffix, feed_of, suffix_of
from gong_crm.feeds.options import STANDARD_INPUT
from gong_crm.printable import printable

if TYPE_CHECKING:
    from gong_crm.feeds.block import Feed
    from gong_crm.feeds.kinds import Reading

_SHOWN: Final = 160
_BEGINNING: Final = 60
"""Of what is longer, as many characters are shown from its beginning, and the rest from its end, where names differ."""


def feeds(source: str | os.PathLike[str], reading: Reading) -> list[Feed]:
    """Give a feed for each file that a path, a glob or a folder names.

    Raises:
        SourceError: If there is no such file, or none that can be read.
    """
    text = os.fspath(source)
    if not isinstance(text, str):
        text = os.fsdecode(text)
    if text in STANDARD_INPUT:
        return [handles.standard_input(reading)]
    if not text:
        raise SourceError("an empty path names nothing; name a file, or `.` for the folder you are in")
    if text.lstrip().startswith(("{", "[{")) or "\n" in text:
        raise SourceError(
            f"{_shortened(text)} looks like content, not like a path; hand over records, or `io.StringIO(text)`"
        )
    try:
        return [_feed(path, reading) for path in _paths(text)]
    except (OSError, ValueError) as problem:
        raise SourceError(f"{_shortened(text)} could not be read: {problem}") from problem


def _paths(text: str) -> list[Path]:
    path = Path(text)
    if path.is_dir():
        return _in_folder(path)
    if path.exists():
        return [path]
    if not has_magic(text):
        raise SourceError(f"there is no file {_shortened(text)}{_near(path)}")
    found = sorted(one for one in map(Path, glob(text, recursive=True)) if one.is_file())  # noqa: PTH207  (it may be absolute)
    if not found:
        raise SourceError(f"no file matches {_shortened(text)}")
    return found


def _in_folder(folder: Path) -> list[Path]:
    found = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and suffix_of(path.name) in KNOWN and not path.name.startswith(".")
    )
    if not found:
        raise SourceError(
            f"the folder {printable(str(folder))} has no file that ends with {', '.join(KNOWN)},"
            " or with .gz behind one of these"
        )
    return found


def _near(path: Path) -> str:
    if path.is_symlink():
        return f": it is a link to {str(path.readlink())!r}, which is not there"
    if not path.parent.is_dir():
        return f"; there is no folder {_shortened(str(path.parent))} either"
    near = get_close_matches(path.name, [one.name for one in path.parent.iterdir()], n=1)
    return f"; did you mean {printable(str(path.with_name(near[0])))}?" if near else ""


def _feed(path: Path, reading: Reading) -> Feed:
    name = printable(str(path))
    if not path.is_file():
        return feed_of(name, open_=partial(_open_pipe, path), reading=reading)
    if reading.csv is None or suffix_of(name) in LDJSON:
        check_suffix(name)
    with path.open("rb") as handle:
        start = handle.read(START)
    check_start(start, name)
    if start.startswith(GZIP):
        return feed_of(name, open_=partial(handles.decompressed, path, name), reading=reading, original=path)
    if path.suffix.lower() == COMPRESSED and start:
        raise SourceError(f"{name} is not compressed by gzip, as its name says; take the .gz off its name")
    return feed_of(name, open_=partial(_open, path), reading=reading, path=path, original=path)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _open_pipe(path: Path) -> BinaryIO:
    """Open what gives its first bytes once."""
    return handles.looked_at(path.open("rb"), printable(str(path)))


def _shortened(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_BEGINNING]}…{shown[_BEGINNING - _SHOWN :]}"
