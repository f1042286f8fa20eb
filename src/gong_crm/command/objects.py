"""gong-crm get: objects read back."""

from __future__ import annotations

import json

from gong_crm.command.ending import ending
from gong_crm.command.options import Connection, Output
from gong_crm.command.push import find
from gong_crm.command.results import ObjectRead
from gong_crm.errors import SetupError


def get(
    object_type: str,
    *ids: str,
    integration: str | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Read objects back, one line of JSON each; null for one that Gong does not have, or not yet.

    Example: gong-crm get ACCOUNT a1 a2

    Args:
        object_type: ACCOUNT, CONTACT, DEAL or LEAD.
        ids: Their object ids, any number.
        integration: Name or id of the integration, where this journal does not know it.
    """
    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        if not ids:
            raise SetupError(f"give the ids of the objects, such as gong-crm get {object_type} 42")
        for name, found in find(gong, integration).read(object_type, ids).items():
            text = json.dumps({name: found})
            reporter.result(text, ObjectRead(object_type=object_type, object_id=name, object=found))
    return 0
