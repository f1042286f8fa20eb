"""Objects of the main database as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.lines.fields import SCHEMA_TYPES, SHOWN, Family
from gong_crm_emulator.lines.rules import check_of
from gong_crm_emulator.store.tables import objects, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gong_crm_emulator.store.database import Database

_DEFAULTS: Final[dict[str, dict[str, Callable[[str], Any]]]] = {
    "ACCOUNT": {"name": lambda object_id: f"Account_#{object_id}"},
    "DEAL": {
        "name": lambda object_id: f"Deal_#{object_id}",
        "status": lambda _: "OPEN",
        "amount": lambda _: 0,
    },
}
"""What the current text says of members that were not sent; the legacy text knows no defaults."""

_SAID_BY: Final = {
    "status": ("isOpen", "isWon"),
    "amount": ("estimatedAmount", "actualAmount"),
}
"""Members of the legacy family that say the same; a default must not deny them."""


def read_objects(
    database: Database, object_type: str, object_ids: Iterable[str], *, defaults: bool
) -> dict[str, dict[str, Any] | None]:
    """Read objects by id.

    Returns:
        Each id with its object's members, or with None when there is no such object or it is deleted.
    """
    view = _View(database, object_type, defaults=defaults)
    return {object_id: view.read(object_id) for object_id in object_ids}


class _View:
    """What of a stored line is shown: the standard members and the custom fields of the present schema."""

    def __init__(self, database: Database, object_type: str, *, defaults: bool) -> None:
        self._database = database
        self._object_type = object_type
        self._standard = SHOWN[object_type]
        fields = schema.active_fields(database, object_type) if object_type in SCHEMA_TYPES else []
        self._custom = {field["uniqueName"]: check_of(field) for field in fields}
        self._dropped = schema.dropped_fields(database, object_type)
        self._defaults = _DEFAULTS.get(object_type, {}) if defaults else {}

    def read(self, object_id: str) -> dict[str, Any] | None:
        stored = objects.read(self._database, self._object_type, object_id)
        if stored is None:
            return None
        shown = {name: value for name, value in stored.members.items() if self._shows(name, value, raw=stored.raw)}
        if stored.family is Family.CURRENT:
            for name, default in self._defaults.items():
                if all(shown.get(one) in (None, "") for one in (name, *_SAID_BY.get(name, ()))):
                    shown[name] = default(object_id)
        return shown

    def _shows(self, name: str, value: object, *, raw: int) -> bool:
        if name in self._standard:
            return True
        check = self._custom.get(name)
        if check is None or raw <= self._dropped.get(name, 0):
            return False
        return value is None or check(value) is None
