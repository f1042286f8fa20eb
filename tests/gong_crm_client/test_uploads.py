"""Tests that the bytes of an uploaded file arrive, or that the caller learns why not."""

from __future__ import annotations

import contextlib
import io
import mmap
import os
import tempfile
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, BinaryIO

import httpx
import pytest

from gong_crm_client.api.crm import upload_crm_entities
from gong_crm_client.models import CrmDataUpload, UploadObjectType
from gong_crm_client.types import File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.gong_crm_client.conftest import Call, Server

LINES = b"".join(b'{"objectId": "%d", "name": "Acme"}\n' % number for number in range(20_000))


def arguments(file: File) -> dict[str, Any]:
    """Return the arguments of an upload."""
    return {
        "body": CrmDataUpload(data_file=file),
        "integration_id": 2**53 + 1,
        "object_type": UploadObjectType.ACCOUNT,
        "client_request_id": "r1",
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of 20,000 lines."""
    path = tmp_path / "accounts.ldjson"
    path.write_bytes(LINES)
    return path


class OnlyRead:
    """A payload as thin as can be: it has read and nothing else."""

    def __init__(self, content: bytes) -> None:
        self.read = io.BytesIO(content).read


def pipe(content: bytes) -> BinaryIO:
    """Return the reading end of a pipe that somebody fills."""
    reader, writer = os.pipe()

    def fill() -> None:
        with open(writer, "wb") as end:  # noqa: PTH123  (a number, not a path)
            end.write(content)

    threading.Thread(target=fill, daemon=True).start()
    return open(reader, "rb")  # noqa: PTH123  (a number, closed by the test)


@pytest.mark.parametrize("boundary", [b"+++", b"boundary"])
def test_payload_with_a_boundary_arrives_whole(call: Call, server: Server, boundary: bytes) -> None:
    """A payload that holds CRLF and the boundary of other clients ends no part and adds none."""
    evil = b'{"a": 1}\r\n--' + boundary + b'\r\nContent-Disposition: form-data; name="integrationId"\r\n\r\n7\r\n--'

    call(upload_crm_entities, **arguments(File(payload=io.BytesIO(evil + boundary + b"--\r\n"))))

    assert evil + boundary + b"--\r\n" == server.part


def test_boundaries_differ_from_call_to_call(call: Call, server: Server) -> None:
    """Nobody can guess the boundary, because each call draws another."""
    for _ in range(3):
        call(upload_crm_entities, **arguments(File(payload=io.BytesIO(LINES))))

    assert 3 == len({request.headers["content-type"] for request in server.requests})


def test_file_is_sent_with_its_length(call: Call, server: Server, path: Path) -> None:
    """A file on disk goes up with Content-Length, its own name and the media type of the document."""
    with path.open("rb") as handle:
        call(upload_crm_entities, **arguments(File(payload=handle)))

    head = server.requests[-1].body.split(b"\r\n\r\n")[0]
    assert LINES == server.part
    assert "transfer-encoding" not in server.requests[-1].headers
    assert b'name="dataFile"; filename="accounts.ldjson"' in head
    assert b"Content-Type: application/x-ndjson" in head


def test_large_ids_travel_exactly(call: Call, server: Server) -> None:
    """An integration id beyond 2^53 keeps every digit."""
    call(upload_crm_entities, **arguments(File(payload=io.BytesIO(b"{}"))))

    assert f"integrationId={2**53 + 1}&" in server.requests[-1].line


@pytest.mark.parametrize("moved", [10, len(LINES)])
def test_moved_handle_is_refused(call: Call, server: Server, path: Path, moved: int) -> None:
    """A handle that is not at its start could mean all of it or the rest, so nothing is sent."""
    with path.open("rb") as handle:
        handle.seek(moved)
        with pytest.raises(ValueError, match=f"stands at byte {moved}, not at 0"):
            call(upload_crm_entities, **arguments(File(payload=handle)))

    assert [] == server.requests


def test_slice_is_sent_when_asked_for(call: Call, server: Server, path: Path) -> None:
    """With start the part is the rest of the file from there, with its right length."""
    with path.open("rb") as handle:
        handle.seek(40)
        call(upload_crm_entities, **arguments(File(payload=handle, start=40)))

    assert LINES[40:] == server.part


def test_start_beyond_the_end_is_refused(call: Call) -> None:
    """A start after the last byte is a mistake of the caller."""
    payload = io.BytesIO(b"{}")
    payload.seek(5)
    with pytest.raises(ValueError, match="has 2 bytes, it cannot start at 5"):
        call(upload_crm_entities, **arguments(File(payload=payload, start=5)))


@pytest.mark.parametrize("start", [-1, True, "5", 5.0, None])
@pytest.mark.parametrize("payload", [b"0123456789", io.BytesIO(b"0123456789")], ids=["bytes", "handle"])
def test_start_that_is_no_byte_is_refused(call: Call, server: Server, payload: Any, start: Any) -> None:  # noqa: ANN401  (of any type)
    """A place counted from the end, or of another type, sends no other part of the file."""
    with pytest.raises(ValueError, match="start is the number of a byte"):
        call(upload_crm_entities, **arguments(File(payload=payload, start=start)))

    assert [] == server.requests


def test_empty_file_is_sent_empty(call: Call, server: Server) -> None:
    """Gong takes an empty file as a sign of life, so one goes up."""
    call(upload_crm_entities, **arguments(File(payload=io.BytesIO())))

    assert b"" == server.part


def test_second_attempt_sends_the_same(call: Call, server: Server, path: Path) -> None:
    """The same body sent again after a failure is whole again."""
    with path.open("rb") as handle:
        again = arguments(File(payload=handle))
        server.answer(500, b'{"requestId": "a", "errors": ["Internal server error occurred"]}')
        codes = [call(upload_crm_entities, **again).status_code for _ in range(2)]
        first, second = (request.body.split(b"\r\n\r\n", 1)[1] for request in server.requests)

    assert [500, 201] == codes
    assert LINES == server.part
    assert len(first) == len(second)


def test_second_attempt_after_a_lost_connection_sends_the_same(call: Call, server: Server, path: Path) -> None:
    """A connection that breaks leaves the handle in the middle, and the next attempt starts anew."""
    with path.open("rb") as handle:
        again = arguments(File(payload=handle))
        server.answers.append(b"")
        with pytest.raises(httpx.RemoteProtocolError):
            call(upload_crm_entities, **again)
        call(upload_crm_entities, **again)

    assert LINES == server.part


def test_second_file_of_a_used_handle_is_refused(call: Call, path: Path) -> None:
    """A new File around a handle that was sent before would be empty, so it is refused."""
    with path.open("rb") as handle:
        call(upload_crm_entities, **arguments(File(payload=handle)))
        with pytest.raises(ValueError, match="stands at byte"):
            call(upload_crm_entities, **arguments(File(payload=handle)))


def test_redirected_upload_is_not_followed(call: Call, server: Server) -> None:
    """A redirect would carry the body and the credentials to another host, so it is an answer nobody described."""
    from gong_crm_client.errors import UnexpectedResponse  # noqa: PLC0415  (only here)

    server.answer(307, b"", "Location: /elsewhere")
    with pytest.raises(UnexpectedResponse, match="status 307"):
        call(upload_crm_entities, **arguments(File(payload=io.BytesIO(LINES))))


def test_pipe_arrives_whole(call: Call, server: Server) -> None:
    """A pipe has no length, so it goes up in chunks."""
    with pipe(LINES) as payload:
        call(upload_crm_entities, **arguments(File(payload=payload)))

    assert LINES == server.part
    assert "chunked" == server.requests[-1].headers["transfer-encoding"]


@pytest.mark.parametrize("same_file", [True, False])
def test_pipe_is_sent_once(call: Call, server: Server, *, same_file: bool) -> None:
    """A pipe that was sent cannot be sent again, be it in the same File or in another."""
    with pipe(LINES) as payload:
        first = File(payload=payload)
        call(upload_crm_entities, **arguments(first))
        with pytest.raises(ValueError, match="can be read only once, and was"):
            call(upload_crm_entities, **arguments(first if same_file else File(payload=payload)))

    assert 1 == len(server.requests)


def test_drained_pipe_is_refused(call: Call, server: Server) -> None:
    """A pipe that somebody else has read gives no byte, and no empty part is sent for it."""
    with pipe(b"{}") as payload:
        payload.read()
        with pytest.raises(ValueError, match="gave no byte"):
            call(upload_crm_entities, **arguments(File(payload=payload)))

    assert [] == server.requests


def test_object_with_only_read_arrives_once(call: Call, server: Server) -> None:
    """A payload without seek and tell goes up once, and is refused the second time."""
    file = File(payload=OnlyRead(LINES))
    call(upload_crm_entities, **arguments(file))

    assert LINES == server.part
    with pytest.raises(ValueError, match="can be read only once"):
        call(upload_crm_entities, **arguments(file))


def test_spooled_file_arrives_whole(call: Call, server: Server) -> None:
    """A temporary file that lives in memory first is a file like others."""
    with tempfile.SpooledTemporaryFile(max_size=100) as payload:
        payload.write(LINES)
        payload.seek(0)
        call(upload_crm_entities, **arguments(File(payload=payload)))

    assert LINES == server.part


def test_text_handle_is_refused(call: Call, path: Path) -> None:
    """A handle opened as text would send other bytes than the file has."""
    with path.open(encoding="utf-8") as handle, pytest.raises(TypeError, match="opened in text mode"):
        call(upload_crm_entities, **arguments(File(payload=handle)))  # type: ignore[arg-type]  # the mistake under test


def test_handle_moved_by_another_is_noticed() -> None:
    """Two readers of one handle would mix its bytes, so the upload stops."""
    payload = io.BytesIO(LINES)
    _, part, _ = File(payload=payload).to_tuple()[:3]
    part.read(10)  # type: ignore[union-attr]  # a handle, not bytes
    payload.seek(0)

    with pytest.raises(ValueError, match="somebody else moved the payload"):
        part.read(10)  # type: ignore[union-attr]  # a handle, not bytes


def test_growing_file_is_sent_as_long_as_announced(tmp_path: Path) -> None:
    """Bytes that are added during the upload stay out, so that the announced length is right."""
    path = tmp_path / "growing.ldjson"
    path.write_bytes(b"one\n")
    with path.open("rb") as handle:
        _, part, _ = File(payload=handle).to_tuple()[:3]
        with path.open("ab") as other:
            other.write(b"two\n")
        assert b"one\n" == part.read()  # type: ignore[union-attr]  # a handle, not bytes


def pieces(content: bytes) -> Iterator[bytes]:
    """Yield a payload in pieces of odd sizes, an empty one among them."""
    yield b""
    for start in range(0, len(content), 70_001):
        yield content[start : start + 70_001]


@contextlib.contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap]:
    """Map a file into memory."""
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content


# What may be sent, and whether its length is known and it can go twice.
PAYLOADS: dict[str, tuple[Callable[[Path], Any], bool]] = {
    "bytes": (lambda _: LINES, True),
    "bytearray": (lambda _: bytearray(LINES), True),
    "memoryview": (lambda _: memoryview(LINES), True),
    "path": (lambda path: path, True),
    "buffered handle": (lambda path: path.open("rb"), True),
    "raw handle": (lambda path: path.open("rb", buffering=0), True),
    "BytesIO": (lambda _: io.BytesIO(LINES), True),
    "memory map": (mapped, True),
    "pipe": (lambda _: pipe(LINES), False),
    "iterator": (lambda _: pieces(LINES), False),
    "list iterator": (lambda _: iter([LINES[:10], LINES[10:]]), False),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_each_payload_arrives_as_the_table_says(call: Call, server: Server, path: Path, name: str) -> None:
    """What may be sent arrives whole, with its length where that is known, and again where it can go back."""
    make, again = PAYLOADS[name]
    with contextlib.ExitStack() as stack:
        payload = make(path)
        if hasattr(payload, "__exit__") and not isinstance(payload, os.PathLike):
            payload = stack.enter_context(payload)
        file = File(payload=payload)
        call(upload_crm_entities, **arguments(file))
        assert LINES == server.part
        assert again == ("content-length" in server.requests[-1].headers)
        if again:
            call(upload_crm_entities, **arguments(file))
            assert LINES == server.part
        else:
            with pytest.raises(ValueError, match="can be read only once"):
                call(upload_crm_entities, **arguments(file))


@pytest.mark.parametrize(
    "payload",
    [
        *("accounts.ldjson", None, 7, [b"{}"], {"objectId": "a"}, io.StringIO("{}"), lambda: iter(["{}"]), object()),
        *(lambda: io.BytesIO, lambda: SimpleNamespace(read=lambda: b"all at once")),
    ],
    ids=lambda one: type(one).__name__,
)
def test_anything_else_is_one_type_error(call: Call, server: Server, payload: Any) -> None:  # noqa: ANN401  (of any type)
    """What cannot be sent is refused with what to pass, before a byte is sent or while the first piece is read."""
    given = payload() if callable(payload) else payload
    with pytest.raises(TypeError, match=r"send |bytes"):
        call(upload_crm_entities, **arguments(File(payload=given)))

    assert [] == server.requests


def test_handle_opened_for_writing_is_refused(call: Call, server: Server, tmp_path: Path) -> None:
    """It says what to pass instead of the word that Python has for it."""
    with (tmp_path / "written").open("wb") as handle, pytest.raises(TypeError, match=r"cannot be read: .*send bytes"):
        call(upload_crm_entities, **arguments(File(payload=handle)))

    assert [] == server.requests


@pytest.mark.parametrize(
    "body", [io.BytesIO(b"{}"), b"{}", File(payload=b"{}"), None], ids=lambda one: type(one).__name__
)
def test_body_that_is_no_form_says_what_is(call: Call, body: Any) -> None:  # noqa: ANN401  (of any type)
    """A bare handle or a File in the place of the form is met with how to write it."""
    with pytest.raises(TypeError, match=r"body is CrmDataUpload\(data_file=File\(payload=...\)\)"):
        call(upload_crm_entities, **{**arguments(File(payload=b"")), "body": body})
    with pytest.raises(TypeError, match=r"data_file is a File: write CrmDataUpload\("):
        call(upload_crm_entities, **{**arguments(File(payload=b"")), "body": CrmDataUpload(data_file=io.BytesIO())})  # type: ignore[arg-type]
