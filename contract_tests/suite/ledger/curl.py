"""A request as a command that repeats it; credentials are named, never shown."""

import re
import shlex
from typing import Final

from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.visible import excerpt, shortened, visible

SHOWN_LINES: Final = 4
"""Lines of an upload that are shown in full; of a longer one the middle is left out."""


def curl(exchange: Exchange) -> str:
    """Write the request as one command line for a shell."""
    kind = exchange.request_headers.get("content-type", "")
    if kind.startswith("multipart/"):
        name = re.search(rb'name="([^"]*)"', exchange.request_body)
        part = visible(name.group(1).decode("utf-8", "replace")) if name else "dataFile"
        form = f"{part}=@-;filename=lines.ldjson;type=application/x-ndjson"
        return f"{_lines_of(exchange.request_body)} | {' '.join([*_call(exchange), '-F', shlex.quote(form)])}"
    parts = [*_call(exchange)]
    if kind:
        parts += ["-H", _quoted(f"Content-Type: {kind}")]
    if exchange.request_body:
        parts += ["--data-binary", _quoted(excerpt(exchange.request_body))]
    return " ".join(parts)


def file_of(body: bytes) -> bytes:
    """Take the content of the first part out of a form."""
    return body.split(b"\r\n\r\n", 1)[-1].rsplit(b"\r\n--", 1)[0]


def _lines_of(body: bytes) -> str:
    lines = file_of(body).decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    shown = [_quoted(shortened(visible(line, keep="\t"), most=200)) for line in lines]
    if len(shown) > SHOWN_LINES:
        half = SHOWN_LINES // 2
        shown = [*shown[:half], f"'... {len(shown) - SHOWN_LINES} more lines ...'", *shown[-half:]]
    return " ".join(["printf '%s\\n'", *shown])


def _call(exchange: Exchange) -> list[str]:
    parts = ["curl", "-X", exchange.method, _quoted(visible(exchange.url))]
    authorization = exchange.request_headers.get("authorization", "")
    if authorization.lower().startswith("basic"):
        known = '"$GONG_ACCESS_KEY:$GONG_ACCESS_KEY_SECRET"'
        parts += ["--user", known if exchange.valid_credentials else "'wrong:pair'"]
    elif authorization:
        known = '"Authorization: Bearer $GONG_ACCESS_TOKEN"'
        parts += ["-H", known if exchange.valid_credentials else "'Authorization: Bearer wrong'"]
    return parts


def _quoted(text: str) -> str:
    return shlex.quote(visible(text, keep="\t"))
