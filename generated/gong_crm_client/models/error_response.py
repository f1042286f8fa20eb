# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    ClassVar,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="ErrorResponse")


@_attrs_define
class ErrorResponse(Model[Any]):
    """Why a call was refused, in sentences for people; there is neither code nor pointer.

    Attributes:
        request_id (str): Gong's name for this call, 18 or 19 lower-case letters and digits in all recordings.
        errors (list[str]): The reasons.
    """

    request_id: str
    errors: list[str]
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
        "errors": "errors",
    }

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        errors = self.errors

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
                "errors": errors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        request_id = d.pop("requestId")

        errors = cast(list[str], d.pop("errors"))

        error_response = cls(
            request_id=request_id,
            errors=errors,
        )

        error_response.additional_properties = d
        return error_response
