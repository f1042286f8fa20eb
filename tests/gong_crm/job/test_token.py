"""The token of a job."""

import math
import zlib
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gong_crm.errors import SetupError
from gong_crm.job.token import Token, read_token

TOKENS = st.builds(
    Token,
    job=st.from_regex(r"\A[0-9]{8}-[0-9a-f]{12}\Z"),
    base_url=st.text(max_size=40),
    integration=st.integers(-(2**63), 2**63 - 1),
    legacy=st.booleans(),
    requests=st.lists(
        st.tuples(st.from_regex(r"\A[A-Z_]{1,20}\Z"), st.from_regex(r"\A[A-Za-z0-9_-]{1,55}\Z"), st.integers(0, 10**8))
    ).map(tuple),
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


@pytest.mark.parametrize(
    ("job", "integration", "request_"),
    [
        ("", 1, ("ACCOUNT", "a", 1)),
        ("../../..", 1, ("ACCOUNT", "a", 1)),
        ("/etc", 1, ("ACCOUNT", "a", 1)),
        (5, 1, ("ACCOUNT", "a", 1)),
        ("20261127-abcdefabcdef", 2**63, ("ACCOUNT", "a", 1)),
        ("20261127-abcdefabcdef", math.inf, ("ACCOUNT", "a", 1)),
        ("20261127-abcdefabcdef", 1, ("../../ACCOUNT", "a", 1)),
        ("20261127-abcdefabcdef", 1, ("ACCOUNT", "\x1b[31m", 1)),
        ("20261127-abcdefabcdef", 1, ("ACCOUNT", "a", -1)),
        ("20261127-abcdefabcdef", 1, ("ACCOUNT", "a", 10**12)),
        ("20261127-abcdefabcdef", 1, ("ACCOUNT", "a", 1.5)),
    ],
)
def test_a_token_names_no_folder_but_that_of_a_job(job: Any, integration: Any, request_: tuple[Any, ...]) -> None:  # noqa: ANN401  (as somebody may forge it)
    """What is read is the name of a folder, of a file and numbers that a journal can hold, or it is no token."""
    forged = Token(job=job, base_url="https://x.example", integration=integration, legacy=False, requests=(request_,))
    with pytest.raises(SetupError, match="this is no token of a job"):
        read_token(str(forged))
