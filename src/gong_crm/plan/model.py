"""A plan as data: which bytes become which file, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm.checking.spans import Span

STEPS: Final = {"BUSINESS_USER": 0, "STAGE": 0, "ACCOUNT": 1, "CONTACT": 2, "DEAL": 2, "LEAD": 3}
"""When each object type is sent: Gong asks for what others refer to first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where lines come from.

    Attributes:
        object_type: What the lines hold.
        name: What people call it.
        path: The file that holds the lines as LDJSON.
        size: Bytes of that file.
        modified: When it was last changed before it was planned, in nanoseconds; says nothing of a spooled one.
        spooled: Whether that file is a copy in the plan's folder.
        has_bytes: Whether the source itself has bytes that offsets can count.
        has_rows: Whether its lines are counted as rows.
        places: A file with the place in the source of each line, where that is another than in the LDJSON.
        original: The file with rows, such as CSV, that the lines were made of.
        original_size: Bytes of that file.
        original_modified: When it was last changed before it was planned, in nanoseconds.
        index: A file that says where some lines stand in the LDJSON, to find the others quickly.
    """

    object_type: str
    name: str
    path: Path
    size: int
    modified: int = 0
    spooled: bool = False
    has_bytes: bool = True
    has_rows: bool = False
    places: Path | None = None
    original: Path | None = None
    original_size: int = 0
    original_modified: int = 0
    index: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file to be sent, in one call.

    Attributes:
        object_type: What its lines hold.
        step: When its object type is sent; a smaller step is sent first.
        wave: Which wave of its object type it belongs to, from 1; a wave is sent when the one before is settled.
        part: Which file of its wave it is, from 1; an object id stands in one part only.
        lines: How many lines.
        bytes: How many bytes.
        sha256: Their hash, in hexadecimal.
        spans: Where its bytes stand in the sources; empty when it is a file of its own, or empty.
        path: The file of its own; a file with the suffix `.map` beside it says where its lines come from.
    """

    object_type: str
    step: int
    wave: int
    part: int
    lines: int
    bytes: int
    sha256: str
    spans: tuple[Span, ...] = ()
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypePlan:
    """What becomes of the lines of one object type: read = to_send + held_back + duplicates.

    Attributes:
        object_type: The object type.
        read: Lines of its sources, without blank ones.
        held_back: Lines that Gong would refuse; they are not sent.
        duplicates: Lines that say the same of an object as the line before about it; they are not sent.
        to_send: Lines of its planned files.
        bytes: Bytes of its planned files.
    """

    object_type: str
    read: int
    held_back: int
    duplicates: int
    to_send: int
    bytes: int
