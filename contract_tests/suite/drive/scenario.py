"""The life of one whole integration, step by step, from an empty list to an empty list."""

import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Final

from contract_tests.suite.drive.client_driver import ClientDriver
from contract_tests.suite.drive.data_files import LINES, ldjson
from contract_tests.suite.drive.records import good_line
from contract_tests.suite.ledger.operations import Family
from gong_crm_client.models import (
    CrmDataUpload,
    CrmObjectType,
    GenericCrmRegistrationRequest,
    GenericDealStageRequest,
    GenericSchemaFieldRequest,
    GenericSchemaFieldRequestLegacy,
    UploadableFieldType,
)
from gong_crm_client.types import File


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part of the scenario, about one operation.

    Attributes:
        name: The operationId, that of the current family for both twins.
        about: What is shown of it, in words joined by underscores.
        go: Takes the step.
    """

    name: str
    about: str
    go: Callable[[ClientDriver], Awaitable[None]]


def steps(family: Family, *, name: str) -> tuple[Step, ...]:
    """List the steps of the scenario in order; each needs those before it."""
    return (
        Step(name="listCrmIntegrations", about="none", go=_none_listed),
        Step(name="registerCrmIntegration", about="only_once", go=partial(_register, name=name)),
        Step(name="uploadCrmEntitySchema", about="and_list", go=_upload_schema),
        Step(name="uploadCrmEntities", about="every_type", go=_upload_all_types),
        Step(name="getCrmRequestStatus", about="failed_then_corrected", go=_correct),
        Step(name="uploadCrmEntities", about="change_and_delete", go=_change),
        Step(name="uploadCrmEntities", about="repeated_request_id", go=_repeat),
        *(_LEGACY_ALONE if family == "legacy" else ()),
        Step(name="deleteCrmIntegration", about="with_everything", go=_delete),
    )


async def _none_listed(driver: ClientDriver) -> None:
    answer = (await driver.call("listCrmIntegrations")).answer
    none = answer.status == 404 or answer.member("integrations") == []  # U-22
    answer.require("list.empty", none, "an empty list of integrations")


async def _register(driver: ClientDriver, *, name: str) -> None:
    body = GenericCrmRegistrationRequest(name=name, owner_email="contract.suite@example.com")
    got = await driver.call("registerCrmIntegration", body=body)
    got.answer.require("register.success", got.answer.status == 200, "200 with integrationId")
    driver.integration_id = got.parsed.integration_id
    assert got.answer.member("integrationId") == driver.integration_id
    again = (await driver.call("registerCrmIntegration", body=body)).answer
    again.require("register.repeated-is-conflict", again.status == 409, "409, for one integration is active")
    got = await driver.call("listCrmIntegrations")
    got.answer.require("list.success", got.answer.status == 200, "200 with integrations")
    ids = [entry.integration_id for entry in got.parsed.integrations]
    got.answer.require(
        "ids.integration-id-exact", ids == [driver.integration_id], f"the one id {driver.integration_id}"
    )
    listed = [(entry.name, entry.owner_email) for entry in got.parsed.integrations]
    got.answer.require("list.registered", listed == [(name, body.owner_email)], f"{name} of {body.owner_email}")


async def _upload_schema(driver: ClientDriver) -> None:
    made = GenericSchemaFieldRequest if driver.family == "current" else GenericSchemaFieldRequestLegacy
    fields = [
        made(unique_name="region", label="Region", type_=UploadableFieldType.STRING),
        made(unique_name="score", label="Score", type_=UploadableFieldType.NUMBER),
    ]
    of_account = {"integration_id": driver.integration_id, "object_type": CrmObjectType.ACCOUNT}
    answer = (await driver.call("uploadCrmEntitySchema", body=fields, **of_account)).answer
    answer.require("schema.upload-success", answer.status in {200, 201}, "200 (or 201)")
    got = await driver.call("listCrmEntitySchema", **of_account)
    got.answer.require("schema-list.success", got.answer.status == 200, "200")
    listed = got.answer.body["objectTypeToSelectedFields"].get("ACCOUNT", [])
    shown = {(field.get("uniqueName") or field.get("name"), field.get("label"), field.get("type")) for field in listed}
    wanted = {("region", "Region", "STRING"), ("score", "Score", "NUMBER")}
    got.answer.require("schema-list.field", wanted <= shown, f"the fields {sorted(wanted)}")


async def _upload_all_types(driver: ClientDriver) -> None:
    family, run = driver.family, driver.run_name
    first = [
        await driver.accepted("BUSINESS_USER", [good_line("BUSINESS_USER", family, f"{run}-usr")]),
        await driver.accepted("STAGE", [good_line("STAGE", family, f"{run}-stg")]),
        await driver.accepted(
            "ACCOUNT",
            [
                good_line("ACCOUNT", family, f"{run}-acc", minute=1, region="EMEA", score=4.5),
                good_line("ACCOUNT", family, f"{run}-new", minute=2),
                good_line("ACCOUNT", family, f"{run}-old", minute=3),
            ],
        ),
    ]
    await driver.done(*first)
    account = {"name": f"Account {run}-acc", "region": "EMEA", "score": 4.5}
    await driver.read("ACCOUNT", {f"{run}-acc": account}, clause="objects.done-is-readable")
    of_account: dict[str, Any] = {"accountId": f"{run}-acc"}
    deal: dict[str, Any] = {**of_account, "ownerId": f"{run}-usr", "stage": f"{run}-stg"}
    await driver.done(
        await driver.accepted("CONTACT", [good_line("CONTACT", family, f"{run}-con", **of_account)]),
        await driver.accepted("DEAL", [good_line("DEAL", family, f"{run}-dea", **deal)]),
        await driver.accepted("LEAD", [good_line("LEAD", family, f"{run}-lea")]),
    )
    contact, lead = {"lastName": f"Contact {run}-con"}, {"lastName": f"Lead {run}-lea"}
    await driver.read("CONTACT", {f"{run}-con": contact}, clause="objects.done-is-readable")
    await driver.read("LEAD", {f"{run}-lea": lead}, clause="objects.done-is-readable")


async def _correct(driver: ClientDriver) -> None:
    run = driver.run_name
    lines = [good_line("LEAD", driver.family, f"{run}-m{number}", minute=number) for number in range(5)]
    broken = [dict(line) for line in lines]
    for number in (1, 3):
        del broken[number]["objectId"]
    got = await driver.end(await driver.accepted("LEAD", broken))
    status = got.parsed
    got.answer.require("status.failed", status.status.value == "FAILED", "FAILED, for lines 2 and 4 are bad")
    named = sorted(error.line for error in status.errors)
    got.answer.require("status.line-numbers", named == [2, 4], "errors for lines 2 and 4")
    got.answer.require("status.error-count", status.total_error_count == 2, "totalErrorCount 2")
    got.answer.require("status.success-count", status.total_success_count == 3, "totalSuccessCount 3")
    corrected = await driver.end(await driver.accepted("LEAD", lines))
    corrected.answer.require(
        "status.corrected-file", corrected.parsed.status.value == "DONE", "DONE, because every line is good now"
    )


async def _change(driver: ClientDriver) -> None:
    run = driver.run_name
    renamed = good_line("ACCOUNT", driver.family, f"{run}-new", minute=20, name="Renamed")
    deleted = good_line("ACCOUNT", driver.family, f"{run}-old", minute=21, isDeleted=True)
    await driver.done(await driver.accepted("ACCOUNT", [renamed, deleted]))
    await driver.read("ACCOUNT", {f"{run}-new": {"name": "Renamed"}}, clause="upload.update")
    await driver.read("ACCOUNT", {f"{run}-old": None}, clause="upload.delete")
    kept = {f"{run}-acc": {"name": f"Account {run}-acc"}, f"{run}-nowhere": None}
    await driver.read("ACCOUNT", kept, clause="upload.delete-only-that")


async def _repeat(driver: ClientDriver) -> None:
    lines = [good_line("LEAD", driver.family, f"{driver.run_name}-rep")]
    client_request_id = await driver.accepted("LEAD", lines)
    await driver.done(client_request_id)
    again = (await driver.upload("LEAD", lines, client_request_id=client_request_id)).answer
    again.require("upload.repeated-client-request-id", again.status == 409, "409, for the id was used")


async def _delete(driver: ClientDriver) -> None:
    client_request_id = driver.next_id("delete")
    of_request = {"integration_id": driver.integration_id, "client_request_id": client_request_id}
    got = await driver.call("deleteCrmIntegration", **of_request)
    good = {201} if driver.family == "current" else {200, 201}
    got.answer.require(f"delete.success-{driver.family}", got.answer.status in good, f"one of {sorted(good)}")
    echoed = got.answer.member("clientRequestId") == client_request_id
    got.answer.require("delete.echo", echoed, f"clientRequestId {client_request_id}")
    end = await driver.end(client_request_id)
    end.answer.require("delete.ends-done", end.parsed.status.value == "DONE", "DONE, at last")
    answer = (await driver.call("listCrmIntegrations")).answer
    gone = answer.status == 404 or answer.member("integrations") == []  # U-22
    answer.require("list.after-delete", gone, "no integration any more")
    ids = [f"{driver.run_name}-acc"]
    got = await driver.call(
        "getCrmEntities", integration_id=driver.integration_id, object_type=CrmObjectType.ACCOUNT, body=ids
    )
    held = any(value is not None for value in (got.answer.member("crmObjectsMap") or {}).values())
    got.answer.require("delete.objects-gone", not held, "no object of the deleted integration")


@contextmanager
def _knowing_it_is_old() -> Iterator[None]:
    """Call what Gong has deprecated on purpose; the client warns everybody else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


async def _map_users(driver: ClientDriver) -> None:
    client_request_id = driver.next_id("users")
    data = ldjson([{"crmUserId": f"{driver.run_name}-usr", "emailAddress": f"{driver.run_name}@example.com"}])
    file = File(payload=BytesIO(data), file_name="lines.ldjson", mime_type=LINES)
    of_request = {"integration_id": driver.integration_id, "client_request_id": client_request_id}
    with _knowing_it_is_old():
        got = await driver.call("mapCrmUsersLegacy", body=CrmDataUpload(data_file=file), **of_request)
    got.answer.require("map-users.success", got.answer.status == 201, "201")
    await driver.done(client_request_id)


async def _upload_stages(driver: ClientDriver) -> None:
    names = enumerate(("Discovery", "Proposal"), 1)
    stages = [
        GenericDealStageRequest(internal_name=name.lower(), name=name, is_active=True, sort_order=number)
        for number, name in names
    ]
    with _knowing_it_is_old():
        got = await driver.call("uploadCrmStagesLegacy", integration_id=driver.integration_id, body=stages)
    got.answer.require("stages.success", got.answer.status == 200, "200")


_LEGACY_ALONE: Final = (
    Step(name="mapCrmUsersLegacy", about="until_done", go=_map_users),
    Step(name="uploadCrmStagesLegacy", about="two", go=_upload_stages),
)
