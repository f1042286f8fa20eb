"""Tests that models keep what they hold, are mappings, and take texts where an enum is due."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import list_crm_entity_schema, list_crm_integrations, upload_crm_entity_schema
from gong_crm_client.errors import RefusedCall, UnexpectedResponse
from gong_crm_client.models import (
    AccountRecord,
    CrmObjectsMap,
    CrmObjectType,
    ErrorResponse,
    GenericSchemaFieldRequest,
    RequestStatus,
    UploadableFieldType,
    UploadObjectType,
)
from gong_crm_client.records import record_model
from gong_crm_client.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gong_crm_client.conftest import Call, Server


def account() -> AccountRecord:
    """Return an account with a custom member."""
    return AccountRecord(
        object_id="a1", modified_date="2026-11-22T08:00:00Z", additional_properties={"industry": "Steel"}
    )


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, attrs.evolve, lambda one: pickle.loads(pickle.dumps(one))],  # noqa: S301  (our own pickle)
)
def test_copy_has_custom_members_of_its_own(copied: Callable[[AccountRecord], AccountRecord]) -> None:
    """Every way of copying keeps the custom members and shares none."""
    first = account()
    second = copied(first)
    assert first == second

    second["industry"] = "Wood"

    assert ("Steel", "Wood") == (first["industry"], second["industry"])


def test_evolve_changes_what_it_is_given_and_nothing_else() -> None:
    """A declared member is replaced, custom ones stay."""
    assert account().to_dict() | {"name": "New"} == attrs.evolve(account(), name="New").to_dict()


def test_unknown_text_of_a_member_is_refused_before_sending() -> None:
    """A member of a body takes the texts that an argument takes, and what came in an answer goes back as it came."""
    with pytest.raises(ValueError, match="'string' is no UploadableFieldType; there are BOOLEAN, CURRENCY"):
        GenericSchemaFieldRequest(unique_name="a", label="A", type_="string").to_dict()  # type: ignore[arg-type]

    for kept in ({"uniqueName": "a", "label": "A", "type": "NEW"}, {"uniqueName": "a", "label": "A", "type": "STRING"}):
        assert kept == GenericSchemaFieldRequest.from_dict(kept).to_dict()


def test_custom_members_hold_what_is_set_and_nothing_else() -> None:
    """UNSET is no value to send, and what is given under the name of a declared member is that of the mapping too."""
    record = AccountRecord(
        object_id="a1", modified_date="2026-11-22T08:00:00Z", additional_properties={"a": UNSET, "name": "Acme"}
    )
    record["b"] = UNSET

    assert record.to_dict() == dict(record)
    assert {"objectId": "a1", "modifiedDate": "2026-11-22T08:00:00Z", "name": "Acme"} == dict(record)
    del record["name"]
    assert "name" not in record


def test_declared_member_is_set_by_its_json_name() -> None:
    """The name of the document reaches the member, not a shadow of it."""
    record = account()
    record["name"] = "New"

    assert ("New", "New", "New") == (record.name, record["name"], record.to_dict()["name"])
    del record["name"]
    assert record.name is UNSET
    assert "name" not in record
    with pytest.raises(KeyError):
        record["name"]
    with pytest.raises(TypeError, match="nothing without its objectId"):
        del record["objectId"]


def test_model_is_a_mapping() -> None:
    """Maps and records are used like a dict of what is set."""
    found = CrmObjectsMap.from_dict({"a1": {"name": "Acme"}, "a2": None})

    assert (2, ["a1", "a2"], True, False) == (len(found), list(found), "a1" in found, "a3" in found)
    assert (None, 7) == (found.get("a2", 7), found.get("a3", 7))
    assert [("a1", {"name": "Acme"}), ("a2", None)] == [(key, one and dict(one)) for key, one in found.items()]
    assert {"objectId", "modifiedDate", "industry"} == set(account())
    assert account().to_dict() == dict(account())


def test_text_of_a_known_value_is_taken_for_an_argument(call: Call, server: Server) -> None:
    """An argument takes the member or its text."""
    for given in (CrmObjectType.DEAL, "DEAL"):
        server.answer(200, b'{"requestId": "x", "objectTypeToSelectedFields": {}}')
        call(list_crm_entity_schema, integration_id=1, object_type=given)

    assert ["objectType=DEAL"] * 2 == [one.line.split(" ")[1].split("&")[1] for one in server.requests]


def test_unknown_text_is_refused_before_sending(call: Call, server: Server) -> None:
    """The known values are listed; who knows better makes a member of it."""
    with pytest.raises(ValueError, match=r"'DEALS' is no CrmObjectType; there are ACCOUNT, CONTACT, DEAL, LEAD"):
        call(list_crm_entity_schema, integration_id=1, object_type="DEALS")
    with pytest.raises(TypeError, match="int is none"):
        call(list_crm_entity_schema, integration_id=1, object_type=7)
    assert [] == server.requests

    server.answer(200, b'{"requestId": "x", "objectTypeToSelectedFields": {}}')
    call(list_crm_entity_schema, integration_id=1, object_type=CrmObjectType("TASK"))
    assert "objectType=TASK" in server.requests[-1].line


def test_text_of_a_known_value_is_taken_in_a_body(call: Call, server: Server) -> None:
    """A member of a model takes the text of an enum too."""
    server.answer(200, b'{"requestId": "x"}')
    text: Any = "STRING"
    field = GenericSchemaFieldRequest(unique_name="a", label="A", type_=text)

    call(upload_crm_entity_schema, integration_id=1, object_type="ACCOUNT", body=[field])

    assert b'"type":"STRING"' in server.requests[-1].body.replace(b" ", b"")
    assert UploadableFieldType.STRING == "STRING"


def test_answers_stay_open() -> None:
    """A value that Gong adds one day is kept."""
    assert "PAUSED" == RequestStatus("PAUSED")


def test_unwrap_gives_the_success(call: Call, server: Server) -> None:
    """What was asked for, without a check of its type."""
    server.answer(200, b'{"requestId": "x", "integrations": []}')

    assert [] == call(list_crm_integrations).unwrap().integrations


def test_unwrap_raises_the_server_s_sentences(call: Call, server: Server) -> None:
    """A refusal tells its sentences, status, request id and when to come again."""
    server.answer(429, b'{"requestId": "r1", "errors": ["slow", "down"]}', "Retry-After: 5")

    response = call(list_crm_integrations)
    assert isinstance(response.parsed, ErrorResponse)
    with pytest.raises(RefusedCall) as caught:
        response.unwrap()

    assert "slow | down (status 429, request id r1); retry after 5 seconds" == str(caught.value)
    assert (("slow", "down"), 429, "r1", "5") == (
        *(caught.value.errors, caught.value.status_code, caught.value.request_id),
        caught.value.headers["retry-after"],
    )
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301  (our own bytes)


def test_sync_is_never_none(server: Server) -> None:
    """Without exceptions for an undocumented status, the functions that give no status raise nevertheless."""
    server.answer(404, b"nothing here")
    client = AuthenticatedClient(base_url=server.url, token="t", raise_on_unexpected_status=False)

    with pytest.raises(UnexpectedResponse, match="status 404"):
        list_crm_integrations.sync(client=client)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("object_type", UploadObjectType)
def test_each_object_type_has_its_model(object_type: UploadObjectType, legacy: bool) -> None:  # noqa: FBT001  (a parameter)
    """The model of a line is found by the member and by its text, and is that of the family."""
    found = record_model(object_type, legacy=legacy)
    name = "".join(word.capitalize() for word in object_type.split("_"))
    assert f"{name}Record{'Legacy' if legacy else ''}" == found.__name__
    assert found is record_model(object_type.value, legacy=legacy)


def test_an_unknown_object_type_has_no_model() -> None:
    """The sentence names those that there are."""
    with pytest.raises(ValueError, match="no object type 'account' to upload, there are: ACCOUNT, BUSINESS_USER"):
        record_model("account")
