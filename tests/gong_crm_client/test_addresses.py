"""Addresses that are wrong, and what a call to one of them says."""

from __future__ import annotations

import socket
import ssl
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import list_crm_integrations
from tests.gong_crm_client.raw import EMPTY, head_of, http, made, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

MODES = pytest.mark.parametrize("mode", ["sync", "async"])


@pytest.fixture
def tls() -> Iterator[str]:
    """Serve TLS with a certificate that nobody knows; skipped where no tool can make one."""
    trustme = pytest.importorskip("trustme")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)

    def follow(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            head_of(secure)
            secure.sendall(http(200, EMPTY))

    with serving(follow) as url:
        yield url


@MODES
def test_http_against_https_is_a_sentence(mode: str, tls: str) -> None:
    """A call without TLS to a server with it says what to write."""
    with pytest.raises(httpx.TransportError) as caught:
        made(mode, list_crm_integrations, AuthenticatedClient(base_url=tls, token="t"))

    assert tls in str(caught.value) or sys.platform == "win32"


@MODES
def test_wrong_addresses_are_sentences(mode: str) -> None:
    """A wrong port and https against http each name the address and what to do, in a traceback of few lines."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(httpx.ConnectError, match=f"^http://127.0.0.1:{port}: .*look at base_url"):
        made(mode, list_crm_integrations, AuthenticatedClient(base_url=f"http://127.0.0.1:{port}", token="t"))


@MODES
def test_https_against_http_is_a_sentence(mode: str) -> None:
    """A call with TLS to a server without it says what to write."""

    def follow(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(follow) as url, pytest.raises(httpx.ConnectError, match="write http:// in base_url"):
        made(mode, list_crm_integrations, AuthenticatedClient(base_url=url.replace("http://", "https://"), token="t"))
