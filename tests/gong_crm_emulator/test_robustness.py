"""What malformed, hostile and slow callers get: the answers that docs/emulator.md promises."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import TRUST, WHEN, connect, ldjson, line

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm_emulator.caller import Caller

BASIC = "Authorization: Basic a2V5LWFkbWluOnNlY3JldC1hZG1pbg=="
GOOD = ldjson(line("a1"))
PART = b'--b\r\nContent-Disposition: form-data; name="dataFile"; filename="f"\r\n\r\n'
END = b"\r\n--b--\r\n"


def form(caller: Caller, body: bytes, *, content_type: str = "multipart/form-data; boundary=b") -> httpx.Response:
    """Post a body that was put together by hand."""
    params = caller.params(objectType="ACCOUNT", clientRequestId="r1")
    headers = {"Content-Type": content_type}
    return caller.http.post("/v2/crm/entities", params=params, content=body, headers=headers)


def raw(emulator: RunningEmulator, sent: bytes, *, patience: float = 10) -> bytes:
    """Send bytes and read until the other side closes or falls silent."""
    parts = urlsplit(emulator.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=patience) as connection:
        connection.sendall(sent)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer and b"connection: close" not in answer.lower():
                    break
        except TimeoutError:
            return answer + b"(silence)"
    return answer


def head(method: str, target: str, *headers: str) -> bytes:
    """Write the head of a request."""
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", BASIC, *headers, "", ""]).encode()


def upload_target(caller: Caller, name: str = "r1") -> str:
    """Write the target of an upload."""
    return f"/v2/crm/entities?integrationId={caller.integration_id}&objectType=ACCOUNT&clientRequestId={name}"


# Forms


@pytest.mark.parametrize(
    ("body", "content_type", "sentence"),
    [
        (PART + GOOD + END, "multipart/form-data", "Content-Type names no valid boundary"),
        (PART + GOOD + END, "multipart/form-data; boundary=", "Content-Type names no valid boundary"),
        (PART + GOOD + END, f"multipart/form-data; boundary={'b' * 71}", "Content-Type names no valid boundary"),
        (PART + GOOD + END, "multipart/form-data; boundary=c", "The multipart body cannot be read"),
        (b"", "multipart/form-data; boundary=b", "dataFile part is missing"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", "dataFile part is missing"),
        (GOOD, "multipart/form-data; boundary=b", "The multipart body cannot be read"),
        (PART + GOOD, "multipart/form-data; boundary=b", "it ends before its closing boundary"),
        (PART + GOOD + b"\r\n" + PART + GOOD + END, "multipart/form-data; boundary=b", "must come once, not 2 times"),
        (
            PART.replace(b"dataFile", b"datafile") + GOOD + END,
            "multipart/form-data; boundary=b",
            "dataFile part is missing",
        ),
        (
            b"--b\r\n" + b"x: y\r\n" * 50 + b"\r\n" + END,
            "multipart/form-data; boundary=b",
            "The multipart body cannot be read",
        ),
        (
            b"--b\r\nx: " + b"y" * 9000 + b"\r\n\r\n" + END,
            "multipart/form-data; boundary=b",
            "The multipart body cannot be read",
        ),
        (b"--b\r\n\x00: y\r\n\r\n" + END, "multipart/form-data; boundary=b", "The multipart body cannot be read"),
    ],
)
def test_malformed_forms_are_400(caller: Caller, body: bytes, content_type: str, sentence: str) -> None:
    """A form that cannot be read is refused with a sentence, and its client request id stays free."""
    answer = form(caller, body, content_type=content_type)
    assert 400 == answer.status_code
    assert sentence in answer.json()["errors"][0]
    assert 201 == caller.upload("ACCOUNT", GOOD).status_code


def test_odd_but_right_forms_are_read(caller: Caller) -> None:
    """A preamble-free form with other parts, a bare string part, and lines that look like boundaries is read."""
    tricky = b'{"objectId": "a1", "modifiedDate": "%b", "name": "--b \\r\\n--b--"}' % WHEN.encode()
    other = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    bare = b'--b\r\nContent-Disposition: form-data; name="dataFile"\r\n\r\n'
    assert 201 == form(caller, other + bare + tricky + END).status_code
    assert ("DONE", 1) == (caller.end()["status"], caller.end()["totalSuccessCount"])
    assert "--b \r\n--b--" == caller.objects("ACCOUNT", "a1")["a1"]["name"]


# Size


def small(limit: int = 1_000) -> EmulatorSettings:
    """Set a small limit, so that files above it are cheap to make."""
    return EmulatorSettings(max_file_bytes=limit)


def test_a_file_above_the_limit_is_refused_and_forgotten() -> None:
    """One byte above the limit is 400 with the limit in the sentence; at the limit the file is taken."""
    with running_emulator(settings=small()) as emulator, connect(emulator) as caller:
        refused = caller.upload("ACCOUNT", b" " * 1_001)
        assert (400, "close") == (refused.status_code, refused.headers["connection"])
        assert ["dataFile is larger than 1,000 bytes. Split it into several files"] == refused.json()["errors"]
        assert 201 == caller.upload("ACCOUNT", b" " * 1_000).status_code


def test_a_file_above_the_limit_may_be_413() -> None:
    """A switch makes it 413 (U-7)."""
    settings = EmulatorSettings(max_file_bytes=1_000, too_large_status=413)
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        assert 413 == caller.upload("ACCOUNT", b" " * 1_001).status_code


def test_an_announced_giant_is_refused_before_it_comes(caller: Caller) -> None:
    """With a Content-Length far above the limit the answer comes before any of the body."""
    announced = (f"Content-Length: {10**12}", "Content-Type: multipart/form-data; boundary=b")
    answer = raw(caller.emulator, head("POST", upload_target(caller), *announced), patience=5)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"dataFile is larger than 200,000,000 bytes" in answer
    assert not answer.endswith(b"(silence)")


def test_an_endless_chunked_body_is_cut_off() -> None:
    """A chunked body that never ends is refused once it passes the limit."""
    with running_emulator(settings=small(1_000_000)) as emulator, connect(emulator) as caller:
        how = ("Transfer-Encoding: chunked", "Content-Type: multipart/form-data; boundary=b")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        first = b"%x\r\n%b\r\n" % (len(PART), PART)
        sent = head("POST", upload_target(caller), *how) + first + chunk * 20
        assert b"dataFile is larger than 1,000,000 bytes" in raw(emulator, sent)
        assert [] == caller.emulator.control("GET", "requests")["requests"]


def test_a_json_body_is_bounded(caller: Caller) -> None:
    """A JSON body above 10 MB is refused, whatever it holds."""
    headers = {"Content-Type": "application/json"}
    params = caller.params(objectType="ACCOUNT")
    answer = caller.http.post("/v2/crm/entity-schema", params=params, content=b" " * 10_000_001, headers=headers)
    assert (400, ["The request body is larger than 10,000,000 bytes"]) == (answer.status_code, answer.json()["errors"])


# Lines


@pytest.mark.parametrize(
    ("bad", "start"),
    [
        (b'{"objectId": "a", "modifiedDate": "\xff"}', "Line is not valid UTF-8"),
        (b"\x00" * 50, "Line is not valid JSON"),
        (b'{"objectId": "a\x00"}', "Line is not valid JSON"),
        (b'{"a": NaN}', "Line is not valid JSON"),
        (b'{"a": Infinity}', "Line is not valid JSON"),
        (b"[" * 5000, "Line is not valid JSON"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "Line is not valid JSON"),
        (b'{"objectId": "\\ud800"}', "Line is not valid JSON"),
        (b'{"a": 1}{"b": 2}', "Line is not valid JSON"),
        (b"'single quotes'", "Line is not valid JSON"),
        (b'{"objectId": "x"} // comment', "Line is not valid JSON"),
    ],
)
def test_hostile_lines_are_line_errors(caller: Caller, bad: bytes, start: str) -> None:
    """A hostile line is one line error; the lines around it are taken."""
    answer = caller.outcome("ACCOUNT", GOOD + bad + b"\n" + GOOD)
    assert (2, 1, 2) == (answer["totalSuccessCount"], answer["totalErrorCount"], answer["errors"][0]["line"])
    assert answer["errors"][0]["description"].startswith(start)


def test_numbers_beyond_a_double_do_no_harm(caller: Caller) -> None:
    """Whole numbers beyond 64 bits are taken as doubles, and 64-bit ones come back digit by digit."""
    big = b'{"objectId": "a1", "modifiedDate": "%b", "size": 9223372036854775807, "huge": %b}' % (
        WHEN.encode(),
        b"9" * 300,
    )
    fields = [{"uniqueName": name, "label": name, "type": "NUMBER"} for name in ("size", "huge")]
    caller.describe("ACCOUNT", *fields)
    assert "DONE" == caller.outcome("ACCOUNT", big)["status"]
    assert 9223372036854775807 == caller.objects("ACCOUNT", "a1")["a1"]["size"]


def test_ten_thousand_line_errors(caller: Caller) -> None:
    """Ten thousand refused lines are all counted and the first twenty shown."""
    answer = caller.outcome("ACCOUNT", b"{}\n" * 10_000)
    assert (10_000, 0, 20) == (answer["totalErrorCount"], answer["totalSuccessCount"], len(answer["errors"]))


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff", b"\x00", b'"\\ud800"', b"1e999", b"[NaN]"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v2/crm/integrations"),
        ("POST", "/v2/crm/entity-schema"),
        ("GET", "/v2/crm/entities"),
        ("POST", "/v2/crm/stages"),
    ],
)
def test_hostile_json_bodies_are_400(caller: Caller, method: str, path: str, content: bytes) -> None:
    """A JSON body that cannot be read is 400 on every operation that takes one."""
    params = caller.params(objectType="ACCOUNT")
    headers = {"Content-Type": "application/json"}
    assert 400 == caller.http.request(method, path, params=params, content=content, headers=headers).status_code


# HTTP


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        head("GET", "/v2/crm/integrations", "Content-Length: abc"),
        head("GET", "/v2/crm/integrations", "Content-Length: -1"),
        head("GET", "/v2/crm/integrations", "Content-Length: 1", "Content-Length: 2"),
        head("POST", "/v2/crm/entities", "Content-Length: 5", "Transfer-Encoding: chunked"),
        head("GET", "/v2/crm/integrations", "Bad Header Name: x"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_400(caller: Caller, sent: bytes) -> None:
    """What is no HTTP is 400 in plain text, and the connection is closed."""
    answer = raw(caller.emulator, sent)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"Invalid HTTP request received." in answer


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v2/crm/integrations?" + "a=1&" * 10_000, b"200"),
        ("/v2/crm/%00", b"404"),
        ("/v2/crm/%ff%fe", b"404"),
        ("/v2/crm/../crm/integrations", b"404"),
        ("/v2/crm/request-status?integrationId=%ff&clientRequestId=%00", b"400"),
        ("/v2/crm/request-status?integrationId=" + "9" * 5000 + "&clientRequestId=a", b"400"),
        ("/v2/crm/request-status?integrationId=%D9%A1&clientRequestId=a", b"400"),
    ],
)
def test_odd_targets_get_an_answer(caller: Caller, target: str, status: bytes) -> None:
    """Long, encoded and broken targets are answered like any other."""
    assert raw(caller.emulator, head("GET", target)).startswith(b"HTTP/1.1 " + status)


def test_a_body_that_ends_early_stores_nothing(caller: Caller) -> None:
    """When the caller hangs up in the middle of a file nothing is stored, and the id stays free."""
    parts = urlsplit(caller.emulator.url)
    how = ("Content-Length: 5000", "Content-Type: multipart/form-data; boundary=b")
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(head("POST", upload_target(caller), *how) + PART + GOOD)
    assert 201 == caller.upload("ACCOUNT", GOOD).status_code
    assert 1 == len(caller.emulator.control("GET", "requests")["requests"])


def test_silent_callers_are_not_borne_for_ever() -> None:
    """A head that never ends is closed, a body that never ends is 408, and others are answered meanwhile."""
    with running_emulator(settings=EmulatorSettings(idle_seconds=0.4)) as emulator, connect(emulator) as caller:
        how = ("Content-Length: 5000", "Content-Type: multipart/form-data; boundary=b")
        for sent, start in (
            (b"", b""),
            (b"GET /v2/crm", b""),
            (head("GET", "/v2/crm/integrations")[:-2], b""),
            (head("POST", upload_target(caller), *how) + PART, b"HTTP/1.1 408"),
        ):
            started = time.monotonic()
            answer = raw(emulator, sent)
            assert answer.startswith(start)
            assert bool(start) == bool(answer)
            assert 3 > time.monotonic() - started
        assert 200 == caller.http.get("/v2/crm/integrations").status_code


def test_two_hundred_callers_at_once(caller: Caller) -> None:
    """Two hundred connections upload at the same time; each is answered and each file read."""
    url = caller.emulator.url + "/v2/crm/entities"

    async def upload(client: httpx.AsyncClient, number: int) -> int:
        params = caller.params(objectType="LEAD", clientRequestId=f"r{number}")
        content = ldjson(*[line(f"l{number}-{place}") for place in range(20)])
        return (await client.post(url, params=params, files={"dataFile": content})).status_code

    async def all_of_them() -> list[int]:
        limits = httpx.Limits(max_connections=200)
        auth = ("key-admin", "secret-admin")
        async with httpx.AsyncClient(auth=auth, timeout=60, limits=limits, verify=TRUST) as client:
            return await asyncio.gather(*[upload(client, number) for number in range(200)])

    assert [201] * 200 == asyncio.run(all_of_them())
    assert {("DONE", 20)} == {(end["status"], end["totalSuccessCount"]) for end in map(caller.end, _names())}


def _names() -> list[str]:
    return [f"r{number}" for number in range(200)]


def test_random_damage_never_breaks_anything(caller: Caller) -> None:
    """Of 400 uploads with random bytes changed, cut or repeated, none is answered with 500 and none hangs."""
    chance = random.Random(4)  # noqa: S311  (repeatable damage)
    whole = head(
        "POST", upload_target(caller, "damaged"), "Content-Type: multipart/form-data; boundary=b", "Connection: close"
    )
    body = PART + GOOD * 3 + END
    seen = set()
    for _ in range(400):
        sent = bytearray(whole[:-2] + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(sent))
            kind = chance.choice(("change", "cut", "repeat"))
            if kind == "change":
                sent[place] = chance.randrange(256)
            elif kind == "cut":
                del sent[place : place + chance.randint(1, 20)]
            else:
                sent[place:place] = sent[place : place + chance.randint(1, 20)]
        answer = damaged(caller.emulator, bytes(sent))
        seen.add(answer[9:12].decode())
    assert seen <= {"", "201", "400", "401", "403", "404", "405", "408", "409", "415"}, seen
    assert {"400", "409"} <= seen
    assert 200 == caller.http.get("/v2/crm/integrations").status_code


def damaged(emulator: RunningEmulator, sent: bytes) -> bytes:
    """Send bytes, say that no more come, and read what is answered."""
    parts = urlsplit(emulator.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return answer


@pytest.mark.parametrize("announced", [True, False])
def test_other_parts_of_a_form_have_a_bound(caller: Caller, *, announced: bool) -> None:
    """A part that is not dataFile is refused above 1,000,000 bytes, with and without an announced length."""
    other = b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n"
    body = other + PART + GOOD + END
    params = caller.params(objectType="ACCOUNT", clientRequestId="r1")
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    content = body if announced else (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    answer = caller.http.post("/v2/crm/entities", params=params, content=content, headers=headers)
    sentence = "Parts other than dataFile must not be larger than 1,000,000 bytes together"
    assert (400, [sentence]) == (answer.status_code, answer.json()["errors"])
    assert 201 == caller.upload("ACCOUNT", GOOD).status_code


def test_what_follows_a_form_has_a_bound() -> None:
    """Bytes after the closing boundary count too, so a form cannot be followed by an endless tail."""
    with running_emulator(settings=small()) as emulator, connect(emulator) as caller:
        params = caller.params(objectType="ACCOUNT", clientRequestId="r1")
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        content = (piece for piece in [PART + GOOD + END, *[b"x" * 65_536] * 20])
        answer = caller.http.post("/v2/crm/entities", params=params, content=content, headers=headers)
        assert (400, True) == (answer.status_code, "larger than 1,000 bytes" in answer.json()["errors"][0])


def test_a_json_body_that_ends_early_does_nothing(newcomer: Caller) -> None:
    """When the caller hangs up in the middle of a registration nothing is registered."""
    how = ("Content-Length: 5000", "Content-Type: application/json")
    damaged(newcomer.emulator, head("PUT", "/v2/crm/integrations", *how) + b'{"name": "n"')
    assert [] == newcomer.http.get("/v2/crm/integrations").json()["integrations"]


def test_the_framing_of_a_form_has_a_bound(caller: Caller) -> None:
    """A form of nothing but empty parts is refused after 1,000,000 bytes, before it costs minutes."""
    params = caller.params(objectType="ACCOUNT", clientRequestId="r1")
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    content = (b"--b\r\n\r\n\r\n" * 6_000 for _ in range(20))
    answer = caller.http.post("/v2/crm/entities", params=params, content=content, headers=headers)
    sentence = "Parts other than dataFile must not be larger than 1,000,000 bytes together"
    assert (400, [sentence]) == (answer.status_code, answer.json()["errors"])
