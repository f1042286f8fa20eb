"""Feeds of paths, globs, folders, open files and standard input."""

from __future__ import annotations

import gzip
import io
import os
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from gong_crm.checking.report import check
from gong_crm.errors import SourceError
from gong_crm.feeds import CsvOptions, feed
from gong_crm.feeds.ldjson import BLOCK_BYTES
from gong_crm.findings import Origin
from gong_crm.job.outcome import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm.feeds import Feed

LINE = b'{"objectId":"a","modifiedDate":"2026-01-02T03:04:05Z"}\n'


def content(feeds: list[Feed]) -> bytes:
    """Read all lines of feeds."""
    return b"".join(block.data for one in feeds for block in one.blocks())


def test_a_folder_gives_its_known_files_in_the_order_of_names(tmp_path: Path) -> None:
    """Files of other kinds, hidden ones and folders are passed over."""
    for name in ("b.ldjson", "a.jsonl", "c.ndjson", "notes.txt", ".hidden.ldjson"):
        (tmp_path / name).write_bytes(LINE)
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b"objectId\n1\n"))
    (tmp_path / "e.ldjson").mkdir()
    found = feed(tmp_path, object_type="CONTACT")
    assert ["a.jsonl", "b.ldjson", "c.ndjson", "d.csv.gz"] == [Path(one.name).name for one in found]


def test_a_glob_gives_what_matches(tmp_path: Path) -> None:
    """Matches come in the order of their names, in a list with other sources too."""
    for name in ("b1.ldjson", "b0.ldjson", "c.ldjson"):
        (tmp_path / name).write_bytes(LINE)
    found = feed([f"{tmp_path}/b*.ldjson", tmp_path / "c.ldjson", io.BytesIO(LINE)], object_type="CONTACT")
    assert [f"{tmp_path}/b0.ldjson", f"{tmp_path}/b1.ldjson", f"{tmp_path}/c.ldjson", "<BytesIO>"] == [
        one.name for one in found
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_blocks_hold_every_byte_but_the_byte_order_mark(
    tmp_path: Path, mark: bytes, pack: Callable[[bytes], bytes]
) -> None:
    """Blocks hold whole lines, and know where they begin."""
    lines = LINE.replace(b"\n", b"\r\n") * 3000 + b"\n" + LINE.rstrip()
    path = tmp_path / ("a.ldjson" if pack is bytes else "a.ldjson.gz")
    path.write_bytes(pack(mark + lines))
    (one,) = feed(path, object_type="CONTACT")
    blocks = list(one.blocks())
    assert lines == b"".join(block.data for block in blocks)
    assert len(blocks) > 3
    for block in blocks:
        before = (mark + lines)[: block.offset]
        assert 1 + before.count(b"\n") == block.first_line
    assert (path if pack is bytes else None) == one.path
    assert blocks == list(one.blocks())


def test_a_line_longer_than_a_block_comes_alone(tmp_path: Path) -> None:
    """Neither the lines before nor those after are in the block of a long line."""
    long = b'{"a":"' + b"x" * 10 * BLOCK_BYTES + b'"}\n'
    path = tmp_path / "a.ldjson"
    path.write_bytes(LINE + long + LINE + long.rstrip())
    (one,) = feed(path, object_type="CONTACT")
    assert [LINE, long, LINE, long.rstrip()] == [block.data for block in one.blocks()]


def test_what_no_upload_could_hold_is_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without line ends is refused before memory is gone."""
    monkeypatch.setattr("gong_crm.feeds.ldjson.LONGEST_LINE", 3 * BLOCK_BYTES)
    path = tmp_path / "a.ldjson"
    path.write_bytes(b"x" * 8 * BLOCK_BYTES)
    with pytest.raises(SourceError, match=r"a\.ldjson has a line of more than"):
        content(feed(path, object_type="CONTACT"))


def test_an_empty_file_is_legitimate(tmp_path: Path) -> None:
    """It is a sign of life, compressed or not, and as CSV too."""
    for name in ("a.ldjson", "b.ldjson.gz", "c.csv"):
        (tmp_path / name).touch()
    (tmp_path / "d.ldjson").write_bytes(b"\xef\xbb\xbf")
    (tmp_path / "e.csv").write_bytes(b"objectId\n")
    assert b"" == content(feed(tmp_path, object_type="CONTACT"))


def test_open_files_are_read_once_and_left_open(tmp_path: Path) -> None:
    """Text becomes UTF-8 again, whatever it was written in; a second reading is refused."""
    path = tmp_path / "a.ldjson"
    path.write_bytes('{"objectId":"é"}\n'.encode("latin-1"))
    with path.open(encoding="latin-1") as text:
        (one,) = feed(text, object_type="CONTACT")
        assert '{"objectId":"é"}\n'.encode() == content([one])
        assert not text.closed
        with pytest.raises(SourceError, match="read already"):
            content([one])
    with pytest.raises(SourceError, match="closed"):
        feed(text, object_type="CONTACT")
    with path.open(encoding="utf-8") as text, pytest.raises(SourceError, match="open it in binary"):
        content(feed(text, object_type="CONTACT"))
    assert LINE * 9 == content(feed(io.BytesIO(gzip.compress(LINE * 9)), object_type="CONTACT"))


class Drops:
    """Reads a few bytes at a time; its name is a number, as that of a file descriptor."""

    name = 3

    def __init__(self) -> None:
        self.left = [LINE[:5], LINE[5:] + LINE * 2000]

    def read(self, _size: int) -> bytes | None:
        """Give the next few bytes."""
        return self.left.pop(0) if self.left else None


class Broken:
    """Cannot be read."""

    def read(self, size: int) -> bytes:
        """Fail."""
        raise ValueError(f"{size} too many")


def test_whatever_has_read_is_an_open_file() -> None:
    """Few bytes at a time, None and a name that is a number do no harm; a broken one is reported."""
    (one,) = feed(Drops(), object_type="CONTACT")
    assert ("<Drops>", LINE * 2001) == (one.name, content([one]))
    with pytest.raises(SourceError, match="too many"):
        content(feed(Broken(), object_type="CONTACT"))


@pytest.mark.parametrize("dash", ["-", "/dev/stdin"])
def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch, dash: str) -> None:
    """What is piped in is LDJSON, or CSV when its options are given."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE)))
    (one,) = feed(dash, object_type="CONTACT")
    assert ("<stdin>", None, LINE) == (one.name, one.path, content([one]))
    monkeypatch.setattr(sys, "stdin", io.StringIO("objectId;title\n1;é\n"))
    assert '{"objectId":"1","title":"é"}\n'.encode() == content(feed("-", object_type="CONTACT", csv=CsvOptions()))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SourceError, match="no standard input"):
        feed("-", object_type="CONTACT")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes of this kind")
def test_a_pipe_is_read_as_it_comes(tmp_path: Path) -> None:
    """The first bytes of a named pipe are not lost to looking at its kind."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=path.write_bytes, args=(LINE * 3,))
    writer.start()
    found = feed(path, object_type="CONTACT")
    assert LINE * 3 == content(found)
    writer.join()


FOREIGN = [
    ("a.ldjson", b"\xff\xfe{\x00", "UTF-16"),
    ("a.csv", b"\xfe\xff\x00a", "UTF-16"),
    ("a.csv", b"o\x00b\x00j\x00", "UTF-16"),
    ("a.ldjson", b"\x00{\x00\x22", "UTF-16"),
    ("a.csv", b"\xff\xfe\x00\x00o\x00\x00\x00", "UTF-32"),
    ("a.csv", b"PK\x03\x04rest", "workbook"),
    ("a.csv", b"PK\x05\x06", "ZIP archive"),
    ("a.csv", b"\xd0\xcf\x11\xe0rest", "workbook of an old form"),
    ("a.ldjson", b"ARROW1\x00\x00", "a file of Arrow"),
    ("a.ldjson", b"Obj\x01rest", "Avro"),
    ("a.ldjson", b"BZh91AY", "bzip2"),
    ("a.ldjson", b"\xfd7zXZ\x00", "xz"),
    ("a.ldjson", b"\x28\xb5\x2f\xfd", "zstd"),
    ("a.ldjson", b"PAR1....", "Parquet"),
    ("a.ldjson", b"SQLite format 3\x00", "rows of a query"),
    ("a.json", b' [{"objectId"', "JSON array"),
]


@pytest.mark.parametrize(
    ("name", "start", "words"),
    [
        *FOREIGN,
        ("a.ldjson.gz", LINE, "not compressed"),
        ("a.lsjson", LINE, r"did you mean \.ldjson\?"),
        ("a.txt", LINE, "which does not tell what it holds"),
        ("a", LINE, "has no suffix"),
    ],
)
def test_what_holds_no_lines_is_refused(tmp_path: Path, name: str, start: bytes, words: str) -> None:
    """Other kinds of file are recognized by their first bytes or their name, with what to do."""
    (tmp_path / name).write_bytes(start)
    with pytest.raises(SourceError, match=words):
        feed(tmp_path / name, object_type="CONTACT")


@pytest.mark.parametrize(
    ("name", "start", "words"),
    [*FOREIGN, ("a.ldjson", gzip.compress(LINE, mtime=0), "compressed by gzip twice")],
)
def test_what_is_compressed_is_looked_at_too(tmp_path: Path, name: str, start: bytes, words: str) -> None:
    """Another kind of file is recognized within gzip, in a file and in a handle."""
    path = tmp_path / f"{name}.gz"
    path.write_bytes(gzip.compress(start))
    for source in (path, path.open("rb")):
        with pytest.raises(SourceError, match=words):
            content(feed(source, object_type="CONTACT"))
        if isinstance(source, io.BufferedReader):
            source.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")
def test_a_name_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    """What a terminal would act on, or cannot show, stands as an escape wherever a file is named."""
    path = tmp_path / "a\x1b[31m\n\udcff.ldjson"
    path.write_bytes(b"{}\n")
    (finding, _) = check(tmp_path, "CONTACT")
    assert rf"{tmp_path}/a\x1b[31m\n\udcff.ldjson:1" == str(finding.origin)
    (tmp_path / "b\x1b.json").write_bytes(b"[]")
    with pytest.raises(SourceError, match=r"b\\x1b\.json is one JSON array"):
        feed(tmp_path / "b\x1b.json", object_type="CONTACT")


def test_what_a_file_holds_does_nothing_to_a_terminal() -> None:
    """The name of a column, and an id, stand as escapes in what is printed of them."""
    rows = io.StringIO("objectId,modifiedDate,a\x1b[31m\na\x1b,2026-01-02T03:04:05Z,1\n")
    shown = list(map(str, check(rows, "CONTACT", csv=CsvOptions())))
    assert [True, True] == list(map(str.isprintable, shown))
    row = Origin(source="a", line=1, is_row=True)
    rejection = Rejection(object_type="CONTACT", origin=row, judge="gong", message="No.", object_id="\x1b")
    assert r"a row 1 (\x1b): No." == str(rejection)


def test_what_is_not_there_is_reported_with_what_is(tmp_path: Path) -> None:
    """A missing file names the near one; a missing folder, a glob without matches and an empty folder say so."""
    (tmp_path / "contacts.ldjson").write_bytes(LINE)
    (tmp_path / "empty").mkdir()
    for source, words in (
        (tmp_path / "contact.ldjson", "did you mean .*contacts"),
        (tmp_path / "zzz", "there is no file"),
        (tmp_path / "no" / "a.ldjson", "there is no folder"),
        (f"{tmp_path}/*.csv", "no file matches"),
        (tmp_path / "empty", "has no file that ends with"),
        ("", "an empty path names nothing"),
        (b"{}", "bytes look like content"),
        ('{"objectId":"a"}', "looks like content"),
        ("a\nb", "looks like content"),
        ("x" * 5000, "could not be read"),
        ({"objectId": "a"}, "one mapping"),
        (5, "no way to read int"),
    ):
        with pytest.raises(SourceError, match=words):
            feed(source, object_type="CONTACT")


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
def test_a_link_to_nothing_says_where_it_leads(tmp_path: Path) -> None:
    """It is listed in its folder, and still not there."""
    (tmp_path / "a.csv").symlink_to("gone.csv")
    (tmp_path / "b.csv").symlink_to("b.csv")
    for name, target in (("a.csv", "gone.csv"), ("b.csv", "b.csv")):
        with pytest.raises(SourceError, match=f"a link to '{target}', which is not there"):
            feed(tmp_path / name, object_type="CONTACT")


def test_the_near_object_type_is_named() -> None:
    """Small letters and a missing letter are guessed; what is far off is reported with all there are."""
    for wrong, words in (
        ("contact", "did you mean CONTACT"),
        ("Business user", "BUSINESS_USER"),
        ("X", "there are ACC"),
    ):
        with pytest.raises(SourceError, match=words):
            feed([], object_type=wrong)


class Severed:
    """Something open whose other end is gone."""

    name = "bucket/a.ldjson"

    def __init__(self, problem: Exception | None) -> None:
        self.problem = problem

    def read(self, size: int) -> object:
        """Fail, or give what are no bytes."""
        if self.problem is None:
            return size
        raise self.problem


@pytest.mark.parametrize("problem", [RuntimeError("connection lost"), OSError("connection lost"), None])
def test_a_handle_that_fails_is_reported(problem: Exception | None) -> None:
    """Whatever a connection or a bucket raises, or gives in the place of bytes."""
    with pytest.raises(SourceError, match=r"bucket/a\.ldjson could not be read"):
        content(feed(Severed(problem), object_type="CONTACT"))


def test_damaged_gzip_is_reported(tmp_path: Path) -> None:
    """A file that is cut off, or changed on its way, is not taken for a short one."""
    packed = gzip.compress(os.urandom(100_000))
    for name, data in (("cut.ldjson.gz", packed[:50_000]), ("changed.ldjson.gz", packed[:-8] + b"12345678")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match="is damaged"):
            content(feed(tmp_path / name, object_type="CONTACT"))


class BytesPath:
    """A path of an operating system that takes bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> bytes:
        return os.fsencode(self.path)


def test_a_file_that_goes_away_is_reported(tmp_path: Path) -> None:
    """What was there when the feed was made may be gone when it is read."""
    path = tmp_path / "a.ldjson"
    path.write_bytes(LINE)
    found = feed(BytesPath(path), object_type="CONTACT")
    path.unlink()
    with pytest.raises(SourceError, match="could not be read"):
        content(found)


class Entry:
    """An entry point of another distribution, which knows one source."""

    def __init__(self, known: Feed | None) -> None:
        self.known = known

    def load(self) -> Callable[[object], Feed | None]:
        """Give the function that knows sources."""
        return lambda source: self.known if source == {"mine": 1} else None


def test_a_feed_and_a_registered_kind_are_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has blocks and origins is taken as it is; a distribution may know more kinds."""
    (own,) = feed(io.BytesIO(LINE), object_type="CONTACT")
    assert [own] == feed(own, object_type="CONTACT")
    entries = {"gong_crm.feeds": [Entry(None), Entry(own)]}
    monkeypatch.setattr("gong_crm.feeds.choose.entry_points", lambda group: entries[group])
    assert [own] == feed({"mine": 1}, object_type="CONTACT")
