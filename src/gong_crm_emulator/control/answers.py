"""How the control API reads a call, answers it and refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

VERSION: Final = 1
"""Version of the JSON shapes; it grows when a member changes its meaning or goes."""

_LONGEST_BODY: Final = 50_000_000
_MOST_DIGITS: Final = 18
_LONGEST_SEARCH: Final = 1_000


class ControlRefusal(Exception):  # noqa: N818  (an answer to the caller, not a fault of the emulator)
    """A control call that cannot be answered."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def json_answer(body: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON of a versioned shape."""
    content = orjson.dumps({"version": VERSION, **body})
    return Response(
        content, status, media_type="application/json", headers={"cache-control": "no-store", **(headers or {})}
    )


async def read_json(request: Request) -> Any:  # noqa: ANN401  (any JSON)
    """Read a body, or refuse it."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_BODY:
                raise ControlRefusal(413, f"The body is larger than {_LONGEST_BODY:,} bytes.")
    except ClientDisconnect as gone:
        raise ControlRefusal(400, "The body ended before its announced length.") from gone
    try:
        return orjson.loads(bytes(body))
    except orjson.JSONDecodeError as problem:
        raise ControlRefusal(400, f"The body is not valid JSON: {problem}.") from problem


def read_search(request: Request) -> str:
    """Read the text that is looked for, or refuse the call."""
    text = request.query_params.get("search", "")
    if len(text) > _LONGEST_SEARCH:
        raise ControlRefusal(400, f"search must not be longer than {_LONGEST_SEARCH:,} characters.")
    return text


def number_in_path(request: Request, name: str) -> int:
    """Read a number that a path names; what is none, or beyond 64 bits, is that of nothing."""
    text: str = request.path_params[name]
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def read_number(request: Request, name: str, *, default: int, most: int) -> int:
    """Read a whole number out of the query, or refuse it; what is above the most counts as that."""
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004  (digits of a number that fits anywhere)
        raise ControlRefusal(400, f"{name} must be a whole number.")
    return min(int(text), most)
