"""A plan can be looked at, saved and loaded, and is the same on every machine."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.errors import JournalError
from gong_crm.feeds import feed
from gong_crm.plan.model import PlannedFile
from gong_crm.plan.origins import origins_of
from gong_crm.plan.payload import open_payload
from gong_crm.plan.plan import Plan
from gong_crm.plan.planning import plan_push
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gong_crm.events import Checking

DAYS = [f"2026-01-{day:02d}T00:00:00Z" for day in range(1, 32)]
DATED = ("BUSINESS_USER", "ACCOUNT", "CONTACT", "DEAL", "LEAD")


def records(count: int, *, first: int = 0, day: int = 0) -> list[dict[str, str]]:
    """Make records that are good for every type but stages."""
    return [
        {"objectId": str(first + number), "modifiedDate": DAYS[day], "emailAddress": "a@example.com"}
        for number in range(count)
    ]


def planned(sources: Mapping[str, Any], folder: Path, **options: Any) -> Plan:  # noqa: ANN401  (of plan_push)
    """Plan sources of any kind."""
    feeds = {name: feed(source, object_type=name) for name, source in sources.items()}
    return plan_push(feeds, {name: Rules(name) for name in sources}, folder=folder / "plan", **options)


def shape(plan: Plan) -> list[tuple[int, str, int, int, int]]:
    """Say in which order which files are sent."""
    return [(one.step, one.object_type, one.wave, one.part, one.lines) for one in plan.files]


def test_types_are_sent_in_the_order_that_gong_asks_for(tmp_path: Path) -> None:
    """What others refer to comes first; types that do not depend on each other share a step."""
    stages = [{"objectId": "s", "name": "Won"}]
    plan = planned(
        {"LEAD": records(1), "DEAL": records(2), "STAGE": stages, **{name: records(1) for name in DATED}}, tmp_path
    )
    assert [
        (0, "BUSINESS_USER", 1, 1, 1),
        (0, "STAGE", 1, 1, 1),
        (1, "ACCOUNT", 1, 1, 1),
        (2, "CONTACT", 1, 1, 1),
        (2, "DEAL", 1, 1, 1),
        (3, "LEAD", 1, 1, 1),
    ] == shape(plan)


def test_waves_of_types_that_share_a_step_go_side_by_side(tmp_path: Path) -> None:
    """The second wave of contacts waits for the first wave of deals no longer than for its own."""
    twice = [*records(2), *records(2, day=1)]
    plan = planned({"CONTACT": twice, "DEAL": twice}, tmp_path, largest=1_000 + 100)
    assert [(2, name, wave, part, 1) for wave in (1, 2) for name in ("CONTACT", "DEAL") for part in (1, 2)] == shape(
        plan
    )


@pytest.mark.parametrize("content", [b"", b"\n \r\n"])
def test_a_source_without_lines_is_a_sign_of_life(tmp_path: Path, content: bytes) -> None:
    """Gong watches whether anything comes, so one empty file is sent."""
    path = tmp_path / "empty.ldjson"
    path.write_bytes(content)
    plan = planned({"ACCOUNT": path}, tmp_path)
    assert [(1, "ACCOUNT", 1, 1, 0)] == shape(plan)
    assert b"" == open_payload(plan.files[0], plan).read()
    assert hashlib.sha256().hexdigest() == plan.files[0].sha256
    assert {} == origins_of(plan.files[0], plan, [])


def test_nothing_is_sent_where_every_line_is_bad(tmp_path: Path) -> None:
    """An empty file would say that all is well."""
    plan = planned({"ACCOUNT": [{"objectId": "a b"}]}, tmp_path)
    assert [] == shape(plan)
    assert [(1, 1, 0)] == [(one.read, one.held_back, one.to_send) for one in plan.types]
    assert "ACCOUNT: 1 of 1 lines are bad and held back" in plan.table()


def test_a_line_that_no_file_may_hold_is_held_back(tmp_path: Path) -> None:
    """It names the line and both sizes; the longest that fits is sent."""
    fits, too_long = records(2)
    fits["name"] = "x" * (2_000 - len(json.dumps(fits, separators=(",", ":"))) - len(',"name":""') - 1)
    too_long["name"] = fits["name"] + "x"
    plan = planned({"ACCOUNT": [too_long, fits, too_long]}, tmp_path, largest=3_000)
    assert [(1, "ACCOUNT", 1, 1, 1)] == shape(plan)
    assert 2_000 == plan.files[0].bytes
    held = list(plan.held_back("ACCOUNT"))
    assert [1, 3] == [one.origin.line for one in held]
    assert ["too-long"] == [finding.rule for finding in held[0].findings]
    assert "the line has 2,000 bytes, and a file may have 2,000 at most" in str(held[0].findings[0])


def test_progress_is_reported_at_the_end_of_each_type(tmp_path: Path) -> None:
    """The last numbers are those of the plan; the bytes of all sources are known where they are files."""
    path = tmp_path / "accounts.ldjson"
    path.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in records(3)) + b"{\n")
    seen: list[Checking] = []
    planned({"ACCOUNT": path, "LEAD": records(2)}, tmp_path, on_progress=seen.append)
    assert [("ACCOUNT", 4, 1, path.stat().st_size), ("LEAD", 2, 0, None)] == [
        (one.object_type, one.lines, one.refused, one.total_bytes) for one in seen
    ]
    assert (str(path), path.stat().st_size) == (seen[0].source, seen[0].bytes)


def test_progress_is_reported_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each block, but while a long source is read."""
    monkeypatch.setattr("gong_crm.checking.progress._REPORT_SECONDS", -1.0)
    seen: list[Checking] = []
    planned({"ACCOUNT": records(2_000)}, tmp_path, on_progress=seen.append)
    assert 2 < len(seen)
    assert sorted(one.lines for one in seen) == [one.lines for one in seen]


def test_the_table_shows_what_is_sent(tmp_path: Path) -> None:
    """One line for each type and wave, then what is left out, then what it takes."""
    sources = {"ACCOUNT": [*records(3), *records(1), {"objectId": "?"}], "DEAL": []}
    for day in range(1, 7):
        sources["ACCOUNT"] += records(1, day=day)
    plan = planned(sources, tmp_path)
    size = f"{plan.files[0].bytes / 3:.0f}"
    assert [
        "type     wave         files  lines  bytes",
        f"ACCOUNT  1                1      3    {3 * int(size)}",
        f"ACCOUNT  2                1      1     {size}",
        f"ACCOUNT  3                1      1     {size}",
        f"ACCOUNT  4 and later      4      4    {4 * int(size)}",
        "DEAL     1                1      0      0",
        "ACCOUNT: 1 of 11 lines are bad and held back",
        "ACCOUNT: 1 lines say nothing new and are dropped",
        "about 48 calls, at least 5 minutes",
    ] == plan.table().splitlines()


def made_of(*files: tuple[int, int]) -> Plan:
    """Make a plan of files of some steps and waves."""
    from pathlib import Path  # noqa: PLC0415  (at run time only here)

    return Plan(
        folder=Path(),
        types=(),
        files=tuple(
            PlannedFile(object_type="ACCOUNT", step=step, wave=wave, part=1, lines=1, bytes=1, sha256="")
            for step, wave in files
        ),
        sources=(),
    )


@pytest.mark.parametrize(
    ("files", "calls", "seconds", "text"),
    [
        ([], 0, 0, "0 seconds"),
        ([(1, 1)], 6, 2 + 30, "32 seconds"),
        ([(1, 1), (1, 2)], 12, 4 + 2 * 30, "64 seconds"),
        ([(1, 1), (2, 1)], 12, 4 + 2 * 30 + 60, "2 minutes"),
        ([(2, 1), (2, 1)], 12, 4 + 30, "34 seconds"),
        ([(1, 1)] * 1_600, 9_600, 3_200 + 30, "54 minutes"),
        ([(1, wave) for wave in range(600)], 3_600, 1_200 + 600 * 30, "5 hours"),
        ([(1, 1)] * 2_000, 12_000, 24 * 3600 + 2_000 / 3 + 30, "24 hours"),
        ([(1, 1)] * 10_000, 60_000, 5 * 24 * 3600 + 10_000 / 3 + 30, "5 days"),
    ],
)
def test_calls_and_time_are_estimated_at_gongs_limits(
    files: list[tuple[int, int]], calls: int, seconds: float, text: str
) -> None:
    """3 calls a second, 10,000 a day, a minute after the accounts, half a minute for what goes side by side."""
    plan = made_of(*files)
    assert calls == plan.calls
    assert pytest.approx(seconds) == plan.expected_seconds
    assert plan.table().endswith(f"about {calls:,} calls, at least {text}\n")


def test_a_saved_plan_may_move_with_its_folder(tmp_path: Path) -> None:
    """Its own files are named relative to it; sources stay where they were."""
    source = tmp_path / "a.ldjson"
    source.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in records(3)))
    plan = planned({"ACCOUNT": source, "CONTACT": [*records(1, day=1), *records(1)]}, tmp_path)
    plan.save()
    bodies = [open_payload(one, plan).read() for one in plan.files]
    plan.folder.rename(tmp_path / "moved")
    moved = Plan.load(tmp_path / "moved")
    assert bodies == [open_payload(one, moved).read() for one in moved.files]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"plan\.json could not be read: No such file"),
        ('{"version": 0}', r"plan\.json was written by another version of gong-crm; finish the job with that version"),
        ('{"version": 1', r"plan\.json is damaged"),
        ("[]", r"plan\.json is damaged"),
        ('{"version": 1}', r"plan\.json is damaged"),
        ('{"version": 1, "types": [{}], "files": [], "sources": []}', r"plan\.json is damaged"),
        ("\0", r"plan\.json is damaged"),
    ],
)
def test_what_is_no_plan_of_this_version_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    """Guessing what an unknown plan means would send the wrong lines."""
    if content is not None:
        (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    with pytest.raises(JournalError, match=message):
        Plan.load(tmp_path)


def test_a_discarded_plan_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    """The folder goes when nothing else is in it."""
    for name in ("mine", None):
        plan = planned({"ACCOUNT": [*records(1, day=1), *records(1)]}, tmp_path)
        plan.save()
        if name is not None:
            (plan.folder / name).touch()
        plan.discard()
        assert ([name] if name else None) == (
            [one.name for one in plan.folder.iterdir()] if plan.folder.exists() else None
        )
        (plan.folder / "mine").unlink(missing_ok=True)
    plan.discard()


PROGRAM = """
import hashlib, json, sys
from pathlib import Path
import pytest
from tests.gong_crm.plan.little_memory import give_little_memory
from tests.gong_crm.plan.test_plan import DAYS, planned
folder = Path(sys.argv[1])
lines = [{"objectId": str(n * n % 700), "modifiedDate": DAYS[n * 7 % 31], "name": str(n % 3)} for n in range(3000)]
with pytest.MonkeyPatch.context() as patch:
    give_little_memory(patch, 20_000)
    plan = planned({"ACCOUNT": lines}, folder, largest=30_000)
plan.save()
for path in sorted(plan.folder.rglob("*")):
    if path.is_file() and path.name != "plan.json":
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
print(plan.table())
"""


def test_the_same_sources_give_the_same_files_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Client request ids are made of the files, so a second run must find them again."""
    outputs = set()
    for seed in ("0", "1", "4294967295"):
        (tmp_path / seed).mkdir()
        outputs.add(
            subprocess.run(
                [sys.executable, "-c", PROGRAM, str(tmp_path / seed)],
                env={**os.environ, "PYTHONHASHSEED": seed},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
    assert 1 == len(outputs)
    assert 20 < outputs.pop().count("ldjson")


def test_many_waves_keep_few_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An object with hundreds of versions must not use up what a process may open."""
    resource = pytest.importorskip("resource")
    monkeypatch.setattr("gong_crm.plan.outputs._PENDING_BYTES", 1_000)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    many = [{**one, "name": str(number)} for number in range(300) for one in records(2)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, before[1]))
    try:
        plan = planned({"ACCOUNT": many}, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert [(wave, 2) for wave in range(1, 301)] == [(one.wave, one.lines) for one in plan.files]


def test_bad_lines_spread_over_a_file_in_order_have_it_written_anew(tmp_path: Path) -> None:
    """Thousands of spans would cost more than a copy; few are left where they stand."""
    path = tmp_path / "accounts.ldjson"
    good = [json.dumps(one).encode() + b"\n" for one in records(3_000)]
    for name, every in (("few", 1_000), ("many", 2)):
        lines = [b"{\n" if number % every == 1 else line for number, line in enumerate(good)]
        path.write_bytes(b"".join(lines))
        (tmp_path / name).mkdir()
        plan = planned({"ACCOUNT": path}, tmp_path / name)
        body = open_payload(plan.files[0], plan).read()
        assert [line for line in lines if line != b"{\n"] == body.splitlines(keepends=True)
        assert (name == "few") == bool(plan.files[0].spans)


def test_only_errors_are_kept_with_a_line_that_is_held_back(tmp_path: Path) -> None:
    """That a member stands there twice is a warning, and no reason to refuse the line."""
    path = tmp_path / "accounts.ldjson"
    twice = f', "name": "a", "name": "b", "modifiedDate": "{DAYS[0]}"}}\n'
    path.write_text(f'{{"objectId": "a b"{twice}{{"objectId": "ab"{twice}', encoding="utf-8")
    plan = planned({"ACCOUNT": path}, tmp_path)
    assert [(1, ["objectId"])] == [
        (one.origin.line, [finding.member for finding in one.findings]) for one in plan.held_back("ACCOUNT")
    ]
