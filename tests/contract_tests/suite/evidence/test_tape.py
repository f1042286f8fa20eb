"""What a recorder keeps of an exchange and what it hides, tried on a server that echoes all it receives."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # it has no types

from contract_tests.suite.evidence.secrets import shown_in
from contract_tests.suite.evidence.tape import HOST, LARGEST, TooLarge, tape
from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.targets import LimitedToken, Target
from tests.contract_tests.suite import servers

KEY, SECRET = "UQ4SK2XYZ7", "p4ss/w+rd=Xy12<Zq>&9"
BASIC = Credentials.basic(KEY, SECRET)
PAIR = (BASIC.authorization or "").partition(" ")[2]
BEARER = Credentials.bearer("planted-token")
LIMITED = Credentials.bearer("limited-token")
FILE = ("lines.ldjson", b'{"objectId": "a"}\n', "application/x-ndjson")


class Gossip(BaseHTTPRequestHandler):
    """Repeats in each answer who has called, and where."""

    def answer(self) -> None:
        """Answer any method."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = {"authorization": self.headers["authorization"], "host": self.headers["host"], "path": self.path}
        if self.path != "/plain":
            answer |= {"key": KEY, "token": "limited-token"}
            answer |= {str(place): form for place, form in enumerate(servers.forms_of(PAIR))}
        body = gzip.compress(json.dumps(answer).encode())
        self.send_response(429 if self.path == "/limited" else 200)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
            ("Set-Cookie", "AWSALB=session"),
            ("X-TraceId", KEY),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815  (as the standard library calls them)

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A server that gossips, and the credentials for it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gossip)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Target(
        name="live",
        base_url=f"http://127.0.0.1:{server.server_port}",
        credentials=BASIC,
        key=KEY,
        secret=SECRET,
        token=BEARER,
        limited=(LimitedToken(credentials=LIMITED, scopes=frozenset()),),
    )
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the cassette goes."""
    return tmp_path / "cassette.yaml"


def call(base_url: str, path: str = "/", *, body: list[str] | None = None, data: bytes | None = None) -> httpx.Response:
    """Call with credentials."""
    headers = {"Authorization": BASIC.authorization or ""}
    files = {"dataFile": (FILE[0], data, FILE[2])} if data is not None else None
    with httpx.Client() as client:
        return client.request("POST" if files else "GET", base_url + path, headers=headers, json=body, files=files)


def recorded(target: Target, file: Path, path: str = "/", *, data: bytes | None = None) -> str:
    """Record one call, and read what was kept."""
    with tape("all", target=target).use_cassette(file):
        call(target.base_url, path, data=data)
    return file.read_text(encoding="utf-8")


def test_secrets_are_hidden_wherever_they_appear(target: Target, file: Path) -> None:
    """Key, secret, tokens and the host are hidden in URLs, headers and bodies of both sides, in every form."""
    text = recorded(target, file, f"/?echo={KEY}&again={quote(SECRET, safe='')}", data=b"planted-token\n")
    assert [] == shown_in(text, secrets=target.secrets)
    assert '"key": "<hidden>"' in text
    assert "Basic scrubbed" in text
    assert HOST in text


def test_volatile_headers_are_dropped(target: Target, file: Path) -> None:
    """Dates, cookies and names of programs are not kept."""
    text = recorded(target, file).lower()
    assert [] == [name for name in ("date:", "set-cookie", "server:", "user-agent", "content-encoding") if name in text]
    assert "x-traceid" in text


def test_bodies_are_kept_readable(target: Target, file: Path) -> None:
    """A compressed answer is kept as text."""
    assert '{"authorization": "Basic' in recorded(target, file)


def test_a_recording_ends_like_the_one_before(target: Target, file: Path) -> None:
    """The random boundary of an upload leaves no trace, so two recordings are the same text."""
    assert recorded(target, file, "/plain", data=FILE[1]) == recorded(target, file, "/plain", data=FILE[1])


def test_a_recorded_answer_is_played(target: Target, file: Path) -> None:
    """The same upload under another boundary and to another host gets the recorded answer."""
    recorded(target, file, data=FILE[1])
    with tape("none").use_cassette(file):
        assert 200 == call("https://anybody.invalid", data=FILE[1]).status_code


def test_an_answer_is_played_once(target: Target, file: Path) -> None:
    """A second call of the same kind needs a second answer, so polls are counted."""
    recorded(target, file)
    with tape("none").use_cassette(file):
        call(HOST)
        with pytest.raises(CannotOverwriteExistingCassetteException):
            call(HOST)


def test_a_changed_upload_is_not_answered(target: Target, file: Path) -> None:
    """Other bytes in the file are another upload, though the server would answer."""
    recorded(target, file, data=FILE[1])
    with tape("none").use_cassette(file), pytest.raises(CannotOverwriteExistingCassetteException, match="body differs"):
        call(target.base_url, data=FILE[1] + b"\n")


def test_a_changed_get_body_is_not_answered(target: Target, file: Path) -> None:
    """Other ids in the body of a GET are another read."""
    with tape("all", target=target).use_cassette(file):
        call(target.base_url, body=["a"])
    with tape("none").use_cassette(file):
        with pytest.raises(CannotOverwriteExistingCassetteException, match="body differs"):
            call(target.base_url, body=["b"])
        assert 200 == call(target.base_url, body=["a"]).status_code


def test_a_large_upload_is_refused(target: Target, file: Path) -> None:
    """A body of more than a megabyte is neither sent nor kept, and the sentence says why."""
    with (
        pytest.raises(TooLarge, match=r"POST / carries 1,000,\d\d\d bytes, and a cassette holds at most 1,000,000"),
        tape("all").use_cassette(file),
    ):
        call(target.base_url, data=b"x" * LARGEST)
    assert not file.exists()


def test_a_rate_limit_is_not_kept(target: Target, file: Path) -> None:
    """A 429 tells of the moment, so the replay does not wait for it."""
    with tape("all", target=target).use_cassette(file) as cassette:
        call(target.base_url, "/limited")
        assert 0 == len(cassette)
