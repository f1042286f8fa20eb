# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import Model, owned

T = TypeVar("T", bound="LineErrorResponse")


@_attrs_define
class LineErrorResponse(Model[Any]):
    """Why one line was refused.

    Attributes:
        line (int): Number of the line, from 1; 0 is the whole file.
        description (str): The reason, in a sentence for people.
    """

    line: int
    description: str
    additional_properties: dict[str, Any] = _attrs_field(factory=dict, kw_only=True, converter=owned)

    _names: ClassVar[dict[str, str]] = {
        "line": "line",
        "description": "description",
    }

    def to_dict(self) -> dict[str, Any]:
        line = self.line

        description = self.description

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "line": line,
                "description": description,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        description = d.pop("description")

        line_error_response = cls(
            line=line,
            description=description,
        )

        line_error_response.additional_properties = d
        return line_error_response
