"""The body of a planned file, read in constant memory, and never handed out whole when it is not what was planned."""

from __future__ import annotations

import io
from bisect import bisect_right
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from gong_crm.checking.spans import Span
from gong_crm.errors import SourceChangedError
from gong_crm.plan.model import Source
from gong_crm.plan.reading import PIECE_BYTES, SourceReader, check_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm.plan.model import PlannedFile
    from gong_crm.plan.plan import Plan


class Payload(io.RawIOBase):
    """A planned file as a binary handle of known length that can be rewound.

    The bytes are hashed as they are read.
    The last of them are handed out only when the hash is the planned one, so that nobody accepts a whole body that
    is not what was planned.
    """

    def __init__(self, planned: PlannedFile, plan: Plan, *, on_bytes: Callable[[int], None] | None = None) -> None:
        self._planned = planned
        self._sources, self._spans = readable(planned, plan)
        self._starts = list(accumulate((span.length + span.newline for span in self._spans), initial=0))
        self._reader = SourceReader(self._sources)
        self._on_bytes = on_bytes
        self._position = 0
        self._hash: Any = sha256()
        self._hashed = 0
        self._check_sources()

    def __len__(self) -> int:
        return self._planned.bytes

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be rewound."""
        return True

    def tell(self) -> int:
        """Tell how many bytes were read, or skipped."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; reading from the start looks at the sources again."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self)}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Read some bytes, all that are left by default.

        Raises:
            SourceChangedError: If a source is not what was planned.
        """
        if self.closed:
            raise ValueError("read of a closed payload")
        left = max(0, len(self) - self._position)
        size = left if size is None or size < 0 else min(size, left)
        if size == 0:
            return b""
        if self._position == 0:
            self._check_sources()
            self._hash, self._hashed = sha256(), 0
        data = self._at(self._position, size)
        if self._hashed == self._position:
            self._hash.update(data)
            self._hashed += size
        if size == left:
            self._check_hash()
        self._position += size
        if self._on_bytes is not None:
            self._on_bytes(self._position)
        return data

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (whatever can be written to)
        """Read some bytes into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what is open."""
        self._reader.close()
        super().close()

    def _check_sources(self) -> None:
        for source in {span.source for span in self._spans}:
            check_unchanged(self._sources[source])

    def _at(self, position: int, size: int) -> bytes:
        pieces = []
        place = bisect_right(self._starts, position) - 1
        while size:
            span = self._spans[place]
            inside = position - self._starts[place]
            take = min(size, span.length - inside)
            if take:
                pieces.append(self._reader.read(span.source, span.offset + inside, take))
            if take < size and span.newline:
                pieces.append(b"\n")
                take += 1
            position += take
            size -= take
            place += 1
        return b"".join(pieces)

    def _check_hash(self) -> None:
        """Compare the hash of what was read, or of all of it anew when it was not read from start to end."""
        if self._hashed < len(self):
            self._hash = sha256()
            for start in range(0, len(self), PIECE_BYTES):
                self._hash.update(self._at(start, min(PIECE_BYTES, len(self) - start)))
            self._hashed = len(self)
        if self._hash.hexdigest() != self._planned.sha256:
            names = ", ".join(sorted({self._sources[span.source].name for span in self._spans}))
            raise SourceChangedError(
                f"{names} changed after it was planned, although size and time are the same;"
                " the upload was broken off before its end: plan again"
            )


def open_payload(planned: PlannedFile, plan: Plan, *, on_bytes: Callable[[int], None] | None = None) -> Payload:
    """Open the body of a planned file.

    Args:
        planned: One of the plan's files.
        plan: The plan.
        on_bytes: Is called with the number of bytes handed out, after each piece.

    Raises:
        SourceChangedError: If a source is not what was planned.
    """
    return Payload(planned, plan, on_bytes=on_bytes)


def readable(planned: PlannedFile, plan: Plan) -> tuple[tuple[Source, ...], tuple[Span, ...]]:
    """Say where the bytes of a planned file stand, be it a file of its own or not."""
    if planned.path is None:
        return plan.sources, planned.spans
    own = Source(
        object_type=planned.object_type, name=str(planned.path), path=planned.path, size=planned.bytes, spooled=True
    )
    return (own,), (Span(0, 1, planned.lines, 0, planned.bytes),)
