"""Whether a request is the recorded one, by what it means: query and JSON by value, forms by their parts."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from email.message import Message
from email.parser import BytesParser
from itertools import pairwise
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit


class Sent(Protocol):
    """A request as the recorder hands it over."""

    method: str
    uri: str
    headers: Any
    body: bytes | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a form.

    Attributes:
        name: Name of the part.
        file_name: Name of the file in it, when it is a file.
        content_type: Its content type, when told.
        content: Its bytes.
    """

    name: str
    file_name: str | None
    content_type: str | None
    content: bytes


class NoForm(ValueError):  # noqa: N818  # says what the body is not
    """A body is no complete form."""


def boundary_of(content_type: str) -> str | None:
    """Read the boundary of a form.

    Args:
        content_type: The header Content-Type.

    Returns:
        The boundary; None when the type is no form or names none.
    """
    header = Message()
    header["Content-Type"] = content_type
    return header.get_boundary() if header.get_content_type() == "multipart/form-data" else None


def marks(boundary: str) -> re.Pattern[bytes]:
    """Make the pattern of the lines that part a form.

    Args:
        boundary: The boundary.

    Returns:
        A pattern whose group is ``--`` at the end of the form.
    """
    return re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|\Z)")


def parts_of(content_type: str, body: bytes) -> tuple[Part, ...]:
    """Take a form apart.

    Args:
        content_type: The header Content-Type, which names the boundary.
        body: The body.

    Returns:
        Its parts in order.

    Raises:
        NoForm: The type is another, or the form is not complete.
    """
    boundary = boundary_of(content_type)
    found = list(marks(boundary).finditer(body)) if boundary else []
    ends = [number for number, mark in enumerate(found) if mark[1]]
    if not ends:
        raise NoForm(f"no complete form with the boundary {boundary!r}")
    return tuple(_part(body[one.end() : other.start()]) for one, other in pairwise(found[: ends[0] + 1]))


def _part(piece: bytes) -> Part:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = BytesParser().parsebytes(head + b"\r\n\r\n")
    return Part(
        name=str(headers.get_param("name", "", "content-disposition")),
        file_name=headers.get_filename(),
        content_type=headers["content-type"],
        content=content,
    )


def meaning(headers: Any, body: bytes | None) -> object:  # noqa: ANN401  # any mapping that ignores case
    """Say what a body means.

    Args:
        headers: Headers of the request.
        body: Its bytes.

    Returns:
        Something to compare: parts of a form, a JSON value, or the bytes as they are.
    """
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


def _by_value(value: Any) -> object:  # noqa: ANN401  # any JSON
    """Keep true apart from 1, which Python takes for equal."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, list):
        return [_by_value(one) for one in value]
    if isinstance(value, dict):
        return {name: _by_value(one) for name, one in value.items()}
    return value


def same_path(one: Sent, other: Sent) -> None:
    """Compare the paths of two requests.

    Args:
        one: A request.
        other: Another.
    """
    _same("path", urlsplit(one.uri).path, urlsplit(other.uri).path)


def same_query(one: Sent, other: Sent) -> None:
    """Compare the queries of two requests by value; blank values count, the order does not.

    Args:
        one: A request.
        other: Another.
    """
    pairs = [sorted(parse_qsl(urlsplit(sent.uri).query, keep_blank_values=True)) for sent in (one, other)]
    _same("query", *pairs)


def same_caller(one: Sent, other: Sent) -> None:
    """Compare how two requests say who calls, but not who it is.

    Args:
        one: A request.
        other: Another.
    """
    schemes = [str(sent.headers.get("authorization") or "").partition(" ")[0] for sent in (one, other)]
    _same("authorization scheme", *schemes)


def same_body(one: Sent, other: Sent) -> None:
    """Compare the bodies of two requests by what they mean.

    Args:
        one: A request.
        other: Another.
    """
    _same("body", meaning(one.headers, one.body), meaning(other.headers, other.body))


def _same(what: str, sent: object, recorded: object) -> None:
    if sent != recorded:
        raise AssertionError(f"the {what} differs: sent {sent!r}, recorded {recorded!r}")
