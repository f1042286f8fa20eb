"""Whether a member stands in a line more than once, of which a reader of JSON keeps the last without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NEITHER: Final = bytes(byte for byte in range(256) if byte not in b'":')
"""Every byte but the quote and the colon."""

_BLANKS: Final = (b" ", b"\t", b"\r")


def members_may_come_twice(data: bytes, records: Sequence[dict[str, Any]], names: Iterable[str]) -> bool:
    """Tell whether there may be more names in lines than members in what was read of them; never misses one.

    In what is left of lines without all but quotes and colons, each name without a colon is two quotes and a colon.
    A text may look the same, where it holds a quote, or stands behind another text in a list; a name never looks
    otherwise. So there may be more of these than names, never fewer.

    Args:
        data: The lines.
        records: What was read of them.
        names: The names of all their members.
    """
    members = sum(map(len, records))
    if data.translate(None, _NEITHER).count(b'"":') == members and not any(":" in name for name in names):
        return False
    # Here only a quote right before a colon counts, for three times the cost.
    for blank in _BLANKS:
        data = data.replace(blank, b"")
    return data.count(b'":') != members
