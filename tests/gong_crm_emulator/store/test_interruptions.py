"""Background work that meets a full disk, a state that was replaced, a crash of its own, or the end of the process."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings
from gong_crm_emulator.errors import ReplacedError, SeedError, UnknownRequestError
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.store import applying, reader, seed, snapshots
from gong_crm_emulator.store.background import BackgroundWork
from gong_crm_emulator.store.ids import Ids
from gong_crm_emulator.store.tables import requests
from gong_crm_emulator.store.tenant import Tenant
from gong_crm_emulator.store.tracking import NewRequest, Progress, StoredFile, TrackedRequest, Work
from gong_crm_emulator.store.writer import Stopped, Writer
from tests.gong_crm_emulator.caller import ldjson, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """Give a state in which requests end at once."""
    tenant = Tenant(EmulatorSettings(processing="at-once"))
    yield tenant
    tenant.close()


def accepted(tenant: Tenant, name: str = "r1", content: bytes = ldjson(line("a1"), line("a2"))) -> TrackedRequest:
    """Take in an upload of accounts whose file nobody has read yet."""
    if not tenant.integrations():
        tenant.register("Test", owner_email="owner@example.com")
    (tenant.database.folder / f"{name}.ldjson").write_bytes(content)
    new = NewRequest(
        kind=Work.UPLOAD,
        integration_id=tenant.integrations()[0].id,
        client_request_id=name,
        family=Family.CURRENT,
        object_type="ACCOUNT",
        file=StoredFile(name=f"{name}.ldjson", bytes=len(content)),
    )
    return tenant.accept(new)


def read(tenant: Tenant, request: TrackedRequest) -> TrackedRequest:
    """Read the file of an upload, and give the request as it stands then."""
    tenant.read_file(request.seq)
    found = requests.find(tenant.database, request.seq)
    assert found is not None
    return found


def fail() -> None:
    """Fail as SQLite does while the disk is full."""
    raise sqlite3.OperationalError("database or disk is full")


# A full disk


def test_a_write_is_tried_until_the_disk_has_room(tenant: Tenant) -> None:
    """Two failures are waited out, others meanwhile get that the disk is full, and the third attempt is kept."""
    held, attempts = threading.Event(), []

    def work() -> None:
        attempts.append(held.is_set())
        if len(attempts) < 3:
            fail()

    Writer(tenant.database, stop=threading.Event(), held=held).write(work)
    assert ([False, True, True], False) == (attempts, held.is_set())


def test_the_end_of_the_process_ends_the_waiting(tenant: Tenant) -> None:
    """A process that ends leaves the work to the next start."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        Writer(tenant.database, stop=stop).write(fail)


def test_without_a_process_to_wait_for_a_full_disk_is_an_error(tenant: Tenant) -> None:
    """A writer that has no end to watch for does not wait."""
    with pytest.raises(sqlite3.OperationalError, match="full"):
        Writer(tenant.database).write(fail)


def test_a_transaction_that_sqlite_ended_itself_is_not_ended_again(tenant: Tenant) -> None:
    """The error of a full disk is reported, and not that there is no transaction to roll back."""

    def work() -> None:
        tenant.database.write("ROLLBACK")
        fail()

    with pytest.raises(sqlite3.OperationalError, match="full"):
        Writer(tenant.database).write(work)


def test_a_snapshot_that_fails_leaves_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a snapshot is removed, and the one of the same name before it stays."""
    snapshots.save(tenant.database, "kept")
    copy = tenant.database.copy_to

    def half(path: Path) -> None:
        copy(path)
        fail()

    monkeypatch.setattr(tenant.database, "copy_to", half)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        snapshots.save(tenant.database, "kept")
    assert ["kept.snapshot"] == [path.name for path in tenant.database.folder.iterdir() if "kept." in path.name]


def test_an_object_is_brought_in_later_where_the_disk_is_full(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of the disk is nobody's trouble; the request is applied at the next try."""
    request = read(tenant, accepted(tenant))
    assert [request.seq] == [one.seq for one in tenant.due()]
    with monkeypatch.context() as patched:
        patched.setattr(applying, "_apply_step", lambda *_, **__: fail())
        with pytest.raises(sqlite3.OperationalError):
            tenant.apply(request.seq)
    tenant.apply(request.seq)
    assert "a1" in str(tenant.objects("ACCOUNT", ["a1"])["a1"])


# A state that was replaced, and requests that are gone


def test_objects_do_not_come_into_a_state_that_took_the_place(tenant: Tenant) -> None:
    """Work that was begun before a reset ends without a word and without an effect."""
    request = read(tenant, accepted(tenant))
    tenant.due()
    writer = Writer(tenant.database)
    tenant.reset()
    tenant.apply(request.seq, writer=writer)
    assert {"a1": None} == tenant.objects("ACCOUNT", ["a1"])


def test_a_request_is_applied_once(tenant: Tenant) -> None:
    """A request that is applied already, or of which nothing is left, is passed over."""
    request = read(tenant, accepted(tenant))
    tenant.due()
    for _ in range(2):
        tenant.apply(request.seq)
    tenant.apply(request.seq + 1)
    assert [] == list(tenant.due())


def test_a_file_is_not_read_for_a_request_that_has_ended(tenant: Tenant) -> None:
    """Of a file that two threads read, the second notices that the first was through, and its file goes."""
    request = accepted(tenant)
    read(tenant, request)
    (tenant.database.folder / "r1.ldjson").write_bytes(ldjson(line("late")))
    reader.read_file(Writer(tenant.database), request, settings=tenant.settings, clock=tenant.clock)
    after = requests.find(tenant.database, request.seq)
    assert after is not None
    assert (2, False) == (after.success_count, (tenant.database.folder / "r1.ldjson").exists())


def test_progress_of_a_request_that_is_gone_is_nobodys(tenant: Tenant) -> None:
    """Nothing is noted for a request that is not there, and asking for its status says so."""
    progress = Progress(read_bytes=1, read_lines=1, errors=[], error_count=0, success_count=1, custom_members={})
    requests.keep_progress(tenant.database, 99, progress)
    assert None is requests.find(tenant.database, 99)
    with pytest.raises(UnknownRequestError):
        tenant.status(99)


def test_the_number_of_an_integration_is_not_given_twice() -> None:
    """A number that is taken already is passed over for the next."""
    first = Ids(7).integration_id(lambda _: False)
    assert first != Ids(7).integration_id(lambda one: one == first)


# Files


def test_a_file_that_is_gone_ends_its_request(tenant: Tenant) -> None:
    """A file that somebody deleted is one error of the whole upload, which says where it is missing."""
    request = accepted(tenant)
    (tenant.database.folder / "r1.ldjson").unlink()
    errors = read(tenant, request).errors
    assert ["The file could not be processed: it is gone from the disk of the emulator"] == [
        one["description"] for one in errors
    ]


def test_a_stopped_reader_leaves_its_file(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process ends in the middle of a file, the file stays for the next start, which reads it whole."""
    request = accepted(tenant)
    stop = threading.Event()
    stop.set()
    with monkeypatch.context() as patched:
        patched.setattr(requests, "keep_progress", lambda *_: fail())
        tenant.read_file(request.seq, writer=Writer(tenant.database, stop=stop))
    assert [request.seq] == [one.seq for one in tenant.unread()]
    work = BackgroundWork(tenant)
    work.resume()
    work.close()
    after = requests.find(tenant.database, request.seq)
    assert after is not None
    assert 2 == after.success_count


def test_files_that_belong_to_no_request_are_removed_at_the_start(tenant: Tenant) -> None:
    """A file whose upload was never answered goes; one that waits to be read stays."""
    accepted(tenant)
    (tenant.database.folder / "orphan.ldjson").write_bytes(b"{}")
    tenant.sweep()
    assert ["r1.ldjson"] == [path.name for path in tenant.database.folder.glob("*.ldjson")]


def test_a_member_is_found_although_a_line_before_it_is_no_json(tenant: Tenant) -> None:
    """The line in which an unknown member came first is named, past lines that cannot be read."""
    content = b"{broken\n" + ldjson(line("a1", colour="red"))
    assert {"colour": 2} == dict(read(tenant, accepted(tenant, content=content)).custom_members)


def test_a_seed_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A seed file that is not there is named with the system's reason."""
    with pytest.raises(SeedError, match=r"The seed file cannot be read: .*gone\.json"):
        seed.read_seed(tmp_path / "gone.json")


# Threads


def test_work_that_fails_is_logged_and_waited_for_three_times(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A caller does not wait for ever for what fails each time, and the log says what failed."""

    def broken(*_: Any, **__: Any) -> None:  # noqa: ANN401  (takes anything)
        raise OSError("the disk is gone")

    read(tenant, accepted(tenant))
    monkeypatch.setattr(tenant, "apply", broken)
    work = BackgroundWork(tenant)
    with caplog.at_level(logging.ERROR):
        asyncio.run(work.settle())
    work.close()
    assert ["Work in the background failed"] * 3 == [
        record.message for record in caplog.records if record.name == "gong_crm_emulator"
    ]


def test_what_is_being_applied_is_waited_for_and_not_begun_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two callers who ask while objects are brought in have them brought in once."""
    read(tenant, accepted(tenant))
    going, go_on, applied = threading.Event(), threading.Event(), []
    apply = tenant.apply

    def slowly(seq: int, **more: Any) -> None:  # noqa: ANN401  (passed on)
        applied.append(seq)
        going.set()
        assert go_on.wait(10)
        apply(seq, **more)

    async def both() -> None:
        first = asyncio.create_task(work.settle())
        assert await asyncio.to_thread(going.wait, 10)
        second = asyncio.create_task(work.settle())
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, second)

    monkeypatch.setattr(tenant, "apply", slowly)
    work = BackgroundWork(tenant)
    asyncio.run(both())
    work.close()
    assert 1 == len(applied)


def test_a_schema_for_a_state_that_was_replaced_is_refused(tenant: Tenant) -> None:
    """A call that began before a reset does not describe fields in the state after it."""
    generation = tenant.database.generation
    tenant.reset()
    with pytest.raises(ReplacedError):
        tenant.upload_schema("ACCOUNT", [], family=Family.CURRENT, generation=generation)


def test_a_clock_that_stood_stands_again(tmp_path: Path) -> None:
    """A frozen clock of a kept state stands at the same moment at the next start, whatever the settings say."""
    path = tmp_path / "state.db"
    first = Tenant(EmulatorSettings(data=path))
    first.set_clock(step=3600, frozen=True)
    at = first.clock.now()
    first.close()
    second = Tenant(EmulatorSettings(data=path, frozen=True))
    assert at == second.clock.now()
    second.close()


def test_a_state_that_ran_is_frozen_by_the_settings(tmp_path: Path) -> None:
    """A kept state whose clock ran starts frozen where the settings ask for it."""
    path = tmp_path / "state.db"
    first = Tenant(EmulatorSettings(data=path))
    first.set_clock(step=3600, frozen=False)
    first.close()
    second = Tenant(EmulatorSettings(data=path, frozen=True))
    assert second.clock.frozen
    second.close()


def test_a_file_whose_request_is_gone_is_not_read() -> None:
    """A reset may come between the upload and the thread that reads its file."""
    tenant = Tenant(EmulatorSettings())
    tenant.read_file(7)
    assert [] == list(tenant.unread())
    tenant.close()
