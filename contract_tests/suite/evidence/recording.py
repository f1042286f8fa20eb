"""A whole recording: every scenario against a target, checked, and only then put in the place of the old one."""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

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
from contract_tests.suite.evidence.replay import SCENARIOS, Scenario, record
from contract_tests.suite.evidence.secrets import shown_in
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.ledger.operations import Family
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.network import Network
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import Target

INTEGRATION_ID: Final = 7527148379388644270
"""The id that every recording of the emulator shows, beyond 2^53 as Gong's own are."""


class NotKept(Exception):  # noqa: N818  (said to the user as it is)
    """A recording that must not be kept; the old one stays."""


@dataclass(frozen=True, kw_only=True)
class RecordingRun:
    """What is common to the scenarios of one recording.

    Attributes:
        origin: Which kind of target answers.
        day: The day of the recording.
        client_version: Version of the client that calls.
        run_name: How client request ids and object ids begin.
        use_integration: An integration that may be deleted.
        report: Called with one line for each scenario.
    """

    target: Target
    origin: Origin
    day: date
    client_version: str
    run_name: str
    max_calls: int = 2_000
    use_integration: int | None = None
    report: Callable[[str], None] = print

    def metadata(self, family: Family) -> Metadata:
        """Say what the cassettes of a scenario say of themselves."""
        return Metadata(
            recorded_from=self.origin,
            about=NO_EVIDENCE if self.origin == "emulator" else ANSWERED_BY_GONG,
            recorded_at=self.day.isoformat(),
            openapi_sha256=sha256_of(),
            client_version=self.client_version,
            family=family,
            run_name=self.run_name,
        )


def record_all(
    run: RecordingRun, *, into: Path, scenarios: tuple[Scenario, ...] = SCENARIOS
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Record scenarios and put what has changed in the place of an older recording.

    Returns:
        All files, and those of them that are new or have other exchanges than before.

    Raises:
        NotKept: A recorded exchange does not obey the document, or shows a secret.
        Breach: The target breaks a clause.
        NotJudged: The target does not answer.
        TargetUnusable: The target has an integration of somebody else.
        TooLarge: A body does not belong into a cassette.
    """
    with TemporaryDirectory() as folder:
        recorded = Path(folder)
        _go_through(run, recorded, scenarios)
        for path in files_in(recorded):
            _check(path, run.target)
        into.mkdir(parents=True, exist_ok=True)
        fresh = files_in(recorded)
        for old in files_in(into):
            if old.name not in {path.name for path in fresh}:
                old.unlink()
        changed = [path for path in fresh if not _is_recorded_already(path, into / path.name)]
        for path in changed:
            shutil.copy(path, into / path.name)
        return files_in(into), tuple(into / path.name for path in changed)


def _go_through(run: RecordingRun, folder: Path, scenarios: tuple[Scenario, ...]) -> None:
    target = run.target
    rate = None if target.loopback else 3.0  # calls a second that every company may make
    budget = CallBudget(rate=rate, max_calls=run.max_calls, patience=60.0 if target.loopback else 3_600.0)
    contract = Contract(clauses=read_clauses(), document=Document(), strict=run.origin == "emulator")

    def session(judge: Judge | None) -> Session:
        network = Network(target.base_url)
        return Session(target=target, contract=contract, budget=budget, judge=judge, network=network)

    cleanup = Cleanup(session=session(None), run_name=run.run_name, use_integration=run.use_integration)
    cleanup.prepare()
    try:
        for scenario in scenarios:
            judged = session(Judge(contract=contract))
            judged.watchers.append(cleanup.watch)
            judged.before.append(cleanup.before)
            if not _served(scenario, session=judged):
                run.report(f"{scenario}: left out, for the target does not serve this family")
                continue
            number = record(scenario, session=judged, folder=folder, metadata=run.metadata(scenario.family))
            if run.origin == "emulator":
                for name in scenario.files():
                    _settle(folder / name, number)
            run.report(f"{scenario}: {len(scenario.files())} cassettes")
    finally:
        cleanup.finish()


def _settle(path: Path, integration_id: int) -> None:
    """Give the ids that the emulator made up values of the cassette's own, so that one cassette can change alone."""
    text = path.read_text(encoding="utf-8").replace(str(integration_id), str(INTEGRATION_ID))
    for number, found in enumerate(dict.fromkeys(re.findall(r'"requestId": ?"(\w+)"', text))):
        digest = int(hashlib.sha256(f"{path.name} {number}".encode()).hexdigest(), 16)
        settled = "".join("0123456789abcdefghijklmnopqrstuvwxyz"[digest // 36**place % 36] for place in range(19))
        text = text.replace(found, settled)
    path.write_text(text, encoding="utf-8")


def _is_recorded_already(path: Path, old: Path) -> bool:
    """Say whether an older cassette holds the same exchanges, whatever day and document it names."""
    return old.is_file() and read_recording(old).interactions == read_recording(path).interactions


def _served(scenario: Scenario, *, session: Session) -> bool:
    """Say whether the target serves a family; nobody knows whether Gong still serves the older one."""
    if session.target.name == "emulator" or scenario.family == "current":
        return True
    caller = Caller(session)
    try:
        if caller.list_crm_integrations(scenario.family).status != 404:  # an empty list may be a 404 too (U-22)
            return True
        nothing = {"content": b"{}", "content_type": JSON}
        return caller.call("registerCrmIntegration", scenario.family, **nothing).status != 404  # no such path
    finally:
        caller.close()


def _check(path: Path, target: Target) -> None:
    shown = shown_in(path.read_text(encoding="utf-8"), secrets=target.secrets)
    if shown:
        raise NotKept(f"{path.name} would show {shown[0]}; nothing was kept")
    faults = faults_of(read_recording(path), Document())
    if faults:
        raise NotKept(f"{path.name} does not obey openapi.yaml; nothing was kept. {faults[0]}")
