"""Whether a member stands in a line more than once, of which a reader of JSON keeps the last without a word."""

from __future__ import annotations

from itertools import repeat
from operator import contains, methodcaller
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gong_crm.rules import Rules

_NEITHER: Final = bytes(byte for byte in range(256) if byte not in b'":')
"""Every byte but the quote and the colon."""

_BLANKS: Final = (b" ", b"\t", b"\r")


def members_may_come_twice(data: bytes, records: Sequence[dict[str, Any]], rules: Rules) -> bool:
    """Tell whether there may be more names in lines than members in what was read of them; never misses one.

    In what is left of lines without all but quotes and colons, a quote and a colon stand side by side once for each
    name, and once for each text that holds a colon. There may be more of these than are counted here, never fewer.

    Args:
        data: The lines.
        records: What was read of them, which keeps to the rules.
        rules: Know which members hold a colon.
    """
    members = sum(map(len, records))
    texts = sum(len(records) if name in rules.required else _with_colon(name, records) for name in rules.with_colons)
    if data.translate(None, _NEITHER).count(b'":') == members + texts:
        return False
    # Some other text holds a colon. Here only those count where a quote stands before it, for three times the cost.
    for blank in _BLANKS:
        data = data.replace(blank, b"")
    return data.count(b'":') != members


def _with_colon(name: str, records: Sequence[dict[str, Any]]) -> int:
    """Count the records in which a member holds a colon."""
    if name not in records[0]:
        return 0
    return sum(map(contains, filter(None, map(methodcaller("get", name), records)), repeat(":")))
