"""The data files that uploads carry: their lines, and the part that holds them."""

import json
from collections.abc import Iterable
from typing import Final

LINES: Final = "application/x-ndjson"


def ldjson(lines: Iterable[object]) -> bytes:
    """Write lines as a file, each ended; a string is taken as the raw text of a line."""
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return "".join(f"{text}\n" for text in texts).encode()


def data_file(data: bytes, *, name: str = "dataFile") -> dict[str, tuple[str | None, bytes, str]]:
    """Make the part of a form that carries a file."""
    return {name: ("lines.ldjson", data, LINES)}
