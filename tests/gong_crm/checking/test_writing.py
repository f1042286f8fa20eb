"""Records become the file that an upload takes, or nothing does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from gong_crm import write_lines
from gong_crm.errors import SourceError
from gong_crm_client.models import DealRecord

if TYPE_CHECKING:
    from pathlib import Path


def test_records_are_written_in_the_form_that_gong_takes(tmp_path: Path) -> None:
    """Whole seconds with a zone, days, numbers; models and mappings side by side."""
    path = tmp_path / "deals.ldjson"
    moment = datetime(2026, 11, 22, 8, 0, 0, 999, tzinfo=UTC)
    deals = [
        DealRecord(object_id="d1", modified_date="2026-11-22T08:00:00Z", name="Größe"),
        {"objectId": "d2", "modifiedDate": moment, "closeDate": date(2026, 12, 31), "amount": Decimal("12.50")},
    ]
    assert 2 == write_lines(deals, path, "DEAL")
    assert [
        '{"objectId":"d1","modifiedDate":"2026-11-22T08:00:00Z","name":"Größe"}',
        '{"objectId":"d2","modifiedDate":"2026-11-22T08:00:00+00:00","closeDate":"2026-12-31","amount":12.50}',
    ] == path.read_text(encoding="utf-8").splitlines()


def test_files_without_a_last_newline_are_joined_by_one(tmp_path: Path) -> None:
    """Lines of two files never become one."""
    folder = tmp_path / "exported"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.ldjson").write_text(f'{{"objectId":"a{number}","modifiedDate":"2026-11-22T08:00:00Z"}}')
    assert 2 == write_lines(folder, tmp_path / "all.ldjson", "ACCOUNT")
    assert 2 == len((tmp_path / "all.ldjson").read_text().splitlines())


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"objectId": "d2", "modifiedDate": datetime(2026, 11, 22, 8)}, "names no time zone"),  # noqa: DTZ001  (so it is)
        (
            {"objectId": "d2", "modifiedDate": "2026-11-22T08:00:00Z", "amount": float("nan")},
            "nan is no number in JSON",
        ),
        ({"objectId": "d2"}, "modifiedDate"),
        ("d2", "a record must be a mapping"),
    ],
)
def test_a_record_that_would_be_refused_leaves_what_was_there(tmp_path: Path, record: object, sentence: str) -> None:
    """The sentence names the record, and neither the file nor anything beside it has changed."""
    path = tmp_path / "deals.ldjson"
    path.write_text("as before\n")
    good = {"objectId": "d1", "modifiedDate": "2026-11-22T08:00:00Z"}
    with pytest.raises(SourceError, match=f"(?s)row 2.*{sentence}.*nothing was written"):
        write_lines([good, record], path, "DEAL")
    assert ("as before\n", [path]) == (path.read_text(), list(tmp_path.iterdir()))
