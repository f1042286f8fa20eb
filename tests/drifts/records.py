"""Records and schema fields that the talk sends."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.drifts.line_members import DEMANDED, FILLERS

JSON: Final = "application/json"
SCHEMA_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD")


def field(name: str, **more: object) -> dict[str, Any]:
    """Make a schema field."""
    return {"uniqueName": name, "label": f"Label of {name}", "type": "STRING", **more}


def record(family: str, object_type: str, object_id: str, **more: object) -> dict[str, Any]:
    """Make a record with every member that its family demands."""
    demanded = {name: FILLERS[name] for name in DEMANDED[family][object_type]}
    return {**demanded, "objectId": object_id, **more}


def every_field() -> list[dict[str, Any]]:
    """Make a field of each type, and a reference to each target."""
    types = "BOOLEAN DATE DATETIME NUMBER PERCENT CURRENCY PHONENUMBER EMAILADDRESS ID STRING URL"
    targets = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")
    return [
        *(field(f"field{name}", type=name) for name in types.split()),
        field("fieldPICKLIST", type="PICKLIST", orderedValueList=["low", "high"]),
        *(field(f"field{name}Id", type="REFERENCE", referenceTo=name) for name in targets),
    ]
