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

T = TypeVar("T", bound="AccountRecord")


@_attrs_define
class AccountRecord(Model[Any]):
    """A company; the one type that must be uploaded, before its contacts and deals.

    Attributes:
        object_id (str): The id of an object in the CRM, unique for its type and never changed: 1 to 64 letters, digits
            and dashes, or an e-mail address.
            Underscores are accepted, because Gong's own example has them.
        modified_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
        is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
        url (None | str | Unset): Full address of the object in the CRM.
        name (None | str | Unset): Name of the account; where it is left out, Gong uses `Account_#` and the object id.
        domains (list[str] | None | Unset): Internet domains of the account, by which Gong finds its activities.
    """

    object_id: str
    modified_date: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    name: None | str | Unset = UNSET
    domains: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "modifiedDate": "modified_date",
        "isDeleted": "is_deleted",
        "url": "url",
        "name": "name",
        "domains": "domains",
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

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        domains: list[str] | None | Unset
        if isinstance(self.domains, Unset):
            domains = UNSET
        elif isinstance(self.domains, list):
            domains = self.domains

        else:
            domains = self.domains

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
        if name is not UNSET:
            field_dict["name"] = name
        if domains is not UNSET:
            field_dict["domains"] = domains

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

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_domains(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if not isinstance(data, list):
                raise TypeError()
            domains_type_0 = cast(list[str], data)

            return domains_type_0

        domains = _parse_domains(d.pop("domains", UNSET))

        account_record = cls(
            object_id=object_id,
            modified_date=modified_date,
            is_deleted=is_deleted,
            url=url,
            name=name,
            domains=domains,
        )

        account_record.additional_properties = d
        return account_record
