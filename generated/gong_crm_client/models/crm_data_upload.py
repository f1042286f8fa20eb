# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..types import File, Model, owned

T = TypeVar("T", bound="CrmDataUpload")


@_attrs_define
class CrmDataUpload(Model[Any]):
    """The form that carries a file.

    Attributes:
        data_file (File): The file in LDJSON, UTF-8, one JSON object a line, at most 200 MB.
    """

    data_file: File
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "dataFile": "data_file",
    }

    def to_dict(self) -> dict[str, Any]:
        data_file = self.data_file.to_tuple()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dataFile": data_file,
            }
        )

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("dataFile", self.data_file.to_tuple()))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        data_file = File(payload=BytesIO(d.pop("dataFile")))

        crm_data_upload = cls(
            data_file=data_file,
        )

        crm_data_upload.additional_properties = d
        return crm_data_upload
