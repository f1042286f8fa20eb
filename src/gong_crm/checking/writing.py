"""Records written as the file that an upload takes, for those who send it themselves."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from gong_crm.checking.blocks import checked_blocks
from gong_crm.errors import SourceError
from gong_crm.feeds import feed
from gong_crm.findings import Severity
from gong_crm.rules import Rules

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from gong_crm.fields import Field


def write_lines(
    source: object,
    path: str | os.PathLike[str],
    object_type: str,
    *,
    fields: Iterable[Field] = (),
    legacy: bool = False,
) -> int:
    """Write a source as lines, in its order and each of them checked; a push does more, and needs no such file.

    Args:
        source: What `feed` takes: records, a table, a path.
        path: Where the file goes; one that is there is replaced when all lines are good.
        object_type: What it holds, in Gong's capitals.
        fields: The integration's fields of that object type.
        legacy: Whether the rules of the older endpoints hold.

    Returns:
        How many lines.

    Raises:
        SourceError: If a line would be refused; nothing is written then. `gong_crm.check` reports all of them.
        OSError: If the file cannot be written.
    """
    target, fields = Path(path), tuple(fields)
    rules = Rules(object_type, legacy=legacy, fields=fields)
    unfinished = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    count = 0
    try:
        with unfinished.open("xb") as file:
            for one in feed(source, object_type=object_type, legacy=legacy, fields=fields):
                for checked in checked_blocks(one, rules):
                    bad = next((found for found in checked.findings if found.severity is Severity.ERROR), None)
                    if bad is not None:
                        raise SourceError(f"{bad}; nothing was written to {target}")
                    data = checked.block.data
                    file.write(data if data.endswith(b"\n") or not data else data + b"\n")
                    count += len(checked.lines) - len(checked.blank)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return count
