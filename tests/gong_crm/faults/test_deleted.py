"""An integration that somebody deletes in the middle of a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from gong_crm.errors import IntegrationError
from tests.gong_crm.faults.harness.checker import complaints
from tests.gong_crm.faults.harness.meddling import Act
from tests.gong_crm.faults.harness.plain import TRUST
from tests.gong_crm.faults.harness.tables import FIELDS, STATUS, UPLOAD

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening


def _delete(url: str) -> None:
    """Delete the integration as another program would, and wait until it is gone."""
    with httpx.Client(base_url=url, auth=("key-admin", "secret-admin"), verify=TRUST) as http:
        for one in http.get("/v2/crm/integrations").json()["integrations"]:
            params = {"integrationId": one["integrationId"], "clientRequestId": "by-somebody-else"}
            http.delete("/v2/crm/integrations", params=params).raise_for_status()
            while http.get("/v2/crm/request-status", params=params).json()["status"] != "DONE":
                pass


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("moment", [(FIELDS, 1), (UPLOAD, 1), (UPLOAD, 2), (STATUS, 1)])
def test_a_deleted_integration_stops_the_push_and_a_new_one_gets_everything(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, moment: tuple[str, int], when: str
) -> None:
    """Deleted in the middle: an IntegrationError, then all lines in a new integration when they are pushed again."""
    gone = Act(operation=moment[0], number=moment[1], when=when, do=lambda: _delete(emulator.url))
    with pytest.raises(IntegrationError, match="integration"):
        opening.but(gone).push(inputs)
    assert 0 == emulator.control("GET", "state")["rawLines"]
    said = opening.push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)
