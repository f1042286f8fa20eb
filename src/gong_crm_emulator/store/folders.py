"""The folders in which files lie that wait to be read, one for each emulator."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # pragma: no cover  (Windows has no such locks; there a second emulator is not noticed)
    fcntl = None  # type: ignore[assignment]  # as mypy documents it

if TYPE_CHECKING:
    from typing import TextIO

_PREFIX: Final = "gong-crm-emulator-"
_LOCK: Final = "lock"
_STALE: Final = 3600.0
"""Seconds after which a folder that nobody holds is not one that is just being made."""


def temporary() -> Path:
    """Make a folder that goes with the process, and remove those that killed processes left."""
    _sweep(Path(tempfile.gettempdir()))
    return Path(tempfile.mkdtemp(prefix=_PREFIX))


def beside(path: Path) -> Path:
    """Make the folder beside a file that keeps the state."""
    folder = path.with_name(path.name + ".files")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def held(folder: Path) -> TextIO:
    """Keep a second emulator away from the same files; the system lets go when the process ends.

    Raises:
        OSError: If another emulator holds it.
    """
    hold = (folder / _LOCK).open("w")
    if not _taken(hold):
        hold.close()
        raise OSError("another emulator is using it")
    return hold


def _taken(hold: TextIO) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(place: Path) -> None:
    """Remove the folders of killed emulators: old ones whose lock is free."""
    if fcntl is None:
        return
    old = time.time() - _STALE
    for lock in place.glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError):  # another user's, or another process was quicker
            if lock.stat().st_mtime < old:
                with lock.open("r+") as hold:
                    if _taken(hold):
                        shutil.rmtree(lock.parent, ignore_errors=True)
