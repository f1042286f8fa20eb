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
    from ..models.selected_fields_by_object_type import SelectedFieldsByObjectType


T = TypeVar("T", bound="ListSelectedFieldsResponse")


@_attrs_define
class ListSelectedFieldsResponse(Model[Any]):
    """The fields that Gong keeps of the object types asked for.

    Attributes:
        request_id (str): Gong's name for this call.
        object_type_to_selected_fields (SelectedFieldsByObjectType): The fields of each object type asked for, under the
            name of the type.
    """

    request_id: str
    object_type_to_selected_fields: SelectedFieldsByObjectType
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
        "objectTypeToSelectedFields": "object_type_to_selected_fields",
    }

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
