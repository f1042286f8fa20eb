"""The benchmark of the front door runs, small, and writes its section."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import bench_push
from bench import push_check, push_large, push_lines, push_peers, push_plan, push_send
from bench.table import Row, as_markdown, at_least, at_most, write_section

if TYPE_CHECKING:
    from pathlib import Path


def test_the_section_has_a_row_for_each_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With small files the bars may be missed, but everything is measured."""
    write = push_lines.write_contacts
    monkeypatch.setattr(push_plan, "KINDS", push_plan.KINDS[-1:])
    monkeypatch.setattr(push_plan, "write_contacts", lambda path, _=0, **options: write(path, 100_000, **options))
    monkeypatch.setattr(push_check, "write_contacts", lambda path, **options: write(path, 100_000, **options))
    deals = push_lines.write_deals
    monkeypatch.setattr(push_check, "write_deals", lambda path: deals(path, 100_000))
    for module in (push_send, push_peers):  # what they need is tried below
        monkeypatch.setattr(module, "rows", lambda *_, **__: [])
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- push -->\nold\n<!-- /push -->\nafter\n", encoding="utf-8")
    assert bench_push.main(["--rounds", "1", "--output", str(page)]) in {0, 1}
    section = capsys.readouterr().out
    assert f"before\n<!-- push -->\n{section}<!-- /push -->\nafter\n" == page.read_text(encoding="utf-8")
    assert 12 + 2 == section.count("\n| ") - 1
    assert "3 % of the ids repeated" in section


def test_a_large_push_is_measured_by_a_small_one_into_a_section_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its minutes are spent when somebody asks for them, and what they found stays when the rest is measured anew."""
    write = push_lines.write_contacts
    monkeypatch.setattr(push_large, "write_contacts", lambda path, _=0, **options: write(path, 100_000, **options))
    monkeypatch.setattr(push_large, "free_memory", lambda: 2_000_000)
    page = tmp_path / "page.md"
    page.write_text("<!-- push-large -->\n<!-- /push-large -->\n", encoding="utf-8")
    assert bench_push.main(["--rounds", "1", "--large", "10", "--output", str(page)]) in {0, 1}
    section = capsys.readouterr().out
    assert f"<!-- push-large -->\n{section}<!-- /push-large -->\n" == page.read_text(encoding="utf-8")
    assert 3 == section.count("\n| ") - 1
    assert "send 10 GB in disorder" in section


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to compare with")
def test_sending_is_measured_by_curl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file is sent by both, and each number has its row."""
    write = push_lines.write_contacts
    monkeypatch.setattr(push_send, "write_contacts", lambda path, _=0, **options: write(path, 100_000, **options))
    monkeypatch.setattr(push_send, "_import", lambda *_: 1.0)
    rows = push_send.rows(tmp_path, rounds=1)
    assert 4 == len(rows)
    assert float(rows[-1].result) > 0


def test_the_front_door_is_measured_against_a_server_that_answers_at_once(tmp_path: Path) -> None:
    """The stub says all that a push asks for."""
    path = tmp_path / "contacts.ldjson"
    push_lines.write_contacts(path, 100_000, ordered=True)
    with push_peers.sink() as url:
        push_peers.by_front_door(url, tmp_path, path)


@pytest.mark.parametrize(
    ("row", "written"),
    [
        (at_least("a", 0.349, 0.35), "| a | 0.35 | at least 0.35 | yes |"),
        (at_least("a", 0.344, 0.35), "| a | 0.34 | at least 0.35 | **no** |"),
        (at_most("a", 150.4, 150, unit=" MB"), "| a | 150 MB | at most 150 MB | yes |"),
        (at_most("a", 1.206, 1.2, digits=2), "| a | 1.21 | at most 1.20 | **no** |"),
        (Row(what="a", result="1"), "| a | 1 |  |  |"),
    ],
)
def test_a_row_says_whether_its_bar_is_kept(row: Row, written: str) -> None:
    """By the number that is shown."""
    assert written == as_markdown(["note"], [row]).splitlines()[-1]


def test_a_page_without_the_section_is_left_alone(tmp_path: Path) -> None:
    """Writing somewhere else would be lost at the next run."""
    page = tmp_path / "page.md"
    page.touch()
    with pytest.raises(SystemExit, match="needs the markers"):
        write_section(page, "push", "")


@pytest.mark.parametrize("repeated", [0, 50])
def test_contacts_repeat_ids_only_when_asked_to(tmp_path: Path, repeated: int) -> None:
    """Mixing the ids must not make two of them equal."""
    path = tmp_path / "contacts.ldjson"
    count = push_lines.write_contacts(path, 3_000_000, repeated=repeated)
    ids = {line.split(b'"')[3] for line in path.read_bytes().splitlines()}
    assert (len(ids) == count) == (not repeated)


def test_section_replaces_only_its_own(tmp_path: Path) -> None:
    """The section goes between its markers, again and again, and the rest of the page stays."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- push -->\nold\n<!-- /push -->\nafter\n", encoding="utf-8")
    for _ in range(2):
        write_section(page, "push", r"new \1" + "\n")
    assert "before\n<!-- push -->\nnew \\1\n<!-- /push -->\nafter\n" == page.read_text(encoding="utf-8")
