"""Addresses and credentials, before anything is sent."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from gong_crm import GongCrm
from gong_crm.errors import CredentialsError, SetupError
from gong_crm.wire.settings import from_environment

KEY: dict[str, Any] = {"access_key": "key", "access_key_secret": "hush-hush"}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://api.gong.io/v2", "ends in /v2, which the calls add themselves: say https://api.gong.io"),
        ("https://api.gong.io/v2/", "ends in /v2"),
        ("api.gong.io", "must look like https://us-12345.api.gong.io"),
        ("ftp://api.gong.io", "must look like"),
        ("https://", "must look like"),
        ("https://user:pass@api.gong.io", "must not carry credentials"),
        ("https://api.gong.io?x=1", "without a query"),
        ("https://api.gong.io:99999", "is no address"),
        ("https://[::1", "is no address"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused(tmp_path: Path, address: str, sentence: str) -> None:
    """An address is looked at before anything is sent to it."""
    with pytest.raises(SetupError, match=sentence):
        GongCrm(base_url=address, journal=tmp_path, **KEY)


@pytest.mark.parametrize(
    ("credentials", "sentence"),
    [
        ({}, "no credentials: set GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN"),
        ({"access_key": "key"}, "no credentials"),
        ({"access_key_secret": "hush-hush"}, "no credentials"),
        ({**KEY, "access_token": "other"}, "not both"),
        ({"access_key": "a:b", "access_key_secret": "hush-hush"}, "holds a colon"),
        ({"access_key": "key", "access_key_secret": "hush-hush\r"}, "access_key_secret holds a blank at an end"),
        ({"access_key": "key", "access_key_secret": "  "}, "access_key_secret is blank"),
        ({"access_token": "hush-hush\u00e9"}, "access_token holds"),
    ],
)
def test_credentials_that_cannot_be_are_refused_without_being_shown(
    tmp_path: Path, credentials: dict[str, Any], sentence: str
) -> None:
    """The sentence says which credential and why, and neither it nor a local variable of ours shows the credential."""
    with pytest.raises(CredentialsError, match=sentence) as caught:
        GongCrm(journal=tmp_path, **credentials)
    assert "hush-hush" not in str(caught.value)
    assert caught.value.__context__ is None
    ours = [entry for entry in caught.traceback if "src/gong_crm" in str(entry.path)]
    assert ours
    assert all("hush-hush" not in repr(value) for entry in ours for value in entry.frame.f_locals.values())


def test_the_environment_gives_address_and_credentials() -> None:
    """Four variables are read, blanks and line ends around them dropped, empty ones passed over."""
    environment = {"GONG_BASE_URL": "https://x.example\n", "GONG_ACCESS_KEY": " key ", "GONG_ACCESS_TOKEN": ""}
    expected = {"base_url": "https://x.example", "access_key": "key", "access_key_secret": None, "access_token": None}
    assert expected == from_environment(environment)


def test_what_is_said_counts_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """from_env takes what it is given, and the rest from the environment."""
    monkeypatch.setenv("GONG_BASE_URL", "https://environment.example")
    monkeypatch.setenv("GONG_ACCESS_TOKEN", "hush-hush")
    assert "https://environment.example" in repr(GongCrm.from_env(journal=tmp_path))
    assert "https://said.example" in repr(GongCrm.from_env(journal=tmp_path, base_url="https://said.example"))


def test_a_door_cannot_be_pickled(tmp_path: Path) -> None:
    """A pickle would carry the credentials elsewhere."""
    with pytest.raises(TypeError, match="holds credentials and cannot be pickled"):
        pickle.dumps(GongCrm(journal=tmp_path, **KEY))


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"timeout": float("nan")}, {"account_pause": -1}])
def test_times_that_make_no_sense_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    """A wait of less than nothing is a mistake."""
    with pytest.raises(SetupError, match="seconds"):
        GongCrm(journal=tmp_path, **KEY, **wrong)
