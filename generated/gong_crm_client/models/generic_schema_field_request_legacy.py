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

from ..models.reference_target import ReferenceTarget
from ..models.uploadable_field_type import UploadableFieldType
from ..types import UNSET, Model, Unset, argument_of, owned

T = TypeVar("T", bound="GenericSchemaFieldRequestLegacy")


@_attrs_define
class GenericSchemaFieldRequestLegacy(Model[Any]):
    """One custom field, by the older rules.

    Attributes:
        unique_name (str | Unset): Name of the member that carries the field in a line.
        name (str | Unset): The older name of `uniqueName`; use that instead.
        label (str | Unset): Name of the field as people will see it.
        type_ (UploadableFieldType | Unset): The types that a custom field can have; `SchemaFieldType` says how their
            values are written.
        last_modified (None | str | Unset): When the field was last changed in the CRM; null, as the list answers it, is
            as good as left out.
        is_deleted (bool | None | Unset): True removes the field and its values in all objects; label and type are then
            not needed.
        reference_to (None | ReferenceTarget | Unset): What a `REFERENCE` points to; required there.
        ordered_value_list (list[str] | None | Unset): The values that a `PICKLIST` allows, in order; required there.
    """

    unique_name: str | Unset = UNSET
    name: str | Unset = UNSET
    label: str | Unset = UNSET
    type_: UploadableFieldType | Unset = UNSET
    last_modified: None | str | Unset = UNSET
    is_deleted: bool | None | Unset = UNSET
    reference_to: None | ReferenceTarget | Unset = UNSET
    ordered_value_list: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "uniqueName": "unique_name",
        "name": "name",
        "label": "label",
        "type": "type_",
        "lastModified": "last_modified",
        "isDeleted": "is_deleted",
        "referenceTo": "reference_to",
        "orderedValueList": "ordered_value_list",
    }

    def to_dict(self) -> dict[str, Any]:
        unique_name = self.unique_name

        name = self.name

        label = self.label

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = argument_of(self.type_, UploadableFieldType)

        last_modified: None | str | Unset
        if isinstance(self.last_modified, Unset):
            last_modified = UNSET
        else:
            last_modified = self.last_modified

        is_deleted: bool | None | Unset
        if isinstance(self.is_deleted, Unset):
            is_deleted = UNSET
        else:
            is_deleted = self.is_deleted

        reference_to: None | str | Unset
        if isinstance(self.reference_to, Unset):
            reference_to = UNSET
        elif isinstance(self.reference_to, ReferenceTarget):
            reference_to = argument_of(self.reference_to, ReferenceTarget)
        else:
            reference_to = self.reference_to

        ordered_value_list: list[str] | None | Unset
        if isinstance(self.ordered_value_list, Unset):
            ordered_value_list = UNSET
        elif isinstance(self.ordered_value_list, list):
            ordered_value_list = self.ordered_value_list

        else:
            ordered_value_list = self.ordered_value_list

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if unique_name is not UNSET:
            field_dict["uniqueName"] = unique_name
        if name is not UNSET:
            field_dict["name"] = name
        if label is not UNSET:
            field_dict["label"] = label
        if type_ is not UNSET:
            field_dict["type"] = type_
        if last_modified is not UNSET:
            field_dict["lastModified"] = last_modified
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted
        if reference_to is not UNSET:
            field_dict["referenceTo"] = reference_to
        if ordered_value_list is not UNSET:
            field_dict["orderedValueList"] = ordered_value_list

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        unique_name = d.pop("uniqueName", UNSET)

        name = d.pop("name", UNSET)

        label = d.pop("label", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: UploadableFieldType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = UploadableFieldType(_type_)

        def _parse_last_modified(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_modified = _parse_last_modified(d.pop("lastModified", UNSET))

        def _parse_is_deleted(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_deleted = _parse_is_deleted(d.pop("isDeleted", UNSET))

        def _parse_reference_to(data: object) -> None | ReferenceTarget | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if not isinstance(data, str):
                raise TypeError()
            reference_to_type_0 = ReferenceTarget(data)

            return reference_to_type_0

        reference_to = _parse_reference_to(d.pop("referenceTo", UNSET))

        def _parse_ordered_value_list(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if not isinstance(data, list):
                raise TypeError()
            ordered_value_list_type_0 = cast(list[str], data)

            return ordered_value_list_type_0

        ordered_value_list = _parse_ordered_value_list(d.pop("orderedValueList", UNSET))

        generic_schema_field_request_legacy = cls(
            unique_name=unique_name,
            name=name,
            label=label,
            type_=type_,
            last_modified=last_modified,
            is_deleted=is_deleted,
            reference_to=reference_to,
            ordered_value_list=ordered_value_list,
        )

        generic_schema_field_request_legacy.additional_properties = d
        return generic_schema_field_request_legacy
