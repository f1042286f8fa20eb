"""How good lines lie in rows, and are found again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from gong_crm_emulator.control import inspection
from gong_crm_emulator.errors import StorageError
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.settings import EmulatorSettings
from gong_crm_emulator.store import snapshots
from gong_crm_emulator.store.database import Database
from gong_crm_emulator.store.tables import LAYOUT
from gong_crm_emulator.store.tenant import Tenant
from gong_crm_emulator.store.tracking import NewRequest, StoredFile, TrackedRequest, Work
from tests.gong_crm_emulator.caller import line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """Make a tenant in memory, in which uploads end at once."""
    made = Tenant(EmulatorSettings(processing="at-once", max_line_bytes=5_000))
    yield made
    made.close()


def take_in(tenant: Tenant, name: str, content: bytes, *, object_type: str = "LEAD") -> TrackedRequest:
    """Upload a file and bring its lines into the main database."""
    found = tenant.integrations()
    number = found[0].id if found else tenant.register("n", owner_email="o@example.com")
    (tenant.database.folder / name).write_bytes(content)
    request = tenant.accept(
        NewRequest(
            kind=Work.UPLOAD,
            integration_id=number,
            client_request_id=name,
            family=Family.CURRENT,
            object_type=object_type,
            file=StoredFile(name=name, bytes=len(content)),
        )
    )
    tenant.read_file(request.seq)
    tenant.end_at_once(request.seq)
    tenant.apply(request.seq)
    return tenant.request(number, name)


def mixed(count: int) -> list[bytes]:
    """Write lines of all lengths, with some that are bad, blank or too long."""
    odd = {3: b"bad", 5: b"", 7: b"x" * 6_000, 11: b"  \r"}
    good = [line(f"u{number}", title="t" * (number % 97 * 40), phoneNumber=str(number)) for number in range(count)]
    return [
        odd[number % 500] if number % 500 in odd else orjson.dumps(one) + b"\r" * (number % 2)
        for number, one in enumerate(good)
    ]


def test_every_line_is_found_in_its_row(tenant: Tenant) -> None:
    """Among bad, blank and long lines each good one is read back whole, under its number in the file."""
    lines = mixed(4_000)
    request = take_in(tenant, "r1", b"\n".join(lines))
    good = {f"u{number}": number for number, text in enumerate(lines) if text.startswith(b"{")}
    assert (len(good), 16) == (request.success_count, request.error_count)
    assert {4, 8, 504, 508} == {error["line"] for error in request.errors[:4]}
    objects = tenant.objects("LEAD", good)
    assert {one: str(number) for one, number in good.items()} == {
        one: members["phoneNumber"] for one, members in objects.items() if members is not None
    }
    listed = [
        one
        for offset in range(0, len(good), 500)
        for one in inspection.found_objects(tenant, "LEAD", search="", offset=offset, limit=500)["objects"]
    ]
    assert {one: number + 1 for one, number in good.items()} == {one["objectId"]: one["line"] for one in listed}
    assert len(good) == inspection.overview(tenant)["rawLines"]


def test_a_search_looks_into_every_row(tenant: Tenant) -> None:
    """A text is found in any line, and only in the object whose line holds it."""
    take_in(tenant, "r1", b"\n".join(orjson.dumps(line(f"u{number}", title=f"<{number}>")) for number in range(2_000)))
    for number in (0, 63, 64, 1_999):
        found = inspection.found_objects(tenant, "LEAD", search=f"<{number}>", offset=0, limit=5)["objects"]
        assert [(f"u{number}", number + 1)] == [(one["objectId"], one["line"]) for one in found]


def test_the_history_of_an_object_spans_rows_and_files(tenant: Tenant) -> None:
    """All lines of an object are listed in the order in which they came, also two of one row."""
    many = [orjson.dumps(line(f"u{number}")) for number in range(300)]
    twice = orjson.dumps(line("u7", isDeleted=True))
    take_in(tenant, "r1", b"\n".join([*many[:9], twice, *many[9:]]))
    take_in(tenant, "r2", b"\n".join([*many[100:], many[7]]))
    take_in(tenant, "r3", orjson.dumps(line("u77")))
    reported = [
        (one["clientRequestId"], one["line"], one["deleted"]) for one in inspection.history(tenant, "LEAD", "u7")
    ]
    assert [("r1", 8, False), ("r1", 10, True), ("r2", 201, False)] == reported


def test_the_later_of_two_equal_lines_counts(tenant: Tenant) -> None:
    """Of two lines with the same modifiedDate in one file the later one is shown, wherever its row is."""
    many = [orjson.dumps(line(f"u{number}", title="early")) for number in range(300)]
    late = [orjson.dumps(line(one, title="late")) for one in ("u0", "u299")]
    take_in(tenant, "r1", b"\n".join([*many, *late]))
    objects: dict[str, Any] = tenant.objects("LEAD", ["u0", "u1", "u299"])
    assert ["late", "early", "late"] == [one["title"] for one in objects.values()]


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    """A state that another version wrote is left as it is, with a sentence that says what to do."""
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, body BLOB)")
        before = file.execute("SELECT * FROM sqlite_master").fetchall()
    with pytest.raises(StorageError, match=r"another program, or of an older version.*Choose another file\."):
        Database(path, layout=LAYOUT)
    with closing(sqlite3.connect(path)) as file:
        assert before == file.execute("SELECT * FROM sqlite_master").fetchall()
        assert "delete" == file.execute("PRAGMA journal_mode").fetchone()[0]


def test_a_snapshot_of_another_layout_is_refused(tmp_path: Path) -> None:
    """A snapshot that another version took is not laid over the state."""
    tenant = Tenant(EmulatorSettings(data=tmp_path / "state.db"))
    tenant.register("n", owner_email="o@example.com")
    snapshots.save(tenant.database, "one")
    with closing(sqlite3.connect(tenant.database.folder / "one.snapshot")) as file:
        file.execute("PRAGMA user_version = 1")
    with pytest.raises(StorageError, match="another version"):
        tenant.restore("one")
    assert "n" == tenant.integrations()[0].name
    tenant.close()


def test_a_reset_file_is_empty_and_usable(tmp_path: Path) -> None:
    """A reset of a kept state forgets every row, and the next start finds none."""
    settings = EmulatorSettings(processing="at-once", data=tmp_path / "state.db")
    tenant = Tenant(settings)
    take_in(tenant, "r1", b"\n".join(mixed(2_000)))
    tenant.reset()
    assert (0, []) == (inspection.overview(tenant)["rawLines"], tenant.integrations())
    take_in(tenant, "r2", orjson.dumps(line("u1")))
    tenant.close()
    tenant = Tenant(settings)
    assert 1 == inspection.overview(tenant)["rawLines"]
    assert tenant.objects("LEAD", ["u1"])["u1"] is not None
    tenant.close()
