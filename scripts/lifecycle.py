"""Take one CRM integration from registration to deletion, and show it on the terminal."""

import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from demo import terminal
from demo.crm_export import CUSTOM_FIELDS, ExportedFile, write_corrected, write_export
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
    """Start the emulator, write the export, run the lifecycle and print its totals."""
    started = time.perf_counter()
    with running_emulator() as emulator, TemporaryDirectory() as folder:
        export = write_export(Path(folder))
        terminal.opening(emulator.url, [(one.object_type, one.path, len(one.valid)) for one in export])
        with client_of(emulator.url, emulator.principals["admin"]) as client:
            lifecycle = Lifecycle(client=client)
            lifecycle.run(export)
    terminal.ending(
        calls=lifecycle.calls,
        lines=lifecycle.lines,
        refused=lifecycle.refused,
        seconds=time.perf_counter() - started,
    )


def client_of(url: str, principal: Principal) -> AuthenticatedClient:
    """Return a client that sends an access key by HTTP basic authentication."""
    key = b64encode(f"{principal.access_key}:{principal.access_key_secret}".encode()).decode()
    return AuthenticatedClient(base_url=url, token=key, prefix="Basic")


@dataclass
class Lifecycle:
    """One integration, from its first call to its last, with the counts that the closing line shows."""

    client: AuthenticatedClient
    integration_id: int = 0
    calls: int = 0
    lines: int = 0
    refused: int = 0
    requests: int = 0

    def run(self, export: list[ExportedFile]) -> None:
        """Register, declare fields, upload, correct, read back, change, delete."""
        self.register()
        self.upload_fields()
        terminal.heading("Upload", "users and stages, accounts, contacts and deals, leads: the order Gong asks for")
        for exported in export:
            self.upload_until_done(exported)
        self.read_back(export)
        self.change_and_delete(export)
        self.delete()

    def expect(self, model: type[Answer], response: Response[Any]) -> Answer:
        """Return the parsed response if it is of the given kind; otherwise stop with a sentence."""
        self.calls += 1
        if not isinstance(response.parsed, model):
            body = response.content.decode(errors="replace")[:300]
            raise SystemExit(f"Expected {model.__name__}, but the server answered {int(response.status_code)}: {body}")
        return response.parsed

    def new_request_id(self, name: str) -> str:
        """Return a client request id that was not used before."""
        self.requests += 1
        return f"{name.lower()}-{self.requests:03d}"

    def register(self) -> None:
        """Check that there is no integration, register one, and have a second refused."""
        terminal.heading("Register", "a company has one integration; its id travels with every call")
        listed = self.expect(
            ListGenericCrmIntegrationsResponse, list_crm_integrations.sync_detailed(client=self.client)
        )
        terminal.step("GET /v2/crm/integrations", 200, f"{len(listed.integrations)} integrations")
        body = GenericCrmRegistrationRequest(name="Acme CRM", owner_email="ops@acme.example")
        registered = self.expect(
            RegisterGenericCrmResponse, register_crm_integration.sync_detailed(client=self.client, body=body)
        )
        self.integration_id = registered.integration_id
        terminal.step("PUT /v2/crm/integrations", 200, f"integrationId {self.integration_id}")
        second = self.expect(ErrorResponse, register_crm_integration.sync_detailed(client=self.client, body=body))
        terminal.step("PUT /v2/crm/integrations", 409, second.errors[0])

    def upload_fields(self) -> None:
        """Upload the custom fields of each object type, and list them."""
        terminal.heading("Fields", "custom fields, before the first line that carries them")
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
            terminal.step(
                "POST /v2/crm/entity-schema", 200, f"{name}: {', '.join(f'{f.unique_name} {f.type_}' for f in known)}"
            )

    def upload_until_done(self, exported: ExportedFile) -> None:
        """Upload a file, and correct the refused lines until none is left."""
        status = self.upload(exported, shown=exported.path.name)
        while status.status == RequestStatus.FAILED:
            errors = status.errors or []
            self.refused += len(errors)
            terminal.refused_lines([(one.line, one.description) for one in errors], total=status.total_error_count or 0)
            exported = write_corrected(exported, numbers=[one.line for one in errors])
            status = self.upload(exported, shown="  corrected")

    def upload(self, exported: ExportedFile, *, shown: str) -> RequestStatusResponse:
        """Upload a file and follow its request until it is final."""
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
        self.lines += len(exported.valid)
        passed, status = self.follow(request_id)
        terminal.upload(
            name=shown,
            lines=len(exported.valid),
            passed=passed,
            accepted=status.total_success_count or 0,
            refused=status.total_error_count or 0,
        )
        return status

    def follow(self, request_id: str) -> tuple[list[str], RequestStatusResponse]:
        """Poll a request until it is final; return each status it passed and the last answer."""
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
        """Read back every object that can be read, and show what the server has now."""
        terminal.heading("Read back", "what the server has now, 100 ids a call")
        gong = {
            one.object_type: self.objects(one.object_type, [line["objectId"] for line in one.valid])
            for one in export
            if one.object_type in CUSTOM_FIELDS
        }
        for name, found in gong.items():
            terminal.step(
                "GET /v2/crm/entities", 200, f"{name}: {sum(map(bool, found.values()))} of {len(found)} found"
            )
        stages = {line["objectId"]: line["name"] for one in export if one.object_type == "STAGE" for line in one.valid}
        board: Counter[str] = Counter()
        for deal in filter(None, gong["DEAL"].values()):
            board[stages[deal["stage"]]] += deal["amount"]
        terminal.deal_board({name: board[name] for name in stages.values()})
        terminal.one_object(gong["DEAL"]["deal-00404"] or {})

    def change_and_delete(self, export: list[ExportedFile]) -> None:
        """Change one account, delete another, read both and an unknown one, and reuse a client request id."""
        terminal.heading("Change", "the same id again updates; isDeleted deletes")
        accounts = next(one for one in export if one.object_type == "ACCOUNT")
        later = "2026-11-22T09:00:00Z"
        renamed = accounts.valid[0] | {"name": "Renamed Ltd", "modifiedDate": later}
        deleted = accounts.valid[1] | {"isDeleted": True, "modifiedDate": later}
        changes = accounts.with_lines([renamed, deleted], name="changes")
        self.upload_until_done(changes)
        asked = [renamed["objectId"], deleted["objectId"], "never-seen"]
        for crm_id, one in self.objects("ACCOUNT", asked).items():
            terminal.step("GET /v2/crm/entities", 200, f"{crm_id}: {one['name'] if one else 'null'}")
        self.send_again(changes, request_id=f"account-{self.requests:03d}")

    def send_again(self, exported: ExportedFile, *, request_id: str) -> None:
        """Send a file under a client request id that has been used, and show the refusal."""
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
        terminal.step("POST /v2/crm/entities", 409, f"{request_id}: {refusal.errors[0]}")

    def delete(self) -> None:
        """Delete the integration, follow the deletion, and check that nothing is left."""
        terminal.heading("Delete", "the integration, with everything in it")
        request_id = self.new_request_id("delete")
        self.expect(
            AsyncProcessingResponse,
            delete_crm_integration.sync_detailed(
                client=self.client, integration_id=self.integration_id, client_request_id=request_id
            ),
        )
        passed, _ = self.follow(request_id)
        terminal.step("DELETE /v2/crm/integrations", 201, " → ".join(passed))
        listed = self.expect(
            ListGenericCrmIntegrationsResponse, list_crm_integrations.sync_detailed(client=self.client)
        )
        terminal.step("GET /v2/crm/integrations", 200, f"{len(listed.integrations)} integrations")


if __name__ == "__main__":
    main()
