"""What a terminal shows while a push goes on."""

import pytest

from gong_crm.command.options import Output
from gong_crm.command.reporter import Reporter
from gong_crm.command.results import Detached
from gong_crm.events import Checking, Event, EvidenceWritten, Planned, Processing, Retrying, Sending, Settled, Waiting

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


PLANNED = Planned(token="t", files=2, lines=1_500, bytes=9, held_back=3, duplicates=0)
WAITING = Waiting(seconds=12.4, reason="Gong's processing")
RETRYING = Retrying(operation="getCrmRequestStatus", attempt=1, seconds=0.5, reason="a proxy refused")
SENTENCES = {
    "planned 2 files with 1,500 lines; 3 held back": PLANNED,
    "waiting 12 s for Gong's processing": WAITING,
    "trying again in 0.5 s: a proxy refused": RETRYING,
    "checking d.csv: 1,000 lines, 2 bad": Checking(
        object_type="DEAL", source="d.csv", lines=1_000, bytes=9, refused=2, total_bytes=None
    ),
}


@pytest.mark.parametrize("sentence", list(SENTENCES)[:3])
def test_what_has_no_bar_is_a_line_above_the_bars(capsys: pytest.CaptureFixture[str], sentence: str) -> None:
    """A plan, a wait and a retry are said once, and the bars go on below."""
    with Reporter(Output()) as reporter:
        reporter.on_event(settled("run-000001")[0])
        reporter.on_event(SENTENCES[sentence])
    assert sentence in capsys.readouterr().err


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


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_event_has_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    """Without bars an event is one sentence."""
    monkeypatch.setenv("TTY_COMPATIBLE", "0")
    monkeypatch.setattr("gong_crm.command.reporter._PLAIN_SECONDS", -1.0)
    with Reporter(Output()) as reporter:
        reporter.on_event(SENTENCES[sentence])
    assert f"{sentence}\n" == capsys.readouterr().err


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [((), "No answer broke the contract."), (("listed 404",), "Gong differs from the contract: listed 404")],
)
def test_evidence_is_said_with_its_file(
    capsys: pytest.CaptureFixture[str], differences: tuple[str, ...], sentence: str
) -> None:
    """Where Gong differs is said in sentences, with the file to read before it is shared."""
    with Reporter(Output()) as reporter:
        reporter.on_event(EvidenceWritten(path="e.yaml", exchanges=2, differences=differences))
    assert [sentence, "2 exchanges are in e.yaml, scrubbed; read it before you share it."] == (
        capsys.readouterr().err.splitlines()
    )
