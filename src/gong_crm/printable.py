"""Texts of others, made harmless to a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Write what a terminal would act on, and what no terminal can show, as an escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
