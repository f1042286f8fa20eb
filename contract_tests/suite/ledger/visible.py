"""Text of a server as a terminal and a page may show it: short, on one line, with nothing that acts."""

import json
import unicodedata
from typing import Final

EXCERPT: Final = 700
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of characters that move, hide or reorder what stands around them, or that no file can hold."""


def visible(text: str, *, keep: str = "") -> str:
    """Show characters that act as escapes; those to keep stay as they are."""
    if text.isprintable():
        return text
    return "".join(
        json.dumps(letter)[1:-1] if letter not in keep and unicodedata.category(letter) in _ACTING else letter
        for letter in text
    )


def excerpt(content: bytes, *, most: int = EXCERPT) -> str:
    """Show a body on one line; a long one is shortened in the middle."""
    text = content[: 8 * most].decode("utf-8", "replace") + content[8 * most :][-8 * most :].decode("utf-8", "replace")
    return shortened(visible(text.strip()), of=len(content), most=most)


def shortened(text: str, *, of: int | None = None, most: int = EXCERPT) -> str:
    """Leave out the middle of a long text, and say how long it was."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]} ... ({of or len(text):,} bytes) ... {text[-half:]}"
