# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class RequestStatus(StrEnum):
    DONE = "DONE"
    FAILED = "FAILED"
    IN_PROGRESS = "IN_PROGRESS"
    PENDING = "PENDING"

    def __str__(self) -> str:
        return str(self.value)
