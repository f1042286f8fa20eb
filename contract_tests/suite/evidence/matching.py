"""Whether a request is the recorded one, by what it means: query and JSON by value, forms by their parts."""

import json
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from contract_tests.suite.ledger.forms import boundary_of, parts_of


class Sent(Protocol):
    """A request as the recorder hands it over."""

    method: str
    uri: str
    headers: Any
    body: bytes | None


def meaning(headers: Any, body: bytes | None) -> object:  # noqa: ANN401  (any mapping that ignores case)
    """Reduce a body to what it means: parts of a form, a JSON value, or the bytes as they are."""
    content, content_type = body or b"", headers.get("content-type") or ""
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if boundary_of(content_type):
            return (media_type, parts_of(content_type, content))
        if media_type == "application/json":
            return (media_type, _by_value(json.loads(content, parse_float=Decimal)))
    except ValueError:
        pass  # neither form nor JSON, whatever it is called
    return (content_type, content)


def _by_value(value: Any) -> object:  # noqa: ANN401  (any JSON)
    """Keep true apart from 1, which Python takes for equal."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, list):
        return [_by_value(one) for one in value]
    if isinstance(value, dict):
        return {name: _by_value(one) for name, one in value.items()}
    return value


def same_path(one: Sent, other: Sent) -> None:
    """Compare the paths of two requests."""
    _same("path", urlsplit(one.uri).path, urlsplit(other.uri).path)


def same_query(one: Sent, other: Sent) -> None:
    """Compare the queries of two requests by value; blank values count, the order does not."""
    pairs = [sorted(parse_qsl(urlsplit(sent.uri).query, keep_blank_values=True)) for sent in (one, other)]
    _same("query", *pairs)


def same_caller(one: Sent, other: Sent) -> None:
    """Compare how two requests say who calls, but not who it is."""
    schemes = [str(sent.headers.get("authorization") or "").partition(" ")[0] for sent in (one, other)]
    _same("authorization scheme", *schemes)


def same_body(one: Sent, other: Sent) -> None:
    """Compare the bodies of two requests by what they mean."""
    _same("body", meaning(one.headers, one.body), meaning(other.headers, other.body))


def _same(what: str, sent: object, recorded: object) -> None:
    if sent != recorded:
        raise AssertionError(f"the {what} differs: sent {sent!r}, recorded {recorded!r}")
