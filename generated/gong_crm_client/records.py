# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
"""The models of the lines of an upload, by object type."""

from __future__ import annotations

from typing import Any

from . import models
from .types import Model

_CURRENT: dict[str, type[Model[Any]]] = {
    "ACCOUNT": models.AccountRecord,
    "BUSINESS_USER": models.BusinessUserRecord,
    "CONTACT": models.ContactRecord,
    "DEAL": models.DealRecord,
    "LEAD": models.LeadRecord,
    "STAGE": models.StageRecord,
}
_LEGACY: dict[str, type[Model[Any]]] = {
    "ACCOUNT": models.AccountRecordLegacy,
    "BUSINESS_USER": models.BusinessUserRecordLegacy,
    "CONTACT": models.ContactRecordLegacy,
    "DEAL": models.DealRecordLegacy,
    "LEAD": models.LeadRecordLegacy,
    "STAGE": models.StageRecordLegacy,
}


def record_model(object_type: str, *, legacy: bool = False) -> type[Model[Any]]:
    """Return the model of one line of an upload.

    Args:
        object_type: What the file holds: a member of an enum of object types, or its text.
        legacy: True for the lines of the older endpoints.

    Returns:
        The class; its `from_dict` reads a line, and its `to_dict` is what a line says.

    Raises:
        ValueError: If no line has a model of that object type.
    """
    found = (_LEGACY if legacy else _CURRENT).get(str(object_type))
    if found is None:
        known = ", ".join(_CURRENT)
        raise ValueError(f"there is no object type {str(object_type)!r} to upload, there are: {known}")
    return found
