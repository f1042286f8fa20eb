"""A whole recording: every walk against a target, checked, and only then put in the place of the old one."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from contract_tests.suite.drive.caller import JSON, Caller
from contract_tests.suite.drive.cleanup import Cleanup
from contract_tests.suite.evidence.cassette_faults import faults_of
from contract_tests.suite.evidence.cassettes import (
    ANSWERED_BY_GONG,
    NO_EVIDENCE,
    Metadata,
    Origin,
    files_in,
    read_recording,
    sha256_of,
)
from contract_tests.suite.evidence.replay import WALKS, Walk, record
from contract_tests.suite.evidence.secrets import shown_in
from contract_tests.suite.evidence.tape import secrets_of
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.targets import Target
from contract_tests.suite.wire.transport import Session


class NotKept(Exception):  # noqa: N818  # said to the user as it is
    """A recording that must not be kept; the old one stays."""


@dataclass(frozen=True, kw_only=True)
class RecordingRun:
    """What is common to the walks of one recording.

    Attributes:
        target: Who answers.
        origin: Which kind of target that is.
        day: The day of the recording.
        client_version: Version of the client that calls.
        run_name: How client request ids and object ids begin.
        max_calls: Calls at most.
        use_integration: An integration that may be deleted.
        tell: Called with one line for each walk.
    """

    target: Target
    origin: Origin
    day: date
    client_version: str
    run_name: str
    max_calls: int = 2_000
    use_integration: int | None = None
    tell: Callable[[str], None] = print

    def metadata(self, walk: Walk) -> Metadata:
        """Say what the cassettes of a walk say of themselves.

        Args:
            walk: The walk.

        Returns:
            The metadata.
        """
        return Metadata(
            recorded_from=self.origin,
            about=NO_EVIDENCE if self.origin == "emulator" else ANSWERED_BY_GONG,
            recorded_at=self.day.isoformat(),
            openapi_sha256=sha256_of(),
            client_version=self.client_version,
            family=walk.family,
            mode=walk.mode,
            run_name=self.run_name,
        )


def record_all(run: RecordingRun, *, into: Path, walks: tuple[Walk, ...] = WALKS) -> tuple[Path, ...]:
    """Record walks and put them in the place of an older recording.

    Args:
        run: What is common to them.
        into: The folder of cassettes; it is replaced when all went well, and left alone otherwise.
        walks: Which walks.

    Returns:
        The new files.

    Raises:
        NotKept: A recorded exchange does not obey the document, or shows a secret.
        Breach: The target breaks a clause.
        TargetUnusable: The target has an integration of somebody else.
        TooLarge: A body does not belong into a cassette.
    """
    with TemporaryDirectory() as folder:
        recorded = Path(folder)
        _walk_all(run, recorded, walks)
        for path in files_in(recorded):
            _check(path, run.target)
        into.mkdir(parents=True, exist_ok=True)
        for old in files_in(into):
            old.unlink()
        return tuple(Path(shutil.copy(path, into / path.name)) for path in files_in(recorded))


def _walk_all(run: RecordingRun, folder: Path, walks: tuple[Walk, ...]) -> None:
    target = run.target
    rate = None if target.loopback else 3.0  # calls a second that every company may make
    budget = CallBudget(rate=rate, max_calls=run.max_calls, patience=60.0 if target.loopback else 3_600.0)
    cleanup = Cleanup(target=target, budget=budget, use_integration=run.use_integration)
    cleanup.prepare()
    contract = Contract(clauses=read_clauses(), document=Document(), strict=run.origin == "emulator")
    try:
        for walk in walks:
            session = Session(
                contract=contract,
                budget=budget,
                judge=Judge(contract=contract),
                valid=target.valid,
                loopback=target.loopback,
                listeners=[cleanup.watch],
            )
            if not _served(walk, session=session, target=target):
                run.tell(f"{walk}: left out, for the target does not serve this family")
                continue
            record(walk, session=session, target=target, folder=folder, metadata=run.metadata(walk))
            run.tell(f"{walk}: {len(walk.files())} cassettes")
    finally:
        cleanup.finish()


def _served(walk: Walk, *, session: Session, target: Target) -> bool:
    """Say whether the target serves the family of a walk; nobody knows whether Gong still serves the older one."""
    if target.name == "emulator" or walk.family == "current":
        return True
    caller = Caller(session, base_url=target.base_url, credentials=target.credentials)
    try:
        if caller.list_crm_integrations(walk.family).status != 404:  # an empty list may be a 404 too (U-22)
            return True
        return (
            caller.call("registerCrmIntegration", walk.family, content=b"{}", content_type=JSON).status != 404
        )  # no such path
    finally:
        caller.close()


def _check(path: Path, target: Target) -> None:
    secrets = [value for _, value in secrets_of(target)]
    shown = shown_in(path.read_text(encoding="utf-8"), secrets=secrets)
    if shown:
        raise NotKept(f"{path.name} would show {shown[0]}; nothing was kept")
    faults = faults_of(read_recording(path), Document())
    if faults:
        raise NotKept(f"{path.name} does not obey openapi.yaml; nothing was kept. {faults[0]}")
