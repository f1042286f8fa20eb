"""Small servers that are hostile, broken or merely unlucky; what they leave alone is answered by an emulator."""

import base64
import html
import json
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import quote

import httpx

from contract_tests.suite.wire.credentials import Credentials
from contract_tests.suite.wire.targets import Target, emulator_target

Trick = Callable[["Handler"], bool]
"""Answers a call in its own way, or says False and leaves it to the emulator."""

NOBODY_THERE: Final = Credentials.basic("k", "s")
_HOP: Final = frozenset({"connection", "transfer-encoding", "content-length", "host", "keep-alive"})


@dataclass(kw_only=True)
class Counted:
    """Lets a trick happen for some calls of a kind, counted from one."""

    trick: Trick
    method: str = ""
    path: str = ""
    calls: Callable[[int], bool] = lambda _: True
    seen: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, handler: "Handler") -> bool:
        """Play the trick when it is its turn."""
        if self.method not in {"", handler.command} or self.path not in handler.path:
            return False
        with self.lock:
            self.seen += 1
            mine = self.calls(self.seen)
        return mine and self.trick(handler)


class Handler(BaseHTTPRequestHandler):
    """One call: read it, play the trick, else ask the emulator."""

    protocol_version = "HTTP/1.1"
    server: "Server"
    body: bytes

    def handle_any(self) -> None:
        """Answer one call."""
        self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if not self.server.trick(self):
            self.relay()
        self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = handle_any  # noqa: N815  (as the library calls them)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def relay(self) -> None:
        """Let the emulator answer."""
        answer = self.ask()
        kept = {name: value for name, value in answer.headers.items() if name not in _HOP}
        self.reply(answer.status_code, answer.content, kept)

    def ask(self) -> httpx.Response:
        """Ask the emulator."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        if headers.get("Authorization") in self.server.known:
            headers["Authorization"] = self.server.known[headers["Authorization"]]
        path = self.path.removeprefix(self.server.prefix)
        return httpx.request(self.command, f"{self.server.behind}{path}", headers=headers, content=self.body)

    def reply(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in (headers or {"content-type": "application/json"}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def start(self, headers: dict[str, str] | None = None) -> None:
        """Send the head of an answer of unknown length."""
        self.send_response(200)
        for name, value in (headers or {"content-type": "application/json"}).items():
            self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()


class Server(ThreadingHTTPServer):
    """Listens on a free port in front of an emulator."""

    daemon_threads = True

    def __init__(self, trick: Trick, *, behind: str, prefix: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.trick = trick
        self.behind = behind
        self.prefix = prefix
        self.known: dict[str, str] = {}

    def handle_error(self, *_: object) -> None:
        """Say nothing when a caller has hung up."""


@contextmanager
def served(
    trick: Trick = lambda _: False, *, prefix: str = "", key: str | None = None, secret: str = ""
) -> Iterator[tuple[Target, Target]]:
    """Serve a trick in front of an emulator; give the target to judge, and the emulator behind it.

    Args:
        trick: What is done to a call.
        prefix: The path in front of every path of the API.
        key: An access key that stands for the emulator's own.
        secret: Its secret.
    """
    with emulator_target() as behind:
        server = Server(trick, behind=behind.base_url, prefix=prefix)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        target = replace(behind, name="live", base_url=f"http://127.0.0.1:{server.server_port}{prefix}")
        if key is not None:
            target = replace(target, credentials=Credentials.basic(key, secret), key=key, secret=secret)
            server.known[target.credentials.authorization or ""] = behind.credentials.authorization or ""
        try:
            yield target, behind
        finally:
            server.shutdown()
            server.server_close()


# Tricks


def drop(handler: Handler) -> bool:
    """Close the connection without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    return True


def lose_the_answer(handler: Handler) -> bool:
    """Do what was asked, and close the connection without an answer."""
    handler.ask()
    return drop(handler)


def sign_in_page(handler: Handler) -> bool:
    """Show people a page to sign in, whatever was asked."""
    handler.reply(200, b"<!doctype html><title>Sign in</title>", {"content-type": "text/html"})
    return True


def utf_16(handler: Handler) -> bool:
    """Answer in letters of sixteen bits, which no JSON between machines has."""
    answer = handler.ask()
    handler.reply(answer.status_code, answer.text.encode("utf-16"), {"content-type": "application/json"})
    return True


def raw(content: bytes) -> Trick:
    """Make a trick that sends these bytes and hangs up, whether or not they are HTTP."""

    def send(handler: Handler) -> bool:
        handler.wfile.write(content)
        return True

    return send


def redirect(handler: Handler) -> bool:
    """Send everybody to a page to sign in."""
    handler.reply(302, b"", {"location": "https://login.example/?next=%2Fv2"})
    return True


def endless(handler: Handler) -> bool:
    """Answer without an end, as fast as it goes."""
    handler.start()
    while True:
        handler.wfile.write(b"[" * 65536)


def drip(handler: Handler) -> bool:
    """Answer without an end, a byte at a time."""
    handler.start()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_the_head(handler: Handler) -> bool:
    """Never come to the end of the head, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while True:
        handler.wfile.write(b"a")
        time.sleep(0.05)


def silent(handler: Handler) -> bool:
    """Take the call, and say nothing until the caller hangs up."""
    handler.connection.settimeout(30)
    return not handler.rfile.read(1)


def bomb(handler: Handler) -> bool:
    """Answer with a body that grows to 32 megabytes when it is decompressed."""
    handler.reply(200, _bomb(), {"content-type": "application/json", "content-encoding": "gzip"})
    return True


@cache
def _bomb() -> bytes:
    packer, block = zlib.compressobj(1, wbits=31), b" " * 2**20
    return b"".join([*(packer.compress(block) for _ in range(32)), packer.flush()])


def replying(content: bytes, **headers: str) -> Trick:
    """Make a trick that gives the same answer to every call."""

    def reply(handler: Handler) -> bool:
        handler.reply(200, content, {"content-type": "application/json", **headers})
        return True

    return reply


def echo(handler: Handler) -> bool:
    """Refuse, and give back what was sent in every form that a server might choose."""
    sent = handler.headers.get("authorization", "")
    forms = forms_of(sent.partition(" ")[2])
    answer = {
        "requestId": "4jqnz03u5y2oz0ec7lp",
        "errors": [f"not with {form}" for form in forms],
        "path": handler.path,
    }
    handler.reply(403, json.dumps(answer).encode(), {"content-type": "application/json", "x-traceid": sent})
    return True


def forms_of(coded: str) -> list[str]:
    """Write a credential, and what HTTP basic holds, in the forms that a server might choose."""
    try:
        values = [coded, *base64.b64decode(coded, validate=True).decode().split(":", 1)]
    except ValueError:
        values = [coded]
    found = []
    for value in values:
        raw = value.encode()
        half = len(value) // 2
        found += [value, value.upper(), value.lower(), quote(value, safe=""), html.escape(value), raw.hex()]
        found += [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(b"x" + raw).decode()]
        found += ["".join(f"\\u{ord(letter):04x}" for letter in value), "".join(f"&#{ord(one)};" for one in value)]
        found += [value[:half], value[half:], value.replace("/", "\\/")]
    return found
