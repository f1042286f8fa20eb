"""Whether a recording shows a secret: a value that was planted, or anything in the shape of one."""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final

from contract_tests.suite.wire.redaction import Redactor

VARIABLES: Final = ("GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET", "GONG_ACCESS_TOKEN", "GONG_LIMITED_ACCESS_TOKEN")
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "credentials in a header": re.compile(r"(?i)\b(?:basic|bearer)\s+(?!scrubbed\b|realm=)[\w+/.~-]{6,}=*"),
    "an Authorization value": re.compile(
        r"(?i)authorization['\"]?:(?>\s*(?:-\s*)?)(?!['\"]?(?:basic|bearer) (?:scrubbed\b|<hidden>))\S.*"
    ),
    "a JSON web token": re.compile(r"eyJ[A-Za-z0-9_-]{8,}"),
    "a cookie": re.compile(r"(?i)\bset-cookie\b|\bcookie:"),
    "a key of the emulator": re.compile(
        r"\b(?:key|secret|token)-(?:admin|reader|nobody|without|client)\b", re.IGNORECASE
    ),
    "the host of a company": re.compile(r"(?i)\b[\w-]+\.api\.gong\.io\b"),
    "an address on this machine": re.compile(r"\b127\.0\.0\.1\b|\blocalhost\b"),
    "the e-mail address of somebody": re.compile(r"[\w.+-]+@(?![\w.-]*example\.(?:com|org|net)\b)[\w-]+\.[\w.-]+"),
}
# Letters of both cases with digits, or capitals with digits; the contract's own ids are lower-case and shorter.
_KEY: Final = re.compile(
    r"(?<![\w+/])(?=[A-Za-z0-9+/]*[0-9])(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{20,}={0,2}|(?<!\w)[0-9a-f]{32,}(?!\w)"
)
_DOCUMENT_HASH: Final = re.compile(r"^  openapi_sha256: .*$", re.MULTILINE)


def planted(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """List the secrets that this process knows, which no recording may show."""
    values = " ".join(environment.get(name, "") for name in VARIABLES).replace("|", " ").split()
    return frozenset(value for value in values if not value.startswith("api:"))


def shown_in(text: str, *, secrets: Iterable[str] = ()) -> list[str]:
    """Find secrets in a cassette; each phrase says what is shown, and never repeats the secret itself."""
    found = []
    for number, secret in enumerate(sorted(set(secrets) - {""}), 1):
        redactor = Redactor([secret])
        shown = next((place for place, line in enumerate(text.splitlines(), 1) if redactor.shows(line)), None)
        if shown:
            found.append(f"a planted value of {len(secret)} characters (number {number}), in line {shown}")
    open_text = _DOCUMENT_HASH.sub("", text)
    for name, shape in {**_SHAPES, "a string in the shape of a key": _KEY}.items():
        found += [f"{name}, in line {_line_of(open_text, match.start())}" for match in shape.finditer(open_text)]
    return found


def _line_of(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
