"""What the tenant remembers: integrations, schemas, requests, objects; no HTTP in it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gong_crm_emulator.clock import Clock
from gong_crm_emulator.errors import SECOND_INTEGRATION, Refusal, conflict
from gong_crm_emulator.store import objects, reader, schema
from gong_crm_emulator.store.database import Database
from gong_crm_emulator.store.requests import Status, TrackedRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gong_crm_emulator.lines.fields import Family
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.requests import NewRequest


@dataclass(frozen=True, kw_only=True)
class Integration:
    """The one registered integration.

    Attributes:
        id: 64-bit id, beyond what a double can hold.
        name: Its name.
        owner_email: Who is responsible for it.
    """

    id: int
    name: str
    owner_email: str


class Tenant:
    """One company's CRM data in Gong."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self.settings = settings
        self.clock = Clock(frozen=settings.frozen)
        self.database = Database(settings.data)
        self._random = random.Random(settings.seed)  # noqa: S311  (ids that repeat under a seed, no secret)

    def reset(self) -> None:
        """Forget everything and start the clock and the ids anew."""
        self.database.clear()
        self.clock = Clock(frozen=self.settings.frozen)
        self._random.seed(self.settings.seed)

    # Integrations

    def integrations(self) -> list[Integration]:
        """List what is registered."""
        rows = self.database.rows("SELECT id, name, owner_email FROM integration WHERE deleted IS NULL")
        return [Integration(**dict(row)) for row in rows]

    def register(self, name: str, *, owner_email: str) -> int:
        """Register the integration.

        Raises:
            Refusal: 409 while one is registered, also while its deletion runs (C-24).
        """
        with self.database.transaction() as connection:
            if self.integrations():
                raise conflict(SECOND_INTEGRATION)
            integration_id = self._new_integration_id()
            connection.execute(
                "INSERT INTO integration VALUES (?, ?, ?, ?, NULL)",
                (integration_id, name, owner_email, self.clock.now()),
            )
            return integration_id

    def _new_integration_id(self) -> int:
        while True:
            number = self._random.randrange(2**60, 2**63)
            rounded = int(float(number))
            if rounded != number and self.database.row("SELECT 1 FROM integration WHERE id = ?", number) is None:
                return number

    def require_integration(self, integration_id: int, *, or_deleted: bool = False) -> None:
        """Insist that an integration exists.

        Raises:
            Refusal: 400, or 404 by a switch, if it does not (C-10).
        """
        row = self.database.row("SELECT deleted FROM integration WHERE id = ?", integration_id)
        if row is None or (row["deleted"] is not None and not or_deleted):
            raise Refusal(self.settings.unknown_id_status, f"Integration {integration_id} was not found")

    # Schema

    def upload_schema(self, object_type: str, body: Any, *, family: Family) -> None:  # noqa: ANN401  (any JSON)
        """Replace the custom fields of an object type.

        Raises:
            Refusal: 400 if the rules of the schema forbid it.
        """
        schema.replace_fields(self.database, object_type, body, family=family)

    def list_schema(self, object_type: str | None, *, family: Family) -> dict[str, Any]:
        """List the custom fields."""
        return schema.listed(self.database, object_type, family=family, standard=self.settings.list_standard_fields)

    # Asynchronous requests

    def accept(self, new: NewRequest) -> TrackedRequest:
        """Take a request in; what is returned has been written and survives a kill.

        Returns:
            The request, with its place in the order of arrival.

        Raises:
            Refusal: 409 if the integration has a request of that name already, whatever became of it (U-11).
        """
        now = self.clock.now()
        with self.database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO request (integration_id, client_request_id, kind, object_type, family, received, file,"
                " bytes, parsed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *",
                (
                    *(new.integration_id, new.client_request_id, new.kind, new.object_type, new.family, now),
                    *((new.file.name, new.file.bytes, None) if new.file else (None, 0, now)),
                ),
            ).fetchone()
        if row is None:
            raise conflict("Client request id has already been used")
        return TrackedRequest.of(row)

    def request(self, integration_id: int, client_request_id: str) -> TrackedRequest:
        """Find a request by its name.

        Raises:
            Refusal: 400, or 404 by a switch, if there is none (C-11).
        """
        row = self.database.row(
            "SELECT * FROM request WHERE integration_id = ? AND client_request_id = ?",
            *(integration_id, client_request_id),
        )
        if row is None:
            raise Refusal(self.settings.unknown_id_status, f"Client request id {client_request_id} was not found")
        return TrackedRequest.of(row)

    def count_poll(self, request: TrackedRequest) -> None:
        """Note a status call."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE request SET polls = polls + 1 WHERE seq = ?", (request.seq,))

    def status(self, seq: int) -> tuple[TrackedRequest, Status]:
        """Say how far a request is for its caller."""
        row = self.database.row("SELECT * FROM request WHERE seq = ?", seq)
        if row is None:
            raise Refusal(self.settings.unknown_id_status, "The request was not found")
        request = TrackedRequest.of(row)
        status = request.may_show(self.settings, now=self.clock.now())
        if status in {Status.DONE, Status.FAILED}:
            if request.parsed is None:
                return request, Status.IN_PROGRESS
            if request.ended is None:
                with self.database.transaction() as connection:
                    connection.execute("UPDATE request SET ended = ? WHERE seq = ?", (self.clock.now(), seq))
        return request, status

    def move(self, seq: int) -> None:
        """Move a request one state on, in mode `by-hand`."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE request SET moved = moved + 1 WHERE seq = ?", (seq,))
        self.status(seq)

    def end_at_once(self, seq: int) -> None:
        """End a request for its caller, whatever mode the settings name."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE request SET ended = ? WHERE seq = ?", (self.clock.now(), seq))

    def requests(self) -> list[TrackedRequest]:
        """List all requests, oldest first."""
        return [TrackedRequest.of(row) for row in self.database.rows("SELECT * FROM request ORDER BY seq")]

    # Work in the background, called from threads

    def unread(self) -> list[TrackedRequest]:
        """List requests whose files have not been read to the end, as after a kill.

        Returns:
            The requests, oldest first.
        """
        rows = self.database.rows("SELECT * FROM request WHERE parsed IS NULL ORDER BY seq")
        return [TrackedRequest.of(row) for row in rows]

    def sweep(self) -> None:
        """Remove files whose upload was never answered, as a kill may leave them."""
        wanted = {request.file for request in self.unread()}
        for path in self.database.folder.glob("*.ldjson"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def read_file(self, seq: int) -> None:
        """Read the file of an upload into raw storage."""
        reader.read_file(self.database, seq, settings=self.settings, clock=self.clock)

    def due(self) -> Sequence[TrackedRequest]:
        """List ended requests whose lines should be in the main database by now.

        Returns:
            The requests, in the order of their ends.
        """
        now = self.clock.now()
        if self.settings.processing in {"at-once", "time"}:
            self._end_what_nobody_polled(now)
        rows = self.database.rows(
            "SELECT * FROM request WHERE applied = 0 AND ended + CASE kind WHEN 'delete' THEN 0 ELSE ? END <= ?"
            " ORDER BY ended, seq",
            *(self.settings.main_seconds, now),
        )
        return [TrackedRequest.of(row) for row in rows]

    def _end_what_nobody_polled(self, now: float) -> None:
        timed = self.settings.processing == "time"
        delay = self.settings.pending_seconds + self.settings.in_progress_seconds if timed else 0.0
        waiting = "applied = 0 AND ended IS NULL AND parsed IS NOT NULL AND max(parsed, received + ?) <= ?"
        if self.database.row(f"SELECT 1 FROM request WHERE {waiting}", delay, now):  # noqa: S608  (our own constant)
            with self.database.transaction() as connection:
                connection.execute(
                    f"UPDATE request SET ended = max(parsed, received + ?) WHERE {waiting}",  # noqa: S608  (our own constant)
                    (delay, delay, now),
                )

    def apply(self, seq: int) -> None:
        """Bring an ended request into the main database."""
        objects.apply(self.database, seq, settings=self.settings)

    def objects(self, object_type: str, object_ids: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """Read objects from the main database."""
        return objects.read_objects(self.database, object_type, object_ids, defaults=self.settings.show_defaults)

    def upload_stages(self, stages: list[dict[str, Any]], *, integration_id: int) -> None:
        """Store stages that came in one synchronous call."""
        objects.store_stages(self.database, stages, integration_id=integration_id, now=self.clock.now())
