"""Tests that a call ends in time, takes no more than it should, and gets an answer that comes early."""

from __future__ import annotations

import asyncio
import gzip
import io
import resource
import socket
import time
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import list_crm_integrations, upload_crm_entities
from gong_crm_client.errors import RefusedCall, UnexpectedResponse
from gong_crm_client.models import CrmDataUpload, UploadObjectType
from gong_crm_client.types import File
from tests.gong_crm_client.raw import EMPTY, TOKEN, answering, head_of, http, made, serving

if TYPE_CHECKING:
    from collections.abc import Callable

MODES = pytest.mark.parametrize("mode", ["sync", "async"])


def upload(size: int = 4_000_000) -> dict[str, Any]:
    """Return the arguments of an upload."""
    return {
        "body": CrmDataUpload(data_file=File(payload=io.BytesIO(b"x" * size))),
        "integration_id": 1,
        "object_type": UploadObjectType.ACCOUNT,
        "client_request_id": "r1",
    }


def dripping(data: bytes) -> Callable[[socket.socket], None]:
    """Return a server that reads a head and answers a byte each twentieth of a second."""

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    return follow


@MODES
@pytest.mark.parametrize("answer", [http(200, EMPTY), b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b" " * 500])
def test_dripping_answer_ends_at_the_time_limit(mode: str, answer: bytes) -> None:
    """A server that sends a byte now and then, in the head or in the body, has the time of one answer."""
    with serving(dripping(answer)) as url:
        began = time.monotonic()
        with pytest.raises(httpx.TimeoutException, match="deadline="):
            made(mode, list_crm_integrations, AuthenticatedClient(base_url=url, token=TOKEN, timeout=0.5))

    assert 1.5 > time.monotonic() - began


@MODES
def test_deadline_ends_a_call_whose_file_is_taken_slowly(mode: str) -> None:
    """The deadline counts everything, also the sending of a file that always goes on a little."""

    def follow(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while connection.recv(4096):
            time.sleep(0.01)

    with serving(follow) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN, deadline=0.6)
        began = time.monotonic()
        with pytest.raises(httpx.TimeoutException):
            made(mode, upload_crm_entities, client, **upload(20_000_000))

    assert 3 > time.monotonic() - began


@MODES
def test_deadline_ends_a_call_that_waits_for_an_answer(mode: str) -> None:
    """The deadline is shorter than the limits of the steps."""

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        time.sleep(2)

    with serving(follow) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN).with_deadline(0.3)
        with pytest.raises(httpx.TimeoutException, match=f"^{url}"):
            made(mode, list_crm_integrations, client)


def _packed(coding: str) -> bytes:
    """Return 300 MB of blanks, packed without ever holding them."""
    if coding == "identity":
        return b" " * 3_000_000
    packer = zlib.compressobj(1, wbits={"gzip": 31, "deflate": 15, "raw deflate": -15}[coding])
    return b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(300)), packer.flush()])


@MODES
@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "identity"])
def test_large_answer_is_refused(mode: str, coding: str) -> None:
    """What is larger than the client takes, when it is unpacked, is never held in memory."""
    packed = _packed(coding)
    answer = http(200, packed, f"Content-Encoding: {coding.removeprefix('raw ')}")

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(answer)

    with serving(follow) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN, max_answer_bytes=1_000_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(UnexpectedResponse, match="the answer has more than 1000000 bytes"):
            made(mode, list_crm_integrations, client)

    assert 50_000 > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


@MODES
@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd"])
def test_encoding_that_was_not_asked_for_is_refused(mode: str, coding: str) -> None:
    """Two layers of gzip make a gigabyte of a kilobyte, and other encodings have no bound at all."""
    answer = http(200, EMPTY, f"Content-Encoding: {coding}")
    with (
        serving(answering(answer)) as url,
        pytest.raises(httpx.DecodingError, match=f"encoded as {coding}"),
    ):
        made(mode, list_crm_integrations, AuthenticatedClient(base_url=url, token=TOKEN))


@MODES
@pytest.mark.parametrize("packing", [lambda body: body, gzip.compress, lambda body: gzip.compress(body, 9)])
def test_answer_within_the_bound_arrives(mode: str, packing: Callable[[bytes], bytes]) -> None:
    """A packed answer is unpacked, and its headers stay as they came."""
    body = packing(EMPTY)
    headers = ["Content-Encoding: gzip"] if body != EMPTY else []
    with serving(answering(http(200, body, *headers))) as url:
        answer = made(mode, list_crm_integrations, AuthenticatedClient(base_url=url, token=TOKEN))

    assert (EMPTY, str(len(body))) == (answer.content, answer.headers["content-length"])


@MODES
@pytest.mark.parametrize(("status", "documented"), [(413, False), (429, True)])
@pytest.mark.parametrize("size", [200_000, 8_000_000])
def test_early_refusal_is_heard(mode: str, status: int, documented: bool, size: int) -> None:  # noqa: FBT001  (a table)
    """A server that refuses a file before it has read it, and hangs up, is heard each time."""
    refusal = http(status, b'{"requestId": "r", "errors": ["no"]}', "Retry-After: 7", "Connection: close")

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(refusal)

    with serving(follow) as url:
        for _ in range(12):
            client = AuthenticatedClient(base_url=url, token=TOKEN, raise_on_unexpected_status=False)
            answer = made(mode, upload_crm_entities, client, **upload(size))
            assert (status, "7", documented) == (
                answer.status_code,
                answer.headers["retry-after"],
                answer.parsed is not None,
            )
            with pytest.raises(RefusedCall if documented else UnexpectedResponse):
                answer.unwrap()


@MODES
def test_interim_answers_do_not_end_an_upload(mode: str) -> None:
    """100 and 103 come before the whole request is there, and the file goes on."""
    taken: list[int] = []

    def follow(connection: socket.socket) -> None:
        head = head_of(connection)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while length:
            length -= len(connection.recv(min(length, 1 << 16)))
        taken.append(length)
        connection.sendall(http(201, b'{"requestId": "x", "clientRequestId": "r1"}'))

    with serving(follow) as url:
        answer = made(mode, upload_crm_entities, AuthenticatedClient(base_url=url, token=TOKEN), **upload())

    assert (201, [0]) == (answer.status_code, taken)


@MODES
def test_second_answer_in_one_packet_is_not_taken_for_the_next_call(mode: str) -> None:
    """An answer that was there before its question is never the answer: the next call says so, or asks anew."""
    both = http(200, EMPTY) + http(200, b'{"requestId": "stale", "integrations": []}')

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(both)
        head_of(connection)

    def judge(outcome: object) -> None:
        assert getattr(outcome, "content", None) == EMPTY or "answered before it was asked" in str(outcome)

    async def awaited(client: AuthenticatedClient) -> None:
        async with client:
            for outcome in [await asyncio.gather(listed(client), return_exceptions=True) for _ in range(4)]:
                judge(outcome[0])

    def listed(client: AuthenticatedClient) -> Any:  # noqa: ANN401  (a coroutine)
        return list_crm_integrations.asyncio_detailed(client=client)

    with serving(follow) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN)
        if mode == "async":
            asyncio.run(awaited(client))
            return
        with client:
            for _ in range(4):
                try:
                    judge(list_crm_integrations.sync_detailed(client=client))
                except httpx.RemoteProtocolError as error:
                    judge(error)


def test_awaited_calls_share_a_connection() -> None:
    """A server that answers at once, before the empty body of a GET is written, keeps its connection."""
    connections: list[int] = []

    def follow(connection: socket.socket) -> None:
        while head_of(connection):
            connections.append(connection.fileno())
            connection.sendall(http(200, EMPTY))

    async def awaited(url: str) -> None:
        async with AuthenticatedClient(base_url=url, token=TOKEN) as client:
            for _ in range(30):
                await list_crm_integrations.asyncio(client=client)

    with serving(follow) as url:
        asyncio.run(awaited(url))

    assert (30, 1) == (len(connections), len(set(connections)))


def test_our_streams_lie_under_every_pool() -> None:
    """The way to httpcore's network_backend is not public: this fails when httpx moves it."""
    with AuthenticatedClient(token=TOKEN, httpx_args={"proxy": "http://127.0.0.1:1"}) as client:
        http_client = client.get_httpx_client()
        transports = [http_client._transport, *http_client._mounts.values()]
        kinds = {type(one._pool._network_backend).__module__ for one in transports if one}  # type: ignore[attr-defined]

    assert {"gong_crm_client._streams"} == kinds


CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def flooding(*heads: bytes) -> Callable[[socket.socket], None]:
    """Return a server that reads a head, and answers with chunks until nobody listens."""

    def follow(connection: socket.socket) -> None:
        head_of(connection)
        connection.sendall(b"".join(heads))
        while True:
            connection.sendall(CHUNK)

    return follow


@MODES
def test_length_beside_chunks_does_not_hide_their_size(mode: str) -> None:
    """Chunks are counted, whatever length the head names."""
    with serving(flooding(CHUNKED, b"Content-Length: 10\r\n\r\n")) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN, timeout=20, max_answer_bytes=1_000_000)
        with pytest.raises(UnexpectedResponse, match="more than 1000000 bytes"):
            made(mode, list_crm_integrations, client)


@MODES
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_follows_compressed_bytes_is_not_kept(mode: str, coding: str) -> None:
    """Bytes behind the end of the compression end the call instead of filling memory."""
    packed = gzip.compress(EMPTY) if coding == "gzip" else zlib.compress(EMPTY)
    head = f"Content-Encoding: {coding}\r\n\r\n{len(packed):x}\r\n".encode()
    with serving(flooding(CHUNKED, head, packed, b"\r\n")) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN, timeout=20)
        with pytest.raises(httpx.DecodingError, match="goes on after its compression ends"):
            made(mode, list_crm_integrations, client)


@MODES
@pytest.mark.parametrize("cuts", [[10], [10, 10, 20], list(range(1, len(EMPTY)))])
def test_members_of_a_compressed_answer_are_joined(mode: str, cuts: list[int]) -> None:
    """Gzip may consist of several members, which are one content, and an empty one among them is nothing."""
    pieces = [EMPTY[start:end] for start, end in zip([0, *cuts], [*cuts, len(EMPTY)], strict=True)]
    body = b"".join(gzip.compress(piece) for piece in pieces)
    with serving(answering(http(200, body, "Content-Encoding: gzip"))) as url:
        answer = made(mode, list_crm_integrations, AuthenticatedClient(base_url=url, token=TOKEN))

    assert EMPTY == answer.content


@MODES
def test_members_of_a_bomb_are_counted_together(mode: str) -> None:
    """Many small members are as large as all of them."""
    body = gzip.compress(b" " * 10_000) * 200
    with serving(answering(http(200, body, "Content-Encoding: gzip"))) as url:
        client = AuthenticatedClient(base_url=url, token=TOKEN, max_answer_bytes=1_000_000)
        with pytest.raises(UnexpectedResponse, match="more than 1000000 bytes"):
            made(mode, list_crm_integrations, client)
