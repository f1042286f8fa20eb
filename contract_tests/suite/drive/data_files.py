"""The data files that uploads carry: their lines, and the part that holds them."""

import json
from collections.abc import Iterable
from typing import Final

LINES: Final = "application/x-ndjson"


def ldjson(lines: Iterable[object]) -> bytes:
    """Write lines as a file.

    Args:
        lines: JSON values; a string is taken as the raw text of a line.

    Returns:
        UTF-8, one line each, each ended.
    """
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return "".join(f"{text}\n" for text in texts).encode()


def data_file(data: bytes, *, name: str = "dataFile") -> dict[str, tuple[str | None, bytes, str]]:
    """Make the part that carries a file.

    Args:
        data: The file.
        name: Name of the part.

    Returns:
        What a caller takes as files.
    """
    return {name: ("lines.ldjson", data, LINES)}
