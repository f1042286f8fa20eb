"""The body of a planned file is whole or an error, in constant memory."""

from __future__ import annotations

import io
import os
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from gong_crm.errors import SourceChangedError
from gong_crm.feeds import feed
from gong_crm.plan.payload import open_payload
from gong_crm.plan.planning import plan_push
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm.plan.plan import Plan

FILES = 3


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Three accounts each in three files, the last newline of each missing, the second after a bad line."""
    paths = []
    for number in range(FILES):
        lines = [
            f'{{"objectId": "{number}{line}", "modifiedDate": "2026-01-0{number + 1}T00:00:00Z"}}' for line in "abc"
        ]
        lines[number:number] = ["{"] if number == 1 else []
        paths.append(tmp_path / f"{number}.ldjson")
        paths[-1].write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return paths


@pytest.fixture
def plan(paths: list[Path], tmp_path: Path) -> Plan:
    """Plan the files as one."""
    feeds = feed(paths, object_type="ACCOUNT")
    return plan_push({"ACCOUNT": feeds}, {"ACCOUNT": Rules("ACCOUNT")}, folder=tmp_path / "plan")


@pytest.fixture
def whole(plan: Plan) -> bytes:
    """The bytes of the one planned file."""
    with open_payload(plan.files[0], plan) as payload:
        return payload.read()


def touch_like(path: Path, content: bytes) -> None:
    """Write other bytes into a file, and leave its time as it was."""
    state = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("size", [1, 7, 61, 62, 63, 10_000])
def test_pieces_of_any_size_make_up_the_same_bytes(plan: Plan, whole: bytes, size: int) -> None:
    """Wherever a piece ends, in a line, at a source or at a newline that was supplied."""
    with open_payload(plan.files[0], plan) as payload:
        assert whole == b"".join(iter(lambda: payload.read(size), b""))
    assert plan.files[0].bytes == len(whole) == len(payload)


def test_a_payload_can_be_rewound_and_searched(plan: Plan, whole: bytes) -> None:
    """A transport measures it by going to its end, and sends it anew after a failure."""
    with open_payload(plan.files[0], plan) as payload:
        assert (True, True) == (payload.readable(), payload.seekable())
        assert len(whole) == payload.seek(0, io.SEEK_END)
        assert b"" == payload.read(10)
        assert 0 == payload.seek(0)
        assert whole[:100] == payload.read(100)
        assert 100 == payload.tell()
        assert 90 == payload.seek(-10, io.SEEK_CUR)
        assert whole[90:] == payload.read(None)
        payload.seek(0)
        assert whole == payload.read()
        payload.seek(5)
        buffer = bytearray(20)
        assert 20 == payload.readinto(buffer)
        assert whole[5:25] == buffer
    with pytest.raises(ValueError, match="closed"):
        payload.read(1)


def test_progress_counts_what_was_handed_out(plan: Plan, whole: bytes) -> None:
    """The last number is the length of the file."""
    seen: list[int] = []
    with open_payload(plan.files[0], plan, on_bytes=seen.append) as payload:
        while payload.read(200):
            pass
    assert [200, 400, len(whole)] == [*seen[:2], seen[-1]]


@pytest.mark.parametrize("number", range(FILES))
def test_a_source_of_another_size_or_time_is_refused_before_the_first_byte(
    plan: Plan, paths: list[Path], number: int
) -> None:
    """What was planned is looked at when the payload is opened."""
    paths[number].write_bytes(paths[number].read_bytes() + b"\n")
    with pytest.raises(SourceChangedError, match=rf"{number}\.ldjson changed after it was planned; plan again"):
        open_payload(plan.files[0], plan)


def test_a_source_that_is_gone_is_refused(plan: Plan, paths: list[Path]) -> None:
    """The error names it and says why it cannot be read."""
    paths[1].unlink()
    with pytest.raises(SourceChangedError, match=r"1\.ldjson was planned and is gone or out of reach: No such file"):
        open_payload(plan.files[0], plan)


def test_a_source_that_changes_before_a_second_try_is_refused(plan: Plan, paths: list[Path]) -> None:
    """Reading from the start looks at the sources again."""
    with open_payload(plan.files[0], plan) as payload:
        payload.read(10)
        paths[0].write_bytes(b"")
        payload.seek(0)
        with pytest.raises(SourceChangedError):
            payload.read(10)


def test_a_source_that_shrinks_while_it_is_read_is_refused(plan: Plan, paths: list[Path]) -> None:
    """Fewer bytes than planned never pass for the planned ones."""
    with open_payload(plan.files[0], plan) as payload:
        payload.read(10)
        paths[0].write_bytes(b"")
        with pytest.raises(SourceChangedError):
            payload.read(500)


@pytest.mark.parametrize("start", [0, 5], ids=["from the start", "from the middle"])
def test_other_bytes_of_the_same_size_and_time_are_never_handed_out_whole(
    plan: Plan, paths: list[Path], whole: bytes, start: int
) -> None:
    """The hash is compared before the last piece, so that the server gets an incomplete body."""
    touch_like(paths[2], paths[2].read_bytes().replace(b"2a", b"2z"))
    received: list[bytes] = []
    with open_payload(plan.files[0], plan) as payload:
        payload.seek(start)
        with pytest.raises(SourceChangedError, match="although size and time are the same"):
            received.extend(iter(lambda: payload.read(100), b""))
    assert 0 < sum(map(len, received)) < len(whole) - start


def test_reading_from_the_middle_to_the_end_is_checked_too(plan: Plan, whole: bytes) -> None:
    """All of it is hashed then."""
    with open_payload(plan.files[0], plan) as payload:
        payload.seek(len(whole) // 2)
        assert whole[len(whole) // 2 :] == payload.read()


def test_a_sorted_file_is_checked_too(tmp_path: Path) -> None:
    """A file in the plan's folder may be damaged or removed as any other."""
    records = [{"objectId": one, "modifiedDate": f"2026-01-0{9 - int(one)}T00:00:00Z"} for one in "123"]
    plan = plan_push(
        {"ACCOUNT": feed(records, object_type="ACCOUNT")}, {"ACCOUNT": Rules("ACCOUNT")}, folder=tmp_path / "plan"
    )
    path = plan.files[0].path
    assert path is not None
    content = path.read_bytes()
    path.write_bytes(content.replace(b"1", b"2"))
    with open_payload(plan.files[0], plan) as payload, pytest.raises(SourceChangedError, match="ldjson changed"):
        payload.read()
    path.unlink()
    with pytest.raises(SourceChangedError, match="is gone"):
        open_payload(plan.files[0], plan)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Pieces are read as they are asked for."""
    path = tmp_path / "large.ldjson"
    line = b'{"objectId": "%06d", "modifiedDate": "2026-01-01T00:00:00Z", "name": "' + b"x" * 1_000 + b'"}\n'
    path.write_bytes(b"".join(line % number for number in range(10_000)))
    feeds = feed(path, object_type="ACCOUNT")
    plan = plan_push({"ACCOUNT": feeds}, {"ACCOUNT": Rules("ACCOUNT")}, folder=tmp_path / "plan")
    tracemalloc.start()
    with open_payload(plan.files[0], plan) as payload:
        while payload.read(65_536):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400_000 < plan.files[0].bytes
