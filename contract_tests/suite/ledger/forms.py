"""Forms, taken apart into their parts."""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a form.

    Attributes:
        name: Name of the part.
        file_name: Name of the file in it, when it is a file.
        content_type: Its content type, where it is given.
        content: Its bytes.
    """

    name: str
    file_name: str | None
    content_type: str | None
    content: bytes


class NoForm(ValueError):  # noqa: N818  (says what the body is not)
    """A body is no complete form."""


def boundary_of(content_type: str) -> str | None:
    """Read the boundary from a Content-Type; None when the type is no form or names none."""
    header = Message()
    header["Content-Type"] = content_type
    return header.get_boundary() if header.get_content_type() == "multipart/form-data" else None


def marks(boundary: str) -> re.Pattern[bytes]:
    """Make the pattern of the lines that part a form; its group is ``--`` at the end of the form."""
    return re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|\Z)")


def parts_of(content_type: str, body: bytes) -> tuple[Part, ...]:
    """Take a form apart.

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
