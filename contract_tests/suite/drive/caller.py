"""Calls of the seventeen operations as raw HTTP, right or wrong on purpose."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from contract_tests.suite.drive.data_files import data_file
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.operations import Family, operation_of
from contract_tests.suite.wire.credentials import NOBODY, Credentials
from contract_tests.suite.wire.transport import Session, SessionTransport

JSON: Final = "application/json"
Query = Mapping[str, str | int | None]


class Caller:
    """Calls operations by operationId and family and returns each exchange, judged."""

    def __init__(self, session: Session, *, base_url: str, credentials: Credentials, timeout: float = 30.0) -> None:
        self._session = session
        self.credentials = credentials
        self._exchanges: list[Exchange] = []
        session.listeners.append(self._exchanges.append)
        self._client = httpx.Client(base_url=base_url, transport=SessionTransport(session), timeout=timeout)

    @property
    def limited(self) -> int:
        """How many 429 were met."""
        return self._session.budget.limited

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(  # noqa: PLR0913  # a call has that many parts
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        content: bytes | None = None,
        content_type: str | None = None,
        files: Mapping[str, tuple[str | None, bytes, str]] | None = None,
        who: Credentials | None = None,
    ) -> Exchange:
        """Make any call.

        Args:
            method: HTTP method.
            path: Path of the URL.
            query: Parameters; one that is None is left out.
            content: The raw body.
            content_type: Content type of the raw body.
            files: Multipart parts: name to file name, content and type.
            who: Who calls; the caller's own credentials by default.

        Returns:
            The exchange, judged.

        Raises:
            Breach: A clause that holds for every answer is broken.
        """
        credentials = who or self.credentials
        headers = {"Authorization": credentials.authorization} if credentials.authorization else {}
        if content_type is not None:
            headers["Content-Type"] = content_type
        params = {name: str(value) for name, value in (query or {}).items() if value is not None}
        self._client.request(method, path, params=params, content=content, headers=headers, files=files)
        return self._exchanges[-1]

    def call(self, name: str, family: Family, **parts: Any) -> Exchange:  # noqa: ANN401  # handed on to send
        """Call an operation.

        Args:
            name: Its operationId, that of the current family for both twins.
            family: Which of the twins.
            **parts: What ``send`` takes.

        Returns:
            The exchange, judged.
        """
        operation = operation_of(name, family)
        return self.send(operation.method, operation.path, **parts)

    def register_crm_integration(
        self, family: Family, *, name: str, owner_email: str, who: Credentials | None = None
    ) -> Exchange:
        """Register an integration.

        Args:
            family: Which of the twins.
            name: Name of the integration.
            owner_email: Who answers for it.
            who: Who calls.

        Returns:
            The exchange.
        """
        content = json.dumps({"name": name, "ownerEmail": owner_email}).encode()
        return self.call("registerCrmIntegration", family, content=content, content_type=JSON, who=who)

    def list_crm_integrations(self, family: Family, *, who: Credentials | None = None) -> Exchange:
        """List the integrations.

        Args:
            family: Which of the twins.
            who: Who calls.

        Returns:
            The exchange.
        """
        return self.call("listCrmIntegrations", family, who=who)

    def delete_crm_integration(
        self, family: Family, integration_id: int, *, client_request_id: str, who: Credentials | None = None
    ) -> Exchange:
        """Delete an integration.

        Args:
            family: Which of the twins.
            integration_id: Its id.
            client_request_id: Our name for the request.
            who: Who calls.

        Returns:
            The exchange.
        """
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
    ) -> Exchange:
        """Upload the fields of an object type.

        Args:
            family: Which of the twins.
            integration_id: Id of the integration.
            object_type: Gong's name of the type.
            fields: The fields.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "objectType": object_type}
        return self.call(
            "uploadCrmEntitySchema",
            family,
            query=query,
            content=json.dumps(fields).encode(),
            content_type=JSON,
            who=who,
        )

    def list_crm_entity_schema(
        self, family: Family, integration_id: int, *, object_type: str | None, who: Credentials | None = None
    ) -> Exchange:
        """List the fields of an object type.

        Args:
            family: Which of the twins.
            integration_id: Id of the integration.
            object_type: Gong's name of the type; None to leave it out.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "objectType": object_type}
        return self.call("listCrmEntitySchema", family, query=query, who=who)

    def upload_crm_entities(  # noqa: PLR0913  # an upload has that many parts
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        client_request_id: str,
        data: bytes,
        who: Credentials | None = None,
    ) -> Exchange:
        """Upload a file of objects.

        Args:
            family: Which of the twins.
            integration_id: Id of the integration.
            object_type: Gong's name of the type.
            client_request_id: Our name for the request.
            data: The file.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "objectType": object_type, "clientRequestId": client_request_id}
        return self.call("uploadCrmEntities", family, query=query, files=data_file(data), who=who)

    def map_crm_users_legacy(
        self, integration_id: int, *, client_request_id: str, data: bytes, who: Credentials | None = None
    ) -> Exchange:
        """Upload a user mapping.

        Args:
            integration_id: Id of the integration.
            client_request_id: Our name for the request.
            data: The file.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "clientRequestId": client_request_id}
        return self.call("mapCrmUsersLegacy", "legacy", query=query, files=data_file(data), who=who)

    def upload_crm_stages_legacy(
        self, integration_id: int, *, stages: object, who: Credentials | None = None
    ) -> Exchange:
        """Upload the stages the old way.

        Args:
            integration_id: Id of the integration.
            stages: The body, a list of stages where it is right.
            who: Who calls.

        Returns:
            The exchange.
        """
        content = json.dumps(stages).encode()
        return self.call(
            "uploadCrmStagesLegacy",
            "legacy",
            query={"integrationId": integration_id},
            content=content,
            content_type=JSON,
            who=who,
        )

    def get_crm_entities(
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        ids: Sequence[str],
        who: Credentials | None = None,
    ) -> Exchange:
        """Read objects.

        Args:
            family: Which of the twins.
            integration_id: Id of the integration.
            object_type: Gong's name of the type.
            ids: Their ids.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "objectType": object_type}
        return self.call(
            "getCrmEntities", family, query=query, content=json.dumps(ids).encode(), content_type=JSON, who=who
        )

    def get_crm_request_status(
        self, integration_id: int, *, client_request_id: str, who: Credentials | None = None
    ) -> Exchange:
        """Ask how far a request is.

        Args:
            integration_id: Id of the integration.
            client_request_id: Our name for the request.
            who: Who calls.

        Returns:
            The exchange.
        """
        query = {"integrationId": integration_id, "clientRequestId": client_request_id}
        return self.call("getCrmRequestStatus", "current", query=query, who=who)


__all__ = ["JSON", "NOBODY", "Caller"]
