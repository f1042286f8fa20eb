"""A driver through one family of operations: it calls them through the generated client, sync or async."""

import asyncio
import importlib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import httpx

from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.follower import ENDS
from contract_tests.suite.drive.records import shows
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.operations import Family, operation_of
from contract_tests.suite.wire.targets import Target
from contract_tests.suite.wire.transport import AsyncSessionTransport, Session, SessionTransport
from gong_crm_client import AuthenticatedClient
from gong_crm_client.errors import UnexpectedResponse
from gong_crm_client.models import CrmDataUpload, CrmObjectType, UploadObjectType
from gong_crm_client.types import File

Mode = Literal["sync", "async"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the generated client made of an answer, beside the answer itself."""

    parsed: Any
    exchange: Exchange


class ClientDriver:
    """Calls operations of one family through the generated client."""

    def __init__(self, session: Session, target: Target, *, family: Family, mode: Mode, run_name: str) -> None:
        self.session = session
        self.family = family
        self.mode = mode
        self.run_name = f"{run_name}-{family[0]}{mode[0]}"
        self.integration_id = 0
        self._count = 0
        self._exchanges: list[Exchange] = []
        session.listeners.append(self._exchanges.append)
        prefix, _, token = (target.credentials.authorization or "").partition(" ")
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport = (
            SessionTransport(session) if mode == "sync" else AsyncSessionTransport(session)
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

    async def call(self, name: str, **arguments: Any) -> Answer:  # noqa: ANN401  # handed on to the generated function
        """Call an operation through its generated function.

        Args:
            name: Its operationId, that of the current family for both twins.
            **arguments: What the function takes.

        Returns:
            The parsed answer and the exchange.
        """
        operation = operation_of(name, self.family)
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation.id).lower()
        package = "crm_legacy" if operation.family == "legacy" else "crm"
        function = importlib.import_module(f"gong_crm_client.api.{package}.{name}")
        try:
            if self.mode == "sync":
                response = function.sync_detailed(client=self._client, **arguments)
            else:
                response = await function.asyncio_detailed(client=self._client, **arguments)
        except UnexpectedResponse:  # a 404 for an unknown id, say, which the session has judged and tolerated
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
            "uploadCrmEntities",
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
        deadline = self.session.budget.deadline()
        pauses = self.session.budget.pauses()
        while True:
            answer = await self.call(
                "getCrmRequestStatus", integration_id=self.integration_id, client_request_id=client_request_id
            )
            answer.exchange.require("status.success", answer.exchange.status == 200, "200")
            if answer.parsed.status.value in ENDS:
                return answer
            if self.session.budget.clock() >= deadline:
                self.session.budget.stuck = True
                answer.exchange.require("status.ends", holds=False, expected="DONE or FAILED at last")
                return answer
            await asyncio.sleep(pauses.next())

    async def done(self, *client_request_ids: str) -> None:
        """Follow requests and see that each ends DONE.

        Args:
            *client_request_ids: Our names for the requests.
        """
        for client_request_id in client_request_ids:
            answer = await self.end(client_request_id)
            answer.exchange.require(
                "status.done", answer.parsed.status.value == "DONE", "DONE, because every line is good"
            )

    async def read(self, object_type: str, expected: dict[str, dict[str, Any] | None], *, clause: str) -> None:
        """Read objects until they are as expected; the main database may lag.

        Args:
            object_type: Gong's name of the type.
            expected: By id, the members that an object must show; None for one that must not be there.
            clause: The clause that is broken when they never are.
        """
        deadline = self.session.budget.deadline()
        pauses = self.session.budget.pauses()
        while True:
            answer = await self.call(
                "getCrmEntities",
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
            if self.session.budget.clock() >= deadline:
                self.session.budget.stuck = True
                exchange.require(clause, holds=False, expected=f"these objects: {expected}")
                return
            await asyncio.sleep(pauses.next())
