"""What a server says, before anybody sees it."""

import json
import pickle
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm.wire.redaction import Redactor

SECRET = 'p~ss/w"rd+>?'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        json.dumps(SECRET)[1:-1],
        SECRET.replace("/", "\\/"),
        SECRET.encode().hex(),
        b64encode(SECRET.encode()).decode(),
        urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
    ],
)
def test_a_secret_is_hidden_in_every_form_that_an_echo_takes(form: str) -> None:
    """A secret is hidden as it is, in other letters, escaped, and encoded."""
    assert "you sent [redacted], did you?" == Redactor([SECRET]).clean(f"you sent {form}, did you?")


def test_control_characters_are_escaped() -> None:
    """What moves a cursor or forges a line of a log is written out."""
    assert r"a\nb\x1b[2Jc\u202ed" == Redactor([]).clean("a\nb\x1b[2Jc\u202ed")


def test_long_texts_are_cut() -> None:
    """A megabyte becomes a line that can be read."""
    assert "x" * 500 + "..." == Redactor([]).clean("x" * 1_000_000)
    assert 20 == len(Redactor([]).sentences(["again"] * 1000))
    assert ("No entry.",) == Redactor([]).sentences("No entry.")


def test_short_texts_are_no_secrets() -> None:
    """A word of three letters is not hidden, since it would hide half of every sentence."""
    assert "abc" == Redactor(["abc"]).clean("abc")


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_surrounds_a_secret_it_is_hidden(before: str, after: str) -> None:
    """No text around a secret keeps it from being hidden."""
    assert "token-admin" not in Redactor(["token-admin"]).clean(f"{before}token-admin{after}")


def test_a_pickled_redactor_knows_nothing() -> None:
    """A pickle carries no secret."""
    pickled = pickle.dumps(Redactor([SECRET]))
    assert SECRET.encode() not in pickled
    assert "Redactor()" == repr(pickle.loads(pickled))  # noqa: S301  (made in the line above)
