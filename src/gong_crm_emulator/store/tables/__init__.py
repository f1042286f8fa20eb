"""One module for each table; together they are the layout of a file."""

from typing import Final

from gong_crm_emulator.store.database import Layout
from gong_crm_emulator.store.tables import (
    clock,
    grants,
    integrations,
    mappings,
    objects,
    raw_lines,
    requests,
    schema,
    waiting,
)

LAYOUT: Final = Layout(
    version=3,
    tables="".join(
        module.TABLE
        for module in (integrations, schema, requests, raw_lines, objects, waiting, mappings, grants, clock)
    ),
    prepare=raw_lines.add_functions,
)
