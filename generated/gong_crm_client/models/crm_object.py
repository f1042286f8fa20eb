# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="CrmObject")


@_attrs_define
class CrmObject(Model[Any]):
    """An object as Gong keeps it: field names with values of any JSON type.
    Which fields appear, and whether Gong's defaults are among them, is not known.

    """

    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        crm_object = cls()

        crm_object.additional_properties = d
        return crm_object
