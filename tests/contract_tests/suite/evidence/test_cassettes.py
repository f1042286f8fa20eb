"""A cassette says where it comes from, how old it is, and whether the document has changed since."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contract_tests.suite.evidence.cassettes import AGED_DAYS, CASSETTES, age_of, files_in, read_recording, sha256_of

RECORDING = read_recording(files_in(CASSETTES / "emulator")[0])
DAY = RECORDING.metadata.day
HASH = RECORDING.metadata.openapi_sha256


def test_the_age_is_reported() -> None:
    """The day of the recording and the days since are reported, for recordings of the emulator with a warning."""
    line = age_of([RECORDING], on=DAY + timedelta(days=3), sha256=HASH)
    assert f"1 recorded {DAY.isoformat()}, 3 days ago; from the emulator, so no evidence about Gong" == line


def test_an_old_recording_is_called_old() -> None:
    """Old age is a word in the summary, and no failure."""
    assert ", old;" in age_of([RECORDING], on=DAY + timedelta(days=AGED_DAYS + 1), sha256=HASH)


def test_a_changed_document_is_reported() -> None:
    """Another hash of openapi.yaml is reported, and what happens then."""
    line = age_of([RECORDING], on=DAY, sha256=sha256_of(Path(__file__)))
    assert "openapi.yaml has changed since in the eyes of 1 of them, held against the new one" in line


def test_live_recordings_come_without_the_warning() -> None:
    """What Gong has answered is not called the emulator's."""
    live = replace(RECORDING, metadata=replace(RECORDING.metadata, recorded_from="live"))
    assert f"1 recorded {DAY.isoformat()}, 0 days ago" == age_of([live], on=DAY, sha256=HASH)


def test_nothing_recorded_is_reported() -> None:
    """An empty folder is named as such."""
    assert "none recorded" == age_of([], on=DAY, sha256=HASH)


@pytest.mark.parametrize("text", ["interactions: []\n", "metadata: {recorded_from: live}\ninteractions: []\n", "[]\n"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    """A cassette that does not say where it comes from is refused with its name."""
    path = tmp_path / "foreign.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"foreign\.yaml is no cassette of this suite"):
        read_recording(path)
