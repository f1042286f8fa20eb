"""A change between two versions of a document: its verdict, its rule, its place and a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a change means for a caller who was right before it."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, kw_only=True, order=True)
class Change:
    """One change."""

    verdict: Verdict
    pointer: str
    rule: str
    text: str


@dataclass(kw_only=True)
class Ledger:
    """The changes found so far."""

    changes: set[Change] = field(default_factory=set)

    def breaking(self, pointer: str, rule: str, text: str) -> None:
        """Note a change that breaks a right caller."""
        self.changes.add(Change(verdict=Verdict.BREAKING, pointer=pointer, rule=rule, text=text))

    def compatible(self, pointer: str, rule: str, text: str) -> None:
        """Note a change that a right caller can use or ignore."""
        self.changes.add(Change(verdict=Verdict.COMPATIBLE, pointer=pointer, rule=rule, text=text))

    def cosmetic(self, pointer: str, rule: str, text: str) -> None:
        """Note a change that no program can see."""
        self.changes.add(Change(verdict=Verdict.COSMETIC, pointer=pointer, rule=rule, text=text))

    def judge(self, pointer: str, rule: str, text: str, *, breaks: bool) -> None:
        """Note a change that breaks, or else is compatible."""
        (self.breaking if breaks else self.compatible)(pointer, rule, text)
