"""Walk a whole CRM integration through the generated client against the stand-in, and tell the story."""

import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from demo import terminal as story
from demo.crm_export import CUSTOM_FIELDS, ExportedFile, write_export, write_mended
from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import (
    delete_crm_integration,
    get_crm_entities,
    get_crm_request_status,
    list_crm_entity_schema,
    list_crm_integrations,
    register_crm_integration,
    upload_crm_entities,
    upload_crm_entity_schema,
)
from gong_crm_client.models import (
    AsyncProcessingResponse,
    CrmDataUpload,
    CrmObjectType,
    ErrorResponse,
    GenericCrmRegistrationRequest,
    GenericSchemaFieldRequest,
    GetGenericCrmObjectsResponse,
    ListGenericCrmIntegrationsResponse,
    ListSelectedFieldsResponse,
    RegisterGenericCrmResponse,
    RequestStatus,
    RequestStatusResponse,
    SchemaUpdateResponse,
    UploadObjectType,
)
from gong_crm_client.types import File, Response
from gong_crm_emulator import Principal, running_emulator

POLL_SECONDS = 0.02
IDS_PER_READ = 100
"""Gong ignores more ids than these."""

Answer = TypeVar("Answer")


def main() -> None:
    """Start the stand-in, make the export, walk the integration, and say what came of it."""
    started = time.perf_counter()
    with running_emulator() as emulator, TemporaryDirectory() as folder:
        export = write_export(Path(folder))
        story.opening(emulator.url, [(one.object_type, one.path, len(one.sound)) for one in export])
        with client_of(emulator.url, emulator.principals["admin"]) as client:
            walk = Walk(client=client)
            walk.whole_integration(export)
    story.ending(calls=walk.calls, lines=walk.lines, refused=walk.refused, seconds=time.perf_counter() - started)


def client_of(url: str, principal: Principal) -> AuthenticatedClient:
    """Give a client that sends an access key, as HTTP basic wants it."""
    key = b64encode(f"{principal.access_key}:{principal.access_key_secret}".encode()).decode()
    return AuthenticatedClient(base_url=url, token=key, prefix="Basic")


@dataclass
class Walk:
    """One integration, from its first call to its last."""

    client: AuthenticatedClient
    integration_id: int = 0
    calls: int = 0
    lines: int = 0
    refused: int = 0
    requests: int = 0

    def whole_integration(self, export: list[ExportedFile]) -> None:
        """Register, describe, upload, mend, read back, change, delete."""
        self.register()
        self.describe_fields()
        story.chapter("Upload", "users and stages, accounts, contacts and deals, leads: the order Gong asks for")
        for exported in export:
            self.upload_until_done(exported)
        self.read_back(export)
        self.change_and_delete(export)
        self.delete()

    def expect(self, model: type[Answer], response: Response[Any]) -> Answer:
        """Take an answer of the given kind; stop with a clear sentence when it is another."""
        self.calls += 1
        if not isinstance(response.parsed, model):
            told = response.content.decode(errors="replace")[:300]
            raise SystemExit(f"Expected {model.__name__}, but the server answered {int(response.status_code)}: {told}")
        return response.parsed

    def new_request_id(self, name: str) -> str:
        """Name a request so that no other has its name."""
        self.requests += 1
        return f"{name.lower()}-{self.requests:03d}"

    def register(self) -> None:
        """See that there is no integration, make one, and meet the refusal of a second."""
        story.chapter("Register", "a company has one integration; its id travels with every call")
        listed = self.expect(
            ListGenericCrmIntegrationsResponse, list_crm_integrations.sync_detailed(client=self.client)
        )
        story.step("GET /v2/crm/integrations", 200, f"{len(listed.integrations)} integrations")
        body = GenericCrmRegistrationRequest(name="Acme CRM", owner_email="ops@acme.example")
        made = self.expect(
            RegisterGenericCrmResponse, register_crm_integration.sync_detailed(client=self.client, body=body)
        )
        self.integration_id = made.integration_id
        story.step("PUT /v2/crm/integrations", 200, f"integrationId {self.integration_id}")
        second = self.expect(ErrorResponse, register_crm_integration.sync_detailed(client=self.client, body=body))
        story.step("PUT /v2/crm/integrations", 409, second.errors[0])

    def describe_fields(self) -> None:
        """Upload the custom fields of each object type, and list them."""
        story.chapter("Describe", "custom fields, before the first line that carries them")
        for name, fields in CUSTOM_FIELDS.items():
            where: Any = {"integration_id": self.integration_id, "object_type": CrmObjectType(name)}
            body = [GenericSchemaFieldRequest.from_dict(one) for one in fields]
            self.expect(
                SchemaUpdateResponse, upload_crm_entity_schema.sync_detailed(client=self.client, body=body, **where)
            )
            listed = self.expect(
                ListSelectedFieldsResponse, list_crm_entity_schema.sync_detailed(client=self.client, **where)
            )
            known = listed.object_type_to_selected_fields.additional_properties[name]
            story.step(
                "POST /v2/crm/entity-schema", 200, f"{name}: {', '.join(f'{f.unique_name} {f.type_}' for f in known)}"
            )

    def upload_until_done(self, exported: ExportedFile) -> None:
        """Upload a file, and mend what Gong refuses until nothing is left to mend."""
        status = self.upload(exported, shown=exported.path.name)
        while status.status == RequestStatus.FAILED:
            told = status.errors or []
            self.refused += len(told)
            story.refused_lines([(one.line, one.description) for one in told], total=status.total_error_count or 0)
            exported = write_mended(exported, numbers=[one.line for one in told])
            status = self.upload(exported, shown="  mended")

    def upload(self, exported: ExportedFile, *, shown: str) -> RequestStatusResponse:
        """Upload a file and follow the request to its end."""
        request_id = self.new_request_id(exported.object_type)
        with exported.path.open("rb") as payload:
            self.expect(
                AsyncProcessingResponse,
                upload_crm_entities.sync_detailed(
                    client=self.client,
                    body=CrmDataUpload(
                        data_file=File(payload=payload, file_name=exported.path.name, mime_type="application/x-ndjson")
                    ),
                    integration_id=self.integration_id,
                    object_type=UploadObjectType(exported.object_type),
                    client_request_id=request_id,
                ),
            )
        self.lines += len(exported.sound)
        passed, status = self.follow(request_id)
        story.upload(
            name=shown,
            lines=len(exported.sound),
            passed=passed,
            accepted=status.total_success_count or 0,
            refused=status.total_error_count or 0,
        )
        return status

    def follow(self, request_id: str) -> tuple[list[str], RequestStatusResponse]:
        """Ask for the status of a request until it is final; give the statuses it passed, and the last answer."""
        passed: list[str] = []
        while True:
            answer = self.expect(
                RequestStatusResponse,
                get_crm_request_status.sync_detailed(
                    client=self.client, integration_id=self.integration_id, client_request_id=request_id
                ),
            )
            if str(answer.status) not in passed:
                passed.append(str(answer.status))
            if answer.status in (RequestStatus.DONE, RequestStatus.FAILED):
                return passed, answer
            time.sleep(POLL_SECONDS)

    def objects(self, object_type: str, ids: list[str]) -> dict[str, dict[str, Any] | None]:
        """Read objects back by their ids."""
        found: dict[str, dict[str, Any] | None] = {}
        for first in range(0, len(ids), IDS_PER_READ):
            answer = self.expect(
                GetGenericCrmObjectsResponse,
                get_crm_entities.sync_detailed(
                    client=self.client,
                    body=ids[first : first + IDS_PER_READ],
                    integration_id=self.integration_id,
                    object_type=CrmObjectType(object_type),
                ),
            )
            objects = answer.crm_objects_map.additional_properties
            found |= {crm_id: one.to_dict() if one else None for crm_id, one in objects.items()}
        return found

    def read_back(self, export: list[ExportedFile]) -> None:
        """Read every object back that can be read, and show what Gong has now."""
        story.chapter("Read back", "what Gong has now, read by 100 ids a call")
        gong = {
            one.object_type: self.objects(one.object_type, [line["objectId"] for line in one.sound])
            for one in export
            if one.object_type in CUSTOM_FIELDS
        }
        for name, found in gong.items():
            story.step("GET /v2/crm/entities", 200, f"{name}: {sum(map(bool, found.values()))} of {len(found)} found")
        stages = {line["objectId"]: line["name"] for one in export if one.object_type == "STAGE" for line in one.sound}
        board: Counter[str] = Counter()
        for deal in filter(None, gong["DEAL"].values()):
            board[stages[deal["stage"]]] += deal["amount"]
        story.deal_board({name: board[name] for name in stages.values()})
        story.one_object(gong["DEAL"]["deal-00404"] or {})

    def change_and_delete(self, export: list[ExportedFile]) -> None:
        """Send changes of two accounts, read both and one that never was, and meet a used client request id."""
        story.chapter("Change", "the same id again is an update; isDeleted removes")
        accounts = next(one for one in export if one.object_type == "ACCOUNT")
        later = "2026-11-22T09:00:00Z"
        renamed = accounts.sound[0] | {"name": "Renamed Ltd", "modifiedDate": later}
        removed = accounts.sound[1] | {"isDeleted": True, "modifiedDate": later}
        changes = accounts.with_lines([renamed, removed], name="changes")
        self.upload_until_done(changes)
        asked = [renamed["objectId"], removed["objectId"], "never-seen"]
        for crm_id, one in self.objects("ACCOUNT", asked).items():
            story.step("GET /v2/crm/entities", 200, f"{crm_id}: {one['name'] if one else 'null'}")
        self.send_again(changes, request_id=f"account-{self.requests:03d}")

    def send_again(self, exported: ExportedFile, *, request_id: str) -> None:
        """Send a file under a client request id that was used before."""
        with exported.path.open("rb") as payload:
            refusal = self.expect(
                ErrorResponse,
                upload_crm_entities.sync_detailed(
                    client=self.client,
                    body=CrmDataUpload(data_file=File(payload=payload, file_name=exported.path.name)),
                    integration_id=self.integration_id,
                    object_type=UploadObjectType(exported.object_type),
                    client_request_id=request_id,
                ),
            )
        story.step("POST /v2/crm/entities", 409, f"{request_id}: {refusal.errors[0]}")

    def delete(self) -> None:
        """Delete the integration, follow the deletion, and see that nothing is left."""
        story.chapter("Delete", "the integration and everything that came with it")
        request_id = self.new_request_id("delete")
        self.expect(
            AsyncProcessingResponse,
            delete_crm_integration.sync_detailed(
                client=self.client, integration_id=self.integration_id, client_request_id=request_id
            ),
        )
        passed, _ = self.follow(request_id)
        story.step("DELETE /v2/crm/integrations", 201, " → ".join(passed))
        listed = self.expect(
            ListGenericCrmIntegrationsResponse, list_crm_integrations.sync_detailed(client=self.client)
        )
        story.step("GET /v2/crm/integrations", 200, f"{len(listed.integrations)} integrations")


if __name__ == "__main__":
    main()
