# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class CrmObjectType(StrEnum):
    ACCOUNT = "ACCOUNT"
    CONTACT = "CONTACT"
    DEAL = "DEAL"
    LEAD = "LEAD"

    def __str__(self) -> str:
        return str(self.value)
