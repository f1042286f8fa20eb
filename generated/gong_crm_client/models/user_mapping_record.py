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

T = TypeVar("T", bound="UserMappingRecord")


@_attrs_define
class UserMappingRecord(Model[Any]):
    """A user of the CRM and the Gong user with the same e-mail address.

    Attributes:
        crm_user_id (str): Id of the user in the CRM.
        email_address (None | str | Unset): E-mail address of the user in Gong; not needed when `isDeleted` is true.
        is_deleted (bool | None | Unset): True deletes the mapping; false where it is left out.
    """

    crm_user_id: str
    email_address: None | str | Unset = UNSET
    is_deleted: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "crmUserId": "crm_user_id",
        "emailAddress": "email_address",
        "isDeleted": "is_deleted",
    }

    def to_dict(self) -> dict[str, Any]:
        crm_user_id = self.crm_user_id

        email_address: None | str | Unset
        if isinstance(self.email_address, Unset):
            email_address = UNSET
        else:
            email_address = self.email_address

        is_deleted: bool | None | Unset
        if isinstance(self.is_deleted, Unset):
            is_deleted = UNSET
        else:
            is_deleted = self.is_deleted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "crmUserId": crm_user_id,
            }
        )
        if email_address is not UNSET:
            field_dict["emailAddress"] = email_address
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        crm_user_id = d.pop("crmUserId")

        def _parse_email_address(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        email_address = _parse_email_address(d.pop("emailAddress", UNSET))

        def _parse_is_deleted(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_deleted = _parse_is_deleted(d.pop("isDeleted", UNSET))

        user_mapping_record = cls(
            crm_user_id=crm_user_id,
            email_address=email_address,
            is_deleted=is_deleted,
        )

        user_mapping_record.additional_properties = d
        return user_mapping_record
