"""What goes wrong while planning is said in a sentence, and leaves no half plan behind."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from gong_crm.errors import BalanceError, JournalError, SetupError, SourceChangedError, SourceError, TooManyErrorsError
from gong_crm.feeds import feed
from gong_crm.plan.outputs import Outputs
from gong_crm.plan.plan import Plan
from gong_crm.plan.planning import plan_push
from gong_crm.rules import Rules
from tests.gong_crm.plan.little_memory import give_little_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gong_crm.events import Checking
    from gong_crm.feeds import Block, Feed
    from gong_crm.findings import Origin

LINES = 4_000


def accounts(days: Sequence[int]) -> bytes:
    """Write accounts, one for each day of January."""
    return b"".join(
        json.dumps(
            {"objectId": str(number), "modifiedDate": f"2026-01-{day:02d}T00:00:00Z", "name": "x" * 200}
        ).encode()
        + b"\n"
        for number, day in enumerate(days)
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of about 1 MB in disorder."""
    path = tmp_path / "accounts.ldjson"
    path.write_bytes(accounts([1 + number * 7 % 31 for number in range(LINES)]))
    return path


def planned(feeds: Sequence[Feed], folder: Path, **options: int) -> Plan:
    """Plan accounts."""
    return plan_push(
        {"ACCOUNT": feeds}, {"ACCOUNT": Rules("ACCOUNT")}, folder=folder, stop_after_errors=options.get("most")
    )


def assert_nothing_left(folder: Path) -> None:
    """Assert that planning left no trace."""
    assert not folder.exists()


class Meddling:
    """A feed of a file to which something happens after the first block."""

    def __init__(self, path: Path, meddle: Callable[[], object]) -> None:
        self._feed = feed(path, object_type="ACCOUNT")[0]
        self.name = self._feed.name
        self.path = self._feed.path
        self._meddle = meddle

    def blocks(self) -> Iterator[Block]:
        """Give the blocks, and meddle after the first."""
        for number, block in enumerate(self._feed.blocks()):
            yield block
            if number == 0:
                self._meddle()

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:
        """Say where a line comes from."""
        return self._feed.origin(line, offset=offset, length=length)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the system refuse to write more than some bytes into one file, as it does when the disk is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 10_000, 500_000, 900_000])
@pytest.mark.parametrize("kind", ["file", "records"])
def test_a_full_disk_is_reported(source: Path, tmp_path: Path, size: int, kind: str) -> None:
    """Whatever is written when the space ends: a spooled source, a run, a sorted file or its map."""
    records = (json.loads(line) for line in source.read_bytes().splitlines())
    feeds = feed(source if kind == "file" else records, object_type="ACCOUNT")
    with pytest.MonkeyPatch.context() as patch, largest_file(size):
        give_little_memory(patch, 50_000)
        with pytest.raises(JournalError, match=r"the plan could not be written to .*plan: File too large; it takes"):
            planned(feeds, tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_a_plan_that_cannot_be_saved_is_reported(source: Path, tmp_path: Path) -> None:
    """The plan that was there before stays whole."""
    plan = planned(feed(source, object_type="ACCOUNT"), tmp_path / "plan")
    plan.save()
    with largest_file(10), pytest.raises(JournalError, match=r"could not be saved to .*plan\.json: File too large"):
        plan.save()
    assert plan == Plan.load(tmp_path / "plan")


def test_a_folder_that_cannot_be_made_is_reported(source: Path) -> None:
    """A read-only folder says so in the same way."""
    with pytest.raises(JournalError, match=r"folder .* cannot be made: (Not a directory|File exists)"):
        planned(feed(source, object_type="ACCOUNT"), source / "plan")


def test_a_folder_with_another_plan_is_left_alone(source: Path, tmp_path: Path) -> None:
    """A second plan in the same folder would mix their files."""
    plan = planned(feed(source, object_type="ACCOUNT"), tmp_path / "plan")
    plan.save()
    before = sorted((tmp_path / "plan").rglob("*"))
    with pytest.raises(JournalError, match="File exists"):
        planned(feed(source, object_type="ACCOUNT"), tmp_path / "plan")
    assert before == sorted((tmp_path / "plan").rglob("*"))
    assert plan == Plan.load(tmp_path / "plan")
    assert all(one.path is not None and one.path.exists() for one in plan.files)


def test_what_else_is_in_the_folder_stays(source: Path, tmp_path: Path) -> None:
    """The folder may hold the caller's own files."""
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "mine.txt").touch()
    with largest_file(0), pytest.raises(JournalError):
        planned(feed(source, object_type="ACCOUNT"), tmp_path / "plan")
    assert ["mine.txt"] == [one.name for one in (tmp_path / "plan").iterdir()]


@pytest.mark.parametrize(
    ("meddle", "message"),
    [
        (lambda path: path.unlink(), r"accounts\.ldjson was planned and is gone or out of reach"),
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), r"accounts\.ldjson changed after it was planned"),
        (lambda path: path.write_bytes(accounts([5] * LINES)), r"accounts\.ldjson changed after it was planned"),
    ],
    ids=["gone", "longer", "other"],
)
@pytest.mark.parametrize("is_sorted", [False, True])
def test_a_source_that_changes_while_it_is_planned_is_reported(
    source: Path, tmp_path: Path, meddle: Callable[[Path], object], message: str, *, is_sorted: bool
) -> None:
    """Its lines may be of two versions, so none of them is sent."""
    if is_sorted:
        source.write_bytes(accounts([1] * LINES))
    feeds = [Meddling(source, lambda: meddle(source))]
    with pytest.raises(SourceChangedError, match=message):
        planned(feeds, tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_a_source_that_changes_while_another_is_planned_is_reported(source: Path, tmp_path: Path) -> None:
    """All sources of an object type are looked at again when its files are made."""
    first = tmp_path / "first.ldjson"
    first.write_bytes(accounts([1] * LINES))
    feeds = [*feed(first, object_type="ACCOUNT"), Meddling(source, lambda: first.write_bytes(b""))]
    with pytest.raises(SourceChangedError, match=r"first\.ldjson"):
        planned(feeds, tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_a_source_that_is_gone_before_it_is_read_is_reported(source: Path, tmp_path: Path) -> None:
    """Time passes between choosing a feed and reading it."""
    feeds = feed(source, object_type="ACCOUNT")
    source.unlink()
    with pytest.raises(SourceError, match=r"accounts\.ldjson could not be read: No such file"):
        planned(feeds, tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_a_feed_of_someone_else_may_raise_what_the_system_raises(source: Path, tmp_path: Path) -> None:
    """It is reported as an error of the source and not of the plan's folder."""

    def fail() -> None:
        raise ConnectionResetError(104, "Connection reset by peer")

    with pytest.raises(SourceError, match=r"accounts\.ldjson could not be read: Connection reset by peer"):
        planned([Meddling(source, fail)], tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_an_interrupt_leaves_nothing_behind(source: Path, tmp_path: Path) -> None:
    """Ctrl-C comes at any time, for example while progress is shown."""

    def interrupt(_: Checking) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan_push(
            {"ACCOUNT": feed(source, object_type="ACCOUNT")},
            {"ACCOUNT": Rules("ACCOUNT")},
            folder=tmp_path / "plan",
            on_progress=interrupt,
        )
    assert_nothing_left(tmp_path / "plan")


def test_more_bad_lines_than_allowed_stop_planning(tmp_path: Path) -> None:
    """One more than allowed is enough, whatever object type it is of; the last of them is shown."""
    bad = tmp_path / "bad.ldjson"
    bad.write_bytes(b"{\n{\n")
    rules = {name: Rules(name) for name in ("ACCOUNT", "CONTACT")}
    feeds = {name: feed(bad, object_type=name) for name in rules}
    plan = plan_push(feeds, rules, folder=tmp_path / "enough", stop_after_errors=4)
    assert [2, 2] == [one.held_back for one in plan.types]
    with pytest.raises(TooManyErrorsError, match=r"more than 3 lines are bad, so nothing is sent; .*bad\.ldjson:2: "):
        plan_push(feeds, rules, folder=tmp_path / "plan", stop_after_errors=3)
    assert_nothing_left(tmp_path / "plan")


def test_an_unknown_object_type_is_reported(tmp_path: Path) -> None:
    """Nothing is read then."""
    with pytest.raises(SetupError, match="no object type 'ACCOUNTS'; there are BUSINESS_USER, STAGE, ACCOUNT"):
        plan_push({"ACCOUNTS": []}, {}, folder=tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_an_object_with_more_versions_than_a_day_has_calls_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a column holds no ids; thousands of files of one line each would only hide it."""
    monkeypatch.setattr("gong_crm.plan.waves.MOST_WAVES", 30)
    records = [{"objectId": "same", "modifiedDate": f"2026-01-{day + 1:02d}T00:00:00Z"} for day in range(31)]
    assert 30 == len(planned(feed(records[:30], object_type="ACCOUNT"), tmp_path / "enough").files)
    with pytest.raises(SourceError, match='more than 30 different lines are about the object "same"'):
        planned(feed(records, object_type="ACCOUNT"), tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


def test_a_lost_line_is_reported(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are held against each other, so that a fault of this library never goes unseen."""
    write = Outputs.write

    def lose(self: Outputs, wave: int, numbers: list[int], lines: list[bytes]) -> None:
        write(self, wave, numbers[1:], lines[1:])

    monkeypatch.setattr(Outputs, "write", lose)
    with pytest.raises(BalanceError, match=r"ACCOUNT: 4,000 lines were read, but 3,\d+ would be sent"):
        planned(feed(source, object_type="ACCOUNT"), tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be removed there")
def test_a_source_that_cannot_be_read_again_is_reported(source: Path, tmp_path: Path) -> None:
    """When disorder comes late, the lines before it are read again."""
    source.write_bytes(accounts([2] * (LINES - 1) + [1]))
    feeds = [Meddling(source, source.unlink)]
    with pytest.raises(SourceChangedError, match="planned and cannot be read any more: No such file"):
        planned(feeds, tmp_path / "plan")
    assert_nothing_left(tmp_path / "plan")
