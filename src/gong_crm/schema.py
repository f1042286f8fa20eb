"""The steps that read and describe custom fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gong_crm.errors import SetupError
from gong_crm.fields import check_schema_type
from gong_crm.life import explained
from gong_crm.printable import printable
from gong_crm.session import attempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm.fields import Field
    from gong_crm.session import Session
    from gong_crm.wire.steps import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanges:
    """What an upload of fields changes.

    Attributes:
        added: Fields that are new.
        changed: Fields with another label, pick list or reference; values stay.
        retyped: Fields with another type: Gong makes a new field, and the values of the old one are lost.
        removed: Fields that go, with their values in all objects.
        kept: Fields that stay as they are.
        fields: All fields after it.
    """

    added: tuple[Field, ...]
    changed: tuple[Field, ...]
    retyped: tuple[Field, ...]
    removed: tuple[Field, ...]
    kept: tuple[Field, ...]
    fields: tuple[Field, ...]

    @property
    def loses_values(self) -> bool:
        """Return whether values are lost."""
        return bool(self.retyped or self.removed)

    def __str__(self) -> str:
        """Say it in a line for each kind of change."""
        words = {
            "added": self.added,
            "changed": self.changed,
            "given another type, so their values are lost": self.retyped,
            "removed, and their values are lost": self.removed,
            "kept": self.kept,
        }
        return "\n".join(f"{_named(one.unique_name for one in some)}: {word}" for word, some in words.items() if some)


def compare_fields(present: Sequence[Field], wanted: Sequence[Field], remove: Iterable[str]) -> FieldChanges:
    """Say what an upload of fields would change.

    Args:
        present: The fields that Gong has.
        wanted: The fields that are to be there; others stay.
        remove: Unique names of fields that are to go.

    Returns:
        The changes.

    Raises:
        SetupError: If a name comes twice, a field is wanted that is deleted, or one is to be removed that is not there.
    """
    here = {one.unique_name: one for one in present if not one.is_deleted}
    names = [one.unique_name for one in wanted]
    going = list(remove)
    twice = sorted({name for name in [*names, *going] if [*names, *going].count(name) > 1})
    if twice:
        raise SetupError(f"these fields are named twice: {_named(twice)}")
    deleted = [one.unique_name for one in wanted if one.is_deleted]
    if deleted:
        raise SetupError(f"a field is removed by its name, not by is_deleted: say remove={deleted!r}, or --remove")
    absent = [name for name in going if name not in here]
    if absent:
        raise SetupError(f"there is no field {_named(absent)} to remove; there are: {_named(here) or 'none'}")
    new = {one.unique_name: one for one in wanted}
    known = [one for one in wanted if one.unique_name in here]
    stay = [one for one in known if _meaning(one) == _meaning(here[one.unique_name])]
    return FieldChanges(
        added=tuple(one for one in wanted if one.unique_name not in here),
        changed=tuple(one for one in known if one not in stay and one.type == here[one.unique_name].type),
        retyped=tuple(one for one in known if one.type != here[one.unique_name].type),
        removed=tuple(here[name] for name in going),
        kept=tuple(one for name, one in here.items() if name not in going and (name not in new or new[name] in stay)),
        fields=tuple(
            [new.get(name, one) for name, one in here.items() if name not in going]
            + [one for one in wanted if one.unique_name not in here]
        ),
    )


def _named(names: Iterable[str]) -> str:
    return printable(", ".join(names))


def _meaning(one: Field) -> Field:
    return replace(one, last_modified=None, is_deleted=False)


def fields(session: Session, integration_id: int, object_type: str) -> Steps[tuple[Field, ...]]:
    """Ask for the custom fields of an object type."""
    check_schema_type(object_type, "custom fields")
    call = session.calls.fields(integration_id=integration_id, object_type=object_type)
    found = yield from explained(session, integration_id, attempt(session, call))
    return tuple(one for one in found if not one.is_deleted)


def describe_fields(  # noqa: PLR0913  (what the door passes on)
    session: Session,
    integration_id: int,
    object_type: str,
    wanted: Sequence[Field],
    *,
    remove: Iterable[str],
    allow_loss: bool,
    dry_run: bool,
) -> Steps[FieldChanges]:
    """Upload fields: those that are wanted, and all that are there already, since Gong asks for the whole.

    Raises:
        SetupError: If values would be lost and that was not allowed; nothing was sent.
    """
    present = yield from fields(session, integration_id, object_type)
    changes = compare_fields(present, wanted, remove)
    if dry_run:
        return changes
    if changes.loses_values and not allow_loss:
        lost = _named(one.unique_name for one in (*changes.retyped, *changes.removed))
        raise SetupError(f"this would lose the values of {lost} in all objects; say allow_loss=True if that is meant")
    if changes.added or changes.changed or changes.loses_values:
        everything = [*changes.fields, *(replace(one, is_deleted=True) for one in changes.removed)]
        call = session.calls.describe_fields(integration_id=integration_id, object_type=object_type, fields=everything)
        yield from attempt(session, call)
    return changes
