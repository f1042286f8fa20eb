"""Tests that values of the client survive what programs do with values."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_client.api.crm import get_crm_request_status
from gong_crm_client.models import (
    AccountRecord,
    DealRecord,
    DealStatus,
    GenericSchemaField,
    RequestStatus,
    RequestStatusResponse,
)
from gong_crm_client.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gong_crm_client.conftest import Call, Server


def pickled(value: Any) -> Any:  # noqa: ANN401  (any value)
    """Return what comes out of a pickle."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  (our own bytes)


COPIES = pytest.mark.parametrize("copied", [pickled, copy.copy, copy.deepcopy])


@COPIES
def test_unset_stays_itself(copied: Callable[[Any], Any]) -> None:
    """There is one UNSET, and every copy is that one."""
    assert UNSET is copied(UNSET)


@COPIES
def test_record_survives_copies(copied: Callable[[Any], Any]) -> None:
    """A copied record equals its original and sends the same members, no UNSET among them."""
    record = AccountRecord(object_id="a1", modified_date="2026-01-01T00:00:00Z", name="Acme")
    record["custom"] = [1, None]

    assert record == copied(record)
    expected = {"objectId": "a1", "modifiedDate": "2026-01-01T00:00:00Z", "name": "Acme", "custom": [1, None]}
    assert expected == copied(record).to_dict()


def test_unset_prints_its_name() -> None:
    """A record prints the same text in every process."""
    assert "is_deleted=UNSET" in repr(AccountRecord(object_id="a1", modified_date="2026-01-01T00:00:00Z"))


@pytest.mark.parametrize("value", ["PAUSED", "", "done", "Ünknown"])
def test_unknown_enum_value_survives_the_wire(call: Call, server: Server, value: str) -> None:
    """A status that Gong may add later parses, compares, prints and goes back unchanged."""
    body = {"requestId": "x", "status": value}
    server.answer(200, json.dumps(body).encode())

    parsed = call(get_crm_request_status, integration_id=1, client_request_id="r").parsed

    assert isinstance(parsed, RequestStatusResponse)
    status = parsed.status
    assert (value, value, body) == (status, str(status), parsed.to_dict())
    assert (status, hash(value)) == (RequestStatus(value), hash(status))
    assert RequestStatus.DONE != status
    assert isinstance(status, RequestStatus)
    assert status.name not in RequestStatus.__members__


@COPIES
def test_unknown_enum_value_survives_copies(copied: Callable[[Any], Any]) -> None:
    """An unknown value is itself after a copy."""
    assert RequestStatus("PAUSED") == copied(RequestStatus("PAUSED"))
    assert "PAUSED" == copied(RequestStatus("PAUSED")).value


def test_known_enum_value_is_the_member() -> None:
    """A known value is the one member, whose name stands in the enum."""
    assert RequestStatus.DONE is RequestStatus("DONE")
    assert "DONE" in RequestStatus.__members__


def test_enum_takes_no_other_type() -> None:
    """Only texts are open: a number is no status."""
    with pytest.raises(ValueError, match="7 is not a valid RequestStatus"):
        RequestStatus(7)  # type: ignore[arg-type]  # the mistake under test


def test_unknown_value_of_a_nullable_enum_survives() -> None:
    """An enum that may be null is as open as another."""
    line = {"objectId": "d1", "modifiedDate": "2026-01-01T00:00:00Z", "status": "PARKED"}

    record = DealRecord.from_dict(line)

    assert (DealStatus("PARKED"), line) == (record.status, record.to_dict())


def test_unknown_members_survive() -> None:
    """Members that Gong adds without notice are kept and go back unchanged."""
    field = {"uniqueName": "a", "label": "A", "type": "STRING", "isDeleted": None, "newMember": {"deep": [1]}}

    assert field == GenericSchemaField.from_dict(field).to_dict()
