# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="GenericCrmIntegration")


@_attrs_define
class GenericCrmIntegration(Model[Any]):
    """A registered integration.

    Attributes:
        integration_id (int): Id of the integration, a 64-bit integer.
        owner_email (str): E-mail address of the person who answers for it.
        name (str): Its name.
    """

    integration_id: int
    owner_email: str
    name: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "integrationId": "integration_id",
        "ownerEmail": "owner_email",
        "name": "name",
    }

    def to_dict(self) -> dict[str, Any]:
        integration_id = self.integration_id

        owner_email = self.owner_email

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "integrationId": integration_id,
                "ownerEmail": owner_email,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        integration_id = d.pop("integrationId")

        owner_email = d.pop("ownerEmail")

        name = d.pop("name")

        generic_crm_integration = cls(
            integration_id=integration_id,
            owner_email=owner_email,
            name=name,
        )

        generic_crm_integration.additional_properties = d
        return generic_crm_integration
