"""How the command meets streams: closed, full, narrow in letters, or read by nobody."""

import os
import subprocess
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from gong_crm.command.__main__ import main
from tests.gong_crm.command.conftest import COMMAND, Run
from tests.gong_crm.records import account, write


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path, environment: dict[str, str]) -> None:
    """`gong-crm check … | head -1` says nothing of a broken pipe."""
    write(tmp_path / "accounts.ldjson", [b"{"] * 5_000)
    shell = f"{' '.join(COMMAND)} check ACCOUNT=accounts.ldjson | head -1"
    piped = subprocess.run(  # noqa: S602  (a pipe is what is tried)
        shell, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "" == piped.stderr
    assert 1 == len(piped.stdout.splitlines())


def test_help_that_nobody_reads_ends_the_command_quietly(environment: dict[str, str]) -> None:
    """`gong-crm --help | true` says nothing of a broken pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        ended = subprocess.run(
            [*COMMAND, "--help"], env=environment, stdout=nobody, stderr=subprocess.PIPE, check=False
        )
    assert (1, b"") == (ended.returncode, ended.stderr)


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_a_sign_that_the_locale_cannot_say_is_escaped(process: Run, tmp_path: Path, locale: dict[str, str]) -> None:
    """A record in another script, or half a surrogate pair, is reported where only ASCII can be printed."""
    write(
        tmp_path / "a.ldjson",
        [{**account(1), "objectId": "ü"}, rb'{"objectId":"\ud800","modifiedDate":"x","name":"n"}'],
    )
    checked = process("check", "ACCOUNT=a.ldjson", env=locale)
    assert (4, True) == (checked.returncode, checked.stdout.isascii())
    assert 'not "\\xfc"' in checked.stdout


def test_half_a_surrogate_pair_is_reported(run: Run, tmp_path: Path) -> None:
    """JSON can hold what UTF-8 cannot, and the finding is printed all the same."""
    write(tmp_path / "a.ldjson", [rb'{"objectId":"\ud800","modifiedDate":"x","name":"n"}'])
    checked = run("check", "ACCOUNT=a.ldjson")
    assert 4 == checked.returncode
    assert "Traceback" not in checked.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the streams")
@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 4), ("2>&-", 4), (">&- 2>&- <&-", 4)])
def test_a_closed_stream_is_an_empty_one(tmp_path: Path, environment: dict[str, str], closed: str, code: int) -> None:
    """What a daemon starts without streams does its work, and its exit code says how it went."""
    write(tmp_path / "accounts.ldjson", [b"{"])
    shell = f"{' '.join(COMMAND)} check ACCOUNT=accounts.ldjson {closed}"
    done = subprocess.run(  # noqa: S602  (a shell closes them)
        shell, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert code == done.returncode
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("arguments", ["check ACCOUNT=a.ldjson", "check ACCOUNT=a.ldjson --json", "--help"])
def test_a_full_disk_behind_standard_output_is_reported(
    tmp_path: Path, environment: dict[str, str], arguments: str
) -> None:
    """Where standard output takes no more, standard error has one sentence, with --json too."""
    write(tmp_path / "a.ldjson", [b"{"])
    shell = f"{' '.join(COMMAND)} {arguments} >/dev/full"
    done = subprocess.run(  # noqa: S602  (a shell opens the device)
        shell, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (1, "gong-crm: standard output cannot be written: No space left on device\n") == (
        done.returncode,
        done.stderr,
    )


def test_output_that_is_a_text_buffer_works() -> None:
    """A program that runs the command for its text may put any stream in the place of the output."""
    shown = StringIO()
    with redirect_stdout(shown):
        assert 0 == main(["check", "--help"])
    assert "Example: gong-crm check" in " ".join(shown.getvalue().split())
