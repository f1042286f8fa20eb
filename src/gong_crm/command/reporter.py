"""What people and machines see: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from gong_crm.command.results import ErrorReported
from gong_crm.errors import CallError, SetupError
from gong_crm.events import (
    Accepted,
    Checking,
    Event,
    EvidenceWritten,
    Planned,
    Processing,
    Retrying,
    Sending,
    Settled,
    Waiting,
)
from gong_crm.printable import printable

if TYPE_CHECKING:
    from types import TracebackType

    from gong_crm.command.options import Output

_PLAIN_SECONDS: Final = 30.0
_MOST_SETTLED: Final = 5
"""Files that Gong is done with and that are still shown; a push of hundreds fits a screen."""


class OutputError(SetupError):
    """Standard output takes no more, of a full disk say; only standard error can then show an error."""


class _Rate(ProgressColumn):
    """Bytes a second, of what is counted in bytes."""

    def render(self, task: Task) -> Text:
        """Write it; nothing for a request that waits."""
        speed = task.finished_speed or task.speed
        return Text(f"{decimal(int(speed))}/s" if speed and task.fields["rated"] else "")


class Reporter:
    """Reports what happens, in the way that was asked for.

    Args:
        output: What was asked for.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self._error = Console(stderr=True, highlight=False, soft_wrap=True)
        self._has_bars = not output.json and self._error.is_terminal and not self._error.is_dumb_terminal
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._settled: list[str] = []
        self._next_plain = time.monotonic() + _PLAIN_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_bars()

    def _start_bars(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[note]}"))
        left = TimeRemainingColumn(compact=True)
        self._bars = Progress(*columns, _Rate(), left, console=self._error, transient=True)
        self._bars.start()

    def _end_bars(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()
            self._settled.clear()

    # Results

    def result(self, shown: str, event: Event) -> None:
        """Print a result: `shown` for people, the event for machines."""
        if self.output.json:
            self._print(event)
        else:
            self._end_bars()
            _write(shown)

    def note(self, text: str) -> None:
        """Show people what is no result."""
        if not self.output.json:
            self._error.print(text, markup=False)

    # Events

    def on_event(self, event: Event) -> None:
        """Report what happens on the way."""
        if self.output.json:
            self._print(event)
        elif isinstance(event, EvidenceWritten):
            self._error.print(_of_evidence(event), markup=False)
        elif self._has_bars:
            if self._bars is None:
                self._start_bars()
            self._show(event)
        elif time.monotonic() >= self._next_plain:
            self._next_plain = time.monotonic() + _PLAIN_SECONDS
            self._error.print(_sentence(event), markup=False)

    def _print(self, event: Event) -> None:
        _write(json.dumps(event.to_dict()))

    def _show(self, event: Event) -> None:
        if isinstance(event, Checking):
            note = f"{event.lines:,} lines, {event.refused:,} bad"
            self._bar(f"check {event.object_type}", note, done=event.bytes, total=event.total_bytes, rated=True)
        elif isinstance(event, Sending):
            note = f"{decimal(event.sent)} of {decimal(event.bytes)}"
            self._bar(f"send {event.object_type}", note, done=event.sent, total=event.bytes, rated=True)
        elif isinstance(event, (Accepted, Processing)):
            status = "accepted" if isinstance(event, Accepted) else event.status
            self._bar(_request(event), status, done=0, total=None)
        elif isinstance(event, Settled):
            note = f"{event.status}: {event.accepted:,} accepted, {event.rejected:,} rejected"
            self._bar(_request(event), note, done=1, total=1)
            self._settle(_request(event))
        else:  # a plan, a wait, a retry
            assert self._bars is not None  # noqa: S101  (asked before)
            self._bars.console.print(_sentence(event), markup=False, style="dim")

    def _bar(self, name: str, note: str, *, done: int, total: int | None, rated: bool = False) -> None:
        assert self._bars is not None  # noqa: S101  (asked before)
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=total, note=note, rated=rated)
        elif rated and not done:  # the next file of this type
            self._bars.reset(self._tasks[name], total=total, note=note)
        self._bars.update(self._tasks[name], completed=done, total=total, note=note)

    def _settle(self, name: str) -> None:
        assert self._bars is not None  # noqa: S101  (asked before)
        self._settled.append(name)
        if len(self._settled) > _MOST_SETTLED:
            self._bars.remove_task(self._tasks.pop(self._settled.pop(0)))

    # Errors

    def error(self, problem: BaseException, *, code: int, resume: str | None = None, token: str | None = None) -> None:
        """Report an error: what happened, what to do next, and how to go on when something can be taken up again."""
        if self.output.json and not isinstance(problem, OutputError):
            self._print(
                ErrorReported(
                    type=type(problem).__name__,
                    message=str(problem),
                    exit=code,
                    token=token,
                    status=problem.status if isinstance(problem, CallError) else None,
                    request_id=problem.request_id if isinstance(problem, CallError) else None,
                )
            )
        else:
            self._error.print(f"gong-crm: {_harmless(str(problem))}", markup=False)
            if isinstance(problem, CallError) and problem.request_id:
                self._error.print(f"Gong's request id, for its support: {problem.request_id}", markup=False)
            if resume:
                self._error.print(f"go on with: {resume}", markup=False)
        if self.output.debug:
            traceback.print_exception(problem)  # shows no local variables, and our errors hold no secrets


def _harmless(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


def _of_evidence(event: EvidenceWritten) -> str:
    found = [f"Gong differs from the contract: {one}" for one in event.differences] or ["No answer broke the contract."]
    return "\n".join(
        [*found, f"{event.exchanges} exchanges are in {event.path}, scrubbed; read it before you share it."]
    )


def _request(event: Accepted | Processing | Settled) -> str:
    return f"wait {event.object_type} {event.client_request_id[-6:]}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _sentence(event: Event) -> str:
    if isinstance(event, Checking):
        return f"checking {event.source}: {event.lines:,} lines, {event.refused:,} bad"
    if isinstance(event, Sending):
        return f"sending {event.object_type}: {decimal(event.sent)} of {decimal(event.bytes)}"
    if isinstance(event, Planned):
        files, lines = _counted(event.files, "file"), _counted(event.lines, "line")
        return f"planned {files} with {lines}; {event.held_back:,} held back"
    if isinstance(event, Waiting):
        return f"waiting {event.seconds:.0f} s for {event.reason}"
    if isinstance(event, Retrying):
        return f"trying again in {event.seconds:.1f} s: {event.reason}"
    values = event.to_dict()
    return " ".join(
        str(values[name]) for name in ("event", "object_type", "client_request_id", "status") if name in values
    )


def _write(text: str) -> None:
    """Write a line to standard output.

    Raises:
        OutputError: If that takes no more.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise unwritable(problem) from None


def unwritable(problem: OSError) -> OutputError:
    """Give the error of an output that takes no more, and let Python close it without a word."""
    silence_closed_output()
    return OutputError(f"standard output cannot be written: {problem.strerror or problem}")


def silence_closed_output() -> None:
    """Let a reader that went away end the command without a word, when Python closes its streams."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
