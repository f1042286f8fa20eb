"""The members that Gong knows in a line, by endpoint family and object type."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """The two sets of paths, whose rules for lines differ."""

    # C-13 in docs/emulator-differences.md.

    CURRENT = "current"
    LEGACY = "legacy"


class Kind(StrEnum):
    """What a standard member holds."""

    STRING = "string"
    STRINGS = "array of strings"
    BOOLEAN = "boolean"
    NUMBER = "number"
    DATE = "date"
    DAY_OR_MOMENT = "date or datetime"
    DATETIME = "datetime"
    ORDER = "integer from 1"
    STATUS = "deal status"


OBJECT_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "BUSINESS_USER", "STAGE")
SCHEMA_TYPES: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD")
USER_MAPPING: Final = "USER_MAPPING"

_COMMON: Final = {
    "objectId": Kind.STRING,
    "modifiedDate": Kind.DATETIME,
    "isDeleted": Kind.BOOLEAN,
    "url": Kind.STRING,
}
_PERSON: Final = {
    "emailAddress": Kind.STRING,
    "firstName": Kind.STRING,
    "lastName": Kind.STRING,
    "title": Kind.STRING,
    "phoneNumber": Kind.STRING,
}
_DEAL: Final = {
    "accountId": Kind.STRING,
    "ownerId": Kind.STRING,
    "name": Kind.STRING,
    "createdDate": Kind.DATETIME,
    "closeDate": Kind.DATE,
    "stage": Kind.STRING,
    "amount": Kind.NUMBER,
}
_STAGE: Final = {"name": Kind.STRING, "isActive": Kind.BOOLEAN, "sortOrder": Kind.ORDER}
_LEGACY_COMMON: Final = {**_COMMON, "lastModified": Kind.DATETIME}
_LEGACY_DEAL: Final = {
    **_DEAL,
    "isOpen": Kind.BOOLEAN,
    "isWon": Kind.BOOLEAN,
    "estimatedCloseDate": Kind.DATE,
    "actualCloseDate": Kind.DATE,
    "estimatedAmount": Kind.NUMBER,
    "actualAmount": Kind.NUMBER,
}
_LEAD: Final = {
    **_PERSON,
    "convertedToDealId": Kind.STRING,
    "convertedToContactId": Kind.STRING,
    "convertedToAccountId": Kind.STRING,
}
_ACCOUNT: Final = {"name": Kind.STRING, "domains": Kind.STRINGS}
_CONTACT: Final = {"accountId": Kind.STRING, **_PERSON}
_USER: Final = {"emailAddress": Kind.STRING}

STANDARD: Final[dict[Family, dict[str, dict[str, Kind]]]] = {
    Family.CURRENT: {
        "ACCOUNT": {**_COMMON, **_ACCOUNT},
        "CONTACT": {**_COMMON, **_CONTACT},
        # The current text calls closeDate a string, and the one client corrected against Gong sends a datetime.
        "DEAL": {**_COMMON, **_DEAL, "closeDate": Kind.DAY_OR_MOMENT, "status": Kind.STATUS},
        "LEAD": {**_COMMON, **_LEAD},
        "BUSINESS_USER": {**_COMMON, **_USER},
        "STAGE": {**_COMMON, **_STAGE},
    },
    Family.LEGACY: {
        "ACCOUNT": {**_LEGACY_COMMON, **_ACCOUNT},
        "CONTACT": {**_LEGACY_COMMON, **_CONTACT},
        "DEAL": {**_LEGACY_COMMON, **_LEGACY_DEAL},
        "LEAD": {**_LEGACY_COMMON, **_LEAD},
        "BUSINESS_USER": {**_LEGACY_COMMON, **_USER},
        "STAGE": {**_LEGACY_COMMON, "internalName": Kind.STRING, **_STAGE},
        USER_MAPPING: {"crmUserId": Kind.STRING, "emailAddress": Kind.STRING, "isDeleted": Kind.BOOLEAN},
    },
}
"""Kind of each standard member; everything else in a line is a custom field or is passed over."""

MANDATORY: Final[dict[Family, dict[str, tuple[str, ...]]]] = {
    Family.CURRENT: {
        "ACCOUNT": ("objectId", "modifiedDate"),
        "CONTACT": ("objectId", "modifiedDate"),
        "DEAL": ("objectId", "modifiedDate"),
        "LEAD": ("objectId", "modifiedDate"),
        "BUSINESS_USER": ("objectId", "modifiedDate", "emailAddress"),
        "STAGE": ("objectId", "name"),
    },
    Family.LEGACY: {
        "ACCOUNT": ("objectId", "modifiedDate", "name", "domains"),
        "CONTACT": ("objectId", "modifiedDate", "accountId", "emailAddress", "firstName", "lastName"),
        "DEAL": (
            *("objectId", "modifiedDate", "accountId", "ownerId", "name", "createdDate"),
            *("closeDate", "isOpen", "isWon", "stage", "amount"),
        ),
        "LEAD": ("objectId", "modifiedDate", "emailAddress", "firstName", "lastName"),
        "BUSINESS_USER": ("objectId", "modifiedDate", "emailAddress"),
        "STAGE": ("objectId", "modifiedDate", "internalName", "name", "isActive", "sortOrder"),
        USER_MAPPING: ("crmUserId", "emailAddress"),
    },
}
"""Members that a line must hold; the order is the order in which a missing one is reported."""

ALTERNATIVES: Final = {
    "closeDate": ("estimatedCloseDate", "actualCloseDate"),
    "amount": ("estimatedAmount", "actualAmount"),
}
"""Deprecated members that may take the place of a mandatory one of a legacy deal."""

UNLESS_DELETED: Final = {"BUSINESS_USER": "emailAddress", USER_MAPPING: "emailAddress"}
"""The mandatory member that a line with isDeleted true may leave out."""

SHOWN: Final = {
    object_type: {**STANDARD[Family.LEGACY][object_type], **STANDARD[Family.CURRENT][object_type]}
    for object_type in OBJECT_TYPES
}
"""Standard members of an object as it can be read back: those of both families, since the state is one."""

FIELD_TYPE: Final = {
    Kind.STRING: "STRING",
    Kind.STRINGS: "STRINGARRAY",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.NUMBER: "NUMBER",
    Kind.DATE: "DATE",
    Kind.DAY_OR_MOMENT: "DATE",
    Kind.DATETIME: "DATETIME",
    Kind.ORDER: "NUMBER",
    Kind.STATUS: "STRING",
}
"""Schema type under which a Gong-defined field of that kind is listed."""
