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

T = TypeVar("T", bound="CrmRecordLegacy")


@_attrs_define
class CrmRecordLegacy(Model[Any]):
    """The members that lines of every type share, by the older rules, which do not say what an object id may look like.

    Attributes:
        object_id (str): The id of an object in the CRM, unique for its type and never changed.
        modified_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
        is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
        url (None | str | Unset): Full address of the object in the CRM.
        last_modified (None | str | Unset): The older name of `modifiedDate`; use that instead.
    """

    object_id: str
    modified_date: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    last_modified: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "modifiedDate": "modified_date",
        "isDeleted": "is_deleted",
        "url": "url",
        "lastModified": "last_modified",
    }

    def to_dict(self) -> dict[str, Any]:
        object_id = self.object_id

        modified_date = self.modified_date

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

        last_modified: None | str | Unset
        if isinstance(self.last_modified, Unset):
            last_modified = UNSET
        else:
            last_modified = self.last_modified

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "objectId": object_id,
                "modifiedDate": modified_date,
            }
        )
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted
        if url is not UNSET:
            field_dict["url"] = url
        if last_modified is not UNSET:
            field_dict["lastModified"] = last_modified

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_id = d.pop("objectId")

        modified_date = d.pop("modifiedDate")

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

        def _parse_last_modified(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_modified = _parse_last_modified(d.pop("lastModified", UNSET))

        crm_record_legacy = cls(
            object_id=object_id,
            modified_date=modified_date,
            is_deleted=is_deleted,
            url=url,
            last_modified=last_modified,
        )

        crm_record_legacy.additional_properties = d
        return crm_record_legacy
