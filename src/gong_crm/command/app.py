"""The subcommands, and what all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cyclopts import App, CycloptsError

from gong_crm import __version__
from gong_crm.command import check, demo, fields, integrations, jobs, objects, push
from gong_crm.command.ending import Exit
from gong_crm.command.options import Output
from gong_crm.command.reporter import Reporter, unwritable
from gong_crm.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP: Final = """Push the CRM data of your company into Gong.

Exit codes: 0 all accepted; 1 a mistake in what was asked, or a local error;
2 Gong refused or could not be reached; 3 stopped because too many lines are
bad; 4 finished with rejected lines; 130 detached.
In many tools 1 and 2 are the other way round.
"""

app: Final = App(
    name="gong-crm", help=_HELP, version=__version__, help_format="plaintext", result_action="return_value"
)
app.register_install_completion_command(add_to_startup=False)
app.command(check.check)
app.command(push.push)
app.command(jobs.status)
app.command(jobs.resume)
app.command(integrations.register)
app.command(integrations.integrations)
app.command(integrations.whoami)
app.command(integrations.delete)
app.command(fields.fields)
app.command(objects.get)
app.command(demo.demo)
app.command(demo.emulator)


def run(arguments: Sequence[str]) -> int:
    """Run a subcommand.

    Args:
        arguments: Its name and what it takes.

    Returns:
        The exit code.
    """
    try:
        code = app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as problem:
        asked = SetupError(f"{problem} See: {' '.join(('gong-crm', *(problem.command_chain or ()), '--help'))}")
        Reporter(Output(json="--json" in arguments)).error(asked, code=Exit.LOCAL)
        return Exit.LOCAL
    except SystemExit as end:  # Ended; also how cyclopts ends after Ctrl-C, and rich when nobody reads the help
        return int(end.code or 0)
    except OSError as problem:  # what a subcommand's own ending does not see: a help that has no place
        Reporter(Output()).error(unwritable(problem), code=Exit.LOCAL)
        return Exit.LOCAL
    return int(code or 0)
