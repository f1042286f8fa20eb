"""gong-crm register, integrations, whoami and delete: the integration itself."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from gong_crm.command.ending import ending
from gong_crm.command.options import Connection, Output
from gong_crm.command.push import find
from gong_crm.command.results import Caller, Deleted, IntegrationReported
from gong_crm.errors import SetupError
from gong_crm.integration import Integration
from gong_crm.printable import printable
from gong_crm.table import table


def register(name: str, owner_email: str, *, connection: Connection | None = None, output: Output | None = None) -> int:
    """Register the integration; a company can have one.

    Example: gong-crm register 'Acme CRM' ops@acme.com

    Args:
        name: What people see in Gong; it cannot be changed afterwards.
        owner_email: Who is responsible.
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        made = gong.register(name=name, owner_email=owner_email)
        reporter.result(_table([made]), _reported(made))
    return 0


def integrations(*, connection: Connection | None = None, output: Output | None = None) -> int:
    """List the integrations that Gong has: none or one.

    Example: gong-crm integrations
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        found = gong.integrations()
        for one in found:
            reporter.result(_table([one]), _reported(one))
        if not found:
            reporter.note("Gong has no integration yet; make one: gong-crm register NAME OWNER_EMAIL")
    return 0


def whoami(*, connection: Connection | None = None, output: Output | None = None) -> int:
    """Say whether Gong takes the credentials, and how many calls are left.

    Example: gong-crm whoami
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        found = gong.integrations()
        left = gong.calls_left_today
        text = f"{gong.base_url} takes the credentials; this journal has {left:,} calls left of 24 hours"
        reporter.result(text, Caller(base_url=gong.base_url, calls_left=left, integrations=len(found)))
    return 0


def delete(
    integration: str | None = None,
    *,
    yes: Annotated[bool, Parameter(negative="")] = False,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Delete the integration with all its objects, and return when it is gone.

    It asks for the integration's name, unless --yes.

    Example: gong-crm delete 'Acme CRM' --yes

    Args:
        integration: Name or id of the integration, where this journal does not know it.
        yes: Do not ask.
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        mine = find(gong, integration)
        if not yes:
            _confirm(mine)
        mine.delete()
        reporter.result(f"{printable(mine.name)} is gone", Deleted(id=str(mine.id), name=mine.name))
    return 0


def _confirm(mine: Integration) -> None:
    """Ask for the name.

    Raises:
        SetupError: If it was not typed.
    """
    sys.stderr.write(f"This deletes {mine.name!r} with everything in it. Type its name: ")
    sys.stderr.flush()
    if sys.stdin.readline().rstrip("\r\n") != mine.name:
        raise SetupError("that is not its name; nothing was deleted (--yes does not ask)")


def _table(found: list[Integration]) -> str:
    return table([("id", "name", "owner"), *((str(one.id), one.name, one.owner_email) for one in found)], words=3)


def _reported(one: Integration) -> IntegrationReported:
    return IntegrationReported(id=str(one.id), name=one.name, owner_email=one.owner_email)
