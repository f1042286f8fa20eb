"""TYPE=SOURCE, as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gong_crm.errors import SetupError
from gong_crm.integration import known_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read_sources(texts: Sequence[str]) -> Mapping[str, list[str]]:
    """Read which source holds what.

    Args:
        texts: Each TYPE=SOURCE; a type may come several times.

    Returns:
        The sources of each object type, in the order in which Gong wants the types.

    Raises:
        SetupError: If one is not of that form, or names no object type.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, source = text.partition("=")
        if not (equals and source):
            raise SetupError(f"say TYPE=SOURCE, such as CONTACT=contacts.csv, not {text!r}")
        found.setdefault(name, []).append(source)
    return known_types(found)
