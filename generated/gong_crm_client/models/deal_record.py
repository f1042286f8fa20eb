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

from ..models.deal_status import DealStatus
from ..types import UNSET, Model, Unset, argument_of, owned

T = TypeVar("T", bound="DealRecord")


@_attrs_define
class DealRecord(Model[Any]):
    """An opportunity or contract of an account.
    Without account it does not appear in Gong; without owner or close date it is not on the deal board.
    A reference that leads nowhere is no error of the line.

        Attributes:
            object_id (str): The id of an object in the CRM, unique for its type and never changed: 1 to 64 letters, digits
                and dashes, or an e-mail address.
                Underscores are accepted, because Gong's own example has them.
            modified_date (str): An ISO-8601 time without milliseconds, with an offset or `Z`.
            is_deleted (bool | None | Unset): True deletes the object; false where it is left out.
            url (None | str | Unset): Full address of the object in the CRM.
            account_id (None | str | Unset): Object id of the account.
            owner_id (None | str | Unset): Object id of the business user who owns the deal.
            name (None | str | Unset): Name of the deal; where it is left out, Gong uses `Deal_#` and the object id.
            created_date (None | str | Unset): When the deal was made.
            close_date (None | str | Unset): When the deal closed or should close.
            status (DealStatus | None | Unset): How the deal stands; `OPEN` where it is left out.
            stage (None | str | Unset): Object id of the stage; none that matches is no error, but activities may not be
                associated.
            amount (float | None | Unset): Amount in the company's currency; 0 where it is left out.
    """

    object_id: str
    modified_date: str
    is_deleted: bool | None | Unset = UNSET
    url: None | str | Unset = UNSET
    account_id: None | str | Unset = UNSET
    owner_id: None | str | Unset = UNSET
    name: None | str | Unset = UNSET
    created_date: None | str | Unset = UNSET
    close_date: None | str | Unset = UNSET
    status: DealStatus | None | Unset = UNSET
    stage: None | str | Unset = UNSET
    amount: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "objectId": "object_id",
        "modifiedDate": "modified_date",
        "isDeleted": "is_deleted",
        "url": "url",
        "accountId": "account_id",
        "ownerId": "owner_id",
        "name": "name",
        "createdDate": "created_date",
        "closeDate": "close_date",
        "status": "status",
        "stage": "stage",
        "amount": "amount",
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

        account_id: None | str | Unset
        if isinstance(self.account_id, Unset):
            account_id = UNSET
        else:
            account_id = self.account_id

        owner_id: None | str | Unset
        if isinstance(self.owner_id, Unset):
            owner_id = UNSET
        else:
            owner_id = self.owner_id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        created_date: None | str | Unset
        if isinstance(self.created_date, Unset):
            created_date = UNSET
        else:
            created_date = self.created_date

        close_date: None | str | Unset
        if isinstance(self.close_date, Unset):
            close_date = UNSET
        else:
            close_date = self.close_date

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, DealStatus):
            status = argument_of(self.status, DealStatus)
        else:
            status = self.status

        stage: None | str | Unset
        if isinstance(self.stage, Unset):
            stage = UNSET
        else:
            stage = self.stage

        amount: float | None | Unset
        if isinstance(self.amount, Unset):
            amount = UNSET
        else:
            amount = self.amount

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
        if account_id is not UNSET:
            field_dict["accountId"] = account_id
        if owner_id is not UNSET:
            field_dict["ownerId"] = owner_id
        if name is not UNSET:
            field_dict["name"] = name
        if created_date is not UNSET:
            field_dict["createdDate"] = created_date
        if close_date is not UNSET:
            field_dict["closeDate"] = close_date
        if status is not UNSET:
            field_dict["status"] = status
        if stage is not UNSET:
            field_dict["stage"] = stage
        if amount is not UNSET:
            field_dict["amount"] = amount

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

        def _parse_account_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account_id = _parse_account_id(d.pop("accountId", UNSET))

        def _parse_owner_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        owner_id = _parse_owner_id(d.pop("ownerId", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_created_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        created_date = _parse_created_date(d.pop("createdDate", UNSET))

        def _parse_close_date(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        close_date = _parse_close_date(d.pop("closeDate", UNSET))

        def _parse_status(data: object) -> DealStatus | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if not isinstance(data, str):
                raise TypeError()
            status_type_0 = DealStatus(data)

            return status_type_0

        status = _parse_status(d.pop("status", UNSET))

        def _parse_stage(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stage = _parse_stage(d.pop("stage", UNSET))

        def _parse_amount(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        amount = _parse_amount(d.pop("amount", UNSET))

        deal_record = cls(
            object_id=object_id,
            modified_date=modified_date,
            is_deleted=is_deleted,
            url=url,
            account_id=account_id,
            owner_id=owner_id,
            name=name,
            created_date=created_date,
            close_date=close_date,
            status=status,
            stage=stage,
            amount=amount,
        )

        deal_record.additional_properties = d
        return deal_record
