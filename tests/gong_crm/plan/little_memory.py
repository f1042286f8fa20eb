"""Planning with so little memory that a few lines take every way that gigabytes take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from gong_crm.checking.repeated import Repeated
from gong_crm.sorting.sorter import Sorter

if TYPE_CHECKING:
    import pytest


def give_little_memory(patch: pytest.MonkeyPatch, memory: int) -> None:
    """Let whatever spills do so after some bytes."""
    sorting, repeated = cast("Any", Sorter.__init__).__kwdefaults__, cast("Any", Repeated.__init__).__kwdefaults__
    for name, value in (("run_bytes", memory), ("chunk_bytes", 100), ("fan_in", 2)):
        patch.setitem(sorting, name, value)
    for name, value in (("piece", max(1, memory // 100)), ("bucket", 4)):
        patch.setitem(repeated, name, value)
    patch.setattr("gong_crm.plan.parts.MOST_SPANS", memory // 200)
    patch.setattr("gong_crm.plan.outputs._PENDING_BYTES", 200)
    patch.setattr("gong_crm.plan.reading._MOST_OPEN", 1)
    patch.setattr("gong_crm.plan.reading.PIECE_BYTES", 64)
