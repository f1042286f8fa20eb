"""The tour: how it begins and ends."""

import pytest

from gong_crm.command import demo
from tests.gong_crm.command.conftest import Run


def test_an_emulator_that_does_not_start_ends_the_tour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last sentence of the emulator is in the error."""
    monkeypatch.setattr(demo, "_QUICK", ("--nonsense",))
    toured = run("demo", "--no-stay")
    assert (1, "") == (toured.returncode, toured.stdout)
    assert "gong-crm: the emulator does not start: " in toured.stderr
    assert "--nonsense" in toured.stderr


def test_looking_around_ends_with_ctrl_c(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then the address of the emulator stays on the screen."""

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    demo._stay("http://127.0.0.1:8080")
    assert "Look around at http://127.0.0.1:8080/_emulator/ and stop it with Ctrl-C." in capsys.readouterr().err
