"""One whole integration lives and dies through the generated client, in both families, sync and async."""

import asyncio
from typing import get_args

import pytest

from contract_tests.suite.drive.cleanup import OURS, Cleanup
from contract_tests.suite.drive.client_driver import ClientDriver, Mode
from contract_tests.suite.drive.scenario import steps
from contract_tests.suite.ledger.operations import Family
from contract_tests.suite.wire.session import Session

pytestmark = pytest.mark.layer("lifecycle")


@pytest.mark.clause(
    "register.success",
    "register.repeated-is-conflict",
    "list.success",
    "list.registered",
    "list.after-delete",
    "ids.integration-id-integer",
    "ids.integration-id-exact",
    "schema.upload-success",
    "schema-list.success",
    "upload.success",
    "upload.echo",
    "upload.update",
    "upload.repeated-client-request-id",
    "status.success",
    "status.done",
    "status.ends",
    "status.failed",
    "status.line-numbers",
    "status.error-count",
    "status.success-count",
    "objects.success",
    "objects.done-is-readable",
    "objects.unknown-is-null",
    "objects.only-asked",
    "delete.success-current",
    "delete.success-legacy",
    "delete.echo",
    "delete.ends-done",
    "delete.objects-gone",
)
@pytest.mark.parametrize("mode", get_args(Mode))
def test_one_whole_integration(session: Session, cleanup: Cleanup, family: Family, mode: Mode, run_name: str) -> None:
    """An integration is registered, described, filled, corrected, changed, read, and deleted until nothing is left."""
    cleanup.sweep()  # what an earlier scenario has left when it failed
    driver = ClientDriver(session, family=family, mode=mode, run_name=f"{run_name}-{family[0]}{mode[0]}")

    async def go() -> None:
        try:
            for step in steps(family, name=f"{OURS} {run_name} {family} {mode}"):
                await step.go(driver)
        finally:
            await driver.close()

    asyncio.run(go())
