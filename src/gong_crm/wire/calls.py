"""The calls of one family of endpoints, before they are made."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gong_crm.wire.answers import (
    Registration,
    Status,
    expect_id,
    expect_no_errors,
    read_fields,
    read_id,
    read_objects,
    read_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import BinaryIO

    from gong_crm.fields import Field

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """A call to be made.

    Attributes:
        operation: Its operationId.
        module: Module of the generated client, below its `api`.
        arguments: Makes the arguments, anew for each attempt.
        read: Turns the model of a success into data.
        client_request_id: Our name for the request, where the operation has one.
    """

    operation: str
    module: str
    arguments: Callable[[], Mapping[str, Any]]
    read: Callable[[Any], T]
    client_request_id: str | None = None


class Calls:
    """Makes the calls of one family of endpoints."""

    def __init__(self, *, legacy: bool, redact: Callable[[str], str] = str) -> None:
        self._legacy = legacy
        self._redact = redact

    def _module(self, name: str) -> str:
        return f"crm_legacy.{name}_legacy" if self._legacy else f"crm.{name}"

    def list_integrations(self) -> Call[list[Registration]]:
        """List the integrations: none or one."""
        return Call(
            operation="listCrmIntegrations",
            module=self._module("list_crm_integrations"),
            arguments=dict,
            read=lambda model: [
                Registration(
                    id=read_id(one.integration_id), name=str(one.name or ""), owner_email=str(one.owner_email or "")
                )
                for one in model.integrations
            ],
        )

    def register(self, *, name: str, owner_email: str) -> Call[int]:
        """Register an integration; gives its id."""

        def arguments() -> dict[str, Any]:
            body = _model("GenericCrmRegistrationRequest")(name=name, owner_email=owner_email)
            return {"body": body}

        return Call(
            operation="registerCrmIntegration",
            module=self._module("register_crm_integration"),
            arguments=arguments,
            read=lambda model: read_id(model.integration_id),
        )

    def delete(self, *, integration_id: int, client_request_id: str) -> Call[None]:
        """Delete the integration and all that came with it."""
        return Call(
            operation="deleteCrmIntegration",
            module=self._module("delete_crm_integration"),
            arguments=lambda: {"integration_id": integration_id, "client_request_id": client_request_id},
            read=lambda model: expect_id(model, client_request_id),
            client_request_id=client_request_id,
        )

    def fields(self, *, integration_id: int, object_type: str) -> Call[tuple[Field, ...]]:
        """List the custom fields of an object type."""
        return Call(
            operation="listCrmEntitySchema",
            module=self._module("list_crm_entity_schema"),
            arguments=lambda: {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
            },
            read=lambda model: read_fields(model.to_dict(), object_type),
        )

    def describe_fields(self, *, integration_id: int, object_type: str, fields: Sequence[Field]) -> Call[None]:
        """Upload all fields of an object type."""

        def arguments() -> dict[str, Any]:
            model = _model("GenericSchemaFieldRequestLegacy" if self._legacy else "GenericSchemaFieldRequest")
            return {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
                "body": [model.from_dict(_write_field(one)) for one in fields],
            }

        return Call(
            operation="uploadCrmEntitySchema",
            module=self._module("upload_crm_entity_schema"),
            arguments=arguments,
            read=lambda model: expect_no_errors(model.to_dict()),
        )

    def upload(
        self, *, integration_id: int, object_type: str, client_request_id: str, open_payload: Callable[[], BinaryIO]
    ) -> Call[None]:
        """Upload a file; `open_payload` opens it anew for each attempt."""

        def arguments() -> dict[str, Any]:
            file = importlib.import_module("gong_crm_client.types").File
            payload = file(payload=open_payload(), file_name=f"{object_type.lower()}.ldjson")
            return {
                "integration_id": integration_id,
                "object_type": _model("UploadObjectType")(object_type),
                "client_request_id": client_request_id,
                "body": _model("CrmDataUpload")(data_file=payload),
            }

        return Call(
            operation="uploadCrmEntities",
            module=self._module("upload_crm_entities"),
            arguments=arguments,
            read=lambda model: expect_id(model, client_request_id),
            client_request_id=client_request_id,
        )

    def read(
        self, *, integration_id: int, object_type: str, object_ids: Sequence[str]
    ) -> Call[dict[str, dict[str, Any] | None]]:
        """Read objects back, at most 100."""
        return Call(
            operation="getCrmEntities",
            module=self._module("get_crm_entities"),
            arguments=lambda: {
                "integration_id": integration_id,
                "object_type": _model("CrmObjectType")(object_type),
                "body": list(object_ids),
            },
            read=lambda model: read_objects(model.to_dict()["crmObjectsMap"]),
        )

    def status(self, *, integration_id: int, client_request_id: str) -> Call[Status]:
        """Ask where a request stands; both families ask here."""
        return Call(
            operation="getCrmRequestStatus",
            module="crm.get_crm_request_status",
            arguments=lambda: {"integration_id": integration_id, "client_request_id": client_request_id},
            read=lambda model: read_status(model.to_dict(), self._redact),
            client_request_id=client_request_id,
        )


def _model(name: str) -> Any:  # noqa: ANN401  (a class of the client)
    return getattr(importlib.import_module("gong_crm_client.models"), name)


def _write_field(one: Field) -> dict[str, Any]:
    written = {
        "uniqueName": one.unique_name,
        "label": one.label,
        "type": one.type,
        "referenceTo": one.reference_to,
        "orderedValueList": None if one.ordered_value_list is None else list(one.ordered_value_list),
        "lastModified": one.last_modified,
        "isDeleted": True if one.is_deleted else None,
    }
    return {name: value for name, value in written.items() if value is not None}
