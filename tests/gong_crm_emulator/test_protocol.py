"""How bytes become calls: upgrades, long heads, and callers who do not read."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.protocol import LONGEST_HEAD
from tests.gong_crm_emulator.caller import connect, ldjson, line
from tests.gong_crm_emulator.test_robustness import END, GOOD, PART, head, upload_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm_emulator.caller import Caller

JDK = (
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk",
)
BODY = json.dumps({"name": "Java", "ownerEmail": "j@example.com"}).encode()


@pytest.fixture
def connection(newcomer: Caller) -> Iterator[socket.socket]:
    """Open a connection to an emulator without an integration."""
    with open_to(newcomer.emulator) as connection:
        yield connection


def open_to(emulator: RunningEmulator) -> socket.socket:
    """Open a connection that sends what it is given at once."""
    parts = urlsplit(emulator.url)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=10)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """Read one answer with a length."""
    head_bytes = b""
    while b"\r\n\r\n" not in head_bytes:
        piece = connection.recv(1)
        assert piece, head_bytes
        head_bytes += piece
    length = int(head_bytes.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return int(head_bytes[9:12]), body


def in_chunks(body: bytes) -> bytes:
    """Write a body in chunks of seven bytes."""
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def upgrade_names() -> list[tuple[str, ...]]:
    """List ways of offering an upgrade that nobody takes."""
    return [
        JDK,
        ("connection: upgrade", "UPGRADE: websocket"),
        ("Connection: keep-alive, Upgrade", "Upgrade: h2c"),
        ("Connection: Upgrade", "Connection: HTTP2-Settings", "Upgrade: h2c,TLS/1.0", "HTTP2-Settings: AAM"),
    ]


@pytest.mark.parametrize("offer", upgrade_names())
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("segments", ["one", "two", "bytes"])
def test_an_upgrade_that_is_not_taken_is_ignored(
    connection: socket.socket, offer: tuple[str, ...], segments: str, *, chunked: bool
) -> None:
    """A call that offers an upgrade is answered as any other, its body read, and so is the next on the connection."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(BODY)}"
    first = head("PUT", "/v2/crm/integrations", "Content-Type: application/json", length, *offer)
    body = in_chunks(BODY) if chunked else BODY
    pieces = {"one": [first + body], "two": [first, body], "bytes": [bytes([one]) for one in first + body]}[segments]
    for piece in pieces:
        connection.sendall(piece)
        if segments == "two":
            time.sleep(0.02)
    assert 200 == answer(connection)[0]
    connection.sendall(head("GET", "/v2/crm/integrations", *offer))
    status, content = answer(connection)
    assert (200, b"Java") == (status, content[content.index(b"Java") :][:4])


@pytest.mark.parametrize("chunked", [False, True])
def test_calls_that_come_together_are_all_answered(connection: socket.socket, *, chunked: bool) -> None:
    """Several calls in one segment, each with an offer to upgrade, are answered in their order."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(BODY)}"
    put = head("PUT", "/v2/crm/integrations", "Content-Type: application/json", length, *JDK)
    put += in_chunks(BODY) if chunked else BODY
    connection.sendall(put + head("GET", "/v2/crm/integrations", *JDK) + put)
    assert [200, 200, 409] == [answer(connection)[0] for _ in range(3)]


def test_a_chunked_form_whose_end_is_cut_anywhere_is_whole(caller: Caller) -> None:
    """Wherever the segments of a chunked body are cut, also within its end, the next call is understood."""
    body = in_chunks(PART + GOOD + END)
    how = ("Content-Type: multipart/form-data; boundary=b", "Transfer-Encoding: chunked", *JDK)
    for back in range(8):
        with open_to(caller.emulator) as connection:
            whole = head("POST", upload_target(caller, f"r{back}"), *how) + body
            connection.sendall(whole[: len(whole) - back])
            time.sleep(0.01)
            connection.sendall(whole[len(whole) - back :] + head("GET", "/v2/crm/integrations", *JDK))
            assert [201, 200] == [answer(connection)[0] for _ in range(2)]


@pytest.mark.parametrize("ends", [True, False])
def test_a_long_head_is_refused(connection: socket.socket, *, ends: bool) -> None:
    """A head above 64 KiB is 431, with or without an end, and the connection is closed."""
    sent = head("GET", "/v2/crm/integrations", "X-Long: " + "x" * LONGEST_HEAD)
    connection.sendall(sent if ends else sent[:-2])
    status, content = answer(connection)
    assert (431, b"The request line and its headers are longer than 65536 bytes.") == (status, content)
    assert b"" == connection.recv(1)


def test_a_long_head_that_fits_is_answered(connection: socket.socket) -> None:
    """A head of nearly 64 KiB is read."""
    connection.sendall(head("GET", "/v2/crm/integrations", "X-Long: " + "x" * (LONGEST_HEAD - 300)))
    assert 200 == answer(connection)[0]


def test_a_caller_who_does_not_read_is_dropped() -> None:
    """An answer that nobody takes is dropped after the time of patience; one that is taken slowly is sent whole."""
    settings = EmulatorSettings(idle_seconds=0.3, processing="at-once")
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        big = [line(f"a{number}", name="n" * 1_000_000) for number in range(20)]
        for number, one in enumerate(big):
            caller.upload("ACCOUNT", ldjson(one), name=f"r{number}")
        ids = json.dumps([one["objectId"] for one in big]).encode()
        target = f"/v2/crm/entities?integrationId={caller.integration_id}&objectType=ACCOUNT"
        asked = head("GET", target, "Content-Type: application/json", f"Content-Length: {len(ids)}") + ids
        with open_to(emulator) as deaf, open_to(emulator) as slow:
            deaf.sendall(asked)
            slow.sendall(asked)
            got = 0
            for _ in range(12):
                time.sleep(0.1)
                got += len(slow.recv(1_000_000))
            while got < 20_000_000:
                got += len(slow.recv(1_000_000))
            assert dropped(deaf)


def dropped(connection: socket.socket) -> bool:
    """Read what has arrived and say whether it ends before its announced length."""
    got = 0
    try:
        while piece := connection.recv(1_000_000):
            got += len(piece)
    except ConnectionError:
        return True
    return got < 20_000_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Only Linux tells the memory of a process.")
def test_heads_are_not_held(connection: socket.socket, newcomer: Caller) -> None:
    """What one caller sends as a head, without credentials, does not pile up in memory."""
    del connection
    before = memory()
    for _ in range(8):
        with open_to(newcomer.emulator) as one:
            try:
                one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
                for _ in range(100):
                    one.sendall(b"x" * 1_000_000)
            except ConnectionError:
                pass
    assert memory() - before < 50


def memory() -> float:
    """Give the memory of this process, in which the emulator runs, in MB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Only Linux tells the memory of a process.")
@pytest.mark.parametrize("start", [b"0\r\nX-Trailer: ", b"0" * 1_000])
def test_framing_without_a_body_is_not_held(connection: socket.socket, newcomer: Caller, start: bytes) -> None:
    """Trailers that never end, and the size of a chunk written with endless zeros, close the connection."""
    before = memory()
    connection.sendall(b"POST /v2 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + start)
    with pytest.raises(ConnectionError):
        connection.sendall(b"0" * 100_000_000)
    assert memory() - before < 30
    assert 200 == newcomer.http.get("/v2/crm/integrations").status_code


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Only Linux tells the memory of a process.")
def test_calls_that_wait_for_their_turn_are_few(newcomer: Caller) -> None:
    """Of thousands of calls in one segment a few are taken in at a time, all are answered, and others come through."""
    before = memory()
    count = 3_000
    with open_to(newcomer.emulator) as one, open_to(newcomer.emulator) as other:
        for connection in (one, other):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * count)
        assert 200 == newcomer.http.get("/v2/crm/integrations").status_code
        for connection in (one, other):
            got = b""
            while got.count(b"HTTP/1.1 401") < count:
                piece = connection.recv(1_000_000)
                assert piece
                got += piece
    assert memory() - before < 40


def test_the_rest_of_a_body_that_nobody_wants_has_a_deadline() -> None:
    """A caller who was refused and then falls silent in the middle of its body is not borne for ever."""
    with (
        running_emulator(settings=EmulatorSettings(idle_seconds=0.3)) as emulator,
        open_to(emulator) as connection,
    ):
        connection.sendall(b"POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
        assert 401 == answer(connection)[0]
        connection.sendall(b"x")
        assert b"" == connection.recv(1)
