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

from ..models.schema_field_type import SchemaFieldType
from ..types import UNSET, Model, Unset, argument_of, owned

T = TypeVar("T", bound="GenericSchemaField")


@_attrs_define
class GenericSchemaField(Model[Any]):
    """A field as Gong keeps it; members without a value are null in Gong's example.

    Attributes:
        unique_name (str): Name of the member that carries the field in a line.
        label (str): Name of the field as people see it.
        type_ (SchemaFieldType): The types that a field can have; in a line they are written as

            | type | in JSON |
            |---|---|
            | `BOOLEAN` | true or false |
            | `CURRENCY`, `NUMBER` | a number; one currency a company, set in Gong |
            | `PERCENT` | a number from 0 to 100 |
            | `DATE` | `"2020-05-31"` |
            | `DATETIME` | `"2020-12-17T07:37:21+02:00"` or with `Z`, no milliseconds |
            | `PICKLIST` | a string out of `orderedValueList` |
            | `REFERENCE`, `ID` | a string |
            | `EMAILADDRESS`, `PHONENUMBER`, `STRING`, `URL` | a string |
            | `STRINGARRAY` | an array of strings; only for fields that Gong defines |
        name (None | str | Unset): The older name of `uniqueName`, with the same value.
        last_modified (None | str | Unset): When the field was last changed in the CRM.
        is_deleted (bool | None | Unset): Whether the field is removed.
        reference_to (None | str | Unset): What a reference points to.
        ordered_value_list (list[str] | None | Unset): The values that a pick list allows; null even for one in Gong's
            own example.
    """

    unique_name: str
    label: str
    type_: SchemaFieldType
    name: None | str | Unset = UNSET
    last_modified: None | str | Unset = UNSET
    is_deleted: bool | None | Unset = UNSET
    reference_to: None | str | Unset = UNSET
    ordered_value_list: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "uniqueName": "unique_name",
        "label": "label",
        "type": "type_",
        "name": "name",
        "lastModified": "last_modified",
        "isDeleted": "is_deleted",
        "referenceTo": "reference_to",
        "orderedValueList": "ordered_value_list",
    }

    def to_dict(self) -> dict[str, Any]:
        unique_name = self.unique_name

        label = self.label

        type_ = argument_of(self.type_, SchemaFieldType)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

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
        field_dict.update(
            {
                "uniqueName": unique_name,
                "label": label,
                "type": type_,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
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
        unique_name = d.pop("uniqueName")

        label = d.pop("label")

        type_ = SchemaFieldType(d.pop("type"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

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

        def _parse_reference_to(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

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

        generic_schema_field = cls(
            unique_name=unique_name,
            label=label,
            type_=type_,
            name=name,
            last_modified=last_modified,
            is_deleted=is_deleted,
            reference_to=reference_to,
            ordered_value_list=ordered_value_list,
        )

        generic_schema_field.additional_properties = d
        return generic_schema_field
