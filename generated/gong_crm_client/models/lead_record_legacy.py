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

T = TypeVar("T", bound="LeadRecordLegacy")


@_attrs_define
class LeadRecordLegacy(Model[Any]):
    """A person who may become a customer, by the older rules.

    Attributes:
        object_id (str): The id of an object in the CRM, unique for its type and never changed.
        modified_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
        email_address (str): The main e-mail address.
        first_name (str): The first name.
        last_name (str): The last name.
        is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
        url (None | str | Unset): Full address of the object in the CRM.
        last_modified (None | str | Unset): The older name of `modifiedDate`; use that instead.
        title (None | str | Unset): The title.
        phone_number (None | str | Unset): The phone number; mandatory where Gong imports dialer calls.
        converted_to_deal_id (None | str | Unset): Object id of the deal that the lead became.
        converted_to_contact_id (None | str | Unset): Object id of the contact that the lead became.
        converted_to_account_id (None | str | Unset): Object id of the account that the lead became.
    """

    object_id: str
    modified_date: str
    email_address: str
    first_name: str
    last_name: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    last_modified: None | str | Unset = UNSET
    title: None | str | Unset = UNSET
    phone_number: None | str | Unset = UNSET
    converted_to_deal_id: None | str | Unset = UNSET
    converted_to_contact_id: None | str | Unset = UNSET
    converted_to_account_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "modifiedDate": "modified_date",
        "emailAddress": "email_address",
        "firstName": "first_name",
        "lastName": "last_name",
        "isDeleted": "is_deleted",
        "url": "url",
        "lastModified": "last_modified",
        "title": "title",
        "phoneNumber": "phone_number",
        "convertedToDealId": "converted_to_deal_id",
        "convertedToContactId": "converted_to_contact_id",
        "convertedToAccountId": "converted_to_account_id",
    }

    def to_dict(self) -> dict[str, Any]:
        object_id = self.object_id

        modified_date = self.modified_date

        email_address = self.email_address

        first_name = self.first_name

        last_name = self.last_name

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

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        phone_number: None | str | Unset
        if isinstance(self.phone_number, Unset):
            phone_number = UNSET
        else:
            phone_number = self.phone_number

        converted_to_deal_id: None | str | Unset
        if isinstance(self.converted_to_deal_id, Unset):
            converted_to_deal_id = UNSET
        else:
            converted_to_deal_id = self.converted_to_deal_id

        converted_to_contact_id: None | str | Unset
        if isinstance(self.converted_to_contact_id, Unset):
            converted_to_contact_id = UNSET
        else:
            converted_to_contact_id = self.converted_to_contact_id

        converted_to_account_id: None | str | Unset
        if isinstance(self.converted_to_account_id, Unset):
            converted_to_account_id = UNSET
        else:
            converted_to_account_id = self.converted_to_account_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "objectId": object_id,
                "modifiedDate": modified_date,
                "emailAddress": email_address,
                "firstName": first_name,
                "lastName": last_name,
            }
        )
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted
        if url is not UNSET:
            field_dict["url"] = url
        if last_modified is not UNSET:
            field_dict["lastModified"] = last_modified
        if title is not UNSET:
            field_dict["title"] = title
        if phone_number is not UNSET:
            field_dict["phoneNumber"] = phone_number
        if converted_to_deal_id is not UNSET:
            field_dict["convertedToDealId"] = converted_to_deal_id
        if converted_to_contact_id is not UNSET:
            field_dict["convertedToContactId"] = converted_to_contact_id
        if converted_to_account_id is not UNSET:
            field_dict["convertedToAccountId"] = converted_to_account_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_id = d.pop("objectId")

        modified_date = d.pop("modifiedDate")

        email_address = d.pop("emailAddress")

        first_name = d.pop("firstName")

        last_name = d.pop("lastName")

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

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        def _parse_phone_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone_number = _parse_phone_number(d.pop("phoneNumber", UNSET))

        def _parse_converted_to_deal_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        converted_to_deal_id = _parse_converted_to_deal_id(d.pop("convertedToDealId", UNSET))

        def _parse_converted_to_contact_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        converted_to_contact_id = _parse_converted_to_contact_id(d.pop("convertedToContactId", UNSET))

        def _parse_converted_to_account_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        converted_to_account_id = _parse_converted_to_account_id(d.pop("convertedToAccountId", UNSET))

        lead_record_legacy = cls(
            object_id=object_id,
            modified_date=modified_date,
            email_address=email_address,
            first_name=first_name,
            last_name=last_name,
            is_deleted=is_deleted,
            url=url,
            last_modified=last_modified,
            title=title,
            phone_number=phone_number,
            converted_to_deal_id=converted_to_deal_id,
            converted_to_contact_id=converted_to_contact_id,
            converted_to_account_id=converted_to_account_id,
        )

        lead_record_legacy.additional_properties = d
        return lead_record_legacy
