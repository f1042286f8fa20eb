"""Lines for tests of the front door."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TIME = "2026-01-02T03:04:05Z"


def account(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    """Make an account."""
    return {"objectId": f"a{number}", "modifiedDate": TIME, "name": f"Account {number}", **more}


def contact(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    """Make a contact of account 1."""
    return {"objectId": f"c{number}", "modifiedDate": TIME, "accountId": "a1", **more}


def write(path: Path, lines: Iterable[dict[str, Any] | bytes]) -> Path:
    """Write records, and bytes as they are, as lines."""
    with path.open("wb") as file:
        for line in lines:
            file.write(line + b"\n" if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
    return path
