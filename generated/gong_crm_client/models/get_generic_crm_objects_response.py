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
    from ..models.crm_objects_map import CrmObjectsMap


T = TypeVar("T", bound="GetGenericCrmObjectsResponse")


@_attrs_define
class GetGenericCrmObjectsResponse(Model[Any]):
    """The objects asked for.

    Attributes:
        request_id (str): Gong's name for this call.
        crm_objects_map (CrmObjectsMap): Each id asked for, with its object or with null where none is found.
    """

    request_id: str
    crm_objects_map: CrmObjectsMap
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
        "crmObjectsMap": "crm_objects_map",
    }

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        crm_objects_map = self.crm_objects_map.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
                "crmObjectsMap": crm_objects_map,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.crm_objects_map import CrmObjectsMap  # noqa: PLC0415

        d = dict(src_dict)
        request_id = d.pop("requestId")

        crm_objects_map = CrmObjectsMap.from_dict(d.pop("crmObjectsMap"))

        get_generic_crm_objects_response = cls(
            request_id=request_id,
            crm_objects_map=crm_objects_map,
        )

        get_generic_crm_objects_response.additional_properties = d
        return get_generic_crm_objects_response
