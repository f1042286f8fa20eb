"""What a plan must be, worked out in memory from what the lines were written as, without a line of gong_crm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from gong_crm.plan.origins import origins_of
from gong_crm.plan.payload import open_payload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gong_crm.plan.plan import Plan

LATEST = 10.0**12
OVERHEAD = 1_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """A line as a test wrote it.

    Attributes:
        text: Its bytes without a line end.
        kind: `good`, `bad` or `blank`.
        object_id: The object it is about, when it is good.
        modified: Its time as written, or None.
        end: Its line end.
    """

    text: bytes
    kind: str
    object_id: str = ""
    modified: str | None = None
    end: bytes = b"\n"


@dataclass(frozen=True, kw_only=True)
class Stands:
    """A line and where it stands."""

    source: str
    number: int
    offset: int
    line: Written


def write(path: Path, lines: Sequence[Written], *, mark: bytes = b"") -> list[Stands]:
    """Write a source, and say where each of its lines stands."""
    offset = len(mark)
    stand = []
    for number, line in enumerate(lines, 1):
        stand.append(Stands(source=str(path), number=number, offset=offset, line=line))
        offset += len(line.text) + len(line.end)
    path.write_bytes(mark + b"".join(line.text + line.end for line in lines))
    return stand


def waves_of(stand: Sequence[Stands]) -> tuple[list[list[Stands]], int]:
    """Work out what each wave must hold, in its order, and how many lines are dropped."""
    ordered = sorted((one for one in stand if one.line.kind == "good"), key=lambda one: _instant(one.line.modified))
    waves: list[list[Stands]] = []
    before: dict[str, tuple[int, bytes]] = {}
    dropped = 0
    for one in ordered:
        wave, text = before.get(one.line.object_id, (0, b""))
        if wave and one.line.text == text:
            dropped += 1
            continue
        before[one.line.object_id] = wave + 1, one.line.text
        if wave == len(waves):
            waves.append([])
        waves[wave].append(one)
    return waves, dropped


def assert_planned(plan: Plan, object_type: str, stand: Sequence[Stands], *, largest: int) -> None:
    """Hold the files of one object type, their origins, what is held back and all numbers against the lines."""
    waves, dropped = waves_of(stand)
    bad = [one for one in stand if one.line.kind == "bad"]
    files = [planned for planned in plan.files if planned.object_type == object_type]
    numbers = next(one for one in plan.types if one.object_type == object_type)
    read = sum(one.line.kind != "blank" for one in stand)
    assert (read, len(bad), dropped) == (numbers.read, numbers.held_back, numbers.duplicates)
    assert sum(map(len, waves)) == numbers.to_send == sum(planned.lines for planned in files)
    assert numbers.bytes == sum(planned.bytes for planned in files)
    assert sorted((planned.wave, planned.part) for planned in files) == [(one.wave, one.part) for one in files]
    by_place = {(one.source, one.number): one for one in stand}
    found: list[list[Stands]] = [[] for _ in waves]
    for planned in files:
        with open_payload(planned, plan) as payload:
            data = payload.read()
        assert (planned.bytes, planned.sha256) == (len(data), sha256(data).hexdigest())
        assert planned.bytes <= largest - OVERHEAD
        lines = data.removesuffix(b"\n").split(b"\n") if data else []
        assert planned.lines == len(lines)
        origins = origins_of(planned, plan, range(1, len(lines) + 1))
        for number, text in enumerate(lines, 1):
            origin, raw = origins[number]
            assert text + b"\n" == raw
            one = by_place[origin.source, origin.line]
            assert (one.offset, len(one.line.text)) == (origin.offset, origin.length)
            assert one.line.text == raw.rstrip(b"\r\n")
            found[planned.wave - 1].append(one)
    assert waves == found
    held = list(plan.held_back(object_type))
    assert [one.line.text + (one.line.end or b"\n") for one in bad] == [one.raw for one in held]
    assert [(one.source, one.number, one.offset) for one in bad] == [
        (one.origin.source, one.origin.line, one.origin.offset) for one in held
    ]
    assert all(one.findings for one in held)


def _instant(modified: str | None) -> float:
    """Count the seconds since the year 1; datetime itself cannot leave its years."""
    if modified is None:
        return LATEST
    moment = datetime.fromisoformat(modified)
    offset = moment.utcoffset()
    assert offset is not None
    return (moment.replace(tzinfo=None) - datetime.min - offset) / timedelta(seconds=1)  # noqa: DTZ901  (times without a zone are what is compared)
