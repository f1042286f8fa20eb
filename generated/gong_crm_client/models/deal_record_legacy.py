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

T = TypeVar("T", bound="DealRecordLegacy")


@_attrs_define
class DealRecordLegacy(Model[Any]):
    """An opportunity or contract of an account, by the older rules.
    It is processed only when its account is in the database and its owner is mapped to a Gong user who records or
    imports calls.
    A close date is `closeDate` or one of its two deprecated forms, an amount likewise.

        Attributes:
            object_id (str): The id of an object in the CRM, unique for its type and never changed.
            modified_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
            account_id (str): Object id of the account, which must be uploaded first.
            owner_id (str): Id of the CRM user who owns the deal, `objectId` of a business user or `crmUserId` of a mapping.
            name (str): Name of the deal.
            created_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
            is_open (bool): Whether the deal is open.
            is_won (bool): Whether the deal is won.
            stage (str): The `internalName` of a stage, uploaded either way.
            is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
            url (None | str | Unset): Full address of the object in the CRM.
            last_modified (None | str | Unset): The older name of `modifiedDate`; use that instead.
            close_date (None | str | Unset): When the deal closed or should close.
            estimated_close_date (None | str | Unset): An older name of `closeDate`; use that instead.
            actual_close_date (None | str | Unset): An older name of `closeDate`; use that instead.
            amount (float | None | Unset): Amount in the company's currency.
            estimated_amount (float | None | Unset): An older name of `amount`; use that instead.
            actual_amount (float | None | Unset): An older name of `amount`; use that instead.
    """

    object_id: str
    modified_date: str
    account_id: str
    owner_id: str
    name: str
    created_date: str
    is_open: bool
    is_won: bool
    stage: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    last_modified: None | str | Unset = UNSET
    close_date: None | str | Unset = UNSET
    estimated_close_date: None | str | Unset = UNSET
    actual_close_date: None | str | Unset = UNSET
    amount: float | None | Unset = UNSET
    estimated_amount: float | None | Unset = UNSET
    actual_amount: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "modifiedDate": "modified_date",
        "accountId": "account_id",
        "ownerId": "owner_id",
        "name": "name",
        "createdDate": "created_date",
        "isOpen": "is_open",
        "isWon": "is_won",
        "stage": "stage",
        "isDeleted": "is_deleted",
        "url": "url",
        "lastModified": "last_modified",
        "closeDate": "close_date",
        "estimatedCloseDate": "estimated_close_date",
        "actualCloseDate": "actual_close_date",
        "amount": "amount",
        "estimatedAmount": "estimated_amount",
        "actualAmount": "actual_amount",
    }

    def to_dict(self) -> dict[str, Any]:
        object_id = self.object_id

        modified_date = self.modified_date

        account_id = self.account_id

        owner_id = self.owner_id

        name = self.name

        created_date = self.created_date

        is_open = self.is_open

        is_won = self.is_won

        stage = self.stage

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

        close_date: None | str | Unset
        if isinstance(self.close_date, Unset):
            close_date = UNSET
        else:
            close_date = self.close_date

        estimated_close_date: None | str | Unset
        if isinstance(self.estimated_close_date, Unset):
            estimated_close_date = UNSET
        else:
            estimated_close_date = self.estimated_close_date

        actual_close_date: None | str | Unset
        if isinstance(self.actual_close_date, Unset):
            actual_close_date = UNSET
        else:
            actual_close_date = self.actual_close_date

        amount: float | None | Unset
        if isinstance(self.amount, Unset):
            amount = UNSET
        else:
            amount = self.amount

        estimated_amount: float | None | Unset
        if isinstance(self.estimated_amount, Unset):
            estimated_amount = UNSET
        else:
            estimated_amount = self.estimated_amount

        actual_amount: float | None | Unset
        if isinstance(self.actual_amount, Unset):
            actual_amount = UNSET
        else:
            actual_amount = self.actual_amount

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "objectId": object_id,
                "modifiedDate": modified_date,
                "accountId": account_id,
                "ownerId": owner_id,
                "name": name,
                "createdDate": created_date,
                "isOpen": is_open,
                "isWon": is_won,
                "stage": stage,
            }
        )
        if is_deleted is not UNSET:
            field_dict["isDeleted"] = is_deleted
        if url is not UNSET:
            field_dict["url"] = url
        if last_modified is not UNSET:
            field_dict["lastModified"] = last_modified
        if close_date is not UNSET:
            field_dict["closeDate"] = close_date
        if estimated_close_date is not UNSET:
            field_dict["estimatedCloseDate"] = estimated_close_date
        if actual_close_date is not UNSET:
            field_dict["actualCloseDate"] = actual_close_date
        if amount is not UNSET:
            field_dict["amount"] = amount
        if estimated_amount is not UNSET:
            field_dict["estimatedAmount"] = estimated_amount
        if actual_amount is not UNSET:
            field_dict["actualAmount"] = actual_amount

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_id = d.pop("objectId")

        modified_date = d.pop("modifiedDate")

        account_id = d.pop("accountId")

        owner_id = d.pop("ownerId")

        name = d.pop("name")

        created_date = d.pop("createdDate")

        is_open = d.pop("isOpen")

        is_won = d.pop("isWon")

        stage = d.pop("stage")

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

        def _parse_close_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        close_date = _parse_close_date(d.pop("closeDate", UNSET))

        def _parse_estimated_close_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        estimated_close_date = _parse_estimated_close_date(d.pop("estimatedCloseDate", UNSET))

        def _parse_actual_close_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        actual_close_date = _parse_actual_close_date(d.pop("actualCloseDate", UNSET))

        def _parse_amount(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        amount = _parse_amount(d.pop("amount", UNSET))

        def _parse_estimated_amount(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        estimated_amount = _parse_estimated_amount(d.pop("estimatedAmount", UNSET))

        def _parse_actual_amount(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        actual_amount = _parse_actual_amount(d.pop("actualAmount", UNSET))

        deal_record_legacy = cls(
            object_id=object_id,
            modified_date=modified_date,
            account_id=account_id,
            owner_id=owner_id,
            name=name,
            created_date=created_date,
            is_open=is_open,
            is_won=is_won,
            stage=stage,
            is_deleted=is_deleted,
            url=url,
            last_modified=last_modified,
            close_date=close_date,
            estimated_close_date=estimated_close_date,
            actual_close_date=actual_close_date,
            amount=amount,
            estimated_amount=estimated_amount,
            actual_amount=actual_amount,
        )

        deal_record_legacy.additional_properties = d
        return deal_record_legacy
