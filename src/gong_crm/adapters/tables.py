"""Which object type a table of a loader holds, which member a column is, and which custom field describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import IntegrationError, SetupError
from gong_crm.fields import SCHEMA_TYPES, Field
from gong_crm.job.outcome import write_rejection
from gong_crm.job.push import OBJECT_TYPES
from gong_crm.rules import Rules

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from gong_crm.front import GongCrm
    from gong_crm.integration import Integration
    from gong_crm.job.outcome import Outcome

_PLURALS: Final = {f"{name.lower()}s": name for name in OBJECT_TYPES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """How tables and columns are called in Gong.

    Attributes:
        types: The object type of each table, None for one that is left out; a table called like an object type, in
            the singular or plural and in any case, needs no entry.
        columns: For each table the members that its columns are; a column that is called like a member, in Gong's
            form or in snake_case, needs no entry, and one of any other name stays as it is.
        legacy: Whether the members are those of the older endpoints.
    """

    types: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    legacy: bool = False

    def type_of(self, table: str) -> str | None:
        """Name the object type of a table, or None for one that is left out.

        Raises:
            SetupError: If there is none.
        """
        name = table.casefold()
        found = self.types[table] if table in self.types else _PLURALS.get(name, name.upper())
        if found is not None and found not in OBJECT_TYPES:
            raise SetupError(
                f"the table {table!r} is no object type of Gong; say which, or None to leave it out, by"
                f" tables={{{table!r}: 'ACCOUNT'}} for example; there are {', '.join(OBJECT_TYPES)}"
            )
        return found

    def members(self, table: str, object_type: str, columns: Iterable[str]) -> dict[str, str]:
        """Name the member that each column is.

        Raises:
            SetupError: If two columns are one member.
        """
        chosen = self.columns.get(table, {})
        by_snake = {_snake(name): name for name in sorted(Rules(object_type, legacy=self.legacy).members)}
        members = {column: chosen.get(column, by_snake.get(column, column)) for column in columns}
        for column, member in members.items():
            twice = [other for other, same in members.items() if same == member and other != column]
            if twice:
                raise SetupError(
                    f"the columns {column!r} and {twice[0]!r} of {table!r} are both {member}; name them anew"
                )
        return members

    def kinds(self, table: str, object_type: str, columns: Mapping[str, str | None]) -> dict[str, str]:
        """Name the type of field of each member, for the columns of which it is known."""
        members = self.members(table, object_type, columns)
        return {members[column]: kind for column, kind in columns.items() if kind is not None}

    def renamed(self, table: str, object_type: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Give rows the names of members."""
        members: dict[str, str] = {}
        for row in rows:
            if not row.keys() <= members.keys():
                members = self.members(table, object_type, {**members, **row})
            yield {members[column]: value for column, value in row.items()}


def custom_fields(object_type: str, columns: Mapping[str, str], *, legacy: bool = False) -> list[Field]:
    """Describe the columns that are no members of Gong's own as custom fields.

    Args:
        object_type: What the table holds.
        columns: The type of field of each column that can be one, in Gong's words.
        legacy: Whether the members are those of the older endpoints.
    """
    if object_type not in SCHEMA_TYPES:
        return []
    own = Rules(object_type, legacy=legacy).members
    return [
        Field(unique_name=name, label=_snake(name).replace("_", " ").capitalize(), type=kind)
        for name, kind in columns.items()
        if name not in own
    ]


def describe_missing(integration: Integration, object_type: str, fields: Iterable[Field]) -> None:
    """Describe fields that are not there yet; one that is there stays as it is."""
    wanted = list(fields)
    if not wanted:
        return
    there = {one.unique_name for one in integration.fields(object_type)}
    missing = [one for one in wanted if one.unique_name not in there]
    if missing:
        integration.describe_fields(object_type, missing)


def find_or_register(gong: GongCrm, *, name: str | None, owner_email: str | None) -> Integration:
    """Find the integration, or register it where nobody has and an owner is named.

    Raises:
        IntegrationError: If there is none, and no owner to register one; or if Gong has another one.
    """
    found = gong.integration(name)
    if found is not None:
        return found
    if name is None or owner_email is None:
        raise IntegrationError("Gong has no integration: name one, and who owns it, to have it registered")
    return gong.register(name=name, owner_email=owner_email)


def write_rejects(outcome: Outcome, folder: str | os.PathLike[str] | None) -> None:
    """Write each reason for a rejected row as a line of JSON into a file with the job's name; none without rejects."""
    if folder is None or not outcome.rejected:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    with (Path(folder) / f"{outcome.folder.parent.name}.jsonl").open("wb") as file:
        file.writelines(map(write_rejection, outcome.rejections()))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
