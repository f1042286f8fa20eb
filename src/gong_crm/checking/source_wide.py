"""What can be said of a source only once it was read: members that Gong does not know, and the order of lines."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from gong_crm.checking.shown import shortened
from gong_crm.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gong_crm.findings import Origin
    from gong_crm.rules import Rules

_MOST_NAMES: Final = 200
"""A source with more unknown members uses names as values; the rest is reported as a number."""


@dataclass(slots=True)
class _Seen:
    first: Origin
    lines: int = 0


class UnknownMembers:
    """Members that Gong does not know, which are no errors, reported once a source.

    Args:
        rules: Know which are known.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._seen: dict[str, _Seen] = {}
        self._reported: set[str] = set()
        self._too_many: Origin | None = None

    def skip(self, findings: Iterable[Finding]) -> None:
        """Note what the header of a source reported already."""
        self._reported |= {
            finding.member for finding in findings if finding.rule == "unknown-column" and finding.member
        }

    def look(self, records: Sequence[dict[str, Any]], names: set[str], origin_of: Callable[[int], Origin]) -> None:
        """Note the unknown members of records, which have members of these names."""
        for name in sorted(names - self._rules.members - self._reported):
            places = [place for place, record in enumerate(records) if name in record]
            if name in self._seen or len(self._seen) < _MOST_NAMES:
                self._seen.setdefault(name, _Seen(origin_of(places[0]))).lines += len(places)
            elif self._too_many is None:
                self._too_many = origin_of(places[0])

    def findings(self) -> Iterator[Finding]:
        """Report each once, at the line where it came first."""
        for name, seen in self._seen.items():
            yield Finding(
                origin=seen.first,
                rule="unknown-member",
                message=f"is no member of {self._rules.object_type} that Gong knows; {_lines(seen)} it",
                hint=self._hint(name),
                severity=Severity.WARNING,
                member=shortened(name),
            )
        if self._too_many is not None:
            yield Finding(
                origin=self._too_many,
                rule="unknown-member",
                message=f"Gong knows more than {_MOST_NAMES} members of this source not; the others are not listed",
                hint="are values used as names?",
                severity=Severity.WARNING,
            )

    def _hint(self, name: str) -> str:
        near = get_close_matches(name, sorted(self._rules.members), n=1, cutoff=0.75)
        return f"did you mean {near[0]}?" if near else "describe it as a field, else Gong shows nothing of it"


def _lines(seen: _Seen) -> str:
    return "one line has" if seen.lines == 1 else f"{seen.lines:,} lines have"
