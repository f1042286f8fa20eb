"""The judge of a push: holds what the emulator has, and what the pusher said, against the input files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from gong_crm_emulator.remote import Remote
from tests.gong_crm.faults.harness.judgement import Expected, GongKnows, canonical, expected, many, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

STEP: Final = {"BUSINESS_USER": 0, "STAGE": 0, "ACCOUNT": 1, "CONTACT": 2, "DEAL": 2, "LEAD": 3}
"""The order in which Gong wants object types."""

_SHOWN_ERRORS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a pusher said of the lines of one object type."""

    read: int
    accepted: int
    rejected: int
    duplicates: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a pusher said at the end.

    Attributes:
        numbers: Its numbers, by object type.
        rejects: The bytes of its reject files, by object type.
    """

    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    rejects: Mapping[str, bytes] = field(default_factory=dict)


class Look:
    """What the emulator holds, read through its control API.

    Args:
        url: Address of the emulator.
    """

    def __init__(self, url: str) -> None:
        self._remote = Remote(url)

    def state(self) -> dict[str, Any]:
        """Give the summary."""
        return self._remote.control("GET", "state")

    def calls(self) -> list[dict[str, Any]]:
        """Give the calls of the journal, oldest first."""
        calls: list[dict[str, Any]] = self._remote.control("GET", "journal?limit=1000")["calls"]
        return calls[::-1]

    def uploads(self) -> list[dict[str, Any]]:
        """Give the files that the present integration was given, oldest first."""
        present = {one["integrationId"] for one in self.state()["integrations"]}
        requests = self._remote.control("GET", "requests?limit=500")["requests"]
        return [one for one in reversed(requests) if one["kind"] == "upload" and one["integrationId"] in present]

    def objects(self, object_type: str) -> list[dict[str, Any]]:
        """Give the objects of one type as they stand, deleted ones too."""
        found: list[dict[str, Any]] = []
        more = True
        while more:
            query = f"objects?objectType={object_type}&limit=500&offset={len(found)}"
            page = self._remote.control("GET", query)
            found += page["objects"]
            more = page["more"]
        return found

    def history(self, object_type: str, object_id: str) -> list[dict[str, Any]]:
        """Give every line that was ever accepted for one object, oldest first."""
        lines: list[dict[str, Any]] = self._remote.control("GET", f"objects/{object_type}/{object_id}")["lines"]
        return lines


def complaints(
    url: str,
    inputs: Mapping[str, Sequence[Path]],
    *,
    said: Said | None,
    knows: GongKnows | None = None,
    empty_nights: int = 1,
) -> list[str]:
    """Find all that is wrong after a push, or after several of the same files.

    Args:
        url: Address of the emulator, which was fresh before.
        inputs: The source files by object type.
        said: What the pusher said at the end, or None where only Gong's side is looked at.
        knows: What Gong alone holds against lines, or None when it must not meet a bad line at all.
        empty_nights: How often empty sources were pushed, each time a sign of life of its own.

    Returns:
        One sentence for each fault; none when every record is there once and each line has its word.
    """
    look = Look(url)
    gong_refuses = knows is not None
    wanted = {object_type: expected(object_type, sources, knows=knows) for object_type, sources in inputs.items()}
    return [
        *_in_gong(look, wanted),
        *_in_files(look, wanted, gong_refuses=gong_refuses, empty_nights=empty_nights),
        *([] if said is None else _in_words(wanted, said, gong_refuses=gong_refuses)),
    ]


def _in_gong(look: Look, wanted: Mapping[str, Expected]) -> Iterator[str]:
    """Hold every line that Gong ever accepted against the good lines of the input."""
    for object_type in STEP:
        good = wanted[object_type].good if object_type in wanted else ()
        objects = {one["objectId"]: one for one in look.objects(object_type)}
        ids = {record["objectId"] for record in good}
        for object_id in sorted(ids | objects.keys()):
            mine = [record for record in good if record["objectId"] == object_id]
            yield from _object(look, object_type, object_id, mine, objects.get(object_id))
    total = sum(len(one.good) for one in wanted.values())
    if look.state()["rawLines"] != total:
        yield f"Gong accepted {look.state()['rawLines']} lines in all, the input has {total} good ones"


def _object(
    look: Look, object_type: str, object_id: str, mine: list[dict[str, Any]], stored: dict[str, Any] | None
) -> Iterator[str]:
    history = look.history(object_type, object_id)
    accepted, sent = many([line["members"] for line in history]), many(mine)
    for text in (sent - accepted).elements():
        yield f"lost: {object_type} {text}"
    for text in (accepted - sent).elements():
        yield f"{'doubled' if text in sent else 'invented'}: {object_type} {text}"
    if mine and stored is not None:
        newest = max(enumerate(mine), key=lambda one: (moment(one[1]), one[0]))[1]
        if canonical(stored["members"]) != canonical(newest):
            yield f"stale: {object_type} {object_id} stands as {stored['members']}, the newest line is {newest}"
        if stored["deleted"] is not bool(newest.get("isDeleted", False)):
            yield f"stale: {object_type} {object_id} is {'' if stored['deleted'] else 'not '}deleted"


def _in_files(look: Look, wanted: Mapping[str, Expected], *, gong_refuses: bool, empty_nights: int) -> Iterator[str]:
    """Hold the accepted files against each other: order of types, waves, order in a file, refused lines."""
    uploads = look.uploads()
    steps = [STEP[one["objectType"]] for one in uploads]
    if empty_nights == 1 and any(later < earlier for earlier, later in pairwise(steps)):
        yield f"types out of order: {[one['objectType'] for one in uploads]}"
    yield from _waves(look, wanted, uploads)
    for object_type, one in wanted.items():
        mine = [upload for upload in uploads if upload["objectType"] == object_type]
        refused = sum(upload["totalErrorCount"] for upload in mine)
        if refused and not gong_refuses:
            yield f"Gong refused {refused} {object_type} lines that no check had found: {_errors(mine)}"
        sent = sum(upload["totalErrorCount"] + upload["totalSuccessCount"] for upload in mine)
        most = len(one.good) + (len(one.refused) if gong_refuses else 0)
        if sent > most:
            yield f"{sent} {object_type} lines were sent, which is more than {most}"
        empty = sum(1 for upload in mine if upload["lines"] == 0)
        if empty != one.empty_files * empty_nights:
            yield f"{empty} empty {object_type} files were accepted, {one.empty_files * empty_nights} expected"
    unfinished = [one["clientRequestId"] for one in uploads if one["status"] not in {"DONE", "FAILED"}]
    if unfinished:
        yield f"never followed to the end: {unfinished}"


def _errors(uploads: list[dict[str, Any]]) -> list[Any]:
    return [error for upload in uploads for error in upload["errors"]][:3]


def _waves(look: Look, wanted: Mapping[str, Expected], uploads: list[dict[str, Any]]) -> Iterator[str]:
    place = {one["clientRequestId"]: one["seq"] for one in uploads}
    by_file: dict[str, list[tuple[int, float]]] = {}
    for object_type, one in wanted.items():
        for object_id in sorted({record["objectId"] for record in one.good}):
            history = look.history(object_type, object_id)
            files = Counter(line["clientRequestId"] for line in history)
            if any(count > 1 for count in files.values()):
                yield f"{object_type} {object_id} stands twice in one file"
            ordered = sorted(history, key=lambda line: place.get(line["clientRequestId"], 0))
            moments = [moment(line["members"]) for line in ordered]
            if moments != sorted(moments):
                yield f"versions of {object_type} {object_id} were sent out of order"
            for line in history:
                by_file.setdefault(line["clientRequestId"], []).append((line["line"], moment(line["members"])))
    for name, lines in by_file.items():
        moments = [when for _, when in sorted(lines)]
        if moments != sorted(moments):
            yield f"file {name} is not in order of modifiedDate"


def _in_words(wanted: Mapping[str, Expected], said: Said, *, gong_refuses: bool) -> Iterator[str]:
    """Hold what the pusher said against the input."""
    for object_type, one in wanted.items():
        numbers = Numbers(read=one.read, accepted=len(one.good), rejected=len(one.refused), duplicates=one.duplicates)
        if said.numbers.get(object_type) != numbers:
            yield f"numbers of {object_type}: said {said.numbers.get(object_type)}, true {numbers}"
        handed_back = Counter(_lines_of_reject(said.rejects.get(object_type, b"")))
        refused = Counter(one.refused)
        if handed_back - refused:
            yield f"in the rejects of {object_type}, but not refused: {list((handed_back - refused).elements())}"
        missing = refused - handed_back
        if missing and not (gong_refuses and missing.total() + _SHOWN_ERRORS <= refused.total()):
            yield f"missing in the rejects of {object_type}: {list(missing.elements())}"


def _lines_of_reject(data: bytes) -> list[bytes]:
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [line for line in lines if line.strip() and not line.startswith(b"objectId,")]


def calls_at_once(calls: Sequence[dict[str, Any]], *, seconds: float = 1.0) -> int:
    """Return how many calls arrived within one span of time at most."""
    times = sorted(call["at"] for call in calls)
    return max((sum(1 for time in times if start <= time < start + seconds) for start in times), default=0)
