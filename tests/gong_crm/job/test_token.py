"""The token of a job."""

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm.errors import SetupError
from gong_crm.job.token import Token, read_token

TOKENS = st.builds(
    Token,
    job=st.text(max_size=40),
    base_url=st.text(max_size=40),
    integration=st.integers(-(2**63), 2**63 - 1),
    legacy=st.booleans(),
    requests=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=50), st.integers(0, 10**9))).map(tuple),
)


@settings(deadline=None)
@given(TOKENS)
def test_a_token_says_what_was_put_in(token: Token) -> None:
    """What is read from a token is what was written into it, 64-bit ids included."""
    assert token == read_token(str(token))


def test_a_token_of_many_files_stays_short() -> None:
    """A token of 50 files fits into a line of a shell."""
    requests = tuple(("CONTACT", f"contact-{number:032x}", 764_000) for number in range(50))
    token = Token(
        job="20261127-abcdefabcdef", base_url="https://x.example", integration=1, legacy=False, requests=requests
    )
    assert 4_000 > len(str(token))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gong1.",
        "gong1.!!!",
        "gong1.AAAA",
        "hello",
        "gong1." + urlsafe_b64encode(zlib.compress(b"[1]")).decode(),
        "gong1." + urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(),
        "gong1." + urlsafe_b64encode(zlib.compress(b'["a", "b", "c", false, 1]')).decode(),
        "gong1." + urlsafe_b64encode(zlib.compress(b" " * 100_000_000)).decode(),
    ],
)
def test_what_is_no_token_is_refused_in_a_sentence(text: str) -> None:
    """A token that was cut, forged or made up ends in one sentence, whatever it unpacks to."""
    with pytest.raises(SetupError, match="this is no token of a job"):
        read_token(text)
