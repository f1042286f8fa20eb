"""A target of Singer: the records of a tap, pushed together before any state is emitted."""

from __future__ import annotations

import math
import pickle
import weakref
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from gong_crm.adapters.tables import (
    Tables,
    custom_fields,
    describe_missing,
    find_or_register,
    write_rejects,
)
from gong_crm.errors import GongCrmError
from gong_crm.feeds.records import RecordsFeed
from gong_crm.front import GongCrm

try:
    from singer_sdk import Sink, Target
    from singer_sdk import typing as th
except ImportError as problem:
    raise ImportError("gong_crm.adapters.singer needs singer-sdk: pip install 'gong-crm[singer]'") from problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["TargetGongCrm"]

_TEXTS: Final = ("base_url", "access_key", "access_key_secret", "access_token", "journal")
"""What the configuration says of the door, where the environment does not."""


class StreamSink(Sink):
    """Keeps the records of a stream on disk until they are pushed."""

    def __init__(self, target: TargetGongCrm, stream_name: str, *more: Any, **named: Any) -> None:  # noqa: ANN401  (of the SDK)
        super().__init__(target, stream_name, *more, **named)
        self._kept_by = target
        target.open(stream_name, self.schema["properties"])

    def process_record(self, record: dict[str, Any], context: dict[str, Any]) -> None:  # noqa: ARG002  (of the SDK)
        """Keep a record; a time without a zone stays text, to be refused by that name."""
        self._kept_by.keep(self.stream_name, {name: _as_sent(value) for name, value in record.items()})

    def process_batch(self, context: dict[str, Any]) -> None:
        """Do nothing: what was kept is pushed with all other streams."""


class TargetGongCrm(Target):
    """Push the streams of a tap into Gong, each record exactly once.

    All streams are pushed together when the tap is done, in the order that Gong asks for.
    A state is emitted when every record before it has its outcome; after a failure it is not, so that the tap
    gives the same records again, and what Gong has is not sent twice.
    """

    name = "target-gong-crm"
    default_sink_class = StreamSink
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        th.Property(
            "tables",
            th.ObjectType(additional_properties=th.CustomType({"type": ["string", "null"]})),
            description="The object type of each stream, null for one that is left out; a stream called like an"
            " object type, in the singular or plural, needs no entry.",
        ),
        th.Property(
            "columns",
            th.ObjectType(additional_properties=th.ObjectType(additional_properties=th.StringType)),
            description="For each stream the members that its properties are; one called like a member, in Gong's form"
            " or in snake_case, needs no entry.",
        ),
        th.Property("integration", th.StringType, description="Name of the integration; else the journal's own."),
        th.Property("owner_email", th.StringType, description="Who owns the integration, when it is to be registered."),
        th.Property(
            "describe_fields", th.BooleanType, default=False, description="Describe new custom fields in Gong."
        ),
        th.Property("rejects", th.StringType, description="A folder for files of rejected records."),
        th.Property("base_url", th.StringType, description="The address of your company's API; else GONG_BASE_URL."),
        th.Property("access_key", th.StringType, secret=True, description="An access key; else GONG_ACCESS_KEY."),
        th.Property(
            "access_key_secret", th.StringType, secret=True, description="Its secret; else GONG_ACCESS_KEY_SECRET."
        ),
        th.Property("access_token", th.StringType, secret=True, description="An OAuth token, in the place of a key."),
        th.Property("journal", th.StringType, description="The folder that remembers what was sent."),
    ).to_dict()
    # A push waits for Gong, for minutes or hours; the SDK would have one every five minutes.
    _MAX_RECORD_AGE_IN_MINUTES = math.inf

    def __init__(self, **more: Any) -> None:  # noqa: ANN401  (of the SDK)
        self._properties: dict[str, dict[str, Any]] = {}
        self._files: dict[str, IO[bytes]] = {}
        weakref.finalize(self, _close, self._files)  # what a failure leaves open
        super().__init__(**more)
        self._tables = Tables(types=self.config.get("tables") or {}, columns=self.config.get("columns") or {})

    def open(self, stream: str, properties: dict[str, Any]) -> None:
        """Take a stream in.

        Raises:
            SetupError: If it has no object type.
        """
        self._tables.type_of(stream)
        self._properties.setdefault(stream, {}).update(properties)

    def keep(self, stream: str, record: dict[str, Any]) -> None:
        """Keep a record of a stream."""
        if self._tables.type_of(stream) is None:
            return
        if stream not in self._files:
            self._files[stream] = TemporaryFile()  # noqa: SIM115  (it stays open until it is pushed)
        pickle.dump(record, self._files[stream])

    def process_endofpipe(self) -> None:
        """Push what no state asked for, when the tap is done."""
        super().process_endofpipe()
        self._push()

    def _write_state_message(self, state: dict[str, Any]) -> None:
        """Push everything before the state is emitted."""
        self._push()
        super()._write_state_message(state)

    def _push(self) -> None:
        try:
            if self._files:
                self._push_files(self._files)
        finally:
            _close(self._files)

    def _push_files(self, files: Mapping[str, IO[bytes]]) -> None:
        sources: dict[str, list[RecordsFeed]] = {}
        for stream, file in files.items():
            object_type = self._type_of(stream)
            rows = self._tables.renamed(stream, object_type, _records(file))
            sources.setdefault(object_type, []).append(RecordsFeed(rows, name=f"<{stream}>"))
        door = {name: self.config[name] for name in _TEXTS if self.config.get(name)}
        with GongCrm.from_env(**door) as gong:
            names = self.config.get("integration"), self.config.get("owner_email")
            integration = find_or_register(gong, name=names[0], owner_email=names[1])
            if self.config.get("describe_fields"):
                for stream in files:
                    kinds = self._tables.kinds(stream, self._type_of(stream), self._field_types(stream))
                    describe_missing(integration, self._type_of(stream), custom_fields(self._type_of(stream), kinds))
            outcome = integration.push(sources).outcome
        self.logger.info("\n%s", outcome)
        write_rejects(outcome, self.config.get("rejects"))

    def _type_of(self, stream: str) -> str:
        object_type = self._tables.type_of(stream)
        assert object_type is not None  # noqa: S101  (nothing is kept of others)
        return object_type

    def _field_types(self, stream: str) -> dict[str, str | None]:
        return {name: _field_type(schema) for name, schema in self._properties[stream].items()}


def _close(files: dict[str, IO[bytes]]) -> None:
    while files:
        files.popitem()[1].close()


def _as_sent(value: Any) -> Any:  # noqa: ANN401  (any value)
    return value.isoformat() if isinstance(value, datetime) and value.utcoffset() is None else value


def _records(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    file.seek(0)
    while True:
        try:
            yield pickle.load(file)  # noqa: S301  (a file of ours, in a folder of ours)
        except EOFError:
            return


def _field_type(schema: dict[str, Any]) -> str | None:
    """Name the type of the custom field for a property of a stream; None where none is sure."""
    kinds = schema.get("type")
    kinds = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    if len(kinds) != 1:
        return None
    if kinds[0] == "string":
        return {"date-time": "DATETIME", "date": "DATE"}.get(str(schema.get("format")), "STRING")
    return {"integer": "NUMBER", "number": "NUMBER", "boolean": "BOOLEAN"}.get(str(kinds[0]))


def main() -> None:
    """Run the target, as taps and Meltano do."""
    try:
        TargetGongCrm.cli()
    except GongCrmError as problem:
        raise SystemExit(f"target-gong-crm: {problem}") from None
