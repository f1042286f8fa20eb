# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class UploadObjectType(StrEnum):
    ACCOUNT = "ACCOUNT"
    BUSINESS_USER = "BUSINESS_USER"
    CONTACT = "CONTACT"
    DEAL = "DEAL"
    LEAD = "LEAD"
    STAGE = "STAGE"

    def __str__(self) -> str:
        return str(self.value)
