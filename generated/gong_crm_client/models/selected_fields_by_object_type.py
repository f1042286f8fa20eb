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
    from ..models.generic_schema_field import GenericSchemaField


T = TypeVar("T", bound="SelectedFieldsByObjectType")


@_attrs_define
class SelectedFieldsByObjectType(Model["list[GenericSchemaField]"]):
    """The fields of each object type asked for, under the name of the type."""

    additional_properties: dict[str, list[GenericSchemaField]] = _attrs_field(
        factory=dict, kw_only=True, converter=owned
    )

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            field_dict[prop_name] = []
            for additional_property_item_data in prop:
                additional_property_item = additional_property_item_data.to_dict()
                field_dict[prop_name].append(additional_property_item)

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.generic_schema_field import GenericSchemaField  # noqa: PLC0415

        d = dict(src_dict)
        selected_fields_by_object_type = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional_property = []
            _additional_property = prop_dict
            for additional_property_item_data in _additional_property:
                additional_property_item = GenericSchemaField.from_dict(additional_property_item_data)

                additional_property.append(additional_property_item)

            additional_properties[prop_name] = additional_property

        selected_fields_by_object_type.additional_properties = additional_properties
        return selected_fields_by_object_type
