# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="SchemaUpdateResponse")


@_attrs_define
class SchemaUpdateResponse(Model[Any]):
    """A list of fields or stages that was accepted.

    Attributes:
        request_id (str): Gong's name for this call.
    """

    request_id: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
    }

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        request_id = d.pop("requestId")

        schema_update_response = cls(
            request_id=request_id,
        )

        schema_update_response.additional_properties = d
        return schema_update_response
