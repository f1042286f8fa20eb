# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class ReferenceTarget(StrEnum):
    ACCOUNT = "ACCOUNT"
    CONTACT = "CONTACT"
    DEAL = "DEAL"
    LEAD = "LEAD"
    USER = "USER"

    def __str__(self) -> str:
        return str(self.value)
