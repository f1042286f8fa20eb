"""A push that is taken up later: by its token, after a deadline, on another machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gong_crm import GongCrm, Integration
from gong_crm.errors import (
    DeadlineError,
    IntegrationError,
    SetupError,
)
from gong_crm_emulator import RunningEmulator
from tests.gong_crm.job.test_push import SLOW, uploads
from tests.gong_crm.records import account, contact


def test_a_job_is_detached_and_picked_up_by_its_token(
    integration: Integration, make_door: Callable[..., GongCrm], gong_emulator: RunningEmulator
) -> None:
    """A push that does not wait gives a token, by which another process follows it to the end."""
    job = integration.push({"ACCOUNT": [account(1)], "CONTACT": [contact(1)]}, wait=False)
    assert not job.is_finished
    with pytest.raises(IntegrationError, match="is not known yet: call wait"):
        job.outcome  # noqa: B018  (a property that raises)
    assert ["ACCOUNT"] == [one["objectType"] for one in uploads(gong_emulator)]
    door = make_door()
    assert [job.token] == [one.token for one in door.jobs()]
    assert 2 == door.job(job.token).wait().outcome.accepted
    assert job.is_finished
    assert [] == door.jobs()
    assert job.outcome == job.wait().outcome


def test_a_job_is_picked_up_on_another_machine(
    integration: Integration, make_door: Callable[..., GongCrm], tmp_path: Path
) -> None:
    """A token alone tells the outcome of what was sent, by line of the file that was sent."""
    job = integration.push({"ACCOUNT": [account(1), account(2)]}, wait=False)
    elsewhere = make_door(journal=tmp_path / "elsewhere")
    outcome = elsewhere.job(job.token).wait().outcome
    assert (2, 2, None) == (outcome.read, outcome.accepted, outcome.reject_file("ACCOUNT"))


def test_what_was_never_sent_cannot_be_picked_up_elsewhere(
    integration: Integration, make_door: Callable[..., GongCrm], tmp_path: Path
) -> None:
    """The lines are where the journal is; elsewhere a sentence says so."""
    job = integration.push({"ACCOUNT": [account(1)], "CONTACT": [contact(1)]}, wait=False)
    with pytest.raises(
        IntegrationError, match=r"Gong does not know the request .*take the job up where its journal is"
    ):
        make_door(journal=tmp_path / "elsewhere").job(job.token).wait()


def test_a_token_of_another_host_is_refused(integration: Integration, make_door: Callable[..., GongCrm]) -> None:
    """A job belongs to the host that it was sent to."""
    job = integration.push({"ACCOUNT": [account(1)]}, wait=False)
    with pytest.raises(
        SetupError, match=r"the token is of a job for 'http://127.*', and this is 'https://other\.example"
    ):
        make_door(base_url="https://other.example").job(job.token)


def test_waiting_has_an_end_and_the_job_goes_on_later(
    integration: Integration, door: GongCrm, gong_emulator: RunningEmulator
) -> None:
    """After the deadline an error carries the token, and `resume` brings the job to its end."""
    gong_emulator.faults.add("getCrmRequestStatus", SLOW)
    with pytest.raises(DeadlineError, match=r"not done in 0\.6 s") as caught:
        integration.push({"ACCOUNT": [account(1)]}, deadline=0.6)
    assert caught.value.token == door.jobs()[0].token
    assert "The job can be taken up again" in caught.value.__notes__[0]
    with pytest.raises(DeadlineError, match="Gong has not begun with account-"):
        door.jobs()[0].wait(start_deadline=0.1)
    gong_emulator.faults.clear()
    assert [1] == [job.outcome.accepted for job in door.resume()]
