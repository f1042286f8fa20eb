"""A journal that another version or another program wrote, or that lost a part."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.errors import AuthenticationError, GongCrmError, JournalError
from tests.gong_crm.faults.harness.checker import complaints
from tests.gong_crm.faults.harness.pushing import result
from tests.gong_crm.faults.harness.tables import UPLOAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening


def _newer(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {version + 1}")


def _foreign(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE jobs (id TEXT)")
        connection.commit()


def _garbage(database: Path) -> None:
    database.write_bytes(b"This was a journal once.\n" * 400)


def _cut(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:5_000])


def _folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


async def _nothing(_: object) -> None:
    """Open and close only."""


@pytest.mark.parametrize("fault", [_newer, _foreign, _garbage, _cut, _folder])
def test_a_journal_that_cannot_be_read_is_refused_and_left_alone(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, fault: Callable[[Path], None]
) -> None:
    """A journal of another version or program, or a damaged one: JournalError, nothing sent, nothing overwritten."""
    opening.use(_nothing)
    database = opening.journal / "journal.db"
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    fault(database)
    before = _dump(database)
    with pytest.raises(JournalError, match=r"journal\.db"):
        opening.push(inputs)
    assert [] == emulator.journal()
    assert before == _dump(database)


def _dump(database: Path) -> object:
    """Read what a database says, or its bytes where it is none."""
    if database.is_dir():
        return sorted(database.iterdir())
    try:
        with closing(sqlite3.connect(database)) as connection:
            return [*connection.execute("PRAGMA user_version"), *connection.iterdump()]
    except sqlite3.DatabaseError:
        return database.read_bytes()


@pytest.mark.parametrize("what", ["plan", "spool", "budget.db", "lock.db"])
def test_a_part_of_the_journal_that_is_gone_doubles_nothing(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, what: str
) -> None:
    """A job whose plan or spooled files are gone is reported; a new push of the same files sends the rest, all once."""
    emulator.faults.add(UPLOAD, {"kind": "pass"}, {"kind": "answer", "status": 401, "body": {"errors": ["No"]}})
    with pytest.raises(AuthenticationError):
        opening.push(inputs)
    _remove(opening.journal, what)
    try:
        said = opening.resume_or_push(inputs)
    except GongCrmError as problem:
        assert " again" in str(problem), problem  # noqa: PT017  (the rest of the test follows either end)
        said = opening.push(inputs)
        opening.use(_discard)
    assert [] == complaints(emulator.url, inputs, said=said)


async def _discard(gong: Any) -> None:  # noqa: ANN401  (either door)
    [job] = await result(gong.jobs())
    await result(job.discard())
    assert [] == await result(gong.jobs())


def _remove(journal: Path, what: str) -> None:
    if what.endswith(".db"):
        (journal / what).unlink()
        return
    for folder in (journal / "jobs").iterdir():
        if what == "plan":
            shutil.rmtree(folder)
            continue
        for path in [*folder.rglob("*.ldjson"), *folder.rglob("*.spool")]:
            if "held" not in path.parts:
                path.unlink()
