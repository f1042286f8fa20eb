"""The export that the tour shows."""

import json
from pathlib import Path

from gong_crm.command.demo_export import FAULTS, write_export


def test_the_export_is_the_same_each_time_and_has_the_planted_faults(tmp_path: Path) -> None:
    """Two exports are the same bytes, and differ from what they should have been in the planted lines alone."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    first, second = (write_export(folder) for folder in folders)
    assert [one.path.read_bytes() for one in first] == [one.path.read_bytes() for one in second]
    for one in first:
        lines = one.path.read_text(encoding="utf-8").splitlines()
        differing = {
            number
            for number, (text, valid) in enumerate(zip(lines, one.valid, strict=True), 1)
            if text != json.dumps(valid)
        }
        assert set(FAULTS.get(one.object_type, {})) == differing
