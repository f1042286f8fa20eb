"""One company's data: what its integration, schemas, requests and objects allow, and what becomes of them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from gong_crm_emulator.clock import Clock
from gong_crm_emulator.errors import (
    RepeatedRequestIdError,
    SecondIntegrationError,
    UnknownIntegrationError,
    UnknownRequestError,
)
from gong_crm_emulator.lines.fields import SCHEMA_TYPES, Family
from gong_crm_emulator.lines.schema import read_fields, standard_fields
from gong_crm_emulator.store import applying, reader, snapshots, view
from gong_crm_emulator.store.database import Database
from gong_crm_emulator.store.ids import Ids
from gong_crm_emulator.store.tables import LAYOUT, integrations, requests, schema
from gong_crm_emulator.store.tables import clock as clocks
from gong_crm_emulator.store.tables.integrations import Integration
from gong_crm_emulator.store.tracking import Status, TrackedRequest
from gong_crm_emulator.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.tracking import NewRequest


class Tenant:
    """One company's CRM data in Gong."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self.settings = settings
        self.database = Database(settings.data, layout=LAYOUT)
        self.ids = Ids(settings.seed)
        self.clock = Clock(frozen=settings.frozen)
        self._find_clock()

    def close(self) -> None:
        """Close the file and remove what was temporary."""
        self.database.close()

    # The whole state

    def reset(self) -> None:
        """Forget everything, start the clock anew, and under a seed the ids too."""
        self.database.clear()
        self.ids.reset()
        self._find_clock()

    def restore(self, name: str) -> None:
        """Go back to a snapshot, clock included.

        Raises:
            KeyError: If there is no snapshot of that name.
            StorageError: If it is of no use.
        """
        snapshots.restore(self.database, name)
        self._find_clock()

    def set_clock(self, *, step: float = 0, frozen: bool | None = None) -> None:
        """Step the clock, freeze it or let it run; where it stands is part of the state.

        Raises:
            ValueError: If the step is negative or too far.
        """
        ahead, frozen_at = self.clock.ahead, self.clock.frozen_at
        self.clock.step(step)
        if frozen is not None:
            (self.clock.freeze if frozen else self.clock.run)()
        try:
            clocks.keep(self.database, ahead=self.clock.ahead, frozen_at=self.clock.frozen_at)
        except sqlite3.Error:
            self.clock.set(ahead=ahead, frozen_at=frozen_at)  # whoever tries again does not step twice
            raise

    def _find_clock(self) -> None:
        kept = clocks.read(self.database)
        fresh = Clock(frozen=self.settings.frozen)
        ahead, frozen_at = kept or (fresh.ahead, fresh.frozen_at)
        self.clock.set(ahead=ahead, frozen_at=frozen_at)
        if self.settings.frozen and not self.clock.frozen:
            self.clock.freeze()
        if self.clock.frozen and kept != (self.clock.ahead, self.clock.frozen_at):
            clocks.keep(self.database, ahead=self.clock.ahead, frozen_at=self.clock.frozen_at)

    # Integrations

    def integrations(self) -> list[Integration]:
        """List no integration or one."""
        return integrations.registered(self.database)

    def register(self, name: str, *, owner_email: str) -> int:
        """Register the integration.

        Raises:
            SecondIntegrationError: While one is registered, also while its deletion runs.
        """
        with self.database.transaction():
            if self.integrations():
                raise SecondIntegrationError("An integration is registered already")
            number = self.ids.integration_id(lambda one: integrations.is_known(self.database, one))
            integration = Integration(id=number, name=name, owner_email=owner_email)
            integrations.insert(self.database, integration, now=self.clock.now())
            return number

    def require_integration(self, integration_id: int, *, or_deleted: bool = False) -> None:
        """Insist that an integration exists; one that was deleted will do for its requests.

        Raises:
            UnknownIntegrationError: If it does not.
        """
        if not integrations.is_known(self.database, integration_id, or_deleted=or_deleted):
            raise UnknownIntegrationError(f"Integration {integration_id} was not found")

    # Schema

    def upload_schema(
        self,
        object_type: str,
        body: Any,  # noqa: ANN401  (any JSON)
        *,
        family: Family,
        generation: int | None = None,
    ) -> None:
        """Replace the custom fields of an object type, in the state of a generation or in the present one.

        Raises:
            SchemaError: If the rules of the schema forbid it.
            ReplacedError: If the state is no longer of that generation.
        """
        fields = read_fields(body, object_type=object_type, family=family)
        with self.database.transaction(generation=generation):
            schema.replace_fields(self.database, object_type, fields)

    def list_schema(self, object_type: str | None, *, family: Family) -> dict[str, Any]:
        """List the fields of one type, or of all four; the legacy list repeats `uniqueName` as `name`."""
        # C-7, C-6 in docs/emulator-differences.md.
        types = SCHEMA_TYPES if object_type is None else (object_type,)
        listed = {name: self._fields(name) for name in types}
        if family is Family.LEGACY:
            return {name: [{"name": field["uniqueName"], **field} for field in some] for name, some in listed.items()}
        return listed

    def _fields(self, object_type: str) -> list[dict[str, Any]]:
        own = standard_fields(object_type) if self.settings.list_standard_fields else []
        return own + schema.active_fields(self.database, object_type)

    # Asynchronous requests

    def accept(self, new: NewRequest) -> TrackedRequest:
        """Take a request in; what is returned has been written and survives a kill.

        Raises:
            RepeatedRequestIdError: If the integration has a request of that name, whatever became of it.
        """
        with self.database.transaction():
            request = requests.insert(self.database, new, now=self.clock.now())
        if request is None:
            raise RepeatedRequestIdError("Client request id has already been used")
        return request

    def request(self, integration_id: int, client_request_id: str) -> TrackedRequest:
        """Find a request by its name.

        Raises:
            UnknownRequestError: If there is none.
        """
        request = requests.find_named(self.database, integration_id, client_request_id)
        if request is None:
            raise UnknownRequestError(f"Client request id {client_request_id} was not found")
        return request

    def count_poll(self, request: TrackedRequest) -> None:
        """Note a status call."""
        requests.count_poll(self.database, request.seq)

    def status(self, seq: int) -> tuple[TrackedRequest, Status]:
        """Say how far a request is for its caller: at its end only when its file has really been read.

        Raises:
            UnknownRequestError: If there is none.
        """
        request = requests.find(self.database, seq)
        if request is None:
            raise UnknownRequestError("The request was not found")
        status = request.may_show(self.settings, now=self.clock.now())
        if status in {Status.DONE, Status.FAILED}:
            if request.parsed is None:
                return request, Status.IN_PROGRESS
            requests.end(self.database, seq, at=self._end_of(request, parsed=request.parsed))
        return request, status

    def _end_of(self, request: TrackedRequest, *, parsed: float) -> float:
        """Give the moment of a request's end: the clock ends it at its time, not when somebody asks."""
        if self.settings.processing in {"at-once", "time"}:
            return max(parsed, request.received + self._seconds_until_end)
        return self.clock.now()

    @property
    def _seconds_until_end(self) -> float:
        timed = self.settings.processing == "time"
        return self.settings.pending_seconds + self.settings.in_progress_seconds if timed else 0.0

    def move(self, seq: int) -> None:
        """Move a request one state on, in mode `by-hand`."""
        requests.move(self.database, seq)
        self.status(seq)

    def end_at_once(self, seq: int) -> None:
        """End a request for its caller, whatever mode the settings name."""
        requests.end(self.database, seq, at=self.clock.now())

    # Work in the background, called from threads

    def unread(self) -> list[TrackedRequest]:
        """List requests whose files have not been read to the end, as after a kill, oldest first."""
        return requests.unread(self.database)

    def sweep(self) -> None:
        """Remove files whose upload was never answered, as a kill may leave them."""
        wanted = {request.file for request in self.unread()}
        for path in self.database.folder.glob("*.ldjson"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def read_file(self, seq: int, *, writer: Writer | None = None) -> None:
        """Read the file of an upload into raw storage."""
        request = requests.find(self.database, seq)
        if request is not None and request.file is not None and request.parsed is None:
            writer = writer or Writer(self.database)
            reader.read_file(writer, request, settings=self.settings, clock=self.clock)

    def due(self) -> Sequence[TrackedRequest]:
        """List ended requests whose lines should be in the main database by now, in the order of their ends."""
        now = self.clock.now()
        if self.settings.processing in {"at-once", "time"}:
            requests.end_by_time(self.database, now, seconds=self._seconds_until_end)
        return requests.ended_by(self.database, now, main_seconds=self.settings.main_seconds)

    def apply(self, seq: int, *, writer: Writer | None = None) -> None:
        """Bring an ended request into the main database."""
        applying.apply(writer or Writer(self.database), seq, settings=self.settings)

    def objects(self, object_type: str, object_ids: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """Read objects from the main database, None for those that are not there."""
        return view.read_objects(self.database, object_type, object_ids, defaults=self.settings.show_defaults)

    def upload_stages(self, stages: list[dict[str, Any]], *, integration_id: int) -> None:
        """Store stages, already checked, that came in one synchronous call."""
        applying.store_stages(self.database, stages, integration_id=integration_id, now=self.clock.now())
