"""What is no file of lines is spooled once, and its lines lead back to where they stood."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.errors import SourceChangedError
from gong_crm.feeds import Block, feed
from gong_crm.findings import Origin
from gong_crm.plan.origins import each_origin, origin_of, origins_of
from gong_crm.plan.payload import open_payload
from gong_crm.plan.plan import Plan
from gong_crm.plan.planning import plan_push
from gong_crm.plan.spool import Spool
from gong_crm.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIRST, SECOND, THIRD = (f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3))


def record(object_id: str, modified: str, **more: str) -> dict[str, Any]:
    """Make an account."""
    return {"objectId": object_id, "modifiedDate": modified, **more}


def text_of(*records: dict[str, Any]) -> bytes:
    """Write records as lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def planned(source: object, folder: Path) -> Plan:
    """Plan accounts, and load the plan again, as another process would."""
    feeds = {"ACCOUNT": feed(source, object_type="ACCOUNT")}
    plan_push(feeds, {"ACCOUNT": Rules("ACCOUNT")}, folder=folder / "plan").save()
    return Plan.load(folder / "plan")


def bodies(plan: Plan) -> list[bytes]:
    """Read all files."""
    return [open_payload(one, plan).read() for one in plan.files]


def origins(plan: Plan, file: int = 0) -> list[Origin]:
    """Say where all lines of a file come from."""
    one = plan.files[file]
    return [origin for _, origin, _ in each_origin(one, plan, range(1, one.lines + 1))]


def test_a_file_in_order_is_sent_from_where_it_stands(tmp_path: Path) -> None:
    """Nothing is copied, and the hash is that of the file itself."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(text_of(record("a", FIRST), record("b", SECOND)))
    plan = planned(path, tmp_path)
    assert [path.read_bytes()] == bodies(plan)
    assert [] == [one for one in (tmp_path / "plan").rglob("*") if one.is_file() and one.name != "plan.json"]


@pytest.mark.parametrize("days", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "in disorder"])
def test_lines_of_gzip_lead_back_to_decompressed_bytes(tmp_path: Path, days: tuple[str, str]) -> None:
    """Offsets count what is behind the compression, a byte order mark included."""
    lines = [text_of(record("a", days[0], name="Ä")), text_of(record("b", days[1]))]
    path = tmp_path / "a.ldjson.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + b"".join(lines)))
    plan = planned(path, tmp_path)
    expected = {(str(path), 1, 3, len(lines[0]) - 1), (str(path), 2, 3 + len(lines[0]), len(lines[1]) - 1)}
    assert expected == {(one.source, one.line, one.offset, one.length) for one in origins(plan)}
    assert sorted(lines) == sorted(bodies(plan)[0].splitlines(keepends=True))


@pytest.mark.parametrize("days", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "in disorder"])
def test_records_lead_back_to_their_row(tmp_path: Path, days: tuple[str, str]) -> None:
    """Rows have no bytes, and a generator is read once."""
    records = (record(str(number), day) for number, day in enumerate(days))
    plan = planned(records, tmp_path)
    rows = [(one.source, one.line, one.offset, one.is_row) for one in origins(plan)]
    assert [("<records>", 1, None, True), ("<records>", 2, None, True)] == sorted(rows)
    assert sorted(days) == [json.loads(line)["modifiedDate"] for line in bodies(plan)[0].splitlines()]


def test_a_handle_is_spooled(tmp_path: Path) -> None:
    """A pipe can be read once, so what it gave is kept and sent as often as it takes."""
    content = text_of(record("a", FIRST), record("b", SECOND)).rstrip(b"\n")
    plan = planned(io.BytesIO(content), tmp_path)
    assert [content] == bodies(plan)
    assert [content] == bodies(plan)
    assert b"b" in origin_of(plan.files[0], plan, 2)[1]


def test_sources_follow_each_other_in_one_file(tmp_path: Path) -> None:
    """A newline is supplied where a source ends without one, and counts for neither of the two."""
    (tmp_path / "1.ldjson").write_bytes(text_of(record("a", FIRST)).rstrip(b"\n"))
    (tmp_path / "2.ldjson").write_bytes(text_of(record("b", FIRST)).rstrip(b"\n"))
    plan = planned([tmp_path / "1.ldjson", tmp_path / "2.ldjson"], tmp_path)
    assert [text_of(record("a", FIRST), record("b", FIRST)).rstrip(b"\n")] == bodies(plan)
    assert [("1.ldjson", 1, 0), ("2.ldjson", 1, 0)] == [
        (one.source.rpartition("/")[2], one.line, one.offset) for one in origins(plan)
    ]


def csv_text(*rows: str, header: str = "objectId,modifiedDate,name", end: str = "\r\n") -> bytes:
    """Write CSV."""
    return "".join(row + end for row in (header, *rows)).encode()


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_rows_of_csv_lead_back_to_their_bytes(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    """A row begins where its quotes do and may have several lines; the plan knows the file it stands in."""
    rows = [f'a,{SECOND},"two\nlines"', f"b,{FIRST},plain", "bad id,x,y", *(f"c{n},{THIRD},z" for n in range(3_000))]
    content = csv_text(*rows)
    path = tmp_path / ("a.csv" if compress is bytes else "a.csv.gz")
    path.write_bytes(compress(content))
    plan = planned(path, tmp_path)
    found = [*origins(plan), *(one.origin for one in plan.held_back("ACCOUNT"))]
    assert all(one.offset is not None and one.length is not None for one in found)
    texts = [content[one.offset or 0 :][: one.length or 0].decode() for one in found]
    assert [rows[1], rows[0], *rows[3:], rows[2]] == texts
    assert [4, 2, *range(6, 3_006), 5] == [one.line for one in found]
    assert path == plan.sources[0].original


def test_a_file_of_csv_that_changes_while_it_is_planned_is_reported(tmp_path: Path) -> None:
    """Its rows could not be given back."""
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text(f"a,{FIRST},x"))
    with Spool(feed(path, object_type="ACCOUNT")[0], "ACCOUNT", base=tmp_path / "0") as spool:
        path.write_bytes(b"")
        with pytest.raises(SourceChangedError, match=r"a\.csv changed"):
            spool.finish()


def test_the_offset_in_a_source_that_changed_is_unknown(tmp_path: Path) -> None:
    """Sorted lines are still known by their bytes, their source and their number."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(text_of(record("a", SECOND), record("b", FIRST)))
    plan = planned(path, tmp_path)
    path.write_bytes(b"")
    origin, raw = origin_of(plan.files[0], plan, 1)
    assert (2, None, text_of(record("b", FIRST))) == (origin.line, origin.offset, raw)


def test_the_lines_of_a_source_that_changed_cannot_be_had(tmp_path: Path) -> None:
    """Lines that were left where they stood are gone with their source."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(text_of(record("a", FIRST)))
    plan = planned(path, tmp_path)
    path.write_bytes(b"")
    with pytest.raises(SourceChangedError, match=r"a\.ldjson changed"):
        origin_of(plan.files[0], plan, 1)


@pytest.mark.parametrize("lines", [[0], [3], [2, 1]])
def test_only_lines_of_the_file_can_be_asked_for(tmp_path: Path, lines: list[int]) -> None:
    """A number that Gong makes up, or the wrong way round, gets no line of someone else."""
    plan = planned([record("a", FIRST), record("b", SECOND)], tmp_path)
    with pytest.raises(ValueError, match="lines 1 to 2"):
        list(each_origin(plan.files[0], plan, lines))


def test_lines_may_be_asked_for_in_any_order_at_once(tmp_path: Path) -> None:
    """The order in which Gong lists its errors is not the order of the file."""
    plan = planned([record("a", FIRST), record("b", SECOND)], tmp_path)
    assert [1, 2] == [origin.line for origin, _ in origins_of(plan.files[0], plan, [2, 1, 2]).values()]


class Sheet:
    """A feed of another distribution: rows of a sheet below a header, the last of them in blocks with places."""

    name = "book.xlsx"
    path = None

    def __init__(self, days: tuple[str, ...], *, shift: int, places: int) -> None:
        self._days = days
        self._shift = shift
        self._places = places

    def blocks(self) -> Iterator[Block]:
        """Give each row in a block of its own."""
        offset = 0
        for line, day in enumerate(self._days, 1):
            data = text_of(record(f"r{line}", day))
            has_places = line > self._places
            yield Block(data=data, first_line=line, offset=offset, places=[(line + 100, 7, 3)] if has_places else None)
            offset += len(data)

    def origin(self, line: int, *, offset: int | None = None, length: int | None = None) -> Origin:
        """Count the header."""
        return Origin(source=self.name, line=line + self._shift, offset=offset, length=length, is_row=True)


@pytest.mark.parametrize("days", [(FIRST, SECOND, THIRD), (SECOND, THIRD, FIRST)], ids=["in order", "in disorder"])
@pytest.mark.parametrize(
    ("shift", "places", "expected"),
    [
        (0, 3, {("r1", 1, 0), ("r2", 2, 75), ("r3", 3, 150)}),
        (1, 3, {("r1", 2, 0), ("r2", 3, 75), ("r3", 4, 150)}),
        (0, 2, {("r1", 1, 0), ("r2", 2, 75), ("r3", 103, 7)}),
        (1, 0, {("r1", 101, 7), ("r2", 102, 7), ("r3", 103, 7)}),
    ],
)
def test_the_feed_says_where_its_lines_come_from(
    tmp_path: Path, days: tuple[str, ...], shift: int, places: int, expected: set[tuple[str, int, int]]
) -> None:
    """By places, or by its origin, which may count a header; the plan knows it when the feed is gone."""
    plan = planned(Sheet(days, shift=shift, places=places), tmp_path)
    lines = each_origin(plan.files[0], plan, [1, 2, 3])
    width = len(text_of(record("r1", FIRST)))
    found = {(json.loads(raw)["objectId"], origin.line, origin.offset) for _, origin, raw in lines}
    assert {(one, line, {75: width, 150: 2 * width}.get(offset, offset)) for one, line, offset in expected} == found


def test_a_bad_row_below_a_header_is_held_back_with_its_findings(tmp_path: Path) -> None:
    """Findings name rows as the feed counts them."""
    plan = planned(Sheet((FIRST, "yesterday"), shift=1, places=2), tmp_path)
    assert [(3, "modifiedDate")] == [(one.origin.line, one.findings[0].member) for one in plan.held_back("ACCOUNT")]
