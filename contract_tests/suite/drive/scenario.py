"""The life of one whole integration, step by step, from an empty list to an empty list."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from contract_tests.suite.drive.client_driver import ClientDriver
from contract_tests.suite.drive.records import good_line
from gong_crm_client.models import (
    CrmObjectType,
    GenericCrmRegistrationRequest,
    GenericSchemaFieldRequest,
    GenericSchemaFieldRequestLegacy,
    UploadableFieldType,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A part of the walk, told about one operation.

    Attributes:
        name: The operationId, that of the current family for both twins.
        about: What is told of it, in words joined by underscores.
        go: Walks it.
    """

    name: str
    about: str
    go: Callable[[ClientDriver], Awaitable[None]]


async def walk(driver: ClientDriver, *, name: str) -> None:
    """Let one whole integration live and die.

    Args:
        driver: Calls through the generated client.
        name: Name of the integration to register.

    Raises:
        Breach: A clause does not hold.
    """
    for step in steps(name):
        await step.go(driver)


def steps(name: str) -> tuple[Step, ...]:
    """Tell the walk by its steps.

    Args:
        name: Name of the integration to register.

    Returns:
        The steps in order; each needs those before it.
    """
    return (
        Step(name="listCrmIntegrations", about="none", go=_none_listed),
        Step(name="registerCrmIntegration", about="only_once", go=partial(_register, name=name)),
        Step(name="uploadCrmEntitySchema", about="and_list", go=_describe),
        Step(name="uploadCrmEntities", about="every_type", go=_load),
        Step(name="getCrmRequestStatus", about="failed_then_mended", go=_mend),
        Step(name="uploadCrmEntities", about="change_and_delete", go=_change),
        Step(name="uploadCrmEntities", about="repeated_request_id", go=_repeat),
        Step(name="deleteCrmIntegration", about="with_everything", go=_delete),
    )


async def _none_listed(driver: ClientDriver) -> None:
    exchange = (await driver.call("listCrmIntegrations")).exchange
    none = exchange.status == 404 or exchange.member("integrations") == []  # U-22
    exchange.require("list.empty", none, "an empty list of integrations")


async def _register(driver: ClientDriver, *, name: str) -> None:
    body = GenericCrmRegistrationRequest(name=name, owner_email="contract.suite@example.com")
    answer = await driver.call("registerCrmIntegration", body=body)
    answer.exchange.require("register.success", answer.exchange.status == 200, "200 with integrationId")
    driver.integration_id = answer.parsed.integration_id
    assert answer.exchange.member("integrationId") == driver.integration_id
    again = (await driver.call("registerCrmIntegration", body=body)).exchange
    again.require("register.repeated-is-conflict", again.status == 409, "409, for one integration is active")
    answer = await driver.call("listCrmIntegrations")
    answer.exchange.require("list.success", answer.exchange.status == 200, "200 with integrations")
    ids = [entry.integration_id for entry in answer.parsed.integrations]
    answer.exchange.require(
        "ids.integration-id-exact", ids == [driver.integration_id], f"the one id {driver.integration_id}"
    )
    listed = [(entry.name, entry.owner_email) for entry in answer.parsed.integrations]
    answer.exchange.require("list.registered", listed == [(name, body.owner_email)], f"{name} of {body.owner_email}")


async def _describe(driver: ClientDriver) -> None:
    made = GenericSchemaFieldRequest if driver.family == "current" else GenericSchemaFieldRequestLegacy
    fields = [
        made(unique_name="region", label="Region", type_=UploadableFieldType.STRING),
        made(unique_name="score", label="Score", type_=UploadableFieldType.NUMBER),
    ]
    of_account = {"integration_id": driver.integration_id, "object_type": CrmObjectType.ACCOUNT}
    exchange = (await driver.call("uploadCrmEntitySchema", body=fields, **of_account)).exchange
    exchange.require("schema.upload-success", exchange.status in {200, 201}, "200 (or 201)")
    answer = await driver.call("listCrmEntitySchema", **of_account)
    answer.exchange.require("schema-list.success", answer.exchange.status == 200, "200")
    listed = answer.exchange.body["objectTypeToSelectedFields"].get("ACCOUNT", [])
    shown = {(field.get("uniqueName") or field.get("name"), field.get("label"), field.get("type")) for field in listed}
    wanted = {("region", "Region", "STRING"), ("score", "Score", "NUMBER")}
    answer.exchange.require("schema-list.field", wanted <= shown, f"the fields {sorted(wanted)}")


async def _load(driver: ClientDriver) -> None:
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


async def _mend(driver: ClientDriver) -> None:
    run = driver.run_name
    lines = [good_line("LEAD", driver.family, f"{run}-m{number}", minute=number) for number in range(5)]
    broken = [dict(line) for line in lines]
    for number in (1, 3):
        del broken[number]["objectId"]
    answer = await driver.end(await driver.accepted("LEAD", broken))
    told = answer.parsed
    answer.exchange.require("status.failed", told.status.value == "FAILED", "FAILED, for lines 2 and 4 are bad")
    named = sorted(error.line for error in told.errors)
    answer.exchange.require("status.line-numbers", named == [2, 4], "errors for lines 2 and 4")
    answer.exchange.require("status.error-count", told.total_error_count == 2, "totalErrorCount 2")
    answer.exchange.require("status.success-count", told.total_success_count == 3, "totalSuccessCount 3")
    mended = await driver.end(await driver.accepted("LEAD", lines))
    mended.exchange.require(
        "status.mended-file", mended.parsed.status.value == "DONE", "DONE, because every line is good now"
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
    again = (await driver.upload("LEAD", lines, client_request_id=client_request_id)).exchange
    again.require("upload.repeated-client-request-id", again.status == 409, "409, for the id was used")


async def _delete(driver: ClientDriver) -> None:
    client_request_id = driver.next_id("delete")
    of_request = {"integration_id": driver.integration_id, "client_request_id": client_request_id}
    answer = await driver.call("deleteCrmIntegration", **of_request)
    good = {201} if driver.family == "current" else {200, 201}
    answer.exchange.require(f"delete.success-{driver.family}", answer.exchange.status in good, f"one of {sorted(good)}")
    echoed = answer.exchange.member("clientRequestId") == client_request_id
    answer.exchange.require("delete.echo", echoed, f"clientRequestId {client_request_id}")
    end = await driver.end(client_request_id)
    end.exchange.require("delete.ends-done", end.parsed.status.value == "DONE", "DONE, at last")
    exchange = (await driver.call("listCrmIntegrations")).exchange
    gone = exchange.status == 404 or exchange.member("integrations") == []  # U-22
    exchange.require("list.after-delete", gone, "no integration any more")
    ids = [f"{driver.run_name}-acc"]
    answer = await driver.call(
        "getCrmEntities", integration_id=driver.integration_id, object_type=CrmObjectType.ACCOUNT, body=ids
    )
    held = any(value is not None for value in (answer.exchange.member("crmObjectsMap") or {}).values())
    answer.exchange.require("delete.objects-gone", not held, "no object of the deleted integration")
