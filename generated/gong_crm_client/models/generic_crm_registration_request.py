# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="GenericCrmRegistrationRequest")


@_attrs_define
class GenericCrmRegistrationRequest(Model[Any]):
    """What Gong needs to know about the CRM.

    Attributes:
        name (str): Name of the integration, as people will see it.
        owner_email (str): E-mail address of the person who answers for the integration.
    """

    name: str
    owner_email: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "name": "name",
        "ownerEmail": "owner_email",
    }

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        owner_email = self.owner_email

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "ownerEmail": owner_email,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        owner_email = d.pop("ownerEmail")

        generic_crm_registration_request = cls(
            name=name,
            owner_email=owner_email,
        )

        generic_crm_registration_request.additional_properties = d
        return generic_crm_registration_request
