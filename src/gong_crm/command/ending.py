"""How a subcommand ends: errors become sentences and exit codes."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from gong_crm.command.reporter import Reporter, silence_closed_output
from gong_crm.errors import GongCrmError, SetupError, SourceChangedError, TooManyErrorsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm.command.options import Connection, Output
    from gong_crm.job.outcome import Outcome


class Exit(IntEnum):
    """The exit codes; 1 and 2 are the other way round in many tools, as the help says."""

    ACCEPTED = 0
    LOCAL = 1
    GONG = 2
    STOPPED = 3
    REJECTED = 4
    DETACHED = 130


class Ended(SystemExit):
    """The subcommand ends with a code."""


@contextmanager
def ending(output: Output, connection: Connection | None = None) -> Iterator[Reporter]:
    """Report what a subcommand does, and end it with the code of its error.

    Args:
        output: How to report.
        connection: What it was started with, for the command that takes a job up again; None where none can be.
    """
    reporter = Reporter(output)
    try:
        with reporter:
            yield reporter
    except GongCrmError as problem:
        code = exit_of(problem)
        reporter.error(problem, code=code, resume=_resume(problem.token, connection), token=problem.token)
        raise Ended(code) from None
    except KeyboardInterrupt as problem:
        token = getattr(problem, "token", None) if connection is not None else None
        shown = KeyboardInterrupt("detached; Gong goes on with what it has" if token else "interrupted")
        reporter.error(shown, code=Exit.DETACHED, resume=_resume(token, connection), token=token)
        raise Ended(Exit.DETACHED) from None
    except BrokenPipeError:
        silence_closed_output()
        raise Ended(Exit.LOCAL) from None
    except OSError as problem:
        reporter.error(_sentence(problem), code=Exit.LOCAL)
        raise Ended(Exit.LOCAL) from None


def exit_of(problem: GongCrmError) -> Exit:
    """Give the exit code of an error."""
    if isinstance(problem, TooManyErrorsError):
        return Exit.STOPPED
    if isinstance(problem, (SetupError, SourceChangedError)):
        return Exit.LOCAL
    return Exit.GONG


def code_of(outcome: Outcome) -> Exit:
    """Give the exit code of a finished job."""
    return Exit.REJECTED if outcome.rejected or outcome.discrepancies else Exit.ACCEPTED


def _sentence(problem: OSError) -> OSError:
    """Say of a file what the system says of it, without its number."""
    return type(problem)(f"{problem.filename}: {problem.strerror}") if problem.filename else problem


def _resume(token: str | None, connection: Connection | None) -> str | None:
    """Write the command that takes a job up again, when there is one."""
    if token is None or connection is None:  # what the demo sent is gone with its emulator
        return None
    journal = [] if connection.journal is None else ["--journal", str(connection.journal)]
    return shlex.join(["gong-crm", "resume", token, *journal])
