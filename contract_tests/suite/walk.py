"""One whole integration through the generated client, in either family, sync or async."""

import asyncio
import importlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Literal

import httpx

from contract_tests.suite.caller import ldjson
from contract_tests.suite.exchange import Exchange
from contract_tests.suite.following import ENDS
from contract_tests.suite.operations import Family, operation_of
from contract_tests.suite.records import agrees, good_line
from contract_tests.suite.transport import Desk, GovernedAsyncTransport, GovernedTransport
from contract_tests.targets import Target
from gong_crm_client import AuthenticatedClient
from gong_crm_client.errors import UnexpectedResponse
from gong_crm_client.models import (
    CrmDataUpload,
    CrmObjectType,
    GenericCrmRegistrationRequest,
    GenericSchemaFieldRequest,
    GenericSchemaFieldRequestLegacy,
    UploadableFieldType,
    UploadObjectType,
)
from gong_crm_client.types import File

Mode = Literal["sync", "async"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the generated client made of an answer, beside the answer itself."""

    parsed: Any
    exchange: Exchange


class Walker:
    """Calls operations of one family through the generated client."""

    def __init__(self, desk: Desk, target: Target, *, family: Family, mode: Mode, run_name: str) -> None:
        self.desk = desk
        self.family = family
        self.mode = mode
        self.run_name = f"{run_name}-{family[0]}{mode[0]}"
        self.integration_id = 0
        self._count = 0
        self._exchanges: list[Exchange] = []
        desk.listeners.append(self._exchanges.append)
        prefix, _, token = (target.credentials.authorization or "").partition(" ")
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport = (
            GovernedTransport(desk) if mode == "sync" else GovernedAsyncTransport(desk)
        )
        self._client = AuthenticatedClient(
            base_url=target.base_url,
            token=token,
            prefix=prefix,
            timeout=httpx.Timeout(30),
            httpx_args={"transport": transport},
        )

    async def close(self) -> None:
        """Close the connections."""
        if self.mode == "sync":
            self._client.get_httpx_client().close()
        else:
            await self._client.get_async_httpx_client().aclose()

    async def call(self, verb: str, **arguments: Any) -> Answer:  # noqa: ANN401  # handed on to the generated function
        """Call an operation through its generated function.

        Args:
            verb: What it does.
            **arguments: What the function takes.

        Returns:
            The parsed answer and the exchange.
        """
        operation = operation_of(verb, self.family)
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation.id).lower()
        package = "crm_legacy" if operation.family == "legacy" else "crm"
        function = importlib.import_module(f"gong_crm_client.api.{package}.{name}")
        try:
            if self.mode == "sync":
                response = function.sync_detailed(client=self._client, **arguments)
            else:
                response = await function.asyncio_detailed(client=self._client, **arguments)
        except UnexpectedResponse:  # a 404 for an unknown id, say, which the desk has judged and tolerated
            return Answer(parsed=None, exchange=self._exchanges[-1])
        exchange = self._exchanges[-1]
        assert exchange.status == response.status_code
        return Answer(parsed=response.parsed, exchange=exchange)

    def next_id(self, word: str) -> str:
        """Make a client request id that was not used before.

        Args:
            word: What the request is about.

        Returns:
            Letters, digits, dashes and underscores.
        """
        self._count += 1
        return f"{self.run_name}-{word}_{self._count}"

    async def upload(self, object_type: str, lines: list[Any], *, client_request_id: str) -> Answer:
        """Upload lines.

        Args:
            object_type: Gong's name of the type.
            lines: The lines.
            client_request_id: Our name for the request.

        Returns:
            The answer.
        """
        file = File(payload=BytesIO(ldjson(lines)), file_name="lines.ldjson", mime_type="application/x-ndjson")
        return await self.call(
            "upload",
            integration_id=self.integration_id,
            object_type=UploadObjectType(object_type),
            client_request_id=client_request_id,
            body=CrmDataUpload(data_file=file),
        )

    async def accepted(self, object_type: str, lines: list[Any]) -> str:
        """Upload lines and see that the upload is taken.

        Args:
            object_type: Gong's name of the type.
            lines: The lines.

        Returns:
            The client request id to follow.
        """
        client_request_id = self.next_id(object_type)
        answer = await self.upload(object_type, lines, client_request_id=client_request_id)
        answer.exchange.require("upload.success", answer.exchange.status == 201, "201")
        answer.exchange.require(
            "upload.echo",
            answer.exchange.member("clientRequestId") == client_request_id,
            f"clientRequestId {client_request_id}",
        )
        assert answer.parsed.client_request_id == client_request_id
        return client_request_id

    async def end(self, client_request_id: str) -> Answer:
        """Follow a request to its end.

        Args:
            client_request_id: Our name for the request.

        Returns:
            The status that told the end.
        """
        deadline = self.desk.governor.deadline()
        pauses = self.desk.governor.pauses()
        while True:
            answer = await self.call("status", integration_id=self.integration_id, client_request_id=client_request_id)
            answer.exchange.require("status.success", answer.exchange.status == 200, "200")
            if answer.parsed.status.value in ENDS:
                return answer
            if self.desk.governor.clock() >= deadline:
                self.desk.governor.stuck = True
                answer.exchange.require("status.ends", holds=False, expected="DONE or FAILED at last")
            await asyncio.sleep(pauses.next())

    async def done(self, *client_request_ids: str) -> None:
        """Follow requests and see that each ends DONE.

        Args:
            *client_request_ids: Our names for the requests.
        """
        for client_request_id in client_request_ids:
            answer = await self.end(client_request_id)
            answer.exchange.require("status.done", answer.parsed.status.value == "DONE", "DONE, for every line is good")

    async def read(self, object_type: str, expected: dict[str, dict[str, Any] | None], *, clause: str) -> None:
        """Read objects until they are as expected; the main database may lag.

        Args:
            object_type: Gong's name of the type.
            expected: By id, the members that an object must show; None for one that must not be there.
            clause: The clause that is broken when they never are.
        """
        deadline = self.desk.governor.deadline()
        pauses = self.desk.governor.pauses()
        while True:
            answer = await self.call(
                "objects",
                integration_id=self.integration_id,
                object_type=CrmObjectType(object_type),
                body=list(expected),
            )
            exchange = answer.exchange
            exchange.require("objects.success", exchange.status == 200, "200")
            found = answer.parsed.crm_objects_map.additional_properties
            exchange.require(
                "objects.unknown-is-null", set(expected) <= set(found), "every id asked for, null if unknown"
            )
            exchange.require("objects.only-asked", set(found) <= set(expected), "no id that was not asked for")
            shown = {key: None if value is None else value.additional_properties for key, value in found.items()}
            if all(shows(want, shown[key]) for key, want in expected.items()):
                return
            if self.desk.governor.clock() >= deadline:
                self.desk.governor.stuck = True
                exchange.require(clause, holds=False, expected=f"these objects: {expected}")
            await asyncio.sleep(pauses.next())


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A part of the walk, told about one operation.

    Attributes:
        verb: What the operation does.
        about: What is told of it, in words joined by underscores.
        go: Walks it.
    """

    verb: str
    about: str
    go: Callable[[Walker], Awaitable[None]]


def shows(want: dict[str, Any] | None, got: dict[str, Any] | None) -> bool:
    """Say whether an object read back is what was sent.

    Args:
        want: Members that must be there; None for an object that must not be there.
        got: The object; None where none is found.

    Returns:
        True when it is; a deleted object may be shown as long as it says so (U-8).
    """
    if want is None:
        return got is None or agrees(sent=True, got=got.get("isDeleted"))
    return got is not None and all(name in got and agrees(value, got[name]) for name, value in want.items())


async def walk(walker: Walker, *, name: str) -> None:
    """Let one whole integration live and die.

    Args:
        walker: Calls through the generated client.
        name: Name of the integration to register.

    Raises:
        Breach: A clause does not hold.
    """
    for chapter in chapters(name):
        await chapter.go(walker)


def chapters(name: str) -> tuple[Chapter, ...]:
    """Tell the walk by its chapters.

    Args:
        name: Name of the integration to register.

    Returns:
        The chapters in order; each needs those before it.
    """
    return (
        Chapter(verb="list", about="none", go=_none_listed),
        Chapter(verb="register", about="only_once", go=partial(_register, name=name)),
        Chapter(verb="schema", about="and_list", go=_describe),
        Chapter(verb="upload", about="every_type", go=_load),
        Chapter(verb="status", about="failed_then_mended", go=_mend),
        Chapter(verb="upload", about="change_and_delete", go=_change),
        Chapter(verb="upload", about="repeated_request_id", go=_repeat),
        Chapter(verb="delete", about="with_everything", go=_delete),
    )


async def _none_listed(walker: Walker) -> None:
    exchange = (await walker.call("list")).exchange
    none = exchange.status == 404 or exchange.member("integrations") == []  # U-22
    exchange.require("list.empty", none, "an empty list of integrations")


async def _register(walker: Walker, *, name: str) -> None:
    body = GenericCrmRegistrationRequest(name=name, owner_email="contract.suite@example.com")
    answer = await walker.call("register", body=body)
    answer.exchange.require("register.success", answer.exchange.status == 200, "200 with integrationId")
    walker.integration_id = answer.parsed.integration_id
    assert answer.exchange.member("integrationId") == walker.integration_id
    again = (await walker.call("register", body=body)).exchange
    again.require("register.repeated-is-conflict", again.status == 409, "409, for one integration is active")
    answer = await walker.call("list")
    answer.exchange.require("list.success", answer.exchange.status == 200, "200 with integrations")
    ids = [entry.integration_id for entry in answer.parsed.integrations]
    answer.exchange.require(
        "ids.integration-id-exact", ids == [walker.integration_id], f"the one id {walker.integration_id}"
    )
    listed = [(entry.name, entry.owner_email) for entry in answer.parsed.integrations]
    answer.exchange.require("list.registered", listed == [(name, body.owner_email)], f"{name} of {body.owner_email}")


async def _describe(walker: Walker) -> None:
    made = GenericSchemaFieldRequest if walker.family == "current" else GenericSchemaFieldRequestLegacy
    fields = [
        made(unique_name="region", label="Region", type_=UploadableFieldType.STRING),
        made(unique_name="score", label="Score", type_=UploadableFieldType.NUMBER),
    ]
    of_account = {"integration_id": walker.integration_id, "object_type": CrmObjectType.ACCOUNT}
    exchange = (await walker.call("schema", body=fields, **of_account)).exchange
    exchange.require("schema.upload-success", exchange.status in {200, 201}, "200 (or 201)")
    answer = await walker.call("schema-list", **of_account)
    answer.exchange.require("schema-list.success", answer.exchange.status == 200, "200")
    listed = answer.exchange.body["objectTypeToSelectedFields"].get("ACCOUNT", [])
    shown = {(field.get("uniqueName") or field.get("name"), field.get("label"), field.get("type")) for field in listed}
    wanted = {("region", "Region", "STRING"), ("score", "Score", "NUMBER")}
    answer.exchange.require("schema-list.field", wanted <= shown, f"the fields {sorted(wanted)}")


async def _load(walker: Walker) -> None:
    family, run = walker.family, walker.run_name
    first = [
        await walker.accepted("BUSINESS_USER", [good_line("BUSINESS_USER", family, f"{run}-usr")]),
        await walker.accepted("STAGE", [good_line("STAGE", family, f"{run}-stg")]),
        await walker.accepted(
            "ACCOUNT",
            [
                good_line("ACCOUNT", family, f"{run}-acc", minute=1, region="EMEA", score=4.5),
                good_line("ACCOUNT", family, f"{run}-new", minute=2),
                good_line("ACCOUNT", family, f"{run}-old", minute=3),
            ],
        ),
    ]
    await walker.done(*first)
    account = {"name": f"Account {run}-acc", "region": "EMEA", "score": 4.5}
    await walker.read("ACCOUNT", {f"{run}-acc": account}, clause="objects.done-is-readable")
    of_account: dict[str, Any] = {"accountId": f"{run}-acc"}
    deal: dict[str, Any] = {**of_account, "ownerId": f"{run}-usr", "stage": f"{run}-stg"}
    await walker.done(
        await walker.accepted("CONTACT", [good_line("CONTACT", family, f"{run}-con", **of_account)]),
        await walker.accepted("DEAL", [good_line("DEAL", family, f"{run}-dea", **deal)]),
        await walker.accepted("LEAD", [good_line("LEAD", family, f"{run}-lea")]),
    )
    contact, lead = {"lastName": f"Contact {run}-con"}, {"lastName": f"Lead {run}-lea"}
    await walker.read("CONTACT", {f"{run}-con": contact}, clause="objects.done-is-readable")
    await walker.read("LEAD", {f"{run}-lea": lead}, clause="objects.done-is-readable")


async def _mend(walker: Walker) -> None:
    run = walker.run_name
    lines = [good_line("LEAD", walker.family, f"{run}-m{number}", minute=number) for number in range(5)]
    broken = [dict(line) for line in lines]
    for number in (1, 3):
        del broken[number]["objectId"]
    answer = await walker.end(await walker.accepted("LEAD", broken))
    told = answer.parsed
    answer.exchange.require("status.failed", told.status.value == "FAILED", "FAILED, for lines 2 and 4 are bad")
    named = sorted(error.line for error in told.errors)
    answer.exchange.require("status.line-numbers", named == [2, 4], "errors for lines 2 and 4")
    answer.exchange.require("status.error-count", told.total_error_count == 2, "totalErrorCount 2")
    answer.exchange.require("status.success-count", told.total_success_count == 3, "totalSuccessCount 3")
    mended = await walker.end(await walker.accepted("LEAD", lines))
    mended.exchange.require(
        "status.mended-file", mended.parsed.status.value == "DONE", "DONE, for every line is good now"
    )


async def _change(walker: Walker) -> None:
    run = walker.run_name
    renamed = good_line("ACCOUNT", walker.family, f"{run}-new", minute=20, name="Renamed")
    deleted = good_line("ACCOUNT", walker.family, f"{run}-old", minute=21, isDeleted=True)
    await walker.done(await walker.accepted("ACCOUNT", [renamed, deleted]))
    await walker.read("ACCOUNT", {f"{run}-new": {"name": "Renamed"}}, clause="upload.update")
    await walker.read("ACCOUNT", {f"{run}-old": None}, clause="upload.delete")
    kept = {f"{run}-acc": {"name": f"Account {run}-acc"}, f"{run}-nowhere": None}
    await walker.read("ACCOUNT", kept, clause="upload.delete-only-that")


async def _repeat(walker: Walker) -> None:
    lines = [good_line("LEAD", walker.family, f"{walker.run_name}-rep")]
    client_request_id = await walker.accepted("LEAD", lines)
    await walker.done(client_request_id)
    again = (await walker.upload("LEAD", lines, client_request_id=client_request_id)).exchange
    again.require("upload.repeated-client-request-id", again.status == 409, "409, for the id was used")


async def _delete(walker: Walker) -> None:
    client_request_id = walker.next_id("delete")
    of_request = {"integration_id": walker.integration_id, "client_request_id": client_request_id}
    answer = await walker.call("delete", **of_request)
    good = {201} if walker.family == "current" else {200, 201}
    answer.exchange.require(f"delete.success-{walker.family}", answer.exchange.status in good, f"one of {sorted(good)}")
    echoed = answer.exchange.member("clientRequestId") == client_request_id
    answer.exchange.require("delete.echo", echoed, f"clientRequestId {client_request_id}")
    end = await walker.end(client_request_id)
    end.exchange.require("delete.ends-done", end.parsed.status.value == "DONE", "DONE, at last")
    exchange = (await walker.call("list")).exchange
    gone = exchange.status == 404 or exchange.member("integrations") == []  # U-22
    exchange.require("list.after-delete", gone, "no integration any more")
    ids = [f"{walker.run_name}-acc"]
    answer = await walker.call(
        "objects", integration_id=walker.integration_id, object_type=CrmObjectType.ACCOUNT, body=ids
    )
    held = any(value is not None for value in (answer.exchange.member("crmObjectsMap") or {}).values())
    answer.exchange.require("delete.objects-gone", not held, "no object of the deleted integration")
