# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class UploadableFieldType(StrEnum):
    BOOLEAN = "BOOLEAN"
    CURRENCY = "CURRENCY"
    DATE = "DATE"
    DATETIME = "DATETIME"
    EMAILADDRESS = "EMAILADDRESS"
    ID = "ID"
    NUMBER = "NUMBER"
    PERCENT = "PERCENT"
    PHONENUMBER = "PHONENUMBER"
    PICKLIST = "PICKLIST"
    REFERENCE = "REFERENCE"
    STRING = "STRING"
    URL = "URL"

    def __str__(self) -> str:
        return str(self.value)
