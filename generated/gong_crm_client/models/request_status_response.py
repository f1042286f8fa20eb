# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.request_status import RequestStatus
from ..types import UNSET, Model, Unset, argument_of, owned

if TYPE_CHECKING:
    from ..models.line_error_response import LineErrorResponse


T = TypeVar("T", bound="RequestStatusResponse")


@_attrs_define
class RequestStatusResponse(Model[Any]):
    """Where an asynchronous request stands, with the first bad lines of one that failed.
    Whether errors and totals come with the other statuses is not known.

        Attributes:
            request_id (str): Gong's name for this call, not for the upload.
            status (RequestStatus): Where an asynchronous request stands: it waits, it is worked on, it ended well, it ended
                badly.
            errors (list[LineErrorResponse] | None | Unset): The first 20 bad lines; another kind of list than the `errors`
                of a refused call.
            total_error_count (int | None | Unset): Number of all bad lines, beyond 20 too.
            total_success_count (int | None | Unset): Number of all good lines.
    """

    request_id: str
    status: RequestStatus
    errors: list[LineErrorResponse] | None | Unset = UNSET
    total_error_count: int | None | Unset = UNSET
    total_success_count: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "requestId": "request_id",
        "status": "status",
        "errors": "errors",
        "totalErrorCount": "total_error_count",
        "totalSuccessCount": "total_success_count",
    }

    def to_dict(self) -> dict[str, Any]:
        request_id = self.request_id

        status = argument_of(self.status, RequestStatus)

        errors: list[dict[str, Any]] | None | Unset
        if isinstance(self.errors, Unset):
            errors = UNSET
        elif isinstance(self.errors, list):
            errors = []
            for errors_type_0_item_data in self.errors:
                errors_type_0_item = errors_type_0_item_data.to_dict()
                errors.append(errors_type_0_item)

        else:
            errors = self.errors

        total_error_count: int | None | Unset
        if isinstance(self.total_error_count, Unset):
            total_error_count = UNSET
        else:
            total_error_count = self.total_error_count

        total_success_count: int | None | Unset
        if isinstance(self.total_success_count, Unset):
            total_success_count = UNSET
        else:
            total_success_count = self.total_success_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requestId": request_id,
                "status": status,
            }
        )
        if errors is not UNSET:
            field_dict["errors"] = errors
        if total_error_count is not UNSET:
            field_dict["totalErrorCount"] = total_error_count
        if total_success_count is not UNSET:
            field_dict["totalSuccessCount"] = total_success_count

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_error_response import LineErrorResponse  # noqa: PLC0415

        d = dict(src_dict)
        request_id = d.pop("requestId")

        status = RequestStatus(d.pop("status"))

        def _parse_errors(data: object) -> list[LineErrorResponse] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            if not isinstance(data, list):
                raise TypeError()
            errors_type_0 = []
            _errors_type_0 = data
            for errors_type_0_item_data in _errors_type_0:
                errors_type_0_item = LineErrorResponse.from_dict(errors_type_0_item_data)

                errors_type_0.append(errors_type_0_item)

            return errors_type_0

        errors = _parse_errors(d.pop("errors", UNSET))

        def _parse_total_error_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_error_count = _parse_total_error_count(d.pop("totalErrorCount", UNSET))

        def _parse_total_success_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_success_count = _parse_total_success_count(d.pop("totalSuccessCount", UNSET))

        request_status_response = cls(
            request_id=request_id,
            status=status,
            errors=errors,
            total_error_count=total_error_count,
            total_success_count=total_success_count,
        )

        request_status_response.additional_properties = d
        return request_status_response
