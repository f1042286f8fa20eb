"""One integration at a time: refused registrations, deletion, and what a new one starts with."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.suite.drive.caller import JSON, Caller
from contract_tests.suite.drive.cleanup import OURS, Cleanup
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.fixtures import FOREIGN
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.records import good_line
from contract_tests.suite.ledger.operations import FAMILIES, Family, operation_of

pytestmark = pytest.mark.layer("lifecycle")

OWNER = "contract.suite@example.com"
REFUSED = {
    "no-name": ("register.name-required", json.dumps({"ownerEmail": OWNER}), JSON),
    "no-owner": ("register.owner-email-required", json.dumps({"name": OURS}), JSON),
    "no-json": ("register.malformed-body", f'{{"name": "{OURS}", ', JSON),
    "array": ("register.malformed-body", json.dumps([{"name": OURS, "ownerEmail": OWNER}]), JSON),
    "text": ("register.malformed-body", json.dumps(OURS), JSON),
    "plain-text": ("route.register-media-type", f"name={OURS}&ownerEmail={OWNER}", "text/plain"),
}


@pytest.fixture(autouse=True)
def _clean(cleanup: Cleanup) -> Iterator[None]:
    cleanup.sweep()
    yield
    cleanup.sweep()


@pytest.mark.clause("list.empty")
def test_nothing_is_listed_before(gong: Caller, family: Family) -> None:
    """With no integration the list is empty, or answered 404 (U-22)."""
    answer = gong.list_crm_integrations(family)
    empty = answer.status == 200 and answer.member("integrations") == []
    answer.require("list.empty", empty or answer.status == 404, "200 with an empty list, or 404")


@pytest.mark.clause(
    "register.name-required", "register.owner-email-required", "register.malformed-body", "route.register-media-type"
)
@pytest.mark.parametrize("case", REFUSED)
def test_refused_registration(gong: Caller, family: Family, case: str) -> None:
    """A registration that lacks what it needs is refused, and registers nothing."""
    clause, body, content_type = REFUSED[case]
    answer = gong.call("registerCrmIntegration", family, content=body.encode(), content_type=content_type)
    good = {400, 415} if content_type != JSON else {400}
    answer.require(clause, answer.status in good, f"one of {sorted(good)}")
    listed = gong.list_crm_integrations(family)
    listed.require(clause, not listed.member("integrations"), "no integration after a refused registration")


@pytest.mark.clause(
    "register.second-is-conflict",
    "register.second-changes-nothing",
    "register.after-delete",
    "list.one-at-most",
    "list.registered",
    "route.both-families-one-state",
    "delete.repeated-client-request-id",
    "delete.status-known",
    "delete.success-current",
    "delete.success-legacy",
    "delete.echo",
    "delete.ends-done",
    "delete.objects-gone",
    "delete.no-more-uploads",
    "delete.new-starts-empty",
    "list.after-delete",
)
def test_one_after_the_other(gong: Caller, follower: Follower, family: Family, run_name: str) -> None:
    """A second integration is refused until the first is deleted, and then starts empty."""
    name = f"{OURS} {run_name} first {FOREIGN} & <b>"
    first = gong.register_crm_integration(family, name=name, owner_email=OWNER)
    first.require("register.success", first.status == 200, "200 with integrationId")
    integration_id = first.member("integrationId")
    _second_is_refused(gong, family, name, integration_id)
    object_id = f"{run_name}-{family}-old"
    fields = [{"uniqueName": "oldField", "label": "Old", "type": "STRING"}]
    described = gong.upload_crm_entity_schema(family, integration_id, object_type="ACCOUNT", fields=fields)
    good = operation_of("uploadCrmEntitySchema", family).success
    described.require("schema.upload-success", described.status in good, "a field taken, for no other one is known yet")
    client_request_id = f"{object_id}-upload"
    data = ldjson([good_line("ACCOUNT", family, object_id)])
    gong.upload_crm_entities(
        family, integration_id, object_type="ACCOUNT", client_request_id=client_request_id, data=data
    )
    follower.done(integration_id, client_request_id=client_request_id)
    read: dict[str, Any] = {"object_type": "ACCOUNT", "ids": [object_id]}
    shown, there = follower.read(family, integration_id, **read, until=lambda found: found.get(object_id))
    shown.require("objects.done-is-readable", there, "the object that was uploaded")
    _delete(gong, follower, family, integration_id, f"{object_id}-delete")
    gone = gong.get_crm_entities(family, integration_id, **read)
    held = any((gone.member("crmObjectsMap") or {}).values())
    gone.require("delete.objects-gone", not held, "no object of the deleted integration")
    late = gong.upload_crm_entities(
        family, integration_id, object_type="ACCOUNT", client_request_id=f"{object_id}-late", data=data
    )
    late.require("delete.no-more-uploads", late.status in {400, 404}, "400 or 404, for it is deleted")
    second = gong.register_crm_integration(family, name=f"{OURS} {run_name} second", owner_email=OWNER)
    second.require("register.after-delete", second.status == 200, "200, for the first is deleted")
    fresh = gong.get_crm_entities(family, second.member("integrationId"), **read)
    fresh.require("delete.new-starts-empty", fresh.member("crmObjectsMap") == {object_id: None}, "null for the old id")
    listed = gong.list_crm_entity_schema(family, second.member("integrationId"), object_type="ACCOUNT")
    listed.require("delete.new-starts-empty", b'"oldField"' not in listed.content, "none of the old one's fields")


def _second_is_refused(gong: Caller, family: Family, name: str, integration_id: int) -> None:
    second = gong.register_crm_integration(family, name=f"{name} again", owner_email="someone.else@example.com")
    second.require("register.second-is-conflict", second.status == 409, "409, for one integration is active")
    answer = gong.list_crm_integrations(family)
    entries = answer.member("integrations") or []
    answer.require("list.one-at-most", len(entries) == 1, "one integration")
    named = [(entry.get("name"), entry.get("ownerEmail")) for entry in entries]
    answer.require("list.registered", named == [(name, OWNER)], f"{name} of {OWNER}")
    known = [(entry.get("integrationId"), entry.get("name"), entry.get("ownerEmail")) for entry in entries]
    answer.require("register.second-changes-nothing", known == [(integration_id, name, OWNER)], f"{name} as it was")
    for other in FAMILIES:
        if other != family and (twin := gong.list_crm_integrations(other)).status == 200:
            ids = [entry.get("integrationId") for entry in twin.member("integrations") or []]
            twin.prefer("route.both-families-one-state", ids == [integration_id], f"the integration {integration_id}")


def _delete(gong: Caller, follower: Follower, family: Family, integration_id: int, client_request_id: str) -> None:
    answer = gong.delete_crm_integration(family, integration_id, client_request_id=client_request_id)
    good = {201} if family == "current" else {200, 201}
    answer.require(f"delete.success-{family}", answer.status in good, f"one of {sorted(good)}")
    echoed = answer.member("clientRequestId") == client_request_id
    answer.require("delete.echo", echoed, f"clientRequestId {client_request_id}")
    again = gong.delete_crm_integration(family, integration_id, client_request_id=client_request_id)
    refused = again.status in {400, 404, 409}
    again.require("delete.repeated-client-request-id", refused, "409, or 400 or 404 if the integration is gone already")
    status = gong.get_crm_request_status(integration_id, client_request_id=client_request_id)
    status.require("delete.status-known", status.status == 200, "200, for the deletion was accepted")
    end = follower.end(integration_id, client_request_id=client_request_id)
    end.require("delete.ends-done", end.member("status") == "DONE", "DONE, at last")
    listed = gong.list_crm_integrations(family)
    listed.require("list.after-delete", not listed.member("integrations"), "no integration any more")
