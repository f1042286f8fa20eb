"""Tests that credentials reach the server and nobody else, and that no call waits forever."""

from __future__ import annotations

import base64
import copy
import pickle
from typing import TYPE_CHECKING

import httpx
import pytest

from gong_crm_client import AuthenticatedClient, Client
from gong_crm_client.api.crm import list_crm_integrations

if TYPE_CHECKING:
    from tests.gong_crm_client.conftest import Call, Server

EMPTY = b'{"requestId": "x", "integrations": []}'
SECRETS = ["top-secret-token", "secret-header", "secret-cookie", "secret-proxy"]


def secretive(url: str = "https://api.gong.io") -> AuthenticatedClient:
    """Return a client with a secret in every place that can hold one."""
    return AuthenticatedClient(
        base_url=url,
        token=SECRETS[0],
        headers={"X-Key": SECRETS[1]},
        cookies={"sid": SECRETS[2]},
        httpx_args={"proxy": f"http://user:{SECRETS[3]}@127.0.0.1:1"},
    )


def test_repr_shows_no_secret() -> None:
    """A client in a log or a traceback shows where it goes and nothing it carries."""
    shown = repr(secretive())

    assert [] == [secret for secret in SECRETS if secret in shown]
    assert "https://api.gong.io" in shown


def test_repr_shows_no_secret_after_use() -> None:
    """Opening the connections puts no credential into what is shown."""
    client = AuthenticatedClient(base_url="https://api.gong.io", token=SECRETS[0])
    with client:
        assert SECRETS[0] not in repr(client)


def test_pickle_holds_no_secret() -> None:
    """A pickle of a client holds its settings and none of its credentials, used or not."""
    client = secretive()
    plain = AuthenticatedClient(base_url="https://api.gong.io", token=SECRETS[0], prefix="Basic")
    with plain:
        pickles = [pickle.dumps(client), pickle.dumps(plain)]

    assert [] == [secret for secret in SECRETS for data in pickles if secret.encode() in data]
    assert "Basic" == pickle.loads(pickles[1]).prefix  # noqa: S301  (our own bytes)


def test_client_out_of_a_pickle_asks_for_its_token(server: Server) -> None:
    """A client that lost its token says so before it calls, and works once it has one again."""
    with AuthenticatedClient(base_url=server.url, token="t") as client:
        copied: AuthenticatedClient = pickle.loads(pickle.dumps(client))  # noqa: S301  (our own bytes)
    with pytest.raises(ValueError, match="lost it on the way"):
        list_crm_integrations.sync_detailed(client=copied)

    server.answer(200, EMPTY)
    copied.token = "t"
    with copied:
        list_crm_integrations.sync_detailed(client=copied)
    assert "Bearer t" == server.requests[-1].headers["authorization"]


def test_plain_client_survives_pickle() -> None:
    """A client without credentials keeps address and limits."""
    client = Client(base_url="https://api.gong.io", timeout=httpx.Timeout(5), follow_redirects=True)

    assert client == pickle.loads(pickle.dumps(client))  # noqa: S301  (our own bytes)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copy_keeps_the_token_and_opens_its_own_connections(copied: object) -> None:
    """A copy in the same process is complete and shares no connection."""
    assert callable(copied)
    client = secretive()
    twin = copied(client)

    assert client == twin
    assert SECRETS[0] == twin.token


def test_headers_of_the_caller_stay_clean(call: Call, server: Server) -> None:
    """The Authorization header is sent, and not written into the caller's own headers."""
    headers = {"User-Agent": "me"}
    server.answer(200, EMPTY)

    call(list_crm_integrations, client=AuthenticatedClient(base_url=server.url, token="t", headers=headers))

    assert {"User-Agent": "me"} == headers
    assert ("Bearer t", "me") == tuple(server.requests[-1].headers[key] for key in ("authorization", "user-agent"))


def test_basic_keys(call: Call, server: Server) -> None:
    """The recipe for keys: their base64 as token, Basic as prefix."""
    token = base64.b64encode(b"key:secret").decode()
    server.answer(200, EMPTY)

    call(list_crm_integrations, client=AuthenticatedClient(base_url=server.url, token=token, prefix="Basic"))

    assert "Basic a2V5OnNlY3JldA==" == server.requests[-1].headers["authorization"]


def test_bearer_token(call: Call, server: Server) -> None:
    """The recipe for tokens: the token and nothing else."""
    server.answer(200, EMPTY)

    call(list_crm_integrations, client=AuthenticatedClient(base_url=server.url, token="abc"))

    assert "Bearer abc" == server.requests[-1].headers["authorization"]


def test_empty_token_is_refused(call: Call, server: Server) -> None:
    """An empty token, as from an unset variable, is reported before anything is sent."""
    with pytest.raises(ValueError, match="has no token"):
        call(list_crm_integrations, client=AuthenticatedClient(base_url=server.url, token=""))

    assert [] == server.requests


@pytest.mark.parametrize("broken", [f"{SECRETS[0]}\n", f" {SECRETS[0]}", f"{SECRETS[0]}\r\nX: y", f"é{SECRETS[0]}"])
def test_token_that_fits_no_header_is_refused_unseen(call: Call, server: Server, broken: str) -> None:
    """A token with a line break, as read from a file, is refused without being shown."""
    with pytest.raises(ValueError, match="the token holds") as caught:
        call(list_crm_integrations, client=AuthenticatedClient(base_url=server.url, token=broken))

    assert SECRETS[0] not in f"{caught.value!r}{caught.value.__context__!r}"
    assert [] == server.requests


def test_timeouts_are_finite() -> None:
    """Without a word of the caller no call waits forever, in none of the four ways."""
    client = Client(base_url="https://api.gong.io")
    with client:
        timeout = client.get_httpx_client().timeout
    assert {"connect": 10.0, "read": 60.0, "write": 60.0, "pool": 60.0} == timeout.as_dict()
    assert timeout == client.get_async_httpx_client().timeout


def test_waiting_forever_can_be_asked_for() -> None:
    """None turns every limit off."""
    with Client(base_url="https://api.gong.io", timeout=None) as client:
        assert httpx.Timeout(None) == client.get_httpx_client().timeout


def test_slow_server_ends_in_a_timeout(call: Call, server: Server) -> None:
    """The time limit holds on a real socket."""
    client = AuthenticatedClient(base_url=server.url, token="t", timeout=httpx.Timeout(30, read=0.05))
    server.silent.set()
    with pytest.raises(httpx.ReadTimeout):
        call(list_crm_integrations, client=client)
    server.silent.clear()


def test_derived_client_leaves_the_first_alone() -> None:
    """with_headers, with_cookies and with_timeout give a new client and change nothing on the old one."""
    with Client(base_url="https://api.gong.io") as client:
        http = client.get_httpx_client()
        derived = client.with_headers({"X-A": "1"}).with_cookies({"c": "1"}).with_timeout(httpx.Timeout(1))

        assert ("x-a" in http.headers, len(http.cookies), 60.0) == (False, 0, http.timeout.read)
        with derived:
            there = derived.get_httpx_client()
            assert ("1", "1", 1) == (there.headers["x-a"], there.cookies["c"], there.timeout.read)


def test_logs_show_no_secret(call: Call, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """At the most talkative level neither httpx nor the client writes a credential into the log."""
    server.answer(200, EMPTY)
    client = AuthenticatedClient(base_url=server.url, token=SECRETS[0], headers={"X-Key": SECRETS[1]})
    with caplog.at_level("DEBUG"):
        call(list_crm_integrations, client=client)

    assert "200" in caplog.text
    assert [] == [secret for secret in SECRETS if secret in caplog.text]


def test_client_says_nothing(call: Call, server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """A library does not print."""
    server.answer(200, EMPTY)

    call(list_crm_integrations)

    assert ("", "") == capfd.readouterr()
