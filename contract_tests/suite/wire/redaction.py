"""Secrets taken out of any text, in whatever form a server has given them back."""

import base64
import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

MASK: Final = "<hidden>"
SHORTEST: Final = 4
"""Letters of the shortest value that is looked for inside words; a shorter one has to stand alone."""

_PIECE: Final = 8
"""Letters of a piece of a secret that is hidden when it stands without the rest; of a short secret a third."""

_ESCAPE: Final = re.compile(
    r"\\+u(?P<unicode>[0-9a-fA-F]{4})|\\+x(?P<byte>[0-9a-fA-F]{2})|\\+(?P<char>[/\"'\\])"
    r"|%(?:25)*(?P<percent>[0-9a-fA-F]{2})|(?P<entity>&(?:amp;)*#?[0-9a-zA-Z]{1,8};)"
)
_VOCABULARY: Final = Path(__file__).parents[3] / "openapi.yaml"


class Redactor:
    """Hides values in text: as they are, escaped, encoded, in other letters, and in pieces."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        values = sorted({value for value in secrets if value}, key=len, reverse=True)
        forms = {form.casefold() for value in values for form in _forms(value)}
        self._needles = sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True)
        self._alone = frozenset(form for form in forms if len(form) < SHORTEST or form in _vocabulary())
        self._pieces: dict[int, set[str]] = {}
        for form in self._needles:
            size = max(SHORTEST, min(_PIECE, len(form) // 3))
            self._pieces.setdefault(size, set()).update(
                piece for piece in _windows(form, size) if not _is_public(piece)
            )

    def hide(self, text: str) -> str:
        """Replace every secret, and every longer piece of one, by a mask."""
        if not self._needles and not self._alone:
            return text
        letters, places = _unescaped(text)
        hidden = bytearray(len(letters))
        for needle in self._needles:
            if needle in self._alone:
                continue
            start = letters.find(needle)
            while start >= 0:
                hidden[start : start + len(needle)] = b"\1" * len(needle)
                start = letters.find(needle, start + 1)
        for size, pieces in self._pieces.items():
            for start, piece in enumerate(_windows(letters, size)):
                if piece in pieces:
                    hidden[start : start + size] = b"\1" * size
        for form in self._alone:
            for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w-])", letters):
                hidden[match.start() : match.end()] = b"\1" * len(match[0])
        return _masked(text, places, hidden) if any(hidden) else text

    def shows(self, text: str) -> bool:
        """Say whether a text holds a secret."""
        return self.hide(text) != text


def _forms(value: str) -> Iterator[str]:
    """List how a server may write a value, but for escapes, which are undone before the search."""
    raw = value.encode()
    yield value
    yield value[::-1]
    yield raw.hex()
    for shift in range(3):  # base64 of a longer text begins at any of three places
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            coded = encode(b"\0" * shift + raw).decode().rstrip("=")
            # The first and the last letters depend on the neighbours.
            core = coded[(0, 2, 3)[shift] : len(coded) - (1 if (shift + len(raw)) % 3 else 0)]
            if len(core) >= 2 * SHORTEST:
                yield core
            if shift == 0:
                yield coded


def _windows(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))


@cache
def _is_public(piece: str) -> bool:
    """Say whether a piece is hardly more than words of the contract, which are no secrets."""
    words = [word for word in re.findall(r"[^\W_]+", piece) if len(word) >= SHORTEST and word in _vocabulary()]
    return sum(map(len, words)) >= len(piece) - 2


@cache
def _vocabulary() -> str:
    """The words of the contract."""
    return _VOCABULARY.read_text(encoding="utf-8").casefold()


def _unescaped(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Undo escapes letter by letter; for each letter, where it stands in the text."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for match in _ESCAPE.finditer(text):
        _copy(text, end, match.start(), letters, places)
        plain = _plain(match).casefold()
        letters.extend(plain)
        places.extend([match.span()] * len(plain))
        end = match.end()
    _copy(text, end, len(text), letters, places)
    return "".join(letters), places


def _copy(text: str, start: int, end: int, letters: list[str], places: list[tuple[int, int]]) -> None:
    for place in range(start, end):
        for letter in text[place].casefold():
            letters.append(letter)
            places.append((place, place + 1))


def _plain(match: re.Match[str]) -> str:
    for name in ("unicode", "byte", "percent"):
        if match[name]:
            return chr(int(match[name], 16))
    if match["char"]:
        return match["char"]
    entity = re.sub(r"&(?:amp;)+", "&", match["entity"])
    plain = html.unescape(entity)
    return plain if plain != entity or plain == "&" else match["entity"]


def _masked(text: str, places: list[tuple[int, int]], hidden: bytearray) -> str:
    pieces: list[str] = []
    end = 0
    for (start, stop), is_hidden in zip(places, hidden, strict=True):
        if not is_hidden or start < end:
            continue
        if start > end or not pieces or pieces[-1] != MASK:
            pieces += [text[end:start], MASK]
        end = stop
    return "".join([*pieces, text[end:]])
