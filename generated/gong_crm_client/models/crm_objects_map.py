# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    TypeVar,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

if TYPE_CHECKING:
    from ..models.crm_object import CrmObject


T = TypeVar("T", bound="CrmObjectsMap")


@_attrs_define
class CrmObjectsMap(Model["CrmObject | None"]):
    """Each id asked for, with its object or with null where none is found."""

    additional_properties: dict[str, CrmObject | None] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    def to_dict(self) -> dict[str, Any]:
        from ..models.crm_object import CrmObject  # noqa: PLC0415

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            if isinstance(prop, CrmObject):
                field_dict[prop_name] = prop.to_dict()
            else:
                field_dict[prop_name] = prop

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.crm_object import CrmObject  # noqa: PLC0415

        d = dict(src_dict)
        crm_objects_map = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():

            def _parse_additional_property(data: object) -> CrmObject | None:
                if data is None:
                    return data
                if not isinstance(data, dict):
                    raise TypeError()
                additional_property_type_0 = CrmObject.from_dict(data)

                return additional_property_type_0

            additional_property = _parse_additional_property(prop_dict)

            additional_properties[prop_name] = additional_property

        crm_objects_map.additional_properties = additional_properties
        return crm_objects_map
