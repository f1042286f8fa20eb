"""Calls of the seventeen operations as raw HTTP, right or wrong on purpose."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from contract_tests.suite.drive.data_files import data_file
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family, operation_of
from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.transport import EXCHANGE, SessionTransport

JSON: Final = "application/json"
Query = Mapping[str, str | int | None]


class Caller:
    """Calls operations, each of two twins by the family, and returns what was answered, judged.

    Every call takes ``who``: who calls, when it is not the caller of the target.
    """

    def __init__(self, session: Session, *, credentials: Credentials | None = None) -> None:
        self._session = session
        self.credentials = credentials or session.target.credentials
        self._client = httpx.Client(base_url=session.target.base_url, transport=SessionTransport(session))

    @property
    def limited(self) -> int:
        """How many 429 were met."""
        return self._session.budget.limited

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(  # noqa: PLR0913  (a call has that many parts)
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        files: Mapping[str, tuple[str | None, bytes, str]] | None = None,
        who: Credentials | None = None,
    ) -> Answer:
        """Make any call.

        Args:
            method: HTTP method.
            path: Path of the URL.
            query: Parameters; one that is None is left out.
            content: The raw body.
            content_type: Content type of the raw body.
            files: Multipart parts: name to file name, content and type.
            who: Who calls; the caller's own credentials by default.

        Raises:
            Breach: A clause that holds for every answer is broken.
            NotJudged: No answer came.
        """
        credentials = who or self.credentials
        headers = {"Authorization": credentials.authorization} if credentials.authorization else {}
        if content_type is not None:
            headers["Content-Type"] = content_type
        params = {name: str(value) for name, value in (query or {}).items() if value is not None}
        self._client.cookies.clear()  # a caller of the API keeps none
        response = self._client.request(method, path, params=params, content=content, headers=headers, files=files)
        return self._session.answer(response.extensions[EXCHANGE])

    def call(self, name: str, family: Family, **parts: Any) -> Answer:  # noqa: ANN401  (handed on to send)
        """Call an operation by its operationId, that of the current family for both twins, with what ``send`` takes."""
        operation = operation_of(name, family)
        return self.send(operation.method, operation.path, **parts)

    def register_crm_integration(
        self, family: Family, *, name: str, owner_email: str, who: Credentials | None = None
    ) -> Answer:
        """Register an integration."""
        content = json.dumps({"name": name, "ownerEmail": owner_email}).encode()
        return self.call("registerCrmIntegration", family, content=content, content_type=JSON, who=who)

    def list_crm_integrations(self, family: Family, *, who: Credentials | None = None) -> Answer:
        """List the integrations."""
        return self.call("listCrmIntegrations", family, who=who)

    def delete_crm_integration(
        self, family: Family, integration_id: int, *, client_request_id: str, who: Credentials | None = None
    ) -> Answer:
        """Delete an integration."""
        query = {"integrationId": integration_id, "clientRequestId": client_request_id}
        return self.call("deleteCrmIntegration", family, query=query, who=who)

    def upload_crm_entity_schema(
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        fields: Sequence[Mapping[str, object]],
        who: Credentials | None = None,
    ) -> Answer:
        """Upload the fields of an object type."""
        query = {"integrationId": integration_id, "objectType": object_type}
        content = json.dumps(fields).encode()
        return self.call("uploadCrmEntitySchema", family, query=query, content=content, content_type=JSON, who=who)

    def list_crm_entity_schema(
        self, family: Family, integration_id: int, *, object_type: str | None, who: Credentials | None = None
    ) -> Answer:
        """List the fields of an object type; of all when it is None."""
        query = {"integrationId": integration_id, "objectType": object_type}
        return self.call("listCrmEntitySchema", family, query=query, who=who)

    def upload_crm_entities(  # noqa: PLR0913  (an upload has that many parts)
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        client_request_id: str,
        data: bytes,
        who: Credentials | None = None,
    ) -> Answer:
        """Upload a file of objects."""
        query = {"integrationId": integration_id, "objectType": object_type, "clientRequestId": client_request_id}
        return self.call("uploadCrmEntities", family, query=query, files=data_file(data), who=who)

    def map_crm_users_legacy(
        self, integration_id: int, *, client_request_id: str, data: bytes, who: Credentials | None = None
    ) -> Answer:
        """Upload a user mapping."""
        query = {"integrationId": integration_id, "clientRequestId": client_request_id}
        return self.call("mapCrmUsersLegacy", "legacy", query=query, files=data_file(data), who=who)

    def upload_crm_stages_legacy(
        self, integration_id: int, *, stages: object, who: Credentials | None = None
    ) -> Answer:
        """Upload the stages the old way; a list of them where the call is right."""
        query = {"integrationId": integration_id}
        content = json.dumps(stages).encode()
        return self.call("uploadCrmStagesLegacy", "legacy", query=query, content=content, content_type=JSON, who=who)

    def get_crm_entities(
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        ids: Sequence[str],
        who: Credentials | None = None,
    ) -> Answer:
        """Read objects."""
        query = {"integrationId": integration_id, "objectType": object_type}
        content = json.dumps(ids).encode()
        return self.call("getCrmEntities", family, query=query, content=content, content_type=JSON, who=who)

    def get_crm_request_status(
        self, integration_id: int, *, client_request_id: str, who: Credentials | None = None
    ) -> Answer:
        """Ask how far a request is."""
        query = {"integrationId": integration_id, "clientRequestId": client_request_id}
        return self.call("getCrmRequestStatus", "current", query=query, who=who)
