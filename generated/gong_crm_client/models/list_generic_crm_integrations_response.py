# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    TypeVar,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

if TYPE_CHECKING:
    from ..models.generic_crm_integration import GenericCrmIntegration


T = TypeVar("T", bound="ListGenericCrmIntegrationsResponse")


@_attrs_define
class ListGenericCrmIntegrationsResponse(Model[Any]):
    """The integrations made with the register operation, none or one.

    Attributes:
        request_id (str): Gong's name for this call.
        integrations (list[GenericCrmIntegration]): The active integrations.
    """

    request_id: str
    integrations: list[GenericCrmIntegration]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
        "integrations": "integrations",
    }

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        integrations = []
        for integrations_item_data in self.integrations:
            integrations_item = integrations_item_data.to_dict()
            integrations.append(integrations_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
                "integrations": integrations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.generic_crm_integration import GenericCrmIntegration  # noqa: PLC0415

        d = dict(src_dict)
        request_id = d.pop("requestId")

        integrations = []
        _integrations = d.pop("integrations")
        for integrations_item_data in _integrations:
            integrations_item = GenericCrmIntegration.from_dict(integrations_item_data)

            integrations.append(integrations_item)

        list_generic_crm_integrations_response = cls(
            request_id=request_id,
            integrations=integrations,
        )

        list_generic_crm_integrations_response.additional_properties = d
        return list_generic_crm_integrations_response
