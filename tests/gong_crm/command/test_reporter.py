"""What a terminal shows while a push goes on."""

import pytest

from gong_crm.command.options import Output
from gong_crm.command.reporter import Reporter
from gong_crm.command.results import Detached
from gong_crm.events import Checking, Event, Processing, Sending, Settled

NAMES = [f"run-{number:06}" for number in range(20)]


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rich take the captured stream for a terminal of 100 columns."""
    for name, value in {"TTY_COMPATIBLE": "1", "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)


def settled(name: str) -> list[Event]:
    """Give the events of one file."""
    what = {"object_type": "DEAL", "client_request_id": name}
    return [
        Sending(**what, sent=0, bytes=2_000),
        Sending(**what, sent=2_000, bytes=2_000),
        Processing(**what, status="PENDING"),
        Settled(**what, status="DONE", accepted=7, rejected=0),
    ]


def last_screen(text: str) -> str:
    """Give what was displayed last; each frame begins by going back to the first column."""
    return text.rpartition("check DEAL")[2]


def test_many_files_fit_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """The last five files that are done stay on the screen, older ones go."""
    with Reporter(Output()) as reporter:
        reporter.on_event(Checking(object_type="DEAL", source="d", lines=7, bytes=9, refused=0, total_bytes=9))
        for name in NAMES:
            for event in settled(name):
                reporter.on_event(event)
    shown = last_screen(capsys.readouterr().err)
    assert [name[-6:] for name in NAMES[-5:]] == [name[-6:] for name in NAMES if name[-6:] in shown]
    assert "2.0 kB of 2.0 kB" in shown


def test_progress_goes_on_behind_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    """The second job of a resume, and of the demo, is shown as the first was."""
    with Reporter(Output()) as reporter:
        reporter.on_event(settled("run-000001")[-1])
        reporter.result("first", Detached(token="t"))
        reporter.on_event(settled("run-000002")[-1])
    seen = capsys.readouterr()
    assert "first\n" == seen.out
    assert "wait DEAL 000002" in seen.err


@pytest.mark.parametrize("more", [{"TERM": "dumb"}, {"TTY_COMPATIBLE": "0"}])
def test_what_cannot_draw_gets_plain_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    """A dumb terminal and a file get a sentence at times, and no sign that moves a cursor."""
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("gong_crm.command.reporter._PLAIN_SECONDS", -1.0)
    with Reporter(Output()) as reporter:
        for event in settled("run-000001"):
            reporter.on_event(event)
    assert [
        "sending DEAL: 0 bytes of 2.0 kB",
        "sending DEAL: 2.0 kB of 2.0 kB",
        "processing DEAL run-000001 PENDING",
        "settled DEAL run-000001 DONE",
    ] == capsys.readouterr().err.splitlines()
