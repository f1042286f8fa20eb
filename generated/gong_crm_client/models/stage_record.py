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

from ..types import UNSET, Model, Unset, owned

T = TypeVar("T", bound="StageRecord")


@_attrs_define
class StageRecord(Model[Any]):
    """A stage of the sales process; upload stages before deals.
    To take one out of use, make it inactive, so that deals keep it.
    `modifiedDate` may be left out.

        Attributes:
            object_id (str): The id of an object in the CRM, unique for its type and never changed: 1 to 64 letters, digits
                and dashes, or an e-mail address.
                Underscores are accepted, because Gong's own example has them.
            name (str): Name of the stage as people will see it.
            is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
            url (None | str | Unset): Full address of the object in the CRM.
            modified_date (None | str | Unset): When the stage was last changed in the CRM.
            is_active (bool | None | Unset): Whether the stage is in use; true where it is left out.
            sort_order (int | None | Unset): Place in the sales process, from 1, and 1 where it is left out; equal places
                are shown one after another.
    """

    object_id: str
    name: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    modified_date: None | str | Unset = UNSET
    is_active: bool | None | Unset = UNSET
    sort_order: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "name": "name",
        "isDeleted": "is_deleted",
        "url": "url",
        "modifiedDate": "modified_date",
        "isActive": "is_active",
        "sortOrder": "sort_order",
    }

    def to_dict(self) -> dict[str, Any]:
        object_id = self.object_id

        name = self.name

        is_deleted: bool | None | Unset
        if isinstance(self.is_deleted, Unset):
            is_deleted = UNSET
        else:
            is_deleted = self.is_deleted

        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        modified_date: None | str | Unset
        if isinstance(self.modified_date, Unset):
            modified_date = UNSET
        else:
            modified_date = self.modified_date

        is_active: bool | None | Unset
        if isinstance(self.is_active, Unset):
            is_active = UNSET
        else:
            is_active = self.is_active

        sort_order: int | None | Unset
        if isinstance(self.sort_order, Unset):
            sort_order = UNSET
        else:
            sort_order = self.sort_order

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "objectId": object_id,
                "name": name,
            }
        )
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted
        if url is not UNSET:
            field_dict["url"] = url
        if modified_date is not UNSET:
            field_dict["modifiedDate"] = modified_date
        if is_active is not UNSET:
            field_dict["isActive"] = is_active
        if sort_order is not UNSET:
            field_dict["sortOrder"] = sort_order

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_id = d.pop("objectId")

        name = d.pop("name")

        def _parse_is_deleted(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_deleted = _parse_is_deleted(d.pop("isDeleted", UNSET))

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        def _parse_modified_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        modified_date = _parse_modified_date(d.pop("modifiedDate", UNSET))

        def _parse_is_active(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_active = _parse_is_active(d.pop("isActive", UNSET))

        def _parse_sort_order(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        sort_order = _parse_sort_order(d.pop("sortOrder", UNSET))

        stage_record = cls(
            object_id=object_id,
            name=name,
            is_deleted=is_deleted,
            url=url,
            modified_date=modified_date,
            is_active=is_active,
            sort_order=sort_order,
        )

        stage_record.additional_properties = d
        return stage_record
