"""Rows of CSV as lines."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm.checking.report import check
from gong_crm.errors import SourceError
from gong_crm.feeds import CsvOptions, feed
from gong_crm.fields import Field

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm.findings import Finding

TIME = "2026-01-02T03:04:05Z"
FIELDS = [
    Field(unique_name="vip", label="VIP", type="BOOLEAN"),
    Field(unique_name="tags", label="Tags", type="STRINGARRAY"),
    Field(unique_name="seen", label="Seen", type="DATETIME"),
    Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("1", "2")),
]


def records(text: str | bytes, object_type: str = "DEAL", **options: Any) -> list[Any]:  # noqa: ANN401  (options of CSV)
    """Read rows as the records that they become; None for a blank line."""
    data = text.encode() if isinstance(text, str) else text
    csv = CsvOptions(**options)
    (one,) = feed(io.BytesIO(data), object_type=object_type, fields=FIELDS, csv=csv)
    return [json.loads(line) if line.strip() else None for block in one.blocks() for line in block.data.splitlines()]


def findings(data: bytes, tmp_path: Path, **options: Any) -> list[Finding]:  # noqa: ANN401  (options of CSV)
    """Check a file of deals, and hold what is said of bytes against its bytes."""
    path = tmp_path / "deals.csv"
    path.write_bytes(data)
    return list(check(path, "DEAL", fields=FIELDS, csv=CsvOptions(**options) if options else None))


def test_cells_become_what_their_member_holds() -> None:
    """Numbers keep their digits, booleans come in any usual word, lists are cut, texts stay texts."""
    text = (
        "objectId,name,amount,vip,tags,tier\n"
        '007,"a, ""b""\nc",12345678901234567890.10,TRUE,a; b;;c,1\n'
        "2,x,-1.5e3,no,,2\n3,x,1,y,,\n4,x,0,maybe,,\n5,x,7.,0,,\n"
    )
    (one,) = feed(io.BytesIO(text.encode()), object_type="DEAL", fields=FIELDS, csv=CsvOptions())
    assert b'"amount":12345678901234567890.10,' in next(one.blocks()).data
    first, *others = records(text)
    assert {"objectId": "007", "name": 'a, "b"\nc', "vip": True, "tags": ["a", "b", "c"], "tier": "1"} == {
        name: value for name, value in first.items() if name != "amount"
    }
    assert [(-1500.0, False), (1, True), (0, "maybe"), ("7.", False)] == [(row["amount"], row["vip"]) for row in others]


def test_times_become_those_of_gong() -> None:
    """Any form of ISO-8601 is taken; a time without a zone is taken in the zone that the options name."""
    cells = (
        TIME,
        "2026-07-02 03:04:05.678",
        "2026-01-02T03:04:05+0100",
        "2026-01-02",
        "soon",
        " 2026-01-02T03:04:05Z ",
    )
    text = "objectId,modifiedDate\n" + "".join(f"1,{cell}\n" for cell in cells)
    expected = [TIME, "2026-07-02T03:04:05+02:00", "2026-01-02T03:04:05+01:00", "2026-01-02", "soon", TIME]
    assert expected == [row["modifiedDate"] for row in records(text, timezone="Europe/Berlin")]
    assert "2026-07-02 03:04:05.678" == records(text)[1]["modifiedDate"]


def test_a_time_that_never_was_is_refused(tmp_path: Path) -> None:
    """When clocks are put forward an hour is missing; when they are put back the first of two is meant."""
    text = f"objectId,createdDate,modifiedDate\n1,2026-03-29 02:30:00,{TIME}\n2,2026-10-25 02:30:00,{TIME}\n"
    (finding,) = findings(text.encode(), tmp_path, timezone="Europe/Berlin")
    assert ("no-such-time", "createdDate", 2) == (finding.rule, finding.member, finding.origin.line)
    assert "2026-10-25T02:30:00+02:00" == records(text, timezone="Europe/Berlin")[1]["createdDate"]


def test_the_ends_of_the_calendar_are_times_too(tmp_path: Path) -> None:
    """The last time of all, which means never in exports, is sent; one that UTC does not have is refused."""
    text = "objectId,modifiedDate\n1,9999-12-31 23:59:59\n2,0001-01-01 00:00:00\n"
    assert "9999-12-31T23:59:59-05:00" == records(text, timezone="America/New_York")[0]["modifiedDate"]
    (finding,) = findings(text.encode(), tmp_path, timezone="Europe/Berlin")
    assert ("datetime", 3) == (finding.rule, finding.origin.line)


def test_empty_cells_are_left_out_or_clear() -> None:
    """Which of the two is meant only the caller knows."""
    text = "objectId,name\n1,\n"
    assert [{"objectId": "1"}] == records(text)
    assert [{"objectId": "1", "name": None}] == records(text, empty="null")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen(delimiter: str, tmp_path: Path) -> None:
    """It is what makes members of the first row, even where another character is more frequent."""
    others = "".join(one for one in ",;\t|" if one != delimiter)
    text = f"objectId{delimiter}modifiedDate{delimiter}note\n1{delimiter}{TIME}{delimiter}{others * 9}\n"
    path = tmp_path / "deals.csv"
    path.write_text(text, encoding="utf-8")
    assert check(path, "DEAL").ok
    assert [["1", TIME, others * 9]] == [list(row.values()) for row in records(text)]


def test_tsv_and_compressed_csv_are_known_by_name(tmp_path: Path) -> None:
    """A .tsv has tabs, a .csv.gz is decompressed; columns may have other names than members."""
    (tmp_path / "a.tsv").write_text("objectId\tname\n1\tx,y\n", encoding="utf-8")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"Id,Deal Name\n2,z\n"))
    first, *_ = feed(tmp_path / "a.tsv", object_type="DEAL")
    (second,) = feed(
        tmp_path / "b.csv.gz", object_type="DEAL", csv=CsvOptions(columns={"Id": "objectId", "Deal Name": "name"})
    )
    assert [b'{"objectId":"1","name":"x,y"}\n', b'{"objectId":"2","name":"z"}\n'] == [
        block.data for one in (first, second) for block in one.blocks()
    ]


def test_each_row_that_cannot_be_sent_is_reported_with_its_bytes(tmp_path: Path) -> None:
    """A bad row is one line that is refused; the place that is reported is that of the row in the file."""
    rows = [
        b"objectId,modifiedDate,name,amount",
        b'1,2026-01-02T03:04:05Z,"two\r\nlines",1',
        b"2,2026-01-02T03:04:05Z,x",
        b"3,2026-01-02T03:04:05Z,x,1,5",
        b"4,2026-01-02T03:04:05Z,x,1,,",
        b'5,2026-01-02T03:04:05Z,"x"y,1',
        b"6,2026-01-02T03:04:05Z,caf\xe9,1",
        b'7,2026-01-02T03:04:05Z,x,"1,5"',
        b",,,",
        b"",
        b"8,2026-01-02 03:04:05,x,1",
        b'9,2026-01-02T03:04:05Z,"open',
    ]
    data = b"\xef\xbb\xbf" + b"\r\n".join(rows)
    found = findings(data, tmp_path)
    assert [
        ("cells", 4, rows[2]),
        ("cells", 5, rows[3]),
        ("csv", 7, rows[5]),
        ("utf-8", 8, rows[6]),
        ("type", 9, rows[7]),
        ("empty-row", 10, rows[8]),
        ("naive-time", 12, rows[10]),
        ("csv", 13, rows[11]),
    ] == [(one.rule, one.origin.line, data[one.origin.offset or 0 :][: one.origin.length]) for one in found]
    report = check(tmp_path / "deals.csv", "DEAL", fields=FIELDS)
    assert not report.ok
    assert (9, 7, 1) == (report.lines, report.errors, report.warnings)


def test_a_header_that_names_what_gong_does_not_know_is_reported_once(tmp_path: Path) -> None:
    """The warning stands at the header with the near name, and not again at a line; so do columns without a name."""
    data = f"objectId,modifiedDate,Amount,colour,,\n1,{TIME},5,red,x,\n".encode()
    assert [
        ("unknown-column", 1, "Amount", "did you mean amount?"),
        ("unknown-column", 1, "colour", "describe it as a field, else Gong shows nothing of it"),
        ("unknown-column", 1, None, "name what is to be sent"),
    ] == [(one.rule, one.origin.line, one.member, one.hint) for one in findings(data, tmp_path)]
    assert "column 3 has no name" in str(findings(f"objectId,modifiedDate,\n1,{TIME},\n".encode(), tmp_path)[0])


@pytest.mark.parametrize(
    ("header", "options", "words"),
    [
        ("Id,name", {}, "no column is called objectId"),
        ("objectId,name,name", {}, "more than one column holds 'name'"),
        ("objectId,name,Title", {"columns": {"Title": "name"}}, "more than one column holds 'name'"),
        ("objectId,Name", {"columns": {"Nam": "name"}}, "no column 'Nam'.*did you mean 'Name'"),
        ("objectId", {"columns": {"zzz": "name"}}, "no column 'zzz', which `columns` names$"),
        ('objectId,"name"x', {}, "the names of the columns cannot be read"),
        ("objectId,name\r1,2\r", {}, "a carriage return stands alone, outside quotes; end rows by a newline"),
        ("sep=;\r\nobjectId;name", {}, "'sep=', a word for Excel; take that row off"),
        ("\nobjectId,name", {}, "the first row is blank"),
    ],
)
def test_a_header_that_cannot_work_is_refused(header: str, options: dict[str, Any], words: str) -> None:
    """Before any row is read."""
    with pytest.raises(SourceError, match=words):
        records(f"{header}\n1,2,3\n", **options)


def test_a_header_of_another_encoding_is_refused() -> None:
    """No member is sent under a name that nobody wrote."""
    with pytest.raises(SourceError, match="byte 0xf6 is not UTF-8; save the file as UTF-8"):
        records("objectId,größe\n1,2\n".encode("latin-1"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"delimiter": ""}, "delimiter must be one character"),
        ({"quote": "''"}, "quote must be one character"),
        ({"delimiter": '"'}, "are both"),
        ({"empty": "none"}, "omit or null"),
        ({"list_separator": ""}, "must not be empty"),
        ({"timezone": "Europe/Berlim"}, "no time zone 'Europe/Berlim'"),
        ({"timezone": "../etc/passwd"}, "no time zone"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any], words: str) -> None:
    """At once, with what would do."""
    with pytest.raises(SourceError, match=words):
        CsvOptions(**options)


def test_many_rows_come_in_blocks_whose_places_are_theirs(tmp_path: Path) -> None:
    """Blocks are bounded, and the place of a row in the file goes with each line."""
    path = tmp_path / "deals.csv"
    path.write_bytes(b"objectId,name\n" + b"".join(b'%d,"a\n%d"\n' % (row, row) for row in range(5000)))
    (one,) = feed(path, object_type="DEAL")
    blocks = list(one.blocks())
    assert len(blocks) > 3
    content = path.read_bytes()
    for block in blocks:
        for line, (number, offset, length) in zip(block.data.splitlines(), block.places or (), strict=True):
            row = int(json.loads(line)["objectId"])
            assert (2 + 2 * row, b'%d,"a\n%d"' % (row, row)) == (number, content[offset : offset + length])
    again = path.read_bytes() + b"0,x\n"
    path.write_bytes(again)
    repeated = [finding for finding in check(path, "STAGE") if finding.rule == "repeated"]
    assert [(10_002, again.rindex(b"0,x\n"))] == [(one.origin.line, one.origin.offset) for one in repeated]
