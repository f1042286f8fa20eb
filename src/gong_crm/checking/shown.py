"""Values in a message: shortened, on one line, and harmless to a terminal."""

from __future__ import annotations

import json
from typing import Final

from gong_crm.printable import printable

_MOST: Final = 60


def shown(value: object) -> str:
    """Show a value of JSON."""
    if isinstance(value, list | dict):
        return f"{'an array' if isinstance(value, list) else 'an object'} of {len(value):,}"
    return printable(json.dumps(_cut(value) if isinstance(value, str) else value, ensure_ascii=False))


def shortened(text: str) -> str:
    """Show a name."""
    return printable(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
