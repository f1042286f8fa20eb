"""Custom fields that somebody changes between the check, the upload and a later resume."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from gong_crm.errors import AuthenticationError, SetupError
from tests.gong_crm.faults.harness.checker import Look, Said, complaints
from tests.gong_crm.faults.harness.inputs import Maker
from tests.gong_crm.faults.harness.judgement import GongKnows
from tests.gong_crm.faults.harness.meddling import Act
from tests.gong_crm.faults.harness.plain import TRUST
from tests.gong_crm.faults.harness.pushing import TIER, integration_of, push, result
from tests.gong_crm.faults.harness.tables import UPLOAD

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_AT_FIRST: Final = GongKnows(picks={"ACCOUNT": {"tier": ("gold", "silver")}})
_LATER: Final = GongKnows(picks={"ACCOUNT": {"tier": ("silver",)}})


def _change_fields(url: str) -> None:
    """Take "gold" from the pick list, as another program would."""
    with httpx.Client(base_url=url, auth=("key-admin", "secret-admin"), verify=TRUST) as http:
        [one] = http.get("/v2/crm/integrations").json()["integrations"]
        params = {"integrationId": one["integrationId"], "objectType": "ACCOUNT"}
        fewer = {"uniqueName": "tier", "label": "Tier", "type": "PICKLIST", "orderedValueList": ["silver"]}
        http.post("/v2/crm/entity-schema", params=params, json=[fewer]).raise_for_status()


async def _described(gong: Any, inputs: Inputs) -> Said:  # noqa: ANN401  (either door)
    integration = await integration_of(gong)
    await result(integration.describe_fields("ACCOUNT", [TIER]))
    return await push(gong, inputs)


def _tiered(folder: Path, *, count: int) -> Inputs:
    maker = Maker(folder)
    tiers = ("gold", "silver", "bronze")
    records = [maker.record(f"account-{n}", tier=tiers[n % 3]) for n in range(count)]
    return {"ACCOUNT": [maker.lines("accounts.ldjson", records)]}


def test_pick_lists_are_held_against_the_fields_of_the_integration(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path
) -> None:
    """Lines with a value that the pick list lacks are held back, and Gong sees none of them."""
    inputs = _tiered(tmp_path / "input", count=12)
    said = opening.use(lambda gong: _described(gong, inputs))
    assert [] == complaints(emulator.url, inputs, said=said, knows=_AT_FIRST)
    assert 0 == sum(one["totalErrorCount"] for one in Look(emulator.url).uploads())


@pytest.mark.parametrize("count", [12, 90])
def test_fields_that_change_after_the_check_give_rejects_by_gong(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path, count: int
) -> None:
    """A pick list that shrinks before the upload: what Gong refuses comes back as it was, 20 lines at least."""
    inputs = _tiered(tmp_path / "input", count=count)
    shrink = Act(operation=UPLOAD, number=1, when="before", do=lambda: _change_fields(emulator.url))
    said = opening.but(shrink).use(lambda gong: _described(gong, inputs))
    assert [] == complaints(emulator.url, inputs, said=said, knows=_LATER)


def test_a_job_taken_up_under_other_fields_is_checked_anew_or_counted_right(
    emulator: RunningEmulator, opening: Opening, tmp_path: Path
) -> None:
    """A job that is taken up after its fields changed says so, or reports each line as Gong then takes it."""
    inputs = _tiered(tmp_path / "input", count=12)
    emulator.faults.add(UPLOAD, {"kind": "answer", "status": 401, "body": {"errors": ["No"]}})
    with pytest.raises(AuthenticationError):
        opening.use(lambda gong: _described(gong, inputs))
    _change_fields(emulator.url)
    try:
        said = opening.resume_or_push(inputs)
    except SetupError as problem:
        assert "tier" in str(problem)  # noqa: PT017  (the rest of the test follows either end)
        said = opening.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said, knows=_LATER)
