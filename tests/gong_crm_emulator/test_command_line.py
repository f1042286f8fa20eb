"""The options of the command."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import command_line
from gong_crm_emulator.__main__ import main
from gong_crm_emulator.command_line import read_command_line, read_principals
from gong_crm_emulator.errors import OptionError
from gong_crm_emulator.principals import SCOPES
from gong_crm_emulator.store.seed import read_seed

if TYPE_CHECKING:
    from pathlib import Path


def test_the_command_is_like_gong_by_default() -> None:
    """Started by hand the emulator takes its time and holds callers to 3 calls a second and 10,000 a day."""
    asked = read_command_line([])
    settings = asked.settings
    assert ("127.0.0.1", 8080, ()) == (asked.host, asked.port, asked.command)
    assert ("time", 3.0, 10_000) == (settings.processing, settings.rate_per_second, settings.rate_per_day)


def test_the_rate_can_be_changed_and_switched_off() -> None:
    """--rate takes a number or off, which switches the daily limit off too."""
    assert 25.5 == read_command_line(["--rate", "25.5"]).settings.rate_per_second
    settings = read_command_line(["--rate", "off"]).settings
    assert (None, None) == (settings.rate_per_second, settings.rate_per_day)


@pytest.mark.parametrize("rate", ["0", "-1", "fast", "nan", "inf"])
def test_a_wrong_rate_is_refused(rate: str) -> None:
    """A rate that is no positive number is refused with a sentence."""
    with pytest.raises(OptionError, match="--rate: must be a number"):
        read_command_line([f"--rate={rate}"])


def test_further_keys_and_tokens(tmp_path: Path) -> None:
    """Keys and tokens come from options, whole principals from a file."""
    settings = read_command_line(["--key", "k:s:x", "--token", "t", "--gong-user", "a@example.com"]).settings
    assert frozenset({"a@example.com"}) == settings.gong_users
    assert ("k", "s:x", set(SCOPES)) == (
        settings.principals["k"].access_key,
        settings.principals["k"].access_key_secret,
        set(settings.principals["k"].scopes),
    )
    assert "t" == settings.principals["t"].access_token
    file = tmp_path / "principals.json"
    one = {"access_key": "a", "access_key_secret": "b", "access_token": "c", "scopes": [SCOPES[0]]}
    file.write_text(json.dumps({"only": one}))
    principals = read_command_line(["--principals", str(file)]).settings.principals
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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--proccessing", "polls"], "there is no option --proccessing, did you mean --processing?"),
        (["--pendingseconds=1"], "there is no option --pendingseconds=1, did you mean --pending-seconds?"),
        (["--qqqq"], "there is no option --qqqq."),
        (["--processing", "soon"], "--processing: invalid choice: 'soon'"),
        (["--port", "70000"], "--port: must be a port from 0 to 65535, not '70000'."),
        (["--port", "-1"], "--port"),
        (["--port", "9" * 5_000], "--port: must be a whole number"),
        (["--rate-per-day", "0"], "--rate-per-day: must be a whole number from 1, not '0'."),
        (["--pending-polls=-1"], "--pending-polls: must be a whole number from 0, not '-1'."),
        (["--in-progress-polls", "1.5"], "--in-progress-polls: must be a whole number, not '1.5'."),
        (["--pending-seconds", "nan"], "--pending-seconds: must be a number of seconds from 0, not 'nan'."),
        (["--in-progress-seconds", "inf"], "--in-progress-seconds: must be a number of seconds from 0"),
        (["--main-seconds=-0.1"], "--main-seconds: must be a number of seconds from 0"),
        (["--seed", "x"], "--seed: must be a whole number"),
        (["--control-host", "http://"], "--control-host: must be a host name"),
        (["--allow-host", "a b"], "--allow-host: must be a host name"),
        (["--allow-host", "http://[::1"], "--allow-host: must be a host name"),
        (["--public-url", "example.com"], "--public-url: must be a whole address"),
        (["--oauth-redirect", "http://[::1"], "--oauth-redirect: must be a whole address"),
        (["--token", ""], "--token: must be a text that is not empty"),
        (["--token", "two words"], "--token: must be a text of printable ASCII letters without spaces"),
        (["--token", "umlaut-ü"], "--token: must be a text of printable ASCII letters"),
        (["--key", "a:b\udcff"], "must have a name and credentials of printable characters"),
        (["--rate", "1e-320"], "--rate: must be a number of calls a second above 0 (from 0.000001), or off"),
        (["--gong-user", " "], "--gong-user: must be a text that is not empty"),
        (["--key", "no-colon"], "--key must be KEY:SECRET, not 'no-colon'."),
        (["--token", "token-admin"], "principals must not share an access_token."),
        (["--host", "no.such.host.invalid", "--port", "0"], "Cannot listen on host 'no.such.host.invalid'"),
        (["--host", "192.0.2.1", "--port", "0"], "it is no address of this machine, choose another with --host."),
        (["--"], "After -- comes the command to run"),
    ],
)
def test_senseless_options_are_refused(arguments: list[str], sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A value or an option that makes no sense is refused at the start, in one sentence and with exit code 2."""
    assert 2 == main(arguments)
    reported = capfd.readouterr().err
    assert reported.startswith("gong-crm-emulator: ")
    assert sentence in reported
    assert 1 == reported.count("\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gong", "gong"),
        ("Gong.Example.COM.", "gong.example.com"),
        ("gong:8201", "gong"),
        ("http://gong:8201/v2", "gong"),
        ("[::1]:80", "::1"),
        ("::1", "::1"),
        ("10.0.0.7", "10.0.0.7"),
        ("under_score", "under_score"),
    ],
)
def test_a_host_name_is_understood_however_it_is_written(written: str, meant: str) -> None:
    """A host name may come in any case, with a port, or as a URL."""
    asked = read_command_line(["--control-host", written, "--allow-host", written])
    assert [meant] == list(asked.settings.control_hosts & asked.settings.allow_hosts)


def test_a_mode_does_what_its_name_says() -> None:
    """Objects can be read at once in every mode but that of time, unless --main-seconds says otherwise."""
    modes = ("at-once", "polls", "by-hand", "time")
    assert [0, 0, 0, 2] == [read_command_line(["--processing", mode]).settings.main_seconds for mode in modes]
    assert 5 == read_command_line(["--processing", "at-once", "--main-seconds", "5"]).settings.main_seconds


def test_a_command_is_parted_from_the_options() -> None:
    """What follows -- is the command, options of its own included, and it is served on a free port."""
    asked = read_command_line(["--rate", "off", "--", "pytest", "--port", "1", "--"])
    assert (0, ("pytest", "--port", "1", "--")) == (asked.port, asked.command)
    assert 9 == read_command_line(["--port", "9", "--", "true"]).port


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_may_begin_with_a_byte_order_mark(tmp_path: Path, mark: str) -> None:
    """A seed file and a file of principals are read with and without a byte order mark."""
    one = {"access_key": "a", "access_key_secret": "b", "access_token": "c", "scopes": []}
    (tmp_path / "principals.json").write_text(mark + json.dumps({"only": one}), encoding="utf-8")
    assert ["only"] == list(read_principals(tmp_path / "principals.json"))
    seed = {"integration": {"name": "n", "ownerEmail": "o@example.com"}}
    (tmp_path / "seed.json").write_text(mark + json.dumps(seed), encoding="utf-8")
    assert seed == read_seed(tmp_path / "seed.json")


@pytest.mark.parametrize(
    "changed", [{"access_key": ""}, {"access_token": ""}, {"access_key_secret": ""}, {"access_key": "a:b"}]
)
def test_credentials_that_nobody_could_use_are_refused(tmp_path: Path, changed: dict[str, str]) -> None:
    """Empty credentials would let anybody in, and a colon ends a key: neither is taken."""
    one = {"access_key": "a", "access_key_secret": "b", "access_token": "c", "scopes": [], **changed}
    (tmp_path / "principals.json").write_text(json.dumps({"only": one}), encoding="utf-8")
    with pytest.raises(OptionError, match=r"[Pp]rincipal 'only'"):
        read_principals(tmp_path / "principals.json")


def test_the_version_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    """--version names the version of the package."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert f"gong-crm-emulator {version('gong-crm')}\n" == capfd.readouterr().out


def test_a_version_is_not_guessed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Run from a folder that nobody installed, --version says so."""

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(command_line, "version", missing)
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert "gong-crm-emulator (not installed)\n" == capfd.readouterr().out


def test_whole_addresses_are_taken_as_they_are() -> None:
    """The address for OAuth clients may have a port and a path."""
    address = "https://gong.example.com:8443/base"
    assert address == read_command_line(["--public-url", address]).settings.public_url
