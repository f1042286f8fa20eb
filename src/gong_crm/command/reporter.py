"""What people and machines see: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from gong_crm.command.results import ErrorTold
from gong_crm.errors import CallError
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

if TYPE_CHECKING:
    from types import TracebackType

    from gong_crm.command.options import Output

_PLAIN_SECONDS: Final = 30.0


class Reporter:
    """Tells what happens, in the way that was asked for.

    Args:
        output: What was asked for.
    """

    def __init__(self, output: Output) -> None:
        self.output = output
        self._error = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._next_plain = time.monotonic() + _PLAIN_SECONDS

    def __enter__(self) -> Self:
        if not self.output.json and self._error.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[note]}"))
            self._bars = Progress(*columns, TimeRemainingColumn(compact=True), console=self._error, transient=True)
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    # Results

    def result(self, shown: str, event: Event) -> None:
        """Print a result: `shown` for people, the event for machines."""
        if self.output.json:
            self._print(event)
        elif shown:
            if self._bars is not None:
                self._bars.stop()
            sys.stdout.write(f"{shown}\n")
            sys.stdout.flush()

    def note(self, text: str) -> None:
        """Tell people something that is no result."""
        if not self.output.json:
            self._error.print(text, markup=False)

    # Events

    def on_event(self, event: Event) -> None:
        """Tell what happens on the way."""
        if self.output.json:
            self._print(event)
        elif isinstance(event, EvidenceWritten):
            self._error.print(_of_evidence(event), markup=False)
        elif self._bars is not None:
            self._show(event)
        elif time.monotonic() >= self._next_plain:
            self._next_plain = time.monotonic() + _PLAIN_SECONDS
            self._error.print(_sentence(event), markup=False)

    def _print(self, event: Event) -> None:
        sys.stdout.write(json.dumps(event.to_dict()) + "\n")
        sys.stdout.flush()

    def _show(self, event: Event) -> None:
        if isinstance(event, Checking):
            note = f"{event.lines:,} lines, {event.refused:,} bad"
            self._bar(f"check {event.object_type}", note, done=event.bytes, total=event.total_bytes)
        elif isinstance(event, Sending):
            name = f"send {event.object_type}"
            self._bar(
                name, f"{event.sent / 1e6:,.1f} of {event.bytes / 1e6:,.1f} MB", done=event.sent, total=event.bytes
            )
        elif isinstance(event, (Accepted, Processing)):
            status = "accepted" if isinstance(event, Accepted) else event.status
            self._bar(f"wait {event.object_type} {event.client_request_id[-6:]}", status, done=0, total=None)
        elif isinstance(event, Settled):
            note = f"{event.status}: {event.accepted:,} accepted, {event.rejected:,} rejected"
            self._bar(f"wait {event.object_type} {event.client_request_id[-6:]}", note, done=1, total=1)
        elif isinstance(event, (Planned, Waiting, Retrying)):
            assert self._bars is not None  # noqa: S101  (asked before)
            self._bars.console.print(_sentence(event), markup=False, style="dim")

    def _bar(self, name: str, note: str, *, done: int, total: int | None) -> None:
        assert self._bars is not None  # noqa: S101  (asked before)
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=total, note=note)
        self._bars.update(self._tasks[name], completed=done, total=total, note=note)

    # Errors

    def error(self, problem: BaseException, *, code: int, resume: str | None = None) -> None:
        """Tell an error: what happened, what to do next, and how to go on when something can be taken up again."""
        token = getattr(problem, "token", None)  # those of others may be anything
        if self.output.json:
            self._print(
                ErrorTold(
                    type=type(problem).__name__,
                    message=str(problem),
                    exit=code,
                    token=token if isinstance(token, str) else None,
                    status=problem.status if isinstance(problem, CallError) else None,
                    request_id=problem.request_id if isinstance(problem, CallError) else None,
                )
            )
        else:
            self._error.print(f"gong-crm: {problem}", markup=False)
            if isinstance(problem, CallError) and problem.request_id:
                self._error.print(f"Gong's request id, for its support: {problem.request_id}", markup=False)
            if resume:
                self._error.print(f"go on with: {resume}", markup=False)
        if self.output.debug:
            traceback.print_exception(problem)  # shows no local variables, and our errors hold no secrets


def _of_evidence(event: EvidenceWritten) -> str:
    found = [f"Gong differs from the contract: {one}" for one in event.differences] or ["No answer broke the contract."]
    return "\n".join(
        [*found, f"{event.exchanges} exchanges are in {event.path}, scrubbed; read it before you share it."]
    )


def _sentence(event: Event) -> str:
    if isinstance(event, Checking):
        return f"checking {event.source}: {event.lines:,} lines, {event.refused:,} bad"
    if isinstance(event, Sending):
        return f"sending {event.object_type}: {event.sent:,} of {event.bytes:,} bytes"
    if isinstance(event, Planned):
        return f"planned {event.files:,} files with {event.lines:,} lines; {event.held_back:,} lines are held back"
    if isinstance(event, Waiting):
        return f"waiting {event.seconds:.0f} s for {event.reason}"
    if isinstance(event, Retrying):
        return f"trying again in {event.seconds:.1f} s: {event.reason}"
    values = event.to_dict()
    return " ".join(
        str(values[name]) for name in ("event", "object_type", "client_request_id", "status") if name in values
    )


def silence_closed_output() -> None:
    """Let a reader that went away end the command without a word, when Python closes its streams."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
