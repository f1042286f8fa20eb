"""A field of an integration's schema, as Gong knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gong_crm.errors import SetupError

SCHEMA_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD")
"""The object types that have custom fields and can be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A custom field of an object type.

    Attributes:
        unique_name: Name of the member that carries it.
        label: What people see.
        type: Gong's word, such as `STRING`, `NUMBER`, `PICKLIST`, `REFERENCE`.
        reference_to: Object type that a REFERENCE points to.
        ordered_value_list: Values that a PICKLIST allows.
        is_deleted: Whether the field is, or is to be, removed with its values.
        last_modified: When it was changed, as ISO-8601 without milliseconds.

    Raises:
        SetupError: If the values of a pick list are one text.
    """

    unique_name: str
    label: str
    type: str
    reference_to: str | None = None
    ordered_value_list: tuple[str, ...] | None = None
    is_deleted: bool = False
    last_modified: str | None = None

    def __post_init__(self) -> None:
        """Keep the values of a pick list as a tuple, however they come."""
        values = self.ordered_value_list
        if isinstance(values, str):
            raise SetupError(f"ordered_value_list must be texts, not one text: say ({values!r},)")
        object.__setattr__(self, "ordered_value_list", None if values is None else tuple(values))


def check_schema_type(object_type: str, what: str) -> None:
    """Refuse an object type that has no custom fields.

    Raises:
        SetupError: If it has none.
    """
    if object_type not in SCHEMA_TYPES:
        raise SetupError(f"{object_type!r} has no {what}; these have: {', '.join(SCHEMA_TYPES)}")
