# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="GenericDealStageRequest")


@_attrs_define
class GenericDealStageRequest(Model[Any]):
    """One deal stage, by the older rules.

    Attributes:
        internal_name (str): Unique name of the stage in the CRM, which deals refer to.
        name (str): Name of the stage as people will see it.
        is_active (bool): Whether the stage is active in the CRM.
        sort_order (int): Place in the sales process, from 1.
    """

    internal_name: str
    name: str
    is_active: bool
    sort_order: int
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "internalName": "internal_name",
        "name": "name",
        "isActive": "is_active",
        "sortOrder": "sort_order",
    }

    def to_dict(self) -> dict[str, Any]:
        internal_name = self.internal_name

        name = self.name

        is_active = self.is_active

        sort_order = self.sort_order

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "internalName": internal_name,
                "name": name,
                "isActive": is_active,
                "sortOrder": sort_order,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        internal_name = d.pop("internalName")

        name = d.pop("name")

        is_active = d.pop("isActive")

        sort_order = d.pop("sortOrder")

        generic_deal_stage_request = cls(
            internal_name=internal_name,
            name=name,
            is_active=is_active,
            sort_order=sort_order,
        )

        generic_deal_stage_request.additional_properties = d
        return generic_deal_stage_request
