# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from enum import StrEnum


class DealStatus(StrEnum):
    LOST = "LOST"
    OPEN = "OPEN"
    WON = "WON"

    def __str__(self) -> str:
        return str(self.value)
