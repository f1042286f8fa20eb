"""A driver of the generated client, sync or async, through one family of operations."""

import importlib
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import httpx

from contract_tests.suite.drive.data_files import LINES, ldjson
from contract_tests.suite.drive.follower import ENDS
from contract_tests.suite.drive.records import shows
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family, operation_of
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.transport import EXCHANGE, AsyncSessionTransport, SessionTransport
from gong_crm_client import AuthenticatedClient
from gong_crm_client.errors import UnexpectedResponse
from gong_crm_client.models import CrmDataUpload, CrmObjectType, UploadObjectType
from gong_crm_client.types import File

Mode = Literal["sync", "async"]


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What the generated client made of an answer, beside the answer itself."""

    parsed: Any
    answer: Answer


class ClientDriver:
    """Calls operations of one family through the generated client.

    Client request ids and object ids begin with ``run_name``.
    """

    def __init__(self, session: Session, *, family: Family, mode: Mode, run_name: str) -> None:
        self.session = session
        self.family = family
        self.mode = mode
        self.run_name = run_name
        self.integration_id = 0
        self._count = 0
        prefix, _, token = (session.target.credentials.authorization or "").partition(" ")
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport = (
            SessionTransport(session) if mode == "sync" else AsyncSessionTransport(session)
        )
        keep = self._keep if mode == "sync" else self._keep_async
        self._client = AuthenticatedClient(
            base_url=session.target.base_url,
            token=token,
            prefix=prefix,
            httpx_args={"transport": transport, "event_hooks": {"response": [keep]}},
        )

    def _keep(self, response: httpx.Response) -> None:
        """Keep the exchange of a response, which the generated functions do not hand on."""
        self._answer = self.session.answer(response.extensions[EXCHANGE])

    async def _keep_async(self, response: httpx.Response) -> None:
        self._keep(response)

    async def close(self) -> None:
        """Close the connections."""
        if self.mode == "sync":
            self._client.get_httpx_client().close()
        else:
            await self._client.get_async_httpx_client().aclose()

    async def call(self, name: str, **arguments: Any) -> Parsed:  # noqa: ANN401  (handed on to the generated function)
        """Call an operation through its generated function.

        Args:
            name: Its operationId, that of the current family for both twins.
            **arguments: What the function takes.
        """
        operation = operation_of(name, self.family)
        module = re.sub(r"(?<!^)([A-Z])", r"_\1", operation.id).lower()
        package = "crm_legacy" if operation.family == "legacy" else "crm"
        function = importlib.import_module(f"gong_crm_client.api.{package}.{module}")
        try:
            if self.mode == "sync":
                response = function.sync_detailed(client=self._client, **arguments)
            else:
                response = await function.asyncio_detailed(client=self._client, **arguments)
        except UnexpectedResponse:  # a 404 for an unknown id, say, which the session has judged and tolerated
            return Parsed(parsed=None, answer=self._answer)
        assert self._answer.status == response.status_code
        return Parsed(parsed=response.parsed, answer=self._answer)

    def next_id(self, word: str) -> str:
        """Make a client request id that was not used before."""
        self._count += 1
        return f"{self.run_name}-{word}_{self._count}"

    async def upload(self, object_type: str, lines: list[Any], *, client_request_id: str) -> Parsed:
        """Upload lines."""
        file = File(payload=BytesIO(ldjson(lines)), file_name="lines.ldjson", mime_type=LINES)
        return await self.call(
            "uploadCrmEntities",
            integration_id=self.integration_id,
            object_type=UploadObjectType(object_type),
            client_request_id=client_request_id,
            body=CrmDataUpload(data_file=file),
        )

    async def accepted(self, object_type: str, lines: list[Any]) -> str:
        """Upload lines, see that the upload is taken, and return the client request id to follow."""
        client_request_id = self.next_id(object_type)
        got = await self.upload(object_type, lines, client_request_id=client_request_id)
        got.answer.require("upload.success", got.answer.status == 201, "201")
        echoed = got.answer.member("clientRequestId") == client_request_id
        got.answer.require("upload.echo", echoed, f"clientRequestId {client_request_id}")
        assert got.parsed.client_request_id == client_request_id
        return client_request_id

    async def end(self, client_request_id: str) -> Parsed:
        """Follow a request to the status that reports its end."""
        got = None
        for _ in self.session.budget.polls():
            got = await self.call(
                "getCrmRequestStatus", integration_id=self.integration_id, client_request_id=client_request_id
            )
            got.answer.require("status.success", got.answer.status == 200, "200")
            if got.parsed.status.value in ENDS:
                return got
        assert got is not None  # a poll asks at least once
        got.answer.require("status.ends", holds=False, expected="DONE or FAILED at last")
        return got

    async def done(self, *client_request_ids: str) -> None:
        """Follow requests and see that each ends DONE."""
        for client_request_id in client_request_ids:
            got = await self.end(client_request_id)
            done = got.parsed.status.value == "DONE"
            got.answer.require("status.done", done, "DONE, because every line is good")

    async def read(self, object_type: str, expected: dict[str, dict[str, Any] | None], *, clause: str) -> None:
        """Read objects until they are as expected, since they may lag behind DONE.

        Args:
            object_type: Gong's name of the type.
            expected: By id, the members that an object must show; None for one that must not be there.
            clause: The clause that is broken when they never are.
        """
        answer = None
        for _ in self.session.budget.polls():
            got = await self.call(
                "getCrmEntities",
                integration_id=self.integration_id,
                object_type=CrmObjectType(object_type),
                body=list(expected),
            )
            answer = got.answer
            answer.require("objects.success", answer.status == 200, "200")
            found = got.parsed.crm_objects_map.additional_properties
            answer.require(
                "objects.unknown-is-null", set(expected) <= set(found), "every id asked for, null if unknown"
            )
            answer.require("objects.only-asked", set(found) <= set(expected), "no id that was not asked for")
            shown = {key: None if value is None else value.additional_properties for key, value in found.items()}
            if all(shows(want, shown[key]) for key, want in expected.items()):
                return
        assert answer is not None  # a poll asks at least once
        answer.require(clause, holds=False, expected=f"these objects: {expected}")
