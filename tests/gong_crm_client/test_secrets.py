"""Tests that no secret leaves by an error, a traceback, a redirect or a part of a form, whatever the server does."""

from __future__ import annotations

import asyncio
import base64
import io
import pickle
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from gong_crm_client import AuthenticatedClient, Client
from gong_crm_client.api.crm import list_crm_integrations, upload_crm_entities
from gong_crm_client.errors import CallError, RefusedCall, UnexpectedResponse
from gong_crm_client.models import CrmDataUpload
from gong_crm_client.types import File
from tests.gong_crm_client.raw import EMPTY, answering, head_of, http, made, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

MODES = pytest.mark.parametrize("mode", ["sync", "async"])
TOKEN = "t0p/secret+token&more"
HEADER = "header-secret"
COOKIE = "cookie-secret"


def client_of(url: str, **settings: Any) -> AuthenticatedClient:  # noqa: ANN401  (those of the class)
    """Return a client with a secret in every place."""
    return AuthenticatedClient(
        base_url=url, token=TOKEN, headers={"X-Key": HEADER}, cookies={"sid": COOKIE}, **settings
    )


def shown(error: BaseException) -> str:
    """Return everything that a log, a pickle and a collector with locals would show of an exception."""
    collected = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = collected.stack
    # The frames of the test hold what it planted.
    collected.stack = traceback.StackSummary.from_list([one for one in frames if "/tests/" not in one.filename])
    parts = [str(error), repr(error), "".join(collected.format()), repr(vars(error))]
    if isinstance(error, CallError):
        parts.append(repr(pickle.dumps(error)))
    return "\n".join(parts)


@MODES
@pytest.mark.parametrize(
    "form",
    [
        lambda secret: secret,
        lambda secret: secret.upper(),
        lambda secret: quote(secret, safe=""),
        lambda secret: secret.replace("&", "&amp;"),
    ],
    ids=["plain", "capitals", "percent", "html"],
)
@pytest.mark.parametrize("place", ["id", "body", "header", "trace", "sentence"])
def test_echoed_secret_is_shown_nowhere(mode: str, form: Callable[[str], str], place: str) -> None:
    """A server that echoes the token as a request id, in its body, a header or a sentence, gives nothing away."""
    echo = form(TOKEN)
    answer = {
        "id": http(404, f'{{"requestId": "{echo}"}}'.encode()),
        "body": http(404, b"a" * 190 + echo.encode()),
        "header": http(404, b"", f"X-Echo: {echo}"),
        "trace": http(404, b"", f"X-Traceid: {echo}"),
        "sentence": http(401, f'{{"requestId": "r", "errors": ["no {echo}"]}}'.encode()),
    }[place]
    with serving(answering(answer)) as url, pytest.raises(CallError) as caught:
        made(mode, list_crm_integrations, client_of(url)).unwrap()

    assert TOKEN.lower() not in shown(caught.value).lower()
    assert echo not in shown(caught.value)


@MODES
def test_what_a_server_says_is_bounded(mode: str) -> None:
    """A request id of three megabytes makes no message of three megabytes, nor do headers or sentences."""
    big = "x " * 20_000
    answer = http(404, f'{{"requestId": "{big * 50}"}}'.encode(), *(f"X-{n}: {big[:900]}" for n in range(60)))
    refusal = http(
        400, f'{{"requestId": "{big}", "errors": ["{big}", {", ".join([f"{chr(34)}y{chr(34)}"] * 999)}]}}'.encode()
    )
    for data, kind in ((answer, UnexpectedResponse), (refusal, RefusedCall)):
        with serving(answering(data)) as url, pytest.raises(kind) as caught:
            made(mode, list_crm_integrations, client_of(url)).unwrap()
        assert 20_000 > len(pickle.dumps(caught.value))
        assert 2_000 > len(str(caught.value))


@MODES
@pytest.mark.parametrize(
    "evil", ["a\\nFORGED line", "a\\u001b[31mred", "a\\u202egnp.exe", "a\\u2028b", "\\ud800x", "a\\u0085b"]
)
def test_what_a_server_says_is_one_printable_line(mode: str, evil: str) -> None:
    """Line breaks forge no line of a log, escape sequences reach no terminal, odd characters break no encoding."""
    for status in (404, 409):
        answer = http(status, f'{{"requestId": "{evil}", "errors": ["{evil}"]}}'.encode())
        with serving(answering(answer)) as url, pytest.raises(CallError) as caught:
            made(mode, list_crm_integrations, client_of(url)).unwrap()
        assert str(caught.value).isprintable()
        assert str(caught.value).encode()
        assert caught.value.request_id
        assert caught.value.request_id.isprintable()


@MODES
@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"httpx_args": {"proxy": "nonsense://user:proxy-secret@host"}}, ValueError),
        ({"httpx_args": {"proxy": "http://user:proxy-secret@127.0.0.1:1"}}, httpx.ConnectError),
        ({"verify_ssl": "/no/such/file.pem"}, FileNotFoundError),
        ({"base_url": "http://127.0.0.1:1"}, httpx.ConnectError),
        ({"base_url": "https://127.0.0.1:1"}, httpx.ConnectError),
        ({"httpx_args": {"event_hooks": {"request": [lambda _: 1 / 0]}}}, ZeroDivisionError),
    ],
)
def test_no_frame_of_a_failure_holds_a_secret(mode: str, settings: dict[str, Any], kind: type[Exception]) -> None:
    """Whatever goes wrong, the local variables in its traceback show neither credentials nor headers."""
    client = client_of(
        **{"url": "http://127.0.0.1:1"} | {("url" if k == "base_url" else k): v for k, v in settings.items()}
    )

    with pytest.raises(kind) as caught:
        call(mode, client)

    seen = shown(caught.value)
    assert [] == [secret for secret in (TOKEN, HEADER, COOKIE, "proxy-secret") if secret in seen]
    assert 40 > seen.count("\n  File ")


def call(mode: str, client: AuthenticatedClient) -> None:
    """Call without a `with`, as people do."""
    if mode == "sync":
        list_crm_integrations.sync(client=client)
    else:
        asyncio.run(list_crm_integrations.asyncio(client=client))


@MODES
@pytest.mark.parametrize("data", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_no_frame_of_a_broken_answer_holds_a_secret(mode: str, data: bytes) -> None:
    """A connection that breaks in the middle shows neither headers nor the request that held them."""
    with serving(answering(data)) as url, pytest.raises(httpx.TransportError) as caught:
        made(mode, list_crm_integrations, client_of(url))

    assert [] == [secret for secret in (TOKEN, HEADER, COOKIE) if secret in shown(caught.value)]
    assert (
        {"host", "accept"} <= set(caught.value.request.headers) <= {*caught.value.request.headers} - {"authorization"}
    )


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"token": "a\r\nX-Evil: 1"}, "the token holds a line break"),
        ({"token": "a", "prefix": "Bearer\r\nX-Evil: 1"}, "the prefix holds a line break"),
        ({"token": "a", "prefix": "Bearer "}, "the prefix holds a blank"),
        ({"token": "a", "auth_header_name": "X: y\r\nZ"}, "auth_header_name has a name"),
        ({"token": base64.b64encode(b"key:secret").decode()}, "prefix='Basic'"),
    ],
)
def test_credentials_that_no_header_may_hold_are_refused(settings: dict[str, Any], problem: str) -> None:
    """Token, prefix and header name are looked at before anything is sent, and none is shown."""
    with pytest.raises(ValueError, match=problem) as caught:
        list_crm_integrations.sync(client=AuthenticatedClient(base_url="http://127.0.0.1:1", **settings))

    assert "Evil" not in shown(caught.value)


@pytest.mark.parametrize("where", ["headers", "cookies"])
@pytest.mark.parametrize("pair", [("X-A", "b\r\nX-Evil: 1"), ("X-A\r\nEvil", "b"), ("", "b"), ("X-A", "é")])
def test_headers_and_cookies_are_looked_at_like_the_token(where: str, pair: tuple[str, str]) -> None:
    """What would begin a header of its own is refused when the client is made."""
    with pytest.raises(ValueError, match="no header may"):
        Client(headers=dict([pair])) if where == "headers" else Client(cookies=dict([pair]))


@MODES
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_secret_follows_a_redirect_to_another_host(mode: str, status: int) -> None:
    """With follow_redirects another host gets the path and nothing of ours; the same host gets all."""
    heads: list[bytes] = []

    def elsewhere(connection: socket.socket) -> None:
        heads.append(head_of(connection))
        connection.sendall(http(200, EMPTY))

    with serving(elsewhere) as other:
        there = f"{other.replace('127.0.0.1', 'localhost')}/there"
        with serving(answering(http(status, b"", f"Location: {there}"))) as url:
            client = client_of(url, follow_redirects=True, auth_header_name="X-Token")
            assert 200 == made(mode, list_crm_integrations, client).status_code

    assert b"GET /there " == heads[0][:11]
    assert [] == [one for one in (TOKEN, HEADER, COOKIE) if one.encode() in heads[0]]


@MODES
def test_credentials_follow_a_redirect_on_the_same_host(mode: str) -> None:
    """A redirect to another path of the host is followed as who began."""
    heads: list[bytes] = []

    def follow(connection: socket.socket) -> None:
        heads.append(head_of(connection))
        moved = http(307, b"", "Location: /there", "Connection: close")
        connection.sendall(http(200, EMPTY) if b" /there " in heads[-1] else moved)

    with serving(follow) as url:
        made(mode, list_crm_integrations, client_of(url, follow_redirects=True))

    assert [] == [one for one in (TOKEN, HEADER, COOKIE) if one.encode() not in heads[1]]


@pytest.mark.parametrize(
    "mime_type", ["a/b\r\nX-Evil: 1", "a/b\nX: 1", "nonsense", "", "a/b; x=\r\n", "tëxt/plain", "a /b", "a/b\0"]
)
def test_media_type_cannot_begin_a_header(mime_type: str) -> None:
    """A media type that is none is refused before anything is sent."""
    with pytest.raises(ValueError, match="is no media type"):
        File(payload=b"", mime_type=mime_type).to_tuple()


NAMES = [
    'a"; name="integrationId',
    "a\r\nX-Evil: 1",
    "a\udcff.ldjson",
    "ä-日本.ldjson",
    "a\\b",
    "a\0b",
    " ",
    "../../etc/passwd",
]


@MODES
@pytest.mark.parametrize("name", NAMES)
def test_file_name_cannot_begin_a_header(mode: str, name: str) -> None:
    """Quotes, line breaks and half characters in a file name neither break the form nor the call."""
    bodies: list[bytes] = []

    def follow(connection: socket.socket) -> None:
        head = head_of(connection)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = b""
        while len(body) < length:
            body += connection.recv(length)
        bodies.append(body)
        connection.sendall(http(201, b'{"requestId": "x", "clientRequestId": "r1"}'))

    with serving(follow) as url:
        made(
            mode,
            upload_crm_entities,
            client_of(url),
            body=CrmDataUpload(data_file=File(payload=io.BytesIO(b"{}"), file_name=name)),
            integration_id=1,
            object_type="ACCOUNT",
            client_request_id="r1",
        )

    head = bodies[0].split(b"\r\n\r\n")[0].split(b"\r\n")
    assert 3 == len(head)
    assert 1 == head[1].count(b' name="')
    assert b"Content-Type: application/x-ndjson" == head[2]


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("api.gong.io", "begins with https://"),
        ("", "begins with https://"),
        ("https://api.gong.io/v2", "leave that out"),
        ("https://api.gong.io/v2/", "leave that out"),
        ("https://api.gong.io/v2/crm", "leave that out"),
        ("https://api.gong.io?v=2", "more than a path"),
        ("https://api.gong.io#x", "more than a path"),
        ("https://api.gong.io:port", "host or a port"),
        ("https://api gong.io", "host or a port"),
        ("https://api.gong.io\n", "host or a port"),
        ("https://[::1", "host or a port"),
        (None, "is a text, not NoneType"),
    ],
)
def test_address_that_cannot_be_right_is_refused(address: str, advice: str) -> None:
    """A base URL without a scheme, or with the /v2 of Gong's older documents, is met with a sentence."""
    with pytest.raises(ValueError, match=advice):
        AuthenticatedClient(base_url=address, token=TOKEN)


@pytest.mark.parametrize(
    "address",
    [
        "https://user:url-secret/1@api.gong.io",
        "https://user:url-secret#@api.gong.io",
        "https://user:url-secret?@api.gong.io",
        "https://user:8080/url-secret@api.gong.io",
        "https:/user:url-secret@api.gong.io",
        "user:url-secret@api.gong.io",
    ],
)
def test_refused_address_shows_no_credentials(address: str) -> None:
    """A password that is no part of a URL as it stands is neither in the sentence nor in a frame of ours."""
    with pytest.raises(ValueError, match="base_url ") as caught:
        AuthenticatedClient(base_url=address, token=TOKEN)

    assert "url-secret" not in shown(caught.value)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: AuthenticatedClient(token=TOKEN, base_url="nonsense"),
        lambda: AuthenticatedClient(token=TOKEN, headers={"X-A": f"{HEADER}\n"}),
        lambda: AuthenticatedClient(token=TOKEN, cookies={"a": f"{COOKIE}\n"}),
        lambda: AuthenticatedClient(token=TOKEN, headers={"X-A": HEADER}, httpx_args={"prox": "proxy-secret"}),
        lambda: AuthenticatedClient(token=TOKEN, nonsense=1),  # type: ignore[call-arg]
        lambda: AuthenticatedClient.from_keys("a:b", TOKEN),
        lambda: AuthenticatedClient(httpx_args={"proxy": "nonsense://u:proxy-secret@h"}, token=TOKEN).__enter__(),
    ],
)
def test_refused_client_shows_no_secret(refused: Callable[[], object]) -> None:
    """What a client refuses while it is made or opened is raised by frames without credentials or headers."""
    with pytest.raises((TypeError, ValueError)) as caught:
        refused()

    seen = shown(caught.value)
    assert [] == [secret for secret in (TOKEN, HEADER, COOKIE, "proxy-secret") if secret in seen]


@pytest.mark.parametrize("prefix", ["Token token=prefix-secret,", "prefix-secret", "x" * 40])
def test_secret_in_the_prefix_is_not_shown(prefix: str) -> None:
    """What is no name of a scheme may be a secret, for repr and for pickle."""
    client = AuthenticatedClient(token=TOKEN, prefix=prefix)

    assert prefix not in repr(client)
    assert prefix.encode() not in pickle.dumps(client)


@pytest.mark.parametrize("setting", ["token", "prefix", "auth_header_name"])
@pytest.mark.parametrize("value", [None, 5, b"x"])
def test_credentials_that_are_no_text_are_refused(setting: str, value: object) -> None:
    """Another type is a sentence, and the client can still be printed."""
    client = AuthenticatedClient(**{"base_url": "http://127.0.0.1:1", "token": TOKEN, setting: value})  # type: ignore[arg-type]

    with pytest.raises(ValueError, match=r"is no text|has no token"):
        list_crm_integrations.sync(client=client)
    assert TOKEN not in repr(client)


def test_address_shows_no_credentials() -> None:
    """A base URL with a user and a password is shown and pickled without them."""
    client = Client(base_url="https://user:url-secret@api.gong.io")

    assert "url-secret" not in repr(client)
    assert b"url-secret" not in pickle.dumps(client)
    assert "[redacted]@api.gong.io" in repr(client)
