"""Which object ids come back, in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gong_crm.checking.blocks import CheckedBlock


class Repeats:
    """Collects the ids of good lines, and tells which came twice."""

    def add(self, checked: CheckedBlock) -> None:
        """Take in the good lines of a block."""
