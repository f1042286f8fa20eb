"""Every answer obeys the document, whatever is asked: examples, boundaries, generated calls and sequences of them."""

import pytest
from hypothesis.errors import Flaky, FlakyStrategyDefinition

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import Cleanup
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.generate.fuzzing import Fuzz, GeneratedCase, bad_numbers, load_schema, universal_line
from contract_tests.suite.generate.stateful import SETTINGS, Model, machine
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import Target

pytestmark = pytest.mark.layer("conformance")

schema = load_schema(max_examples=6)


@pytest.fixture(scope="session")
def fuzz(  # noqa: PLR0913, PLR0917  (each is a fixture)
    request: pytest.FixtureRequest,
    session: Session,
    target: Target,
    integration: Integration,
    gong: Caller,
    run_name: str,
    legacy_served: bool,  # noqa: FBT001  (a fixture)
) -> Fuzz:
    """Generated calls, pinned to the integration of the run."""
    if not target.loopback and not request.config.getoption("--fuzz"):
        pytest.skip(f"{target.base_url} is not on this machine; say --fuzz to send generated calls there")
    if session.budget.limited and not request.config.getoption("--fuzz"):
        pytest.skip("the target limits calls a second; say --fuzz to send generated calls all the same")
    known = f"{run_name}-fuzz-known"
    data = ldjson([universal_line(0)])
    gong.upload_crm_entities("current", integration.id, object_type="LEAD", client_request_id=known, data=data)
    return Fuzz(
        session=session,
        integration_id=integration.id,
        known_request=known,
        run_name=run_name,
        legacy_served=legacy_served,
    )


@pytest.mark.clause("envelope.documented-status", "envelope.documented-body", "envelope.no-server-fault")
@schema.parametrize()  # type: ignore[untyped-decorator]  # schemathesis leaves it untyped
def test_answers_obey_the_document(case: GeneratedCase, fuzz: Fuzz) -> None:
    """A generated call is answered with a documented status and a body that obeys its schema."""
    fuzz.run(case)


def test_generated_files_end_as_they_deserve(fuzz: Fuzz, follower: Follower) -> None:
    """A generated file ends DONE without a bad line and FAILED with one, its bad lines counted and named."""
    for client_request_id, data in fuzz.uploads.items():
        end = follower.end(fuzz.integration_id, client_request_id=client_request_id)
        bad = bad_numbers(data)
        end.require(
            "status.failed" if bad else "status.done", end.member("status") == ("FAILED" if bad else "DONE"), f"{bad}"
        )
        named = {error["line"] for error in end.member("errors") or []}
        if bad and named != {0}:  # a general error for a line that is no JSON is not ruled out (U-6)
            end.require("status.error-count", end.member("totalErrorCount") == len(bad), f"totalErrorCount {len(bad)}")
            end.require("status.every-bad-line", named == set(bad[:20]), f"errors for the lines {bad[:20]}")


def test_generated_calls_are_not_vacuous(fuzz: Fuzz) -> None:
    """Generated calls prove something: each operation accepts some, and wrong ones are wrong in one thing only."""
    if not fuzz.counts or fuzz.cut:
        pytest.skip("generated calls were left out of this run, so there is nothing to measure")
    for operation, count in fuzz.counts.items():
        if "Integration" not in operation:
            assert count["positive 2xx"] > 0, (operation, count)
        if count["negative"] and not operation.startswith(("delete", "list")):
            assert count["negative pinned"] >= count["negative"] * 0.5, (operation, count)


def test_walks_over_the_links(fuzz: Fuzz, gong: Caller, follower: Follower, cleanup: Cleanup) -> None:
    """However a client follows the links: what is registered is listed, what is deleted is gone and takes nothing."""
    model = Model(fuzz=fuzz, gong=gong, follower=follower, cleanup=cleanup)
    try:
        machine(schema, model).run(settings=SETTINGS)
    except (Flaky, FlakyStrategyDefinition) as error:
        if model.breach is not None:
            raise model.breach from error
        pytest.skip("the sequences could not be repeated, since the state of the target differed")
