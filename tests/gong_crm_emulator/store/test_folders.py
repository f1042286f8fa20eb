"""The files and folders of emulators, what killed ones leave behind, and what is never touched."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, create_app, running_emulator
from gong_crm_emulator.__main__ import main
from gong_crm_emulator.errors import StorageError
from gong_crm_emulator.remote import ControlError
from gong_crm_emulator.store import folders
from gong_crm_emulator.store.database import Database
from gong_crm_emulator.store.tables import LAYOUT
from tests.gong_crm_emulator.caller import connect, ldjson, line

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("fcntl", reason="Without file locks nothing is removed and nobody is kept away.")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary folders be made in a place of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def grow_old(path: Path) -> None:
    """Make a file look as if it was written two hours ago."""
    then = time.time() - 7200
    os.utime(path, (then, then))


def left_behind(place: Path, *, old: bool = True) -> Path:
    """Make the folder that a killed emulator leaves: what a live one has, without its lock."""
    database = Database(None, layout=LAYOUT)
    kept = {path.name: path.read_bytes() for path in database.folder.iterdir()}
    name = database.folder.name
    database.close()
    folder = place / name
    folder.mkdir()
    for file, content in kept.items():
        (folder / file).write_bytes(content)
        if old:
            grow_old(folder / file)
    (folder / "f.ldjson").write_bytes(b"{}")
    return folder


def start() -> None:
    """Start an emulator and stop it."""
    Database(None, layout=LAYOUT).close()


def test_a_start_removes_what_killed_emulators_left(place: Path) -> None:
    """An old folder of an emulator that is gone is removed; one in use and one just made stay."""
    stale, fresh = left_behind(place), left_behind(place, old=False)
    used = Database(None, layout=LAYOUT)
    for path in used.folder.iterdir():
        grow_old(path)
    start()
    assert {fresh, used.folder} == set(place.iterdir())
    assert not stale.exists()
    used.close()
    assert not used.folder.exists()


def test_a_start_never_touches_what_others_made(place: Path) -> None:
    """Whatever its name, a folder that no emulator made for one process stays with all that is in it."""
    kept = Database(place / "gong-crm-emulator-state", layout=LAYOUT)
    (kept.folder / "one.snapshot").write_bytes(b"precious")
    kept.close()
    mine = left_behind(place)
    (mine / "state.db").write_bytes(b"precious")
    imitated = place / "gong-crm-emulator-notes"
    imitated.mkdir()
    for name in ("made-for-one-process", "lock"):
        (imitated / name).write_text("my own words", encoding="utf-8")
    for path in place.rglob("*"):
        if path.is_file():
            grow_old(path)
    before = sorted(place.rglob("*"))
    start()
    assert before == sorted(place.rglob("*"))


@pytest.mark.parametrize("link", ["symbolic", "hard"])
def test_a_file_is_held_by_whatever_name(place: Path, link: str) -> None:
    """A second emulator does not get at a file in use through a link to it."""
    first = Database(place / "state.db", layout=LAYOUT)
    other = place / "other.db"
    (other.symlink_to if link == "symbolic" else other.hardlink_to)(place / "state.db")
    with pytest.raises(StorageError, match="another emulator is using it"):
        Database(other, layout=LAYOUT)
    first.close()
    if link == "symbolic":
        Database(other, layout=LAYOUT).close()
        assert not (place / "other.db.files").exists()
    else:
        with pytest.raises(StorageError, match="several names"):
            Database(other, layout=LAYOUT)


def foreign(path: Path, *, version: int) -> None:
    """Make a SQLite file of another program."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE songs (name TEXT)")
        file.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize("version", [0, LAYOUT.version])
def test_a_file_of_another_program_is_left_alone(place: Path, version: int) -> None:
    """A foreign SQLite file is refused, whatever version it claims, is not changed, and gets no folder beside it."""
    foreign(place / "songs.db", version=version)
    before = (place / "songs.db").read_bytes()
    with pytest.raises(StorageError, match="another program"):
        Database(place / "songs.db", layout=LAYOUT)
    assert before == (place / "songs.db").read_bytes()
    assert [place / "songs.db"] == list(place.iterdir())


@pytest.mark.parametrize("content", [b"no database at all, but a text", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_file_is_refused(place: Path, content: bytes) -> None:
    """A file that is no SQLite file, or a broken one, is refused with a sentence and stays as it is."""
    (place / "state.db").write_bytes(content)
    with pytest.raises(StorageError, match="Choose another file"):
        Database(place / "state.db", layout=LAYOUT)
    assert [content] == [path.read_bytes() for path in place.iterdir()]


@pytest.mark.parametrize("name", ["missing/state.db", "", "/dev/null"])
def test_what_is_no_file_is_refused(place: Path, name: str) -> None:
    """A path in no folder, a folder and a device are refused with a sentence, and nothing is made."""
    with pytest.raises(StorageError, match="Choose another file"):
        Database(place / name, layout=LAYOUT)
    assert [] == list(place.iterdir())


def test_a_foreign_folder_beside_a_file_is_refused(place: Path) -> None:
    """A folder of the right name that somebody else filled is not swept, and the start says why."""
    (place / "state.db.files").mkdir()
    (place / "state.db.files" / "mine.ldjson").write_bytes(b"precious")
    with pytest.raises(StorageError, match="made by another program"):
        Database(place / "state.db", layout=LAYOUT)
    assert b"precious" == (place / "state.db.files" / "mine.ldjson").read_bytes()


def test_halves_of_a_killed_process_are_cleared(place: Path) -> None:
    """A snapshot that a killed process left half written is cleared at the next start of the same file."""
    first = Database(place / "state.db", layout=LAYOUT)
    (first.folder / "one.new").write_bytes(b"half")
    first.close()
    second = Database(place / "state.db", layout=LAYOUT)
    assert not (second.folder / "one.new").exists()
    second.close()


def test_the_lock_is_let_go_at_the_end(place: Path) -> None:
    """A file can be used again once its emulator has closed it."""
    for _ in range(2):
        Database(place / "state.db", layout=LAYOUT).close()
    with folders.held(place / "state.db") as real:
        assert (place / "state.db").resolve() == real


def test_a_file_of_which_nothing_came_is_removed(place: Path) -> None:
    """A file that was made for the lock alone does not stay where the state could not be laid out."""
    with folders.held(place / "new.db"):
        assert (place / "new.db").exists()
    assert not (place / "new.db").exists()


def test_what_is_no_file_keeps_no_state(tmp_path: Path) -> None:
    """A folder in the place of the file is refused, and what it holds is left alone."""
    (tmp_path / "state.db").mkdir()
    with pytest.raises(StorageError, match="it is no file"):
        Database(tmp_path / "state.db", layout=LAYOUT)


def test_without_file_locks_nothing_is_swept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no locks, as Windows, nobody can tell a killed emulator's folder from a live one's."""
    folder = left_behind(place)
    monkeypatch.setattr(folders, "fcntl", None)
    start()
    assert folder.exists()


def damaged(content: bytes) -> dict[str, bytes]:
    """Damage a file of the state in several ways."""
    half = len(content) // 2
    return {
        "cut": content[:half],
        "zeros": content[:8_192] + bytes(len(content) - 8_192),
        "overwritten": content[:half] + b"x" * 9_000 + content[half + 9_000 :],
        "header": b"x" * 100 + content[100:],
    }


@pytest.mark.parametrize("how", list(damaged(bytes(10_000))))
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, how: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file or snapshot that was cut, overwritten or emptied inside ends in one sentence, and the state stays."""
    path = tmp_path / "state.db"
    with running_emulator(settings=EmulatorSettings(data=path)) as emulator, connect(emulator) as caller:
        caller.outcome("LEAD", ldjson(*[line(f"l{number}", title="t" * 500) for number in range(500)]))
        emulator.control("PUT", "snapshots/one")
        snapshot = path.with_name("state.db.files") / "one.snapshot"
        for bad in (damaged(snapshot.read_bytes())[how], b""):
            snapshot.write_bytes(bad)
            with pytest.raises(ControlError, match=r"409.*Snapshot one is of no use"):
                emulator.control("POST", "snapshots/one/restore")
        assert 500 == emulator.control("GET", "state")["objects"]["LEAD"]
    bad = damaged(path.read_bytes())[how]
    path.write_bytes(bad)
    capfd.readouterr()
    assert 2 == main(["--port", "0", "--data", str(path)])
    reported = capfd.readouterr().err
    assert (True, 1) == ("Choose another file." in reported, reported.count("\n"))
    assert bad == path.read_bytes()


@pytest.mark.parametrize("change", ["errors = 'no json'", "kind = 'unknown'", "file = '../precious.txt'"])
def test_a_state_that_somebody_edited_does_no_harm(tmp_path: Path, change: str) -> None:
    """A file whose rows make no sense is refused, and none leads to files beyond its own folder."""
    path, precious = tmp_path / "state.db", tmp_path / "precious.txt"
    precious.write_text("precious", encoding="ascii")
    with running_emulator(settings=EmulatorSettings(data=path)) as emulator, connect(emulator) as caller:
        caller.outcome("LEAD", ldjson(line("l1")))
    with closing(sqlite3.connect(path)) as edited, edited:
        edited.execute(f"UPDATE request SET parsed = NULL, {change}")  # noqa: S608  (our own constants)
    if "precious" in change:
        with running_emulator(settings=EmulatorSettings(data=path)) as emulator:
            emulator.control("PUT", "snapshots/all-read")
    else:
        with pytest.raises(StorageError, match="is damaged"):
            create_app(EmulatorSettings(data=path))
    assert "precious" == precious.read_text(encoding="ascii")
