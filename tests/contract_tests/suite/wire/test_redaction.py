"""A secret is hidden in whatever form a server gives it back, and the words of the contract stay readable."""

import base64
import html
import json
from urllib.parse import quote

import pytest

from contract_tests.suite.wire.redaction import MASK, Redactor

KEY, SECRET = "AKIA7Q2ZP4", "p4ss/w+rd=Xy12<Zq>&9"
PAIR = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
HIDE = Redactor([KEY, SECRET, PAIR]).hide
HALF = len(SECRET) // 2


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET.upper(),
        SECRET.lower(),
        SECRET[::-1],
        json.dumps(SECRET)[1:-1],
        json.dumps(json.dumps(SECRET))[3:-3],
        SECRET.replace("/", "\\/").replace("=", "\\u003d"),
        "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
        "".join(f"\\x{ord(letter):02X}" for letter in SECRET),
        html.escape(SECRET),
        html.escape(html.escape(SECRET)),
        "".join(f"&#{ord(letter)};" for letter in SECRET),
        "".join(f"&#x{ord(letter):X};" for letter in SECRET),
        quote(SECRET, safe=""),
        quote(quote(SECRET, safe=""), safe=""),
        "".join(f"%{ord(letter):02x}" for letter in SECRET),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
        PAIR,
        f"Basic {PAIR}",
    ],
)
def test_every_form_of_a_secret_is_hidden(form: str) -> None:
    """Nothing of the form is left but what stands around it."""
    hidden = HIDE(f'{{"errors": ["no {form} here"]}}')
    assert hidden in {f'{{"errors": ["no {MASK} here"]}}', f'{{"errors": ["no Basic {MASK} here"]}}'}


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_inside_base64_is_hidden(before: str, encode: object) -> None:
    """Wherever a secret begins in what was encoded, its letters are gone but for bits at the edges."""
    assert callable(encode)
    coded = encode(f"{before}{SECRET}tail".encode()).decode()
    hidden = HIDE(coded)
    assert MASK in hidden
    assert len(hidden.replace(MASK, "")) < len(coded) - len(SECRET)


def test_a_secret_in_pieces_is_hidden() -> None:
    """A server that splits a secret over members shows neither half."""
    hidden = HIDE(json.dumps({"first": SECRET[:HALF], "rest": SECRET[HALF:], "key": [KEY[:5], KEY[5:]]}))
    assert {"first": MASK, "rest": MASK, "key": [MASK, MASK]} == json.loads(hidden)


def test_the_words_of_the_contract_are_no_secrets() -> None:
    """Credentials that are words of the contract are hidden where they stand alone, and the rest stays readable."""
    hide = Redactor(["client", "client-secret", "integration"]).hide
    text = "clientRequestId of an integrationId, by --use-integration"
    assert text == hide(text)
    assert f"user {MASK}, password {MASK}" == hide("user client, password client-secret")


def test_without_secrets_nothing_is_hidden() -> None:
    """A run against the emulator of the project has none."""
    assert SECRET == Redactor([]).hide(SECRET)
