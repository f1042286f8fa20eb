# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""The JSON Schemas (2020-12) of one line of an upload, one file per object type and family."""

import json
from importlib.resources import files
from typing import Any, Literal

ObjectType = Literal[
    "ACCOUNT",
    "BUSINESS_USER",
    "CONTACT",
    "DEAL",
    "LEAD",
    "STAGE",
]

_CURRENT = {
    "ACCOUNT": "account.json",
    "BUSINESS_USER": "business_user.json",
    "CONTACT": "contact.json",
    "DEAL": "deal.json",
    "LEAD": "lead.json",
    "STAGE": "stage.json",
}
_LEGACY = {
    "ACCOUNT": "account_legacy.json",
    "BUSINESS_USER": "business_user_legacy.json",
    "CONTACT": "contact_legacy.json",
    "DEAL": "deal_legacy.json",
    "LEAD": "lead_legacy.json",
    "STAGE": "stage_legacy.json",
}

__all__ = ["ObjectType", "answers", "line_schema", "user_mapping_schema"]


def line_schema(object_type: ObjectType, *, legacy: bool = False) -> dict[str, Any]:
    """Return the JSON Schema of one line of an upload.

    Args:
        object_type: What the file holds, in Gong's capitals.
        legacy: True for the rules of the older endpoints.

    Returns:
        A schema that needs no other file; every call gives a fresh copy.

    Raises:
        ValueError: If there is no such object type.
    """
    names = _LEGACY if legacy else _CURRENT
    if object_type not in names:
        raise ValueError(f"no line schema for the object type {object_type!r}, there are: {', '.join(names)}")
    return _read(names[object_type])


def answers() -> dict[str, Any]:
    """Return what the document says of answers.

    Returns:
        Under `operations` for each operationId its method, path, and `answers` with a JSON Schema by status, whose
        references point into `$defs`; under `names`, `values` and `words` the members, the values of closed lists and
        the words of sentences that come from Gong and not from a customer.
    """
    return _read("answers.json")


def user_mapping_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of the older upload that maps CRM users to Gong users."""
    return _read("user_mapping.json")


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))
    return schema
