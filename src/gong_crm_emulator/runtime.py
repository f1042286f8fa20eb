"""What an emulator is made of, beside its routes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gong_crm_emulator.auth.credentials import Access
from gong_crm_emulator.errors import StorageError
from gong_crm_emulator.middleware.faults import FaultPlans
from gong_crm_emulator.middleware.journal import Journal
from gong_crm_emulator.middleware.limits import RateLimit
from gong_crm_emulator.middleware.under_way import CallsUnderWay
from gong_crm_emulator.store import seed
from gong_crm_emulator.store.background import BackgroundWork
from gong_crm_emulator.store.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gong_crm_emulator.settings import EmulatorSettings


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The runtime of one emulator.

    Attributes:
        tenant: The state.
        work: The background threads.
        access: Who may call.
        limit: How often.
        journal: What was called.
        faults: What goes wrong.
        under_way: The calls that are being answered.
    """

    tenant: Tenant
    work: BackgroundWork
    access: Access
    limit: RateLimit
    journal: Journal
    faults: FaultPlans
    under_way: CallsUnderWay

    def reset(self) -> None:
        """Go back to the start: no state but the seed file's, clock running or frozen as set, no faults, no journal."""
        self.under_way.cut()
        self.tenant.reset()
        self.limit.reset()
        self.faults.clear()
        self.journal.clear()
        self.plant_seed_file()

    def restore(self, name: str) -> None:
        """Go back to a snapshot; what is under way in the present state is cut.

        Raises:
            KeyError: If there is no snapshot of that name.
            StorageError: If it is of no use.
        """
        before = self.tenant.database.generation
        try:
            self.tenant.restore(name)
        finally:
            if self.tenant.database.generation != before:
                self.under_way.cut()

    def plant_seed_file(self) -> None:
        """Plant the seed file of the settings, if there is one and no integration yet.

        Raises:
            SeedError: If it cannot be planted.
        """
        path = self.tenant.settings.seed_file
        if path is not None and not self.tenant.integrations():
            seed.plant(self.tenant, seed.read_seed(path))

    def close(self) -> None:
        """End the threads and close the file."""
        self.work.close()
        self.tenant.close()


def assemble(settings: EmulatorSettings, *, operation_ids: Mapping[tuple[str, str], str]) -> Runtime:
    """Make the runtime, take up what a killed process left, plant the seed.

    Raises:
        SeedError: If the seed file cannot be planted.
        StorageError: If the state cannot be read or written.
    """
    try:
        return _assembled(settings, operation_ids)
    except (sqlite3.OperationalError, OSError) as problem:
        raise StorageError(
            f"The state cannot be written: {problem}. Free space on the disk, or choose another file."
        ) from problem
    except (sqlite3.Error, ValueError) as problem:
        raise StorageError(f"The state in {settings.data} is damaged: {problem}. Choose another file.") from problem


def _assembled(settings: EmulatorSettings, operation_ids: Mapping[tuple[str, str], str]) -> Runtime:
    def operation_of(method: str, path: str) -> str | None:
        return operation_ids.get((method, path))

    tenant = Tenant(settings)

    runtime = Runtime(
        tenant=tenant,
        work=BackgroundWork(tenant),
        access=Access(tenant),
        limit=RateLimit(tenant.clock.lived, per_second=settings.rate_per_second, per_day=settings.rate_per_day),
        journal=Journal(tenant.clock.now, operation_of=operation_of),
        faults=FaultPlans(set(operation_ids.values()), operation_of=operation_of),
        under_way=CallsUnderWay(),
    )
    try:
        runtime.work.resume()
        runtime.plant_seed_file()
    except BaseException:
        runtime.close()
        raise
    return runtime
