"""gong-crm fields: the custom fields of an object type."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from gong_crm.command.ending import ending
from gong_crm.command.options import Connection, Output
from gong_crm.command.results import FieldsChanged, FieldsListed, HeaderReported
from gong_crm.errors import SetupError, SourceError
from gong_crm.fields import SCHEMA_TYPES, Field
from gong_crm.rules import Rules
from gong_crm.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm.front import GongCrm

fields = App(name="fields", help="List and describe the custom fields of an object type.")
_LARGEST = 10_000_000


@fields.command(name="list")
def list_(
    object_type: str,
    *,
    csv: Annotated[bool, Parameter(negative="")] = False,
    integration: str | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """List the custom fields.

    Example: gong-crm fields list ACCOUNT

    Args:
        object_type: ACCOUNT, CONTACT, DEAL or LEAD.
        csv: Write the header of a CSV that has them, to be filled with rows and pushed.
        integration: Name or id of the integration, where this journal does not know it.
    """
    from gong_crm.command.push import find  # noqa: PLC0415  (push shows fields to check)

    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        found = find(gong, integration).fields(object_type)
        if csv:
            columns = _columns(object_type, found, legacy=connection.legacy)
            reporter.result(_as_csv(columns), HeaderReported(object_type=object_type, columns=columns))
            return 0
        rows = [("name", "label", "type", "values or target"), *map(_row, found)]
        listed = FieldsListed(object_type=object_type, fields=[asdict(one) for one in found])
        reporter.result(table(rows, words=4), listed)
    return 0


@fields.command
def put(  # noqa: PLR0913  (options)
    object_type: str,
    file: Path | None = None,
    *,
    remove: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    allow_loss: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    integration: str | None = None,
    connection: Connection | None = None,
    output: Output | None = None,
) -> int:
    """Describe custom fields; those that are there already stay.

    Example: gong-crm fields put ACCOUNT account-fields.json --dry-run

    Args:
        object_type: ACCOUNT, CONTACT, DEAL or LEAD.
        file: A JSON array of fields: uniqueName, label, type, and referenceTo or orderedValueList.
        remove: Unique name of a field to remove, with its values; may be repeated.
        allow_loss: Allow values to be lost, by a removal or by another type.
        dry_run: Show the changes only.
        integration: Name or id of the integration, where this journal does not know it.
    """
    from gong_crm.command.push import find  # noqa: PLC0415  (push shows fields to check)

    connection, output = connection or Connection(), output or Output()
    with ending(output, connection) as reporter, connection.open(reporter.on_event) as gong:
        wanted = () if file is None else read_fields(file)
        changes = find(gong, integration).describe_fields(
            object_type, wanted, remove=remove, allow_loss=allow_loss, dry_run=dry_run
        )
        names = ("added", "changed", "retyped", "removed", "kept")
        values = {name: [one.unique_name for one in getattr(changes, name)] for name in names}
        reporter.result(str(changes), FieldsChanged(object_type=object_type, **values))
    return 0


def read_field_files(texts: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    """Read TYPE=FILE of custom fields.

    Raises:
        SetupError: If one is not of that form.
    """
    found = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or name not in SCHEMA_TYPES:
            raise SetupError(f"--fields takes TYPE=FILE with one of {', '.join(SCHEMA_TYPES)}, not {text!r}")
        found[name] = read_fields(Path(path))
    return found


def fields_of(gong: GongCrm, object_types: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    """Ask Gong for the custom fields of object types that have any."""
    from gong_crm.command.push import find  # noqa: PLC0415  (push shows fields to check)

    mine = find(gong, None)
    return {name: mine.fields(name) for name in object_types if name in SCHEMA_TYPES}


def read_fields(path: Path) -> tuple[Field, ...]:
    """Read custom fields from a file: an array of them, or what `fields list --json` wrote.

    Raises:
        SourceError: If it cannot be read, or holds something else.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError(f"{path} is too large to hold fields")
        values = json.loads(path.read_text(encoding="utf-8-sig"))
        listed = values["fields"] if isinstance(values, dict) else values
        return tuple(field_of(one) for one in listed)
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}") from problem
    except (AttributeError, ValueError, TypeError, KeyError, RecursionError) as problem:
        raise SourceError(
            f"{path} is no JSON array of fields, each with uniqueName, label and type"
            f" ({type(problem).__name__}: {problem})"
        ) from None


def field_of(one: dict[str, Any]) -> Field:
    """Read a field as Gong writes it, or as this package does."""
    snake = {"uniqueName": "unique_name", "referenceTo": "reference_to", "orderedValueList": "ordered_value_list"}
    more = {"isDeleted": "is_deleted", "lastModified": "last_modified"}
    values = {{**snake, **more}.get(name, name): value for name, value in one.items()}
    allowed = values.pop("ordered_value_list", None)
    return Field(**values, ordered_value_list=tuple(map(str, allowed)) if isinstance(allowed, list) else allowed)


def _columns(object_type: str, found: Sequence[Field], *, legacy: bool) -> list[str]:
    first = {"objectId": 0, "modifiedDate": 1}
    members = Rules(object_type, legacy=legacy, fields=found).members
    return sorted(members, key=lambda name: (first.get(name, 2), name))


def _as_csv(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _row(one: Field) -> tuple[str, str, str, str]:
    return one.unique_name, one.label, one.type, one.reference_to or ", ".join(one.ordered_value_list or ())
