"""What a server said, made fit to be shown: bounded, in one line, and without our secrets."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from gong_crm.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN: Final = "[redacted]"
_SHORTEST: Final = 4
_MOST_SENTENCES: Final = 20
_LONGEST_SENTENCE: Final = 500


class Redactor:
    """Knows the secrets of one caller, in every form in which a server may give them back."""

    __slots__ = ("_forms",)

    def __init__(self, secrets: Iterable[str]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                forms.update(_forms(secret))
        self._forms = sorted(forms, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Redactor()"

    def __reduce__(self) -> tuple[type[Redactor], tuple[tuple[str, ...]]]:
        """Pickle without what it knows."""
        return Redactor, ((),)

    def clean(self, text: str, *, limit: int = _LONGEST_SENTENCE) -> str:
        """Make a text of a server's fit to be shown.

        Args:
            text: What the server said.
            limit: The most characters to keep.

        Returns:
            The text in one line, shortened, control characters escaped, our secrets hidden.
        """
        text = text[: limit * 8]
        for form in self._forms:
            text = _without(text, form)
        text = printable(text)
        return text if len(text) <= limit else f"{text[:limit]}..."

    def sentences(self, texts: object) -> tuple[str, ...]:
        """Make the sentences of a refusal fit to be shown.

        Args:
            texts: The list `errors`; what is none is one sentence.

        Returns:
            At most 20 of them, each as `clean` gives it.
        """
        found: list[str] = []
        for text in texts if isinstance(texts, list | tuple) else (texts,):
            if len(found) == _MOST_SENTENCES:
                break
            found.append(self.clean(str(text)))
        return tuple(found)


def _without(text: str, form: str) -> str:
    """Hide a form, in capitals and small letters alike."""
    low, find = text.lower(), form.lower()
    if find not in low or len(low) != len(text):
        return text.replace(form, HIDDEN)
    pieces, start = [], 0
    while (place := low.find(find, start)) >= 0:
        pieces += [text[start:place], HIDDEN]
        start = place + len(find)
    return "".join([*pieces, text[start:]])


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        quote(raw, safe=""),
        quote_plus(raw),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        secret.replace("/", "\\/"),
        raw.hex(),
    }
    for encode in (b64encode, urlsafe_b64encode):
        text = encode(raw).decode()
        forms.update((text, text.rstrip("=")))
    return {form for form in forms if len(form) >= _SHORTEST}
