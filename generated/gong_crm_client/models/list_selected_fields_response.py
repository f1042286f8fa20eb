# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.selected_fields_by_object_type import SelectedFieldsByObjectType


T = TypeVar("T", bound="ListSelectedFieldsResponse")


@_attrs_define
class ListSelectedFieldsResponse:
    """The fields that Gong keeps of the object types asked for.

    Attributes:
        request_id (str): Gong's name for this call.
        object_type_to_selected_fields (SelectedFieldsByObjectType): The fields of each object type asked for, under the
            name of the type.
    """

    request_id: str
    object_type_to_selected_fields: SelectedFieldsByObjectType
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        object_type_to_selected_fields = self.object_type_to_selected_fields.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
                "objectTypeToSelectedFields": object_type_to_selected_fields,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.selected_fields_by_object_type import SelectedFieldsByObjectType  # noqa: PLC0415

        d = dict(src_dict)
        request_id = d.pop("requestId")

        object_type_to_selected_fields = SelectedFieldsByObjectType.from_dict(d.pop("objectTypeToSelectedFields"))

        list_selected_fields_response = cls(
            request_id=request_id,
            object_type_to_selected_fields=object_type_to_selected_fields,
        )

        list_selected_fields_response.additional_properties = d
        return list_selected_fields_response

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
