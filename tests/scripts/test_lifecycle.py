"""The lifecycle of one integration ends well and accounts for every line."""

import json
import os
import subprocess
import sys
from pathlib import Path

from demo.crm_export import FAULTS, write_corrected, write_export

SCRIPT = Path(__file__).parents[2] / "scripts" / "lifecycle.py"


def test_lifecycle_ends_well_and_shows_each_step() -> None:
    """The lifecycle registers, is refused twice, corrects every bad line, reads all objects back and leaves nothing."""
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "error", str(SCRIPT)],
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "" == run.stderr
    assert 0 == run.returncode
    assert 2 == run.stdout.count(" 409 ")
    assert 2 == run.stdout.count("0 integrations")
    for found in ("620 of 620 found", "1540 of 1540 found", "810 of 810 found", "430 of 430 found"):
        assert found in run.stdout
    assert "line 17  Mandatory field [emailAddress] is missing or empty" in run.stdout
    assert "Gong reports 20 of 27 at a time" in run.stdout
    planted = sum(len(faults) for faults in FAULTS.values())
    assert f"{planted} refused, corrected and accepted" in run.stdout


def test_export_is_the_same_each_time(tmp_path: Path) -> None:
    """Two exports are the same bytes."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    first, second = (write_export(folder) for folder in folders)
    assert [one.path.read_bytes() for one in first] == [one.path.read_bytes() for one in second]


def test_corrected_file_differs_in_the_corrected_lines_alone(tmp_path: Path) -> None:
    """Correcting writes the valid line where it is asked to, and leaves every other line as it was."""
    deals = next(one for one in write_export(tmp_path) if one.object_type == "DEAL")
    before = deals.path.read_text(encoding="utf-8").splitlines()
    after = write_corrected(deals, numbers=[404]).path.read_text(encoding="utf-8").splitlines()
    assert [404] == [number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]]
    assert deals.valid[403] == json.loads(after[403])
