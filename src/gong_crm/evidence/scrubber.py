"""Everything that could be somebody's taken out of an exchange, and what has the same form put in its place.

Nothing is looked for and taken out: whatever is not known to be the contract's own is replaced.  So a name that
nobody thought of is replaced like one that everybody knows.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gong_crm.evidence.contract import Contract

_NUMBERS: Final = frozenset({"line", "totalErrorCount", "totalSuccessCount"})
"""Members that count, and count nobody's secrets, where they stand in a status; a record may call its own so."""

MOST_COUNTED: Final = 10_000_000
"""Lines of a file; what is longer may be a phone number."""

_OF_LINE_ERRORS: Final = 2
"""How deep an entry of a status's errors stands."""

SENTENCES: Final = frozenset({"errors", "description"})
_DEEPEST: Final = 20
_LONGEST_SENTENCE: Final = 1_000
_MOST_REMEMBERED: Final = 100_000
WORD: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_", re.UNICODE)
PUNCTUATION: Final = frozenset(".,:;'\"[]()=-_/!?")
_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FORMS: Final = (
    ("digits", re.compile(r"\d+")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+")),
    ("url", re.compile(r"https?://\S*", re.IGNORECASE)),
    ("time", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("id", re.compile(r"[A-Za-z0-9_-]+")),
)
_MEDIA_TYPE: Final = re.compile(r"(application|text)/(json|html|plain|xml|problem\+json)(; ?charset=(utf-8|UTF-8))?")
_METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
_MOST_DIGITS: Final = 6
_LONGEST_NUMBER: Final = 18
"""Digits; more may not fit into 64 bits."""
_LONGEST_ID: Final = 64


class Scrubber:
    """Replaces values; the same value has the same placeholder everywhere in one file.

    Args:
        contract: Knows which names, values and words are Gong's own.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._known: dict[tuple[str, str], str] = {}

    def body(self, value: Any, *, member: str = "", depth: int = 0) -> Any:  # noqa: ANN401  (JSON of any type)
        """Scrub the JSON of an answer or of a request.

        Args:
            value: The JSON.
            member: The member that holds it.
            depth: How deep it stands; what is deeper than 20 is cut off.
        """
        if depth > _DEEPEST:
            return None
        if isinstance(value, dict):
            return {
                self.name(name): self.body(one, member=self._member(name, member, depth), depth=depth + 1)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self.body(one, member=member, depth=depth + 1) for one in value]
        if isinstance(value, str):
            return self.sentence(value) if member in SENTENCES else self.text(value)
        counts = member in _NUMBERS and isinstance(value, int) and 0 <= value < MOST_COUNTED
        if value is None or isinstance(value, bool) or counts:
            return value
        return int(self._placeholder("digits", str(abs(value)))) if isinstance(value, int) else 0.5

    def _member(self, name: str, holder: str, depth: int) -> str:
        """Say which member of the contract's this is; a number counts lines in a status and nowhere else."""
        if name in _NUMBERS:
            return name if depth == 0 or (holder == "errors" and depth == _OF_LINE_ERRORS) else ""
        return name if name in self._contract.names else ""

    def name(self, name: str) -> str:
        """Scrub the name of a member: a custom one is somebody's, and so is an id that stands as one."""
        return name if self._contract.knows(name) else self.text(name)

    def text(self, text: str) -> str:
        """Replace a text by one of the same form."""
        if not text or text in self._contract.values:
            return text
        form = next((form for form, pattern in _FORMS if pattern.fullmatch(text)), "text")
        return self._placeholder(form, text)

    def sentence(self, sentence: str) -> str:
        """Keep the words of a sentence that Gong is known to say, and the names of members; replace all others."""
        kept = []
        for word in WORD.findall(sentence[:_LONGEST_SENTENCE]):
            is_own = self._contract.owns(word) or word in PUNCTUATION
            kept.append(word if is_own else "0" if word.isdigit() else "x")
        return " ".join(kept)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Keep the headers that the contract speaks of, as far as what they say is nobody's."""
        kept = {}
        for name, value in headers.items():
            shown = self._header(name.lower(), value)
            if shown is not None:
                kept[name.lower()] = shown
        return kept

    def _header(self, name: str, value: str) -> str | None:
        if name == "content-type":
            return value if _MEDIA_TYPE.fullmatch(value) else "application/octet-stream"
        if name in {"retry-after", "x-ratelimit-remaining", "x-ratelimit-limit"}:
            plain = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
            return value if plain else "Sat, 01 Jan 2000 00:00:00 GMT"
        if name == "allow":
            return ", ".join(one for one in re.split(r"[ ,]+", value) if one in _METHODS)
        if name == "www-authenticate":
            return " ".join(one for one in ("Basic", "Bearer") if one.lower() in value.lower())
        return self.text(value) if name == "x-traceid" else None

    def _placeholder(self, form: str, text: str) -> str:
        known = self._known.get((form, text))
        if known is None:
            number = len(self._known) + 1
            known = _MAKERS[form](number, text)
            if number <= _MOST_REMEMBERED:
                self._known[form, text] = known
        return known


def _digits(number: int, text: str) -> str:
    """Keep the length where there is room: two values never share a placeholder."""
    return "1" + str(number).zfill(min(len(text), _LONGEST_NUMBER) - 1)


def _time(number: int, text: str) -> str:
    """Keep the form of a time: what stands between day and hour, how long its fraction is, how its zone is written."""
    moment = _START + timedelta(seconds=number)
    rest = re.sub(r"[+-]", "+", re.sub(r"\d", "0", text[19:]))
    return f"{moment:%Y-%m-%d}{text[10]}{moment:%H:%M:%S}{rest}"


_MAKERS: Final[Mapping[str, Callable[[int, str], str]]] = {
    "digits": _digits,
    "email": lambda number, _: f"person{number}@example.com",
    "url": lambda number, _: f"https://example.com/{number}",
    "time": _time,
    "date": lambda number, _: f"{_START + timedelta(days=number % 10_000):%Y-%m-%d}",
    "id": lambda number, text: f"x{number}".ljust(min(len(text), _LONGEST_ID), "x"),
    "text": lambda number, _: f"Text {number}",
}
