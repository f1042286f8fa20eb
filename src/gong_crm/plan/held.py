"""Lines that Gong would refuse, kept byte by byte with what is wrong about them."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from gong_crm.findings import Finding, Origin, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from gong_crm.checking.blocks import CheckedBlock
    from gong_crm.feeds import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A line that is not sent.

    Attributes:
        raw: The line, with a newline at its end even where the source has none.
        origin: Where it comes from.
        findings: What is wrong about it.
    """

    raw: bytes
    origin: Origin
    findings: tuple[Finding, ...]


class Held:
    """Writes the lines of one object type that are held back: the lines, and beside them a line of JSON for each.

    Args:
        folder: Where to.
        object_type: What the lines hold.
    """

    def __init__(self, folder: Path, object_type: str) -> None:
        self._paths = _paths(folder, object_type)
        self._files: list[BinaryIO] = []
        self.lines = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with ExitStack() as all_of_them:  # one that fails on a full disk keeps no other open
            for file in self._files:
                all_of_them.callback(file.close)

    def add(self, checked: CheckedBlock, feed: Feed) -> None:
        """Write the bad lines of a block."""
        if not self._files:
            self._files = [path.open("wb") for path in self._paths]
        found: dict[int, list[Finding]] = {}
        for finding in checked.findings:
            if finding.severity is Severity.ERROR:
                found.setdefault(finding.origin.line, []).append(finding)
        for place in sorted(checked.bad):
            raw = checked.lines[place]
            line = checked.origin(feed, place).line
            self._files[0].write(raw if raw.endswith(b"\n") else raw + b"\n")
            self._files[1].write(json.dumps(_as_json(found[line])).encode() + b"\n")
        self.lines += len(checked.bad)


def with_too_long(checked: CheckedBlock, feed: Feed, *, most: int) -> CheckedBlock:
    """Count lines as bad that no file may hold."""
    bad, findings = set(checked.bad), list(checked.findings)
    for place, raw in enumerate(checked.lines):
        size = len(raw.removesuffix(b"\n"))
        if size >= most and place not in bad and place not in checked.blank:
            bad.add(place)
            findings.append(
                Finding(
                    origin=checked.origin(feed, place),
                    rule="too-long",
                    message=f"the line has {size:,} bytes, and a file may have {most:,} at most",
                    hint="write one object a line",
                    object_id=checked.ids[place],
                )
            )
    ids = [None if place in bad else one for place, one in enumerate(checked.ids)]
    return replace(checked, bad=frozenset(bad), ids=ids, findings=findings)


def held_lines(folder: Path, object_type: str) -> Iterator[HeldLine]:
    """Give the lines of an object type that are held back, in the order of the sources.

    Args:
        folder: The plan's.
        object_type: Their object type.
    """
    lines_path, findings_path = _paths(folder, object_type)
    if not lines_path.exists():
        return
    with lines_path.open("rb") as lines, findings_path.open("rb") as findings:
        for raw, text in zip(lines, findings, strict=True):
            values = json.loads(text)
            origin = Origin(**values["origin"])
            yield HeldLine(
                raw=raw, origin=origin, findings=tuple(Finding(origin=origin, **one) for one in values["findings"])
            )


def _paths(folder: Path, object_type: str) -> tuple[Path, Path]:
    return folder / "held" / f"{object_type}.ldjson", folder / "held" / f"{object_type}.findings.ldjson"


def _as_json(findings: list[Finding]) -> dict[str, Any]:
    origin = findings[0].origin
    return {
        "origin": {name: getattr(origin, name) for name in ("source", "line", "offset", "length", "is_row")},
        "findings": [
            {name: getattr(one, name) for name in ("rule", "message", "hint", "member", "object_id")}
            for one in findings
        ],
    }
