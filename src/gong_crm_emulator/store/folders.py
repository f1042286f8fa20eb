"""The file of the state and the folder in which files lie that wait to be read."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # pragma: no cover  (Windows has no such locks; there a second emulator is not noticed)
    fcntl = None  # type: ignore[assignment]  # as mypy documents it

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = "gong-crm-emulator-"
_MARK: Final = "made-for-one-process"
_MARK_TEXT: Final = "gong-crm-emulator made this folder for one process and removes it.\n"
_KEPT_MARK: Final = "made-for-a-state"
_KEPT_TEXT: Final = "gong-crm-emulator keeps files of the state beside this folder here.\n"
_OURS: Final = frozenset({".ldjson", ".snapshot", ".new"})
_STALE: Final = 3600.0
"""Seconds after which a folder that nobody holds is not one that is just being made."""


@contextmanager
def temporary() -> Iterator[Path]:
    """Make a folder that goes with the process, and remove those that killed processes left."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    mark = folder / _MARK
    mark.write_text(_MARK_TEXT, encoding="ascii")
    try:
        with _locked(mark):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Make the folder beside a file that keeps the state, without what a killed process left half written.

    Raises:
        OSError: If there is a folder of that name that was not made here.
    """
    folder = path.with_name(path.name + ".files")
    mark = folder / _KEPT_MARK
    if not mark.exists():
        if folder.exists() and any(folder.iterdir()):
            raise OSError(f"the folder {folder.name} beside it was made by another program")
        folder.mkdir(exist_ok=True)
        mark.write_text(_KEPT_TEXT, encoding="ascii")
    for half in folder.glob("*.new"):
        half.unlink(missing_ok=True)
    yield folder


@contextmanager
def held(path: Path) -> Iterator[Path]:
    """Keep a second emulator away from a file, by whatever name it is called; the system lets go at the end.

    Yields:
        The file itself, where the path is a link to it.

    Raises:
        OSError: If another emulator holds it, it has several names, or it is no file.
    """
    real = path.resolve()
    fresh = not real.exists()
    if not fresh and not real.is_file():
        raise OSError("it is no file")
    with _locked(real):
        try:
            if real.stat().st_nlink > 1:
                raise OSError("it has several names (hard links), and its journal lies beside one of them only")
            yield real
        finally:
            if fresh and real.exists() and real.stat().st_size == 0:
                real.unlink()  # made here, and nothing came of it


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _taken(descriptor):
            raise OSError("another emulator is using it")
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(place: Path) -> None:
    """Remove the folders of killed emulators: old ones with our mark whose lock is free and that hold nothing else."""
    if fcntl is None:
        return
    old = time.time() - _STALE
    for mark in place.glob(f"{_PREFIX}*/{_MARK}"):
        with contextlib.suppress(OSError, UnicodeDecodeError):  # another user's, or another process was quicker
            if mark.stat().st_mtime < old and not mark.is_symlink() and _is_ours(mark):
                with _locked(mark):
                    shutil.rmtree(mark.parent, ignore_errors=True)


def _is_ours(mark: Path) -> bool:
    if mark.read_text(encoding="ascii") != _MARK_TEXT:
        return False
    return all(one == mark or (one.suffix in _OURS and one.is_file()) for one in mark.parent.iterdir())
