"""The options of the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator.__main__ import main
from gong_crm_emulator.command_line import read_command_line
from gong_crm_emulator.errors import OptionError
from gong_crm_emulator.principals import SCOPES

if TYPE_CHECKING:
    from pathlib import Path


def test_the_command_is_like_gong_by_default() -> None:
    """Started by hand the emulator takes its time and holds callers to 3 calls a second and 10,000 a day."""
    host, port, settings = read_command_line([])
    assert ("127.0.0.1", 8080) == (host, port)
    assert ("time", 3.0, 10_000) == (settings.processing, settings.rate_per_second, settings.rate_per_day)


def test_the_rate_can_be_changed_and_switched_off() -> None:
    """--rate takes a number or off, which switches the daily limit off too."""
    assert 25.5 == read_command_line(["--rate", "25.5"])[2].rate_per_second
    settings = read_command_line(["--rate", "off"])[2]
    assert (None, None) == (settings.rate_per_second, settings.rate_per_day)


@pytest.mark.parametrize("rate", ["0", "-1", "fast", "nan", "inf"])
def test_a_wrong_rate_is_refused(rate: str) -> None:
    """A rate that is no positive number is refused with a sentence."""
    with pytest.raises(OptionError, match="--rate must be a number"):
        read_command_line([f"--rate={rate}"])


def test_further_keys_and_tokens(tmp_path: Path) -> None:
    """Keys and tokens come from options, whole principals from a file."""
    settings = read_command_line(["--key", "k:s:x", "--token", "t"])[2]
    assert ("k", "s:x", set(SCOPES)) == (
        settings.principals["k"].access_key,
        settings.principals["k"].access_key_secret,
        set(settings.principals["k"].scopes),
    )
    assert "t" == settings.principals["t"].access_token
    file = tmp_path / "principals.json"
    one = {"access_key": "a", "access_key_secret": "b", "access_token": "c", "scopes": [SCOPES[0]]}
    file.write_text(json.dumps({"only": one}))
    principals = read_command_line(["--principals", str(file)])[2].principals
    assert {"only": {SCOPES[0]}} == {name: set(one.scopes) for name, one in principals.items()}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        ("{", "is not valid JSON"),
        ("[]", "must hold a JSON object"),
        ('{"a": {}}', "Principal 'a' needs access_key"),
        (
            '{"a": {"access_key": "a", "access_key_secret": "b", "access_token": "c", "scopes": ["x"]}}',
            "no such scope as 'x'",
        ),
    ],
)
def test_a_wrong_file_of_principals(tmp_path: Path, content: str | None, sentence: str) -> None:
    """A file of principals that cannot be used is refused with a sentence."""
    file = tmp_path / "principals.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(OptionError, match=sentence):
        read_command_line(["--principals", str(file)])


def test_what_cannot_start_says_why(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file for the state that is no SQLite file, and a seed that is no JSON, end the command with one sentence."""
    text = tmp_path / "notes.txt"
    text.write_text("no database, only words, and enough of them to be read as a page header of a file " * 20)
    assert 2 == main(["--port", "0", "--data", str(text)])
    assert "Choose another file." in capfd.readouterr().err
    assert 2 == main(["--port", "0", "--seed-file", str(text)])
    assert "is not valid JSON" in capfd.readouterr().err
