"""One run at a time: a target has one list of integrations, so two runs would delete each other's."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract_tests.suite.wire.targets import Target, TargetUnusable

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows
    fcntl = None  # type: ignore[assignment]


class OtherRun(TargetUnusable):
    """Another run on this machine judges the same target."""


@contextmanager
def only_run(target: Target) -> Iterator[None]:
    """Keep other runs on this machine off a target for as long as the block lasts; the system frees it for a dead one.

    Raises:
        OtherRun: Another run is at work.
    """
    if fcntl is None:  # pragma: no cover  # Windows
        yield
        return
    who = f"{target.base_url} {target.credentials.authorization}"
    path = Path(tempfile.gettempdir()) / f"gong-crm-contract-{hashlib.sha256(who.encode()).hexdigest()[:20]}.lock"
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:  # of another user, or nowhere to write
        yield
        return
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(number, 20).decode("ascii", "replace").strip() or "unknown"
        os.close(number)
        raise OtherRun(
            f"another run of this suite (process {other}) is judging {target.base_url}; wait until it has ended"
        ) from None
    try:
        os.truncate(number, 0)
        os.write(number, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(number)
