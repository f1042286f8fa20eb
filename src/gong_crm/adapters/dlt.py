"""A destination of dlt: the tables of a load package, pushed together when all of them are there."""

from __future__ import annotations

import logging
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from gong_crm.adapters.tables import Tables, custom_fields, describe_missing, find_or_register, write_rejects
from gong_crm.errors import SetupError
from gong_crm.feeds.arrow import ArrowFeed
from gong_crm.feeds.records import RecordsFeed
from gong_crm.front import GongCrm

try:
    from dlt.common.configuration.container import Container
    from dlt.common.destination.exceptions import DestinationTerminalException
    from dlt.common.json import json
    from dlt.common.storages import FileStorage
    from dlt.common.storages.load_package import LoadPackageStateInjectableContext
    from dlt.destinations.impl.destination.destination import DestinationClient
    from dlt.destinations.impl.destination.factory import destination
    from dlt.destinations.job_impl import FinalizedLoadJob
except ImportError as problem:
    raise ImportError("gong_crm.adapters.dlt needs dlt: pip install 'gong-crm[dlt]'") from problem

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from dlt.common.destination.client import LoadJob
    from dlt.common.destination.typing import PreparedTableSchema

    from gong_crm.job.outcome import Outcome

__all__ = ["gong"]

_FIELD_TYPES: Final = {
    "text": "STRING",
    "bigint": "NUMBER",
    "double": "NUMBER",
    "decimal": "NUMBER",
    "wei": "NUMBER",
    "bool": "BOOLEAN",
    "timestamp": "DATETIME",
    "date": "DATE",
}
"""The type of a custom field for each data type of dlt; the others have none that is sure."""

_log: Final = logging.getLogger(__name__)


class gong(destination):  # noqa: N801  (as dlt writes its destinations)
    """Push every table of a load package into Gong, each record exactly once.

    Tables are pushed when the whole package is there, in the order that Gong asks for.
    A package whose push broke is pushed again by the next run of its pipeline, and what Gong has is not sent twice.
    Every write disposition adds and updates objects by their id; a record with `isDeleted` deletes one.

    Args:
        tables: The object type of each table, None for one that is left out; a table called like an object type, in
            the singular or plural, needs no entry.
        columns: For each table the members that its columns are; a column called like a member, in Gong's form or in
            snake_case, needs no entry.
        integration: Name of the integration; left out, it is the one that the journal knows.
        owner_email: Who owns the integration, which registers it when Gong has none.
        describe_fields: Whether columns that are no members of Gong's are described as custom fields, when Gong does
            not have them yet.
        rejects: A folder that gets one file of JSON lines for each load package with rejected rows.
        on_outcome: Called with what became of each package.
        door: What `GongCrm` takes; the environment gives the rest.
        more: What dlt itself lets people say of a destination, such as `destination_name`.
    """

    def __init__(  # noqa: PLR0913  (each is a choice of its own)
        self,
        *,
        tables: Mapping[str, str | None] | None = None,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        integration: str | None = None,
        owner_email: str | None = None,
        describe_fields: bool = False,
        rejects: str | os.PathLike[str] | None = None,
        on_outcome: Callable[[Outcome], None] | None = None,
        door: Mapping[str, Any] | None = None,
        **more: Any,  # noqa: ANN401  (dlt's own)
    ) -> None:
        more = {"destination_name": "gong", "loader_file_format": "typed-jsonl", **more}
        super().__init__(**{**more, "destination_callable": _nothing, "batch_size": 0})
        door = dict(door or {})
        self._client = type(
            "GongClient",
            (_Client,),
            {
                "tables": Tables(types=tables or {}, columns=columns or {}, legacy=bool(door.get("legacy", False))),
                "integration": integration,
                "owner_email": owner_email,
                "describe_fields": describe_fields,
                "rejects": rejects,
                "on_outcomes": [on_outcome] if on_outcome is not None else [],
                "door": door,
            },
        )

    @property
    def client_class(self) -> type[DestinationClient]:
        """The client, which knows the choices made above."""
        return self._client


def _nothing(items: Any, table: Any) -> None:  # noqa: ANN401  (dlt asks for a function, which is never called)
    """Take a file of a table, whose rows are read when the package is complete."""


class _Client(DestinationClient):
    tables: ClassVar[Tables]
    integration: ClassVar[str | None]
    owner_email: ClassVar[str | None]
    describe_fields: ClassVar[bool]
    rejects: ClassVar[str | os.PathLike[str] | None]
    on_outcomes: ClassVar[list[Callable[[Outcome], None]]]
    door: ClassVar[Mapping[str, Any]]

    def create_load_job(
        self,
        table: PreparedTableSchema,
        file_path: str,
        load_id: str,  # noqa: ARG002  (dlt gives it)
        restore: bool = False,  # noqa: ARG002, FBT001, FBT002  (same)
    ) -> LoadJob:
        """Take a file as it is; a table that has no object type ends the load before anything is sent."""
        self._type_of(str(table["name"]))
        return FinalizedLoadJob(file_path)

    def complete_load(self, load_id: str) -> None:
        """Push all tables of the package."""
        files = self._files(load_id)
        sources: dict[str, list[RecordsFeed]] = {}
        described: dict[str, dict[str, str]] = {}
        for table, paths in sorted(files.items()):
            object_type = self._type_of(table)
            if object_type is None:
                continue
            columns = self.prepare_load_table(table)["columns"]
            rows = chain.from_iterable(_rows(path, table, set(columns)) for path in paths)
            feed = RecordsFeed(self.tables.renamed(table, object_type, rows), name=f"<{table}>")
            sources.setdefault(object_type, []).append(feed)
            kinds = {name: _FIELD_TYPES.get(str(one.get("data_type"))) for name, one in columns.items()}
            described.setdefault(object_type, {}).update(self.tables.kinds(table, object_type, kinds))
        if sources:
            self._push(load_id, sources, described)

    def _type_of(self, table: str) -> str | None:
        if table.startswith(self.schema._dlt_tables_prefix):  # noqa: SLF001  (as dlt's own client does)
            return None
        try:
            return self.tables.type_of(table)
        except SetupError as problem:
            raise DestinationTerminalException(str(problem)) from problem

    def _files(self, load_id: str) -> dict[str, list[str]]:
        """Find the files of each table; a load of dlt keeps them until the package is complete."""
        packages = Container()[LoadPackageStateInjectableContext].storage
        found: dict[str, list[str]] = {}
        for job in packages.get_load_package_info(load_id).jobs["completed_jobs"]:
            found.setdefault(job.job_file_info.table_name, []).append(job.file_path)
        return {table: sorted(paths) for table, paths in found.items()}

    def _push(
        self, load_id: str, sources: Mapping[str, list[RecordsFeed]], described: Mapping[str, Mapping[str, str]]
    ) -> None:
        with GongCrm.from_env(**self.door) as door:
            integration = find_or_register(door, name=self.integration, owner_email=self.owner_email)
            if self.describe_fields:
                for object_type, columns in described.items():
                    fields = custom_fields(object_type, columns, legacy=self.tables.legacy)
                    describe_missing(integration, object_type, fields)
            outcome = integration.push(sources).outcome
        if outcome.rejected:
            _log.warning("load %s: %s of %s rows were rejected", load_id, outcome.rejected, outcome.read)
            write_rejects(outcome, self.rejects)
        for call in self.on_outcomes:
            call(outcome)


def _rows(path: str, table: str, columns: set[str]) -> Iterator[dict[str, Any]]:
    """Read a file of a table, without the columns that dlt keeps for itself."""
    for row in _all(path, table):
        yield {name: value for name, value in row.items() if name in columns}


def _all(path: str, table: str) -> Iterator[Mapping[str, Any]]:
    if Path(path).suffix == ".parquet":
        import pyarrow as pa  # noqa: PLC0415  (an extra, heavy)
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415  (same)

        with ParquetFile(path) as file:
            batches = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches())
            yield from ArrowFeed(batches, name=f"<{table}>").rows()
        return
    with FileStorage.open_zipsafe_ro(path) as lines:
        for line in lines:
            read = json.typed_loads(line)
            yield from [read] if isinstance(read, dict) else read
