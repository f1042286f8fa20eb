"""Tests that connections are made once, in each process and loop anew, with settings of the moment."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from document.openapi import read_document
from gong_crm_client import AuthenticatedClient, Client
from gong_crm_client.api.crm import list_crm_integrations
from gong_crm_client.client import DEFAULT_BASE_URL
from gong_crm_client.types import File
from tests.gong_crm_client.raw import EMPTY, head_of, http, serving

if TYPE_CHECKING:
    import socket

    from tests.gong_crm_client.conftest import Server


def test_threads_that_call_first_share_one_pool() -> None:
    """Sixteen threads that start together get one set of connections."""
    client = AuthenticatedClient(token="t")
    barrier = threading.Barrier(16)

    def get(_: int) -> int:
        barrier.wait()
        return id(client.get_httpx_client())

    with client, ThreadPoolExecutor(16) as threads:
        assert 1 == len(set(threads.map(get, range(16))))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_child_process_makes_connections_of_its_own() -> None:
    """After a fork nothing is shared; connections that the caller set are refused with a sentence."""
    own, given = AuthenticatedClient(token="t"), AuthenticatedClient(token="t")
    mine = httpx.Client()
    given.set_httpx_client(mine)
    before = id(own.get_httpx_client())
    queue: Any = multiprocessing.get_context("fork").SimpleQueue()

    def child() -> None:
        try:
            given.get_httpx_client()
        except RuntimeError as error:
            queue.put((id(own.get_httpx_client()) == before, str(error)))

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(20)
    same, problem = queue.get()

    assert not same
    assert "before this process forked" in problem
    mine.close()
    own.get_httpx_client().close()


def test_each_event_loop_has_connections_of_its_own(server: Server) -> None:
    """One client is used in several asyncio.run, each after the other's end."""
    client = AuthenticatedClient(base_url=server.url, token="t")
    for _ in range(2):
        server.answer(200, EMPTY)
        assert [] == asyncio.run(list_crm_integrations.asyncio_detailed(client=client)).unwrap().integrations


def test_event_loops_at_the_same_time_share_no_connection() -> None:
    """Loops in as many threads have connections of their own, which they keep from call to call."""
    together = threading.Barrier(4)

    def answer(connection: socket.socket) -> None:
        while True:
            head_of(connection)
            connection.sendall(http(200, EMPTY))

    def run(_: int) -> list[int]:
        async def calls() -> list[int]:
            found = []
            for _ in range(3):
                together.wait(20)
                found.append((await list_crm_integrations.asyncio_detailed(client=client)).status_code)
                pools.append(client.get_async_httpx_client())
            await client.get_async_httpx_client().aclose()
            return found

        return asyncio.run(calls())

    pools: list[httpx.AsyncClient] = []
    with serving(answer) as url, ThreadPoolExecutor(4) as executor:
        client = AuthenticatedClient(base_url=url, token="t")
        assert [[200] * 3] * 4 == list(executor.map(run, range(4)))

    assert 4 == len(set(pools))


def test_block_may_begin_after_a_call_and_within_another(server: Server) -> None:
    """`with` keeps connections open whatever was before it, and a call after it opens others."""
    client = AuthenticatedClient(base_url=server.url, token="t")

    def status() -> int:
        server.answer(200, EMPTY)
        return list_crm_integrations.sync_detailed(client=client).status_code

    async def awaited() -> int:
        server.answer(200, EMPTY)
        return (await list_crm_integrations.asyncio_detailed(client=client)).status_code

    async def all_awaited() -> list[int]:
        codes = [await awaited()]
        async with client:
            codes.append(await awaited())
            async with client:
                codes.append(await awaited())
            codes.append(await awaited())
        return [*codes, await awaited()]

    codes = [status()]
    with client:
        codes.append(status())
        with client:
            codes.append(status())
        codes.append(status())
    assert [200] * 5 == [*codes, status()]
    assert [200] * 5 == asyncio.run(all_awaited())


def test_fresh_credentials_count_at_the_next_call(server: Server) -> None:
    """Token, prefix and header name are those of the moment, though the connections stay."""
    client = AuthenticatedClient(base_url=server.url, token="old")
    with client:
        for token, prefix, name in (
            ("old", "Bearer", "Authorization"),
            ("new", "Basic", "Authorization"),
            ("x", "", "X-T"),
        ):
            client.token, client.prefix, client.auth_header_name = token, prefix, name
            server.answer(200, EMPTY)
            list_crm_integrations.sync(client=client)

    sent = [(one.headers.get("authorization"), one.headers.get("x-t")) for one in server.requests]
    assert [("Bearer old", None), ("Basic new", None), (None, "x")] == sent


def test_keys_need_no_base64(server: Server) -> None:
    """An access key and its secret are all that is said, and the name of the client goes along."""
    server.answer(200, EMPTY)
    with AuthenticatedClient.from_keys("key", "secret", base_url=server.url) as client:
        list_crm_integrations.sync(client=client)

    headers = server.requests[-1].headers
    assert "Basic a2V5OnNlY3JldA==" == headers["authorization"]
    assert headers["user-agent"].startswith("gong-crm/")


@pytest.mark.parametrize(
    "keys", [("a:b", "secret"), ("", "secret"), ("key", "secret\n"), (" key", "secret"), ("key", None), (b"key", "s")]
)
def test_keys_that_cannot_be_right_are_refused(keys: tuple[Any, Any]) -> None:
    """The line break of a file among them, which would be refused by the server without a word on why."""
    with pytest.raises(ValueError, match=r"colon .*without blanks"):
        AuthenticatedClient.from_keys(*keys)


def test_constants_are_those_of_the_document() -> None:
    """The default address and the media type of a file stand in openapi.yaml too."""
    document = read_document(Path(__file__).resolve().parents[2] / "openapi.yaml")
    kinds = {
        part["contentType"]
        for one in document.operations()
        for media in document.resolve(one.node.get("requestBody", {})).get("content", {}).values()
        for part in media.get("encoding", {}).values()
    }

    assert document.root["servers"][0]["url"] == DEFAULT_BASE_URL
    assert kinds == {File(payload=b"").mime_type}


@pytest.mark.parametrize("awaited", [False, True])
def test_hook_of_the_docs_works_for_both(server: Server, awaited: bool) -> None:  # noqa: FBT001  (a table's column)
    """A hook that is not awaited is called for blocking and for awaited calls."""
    seen: list[int] = []
    client = AuthenticatedClient(
        base_url=server.url,
        token="t",
        httpx_args={"event_hooks": {"response": [lambda response: seen.append(response.status_code)]}},
    )
    server.answer(200, EMPTY)
    if awaited:
        asyncio.run(list_crm_integrations.asyncio(client=client))
    else:
        list_crm_integrations.sync(client=client)

    assert [200] == seen


def test_what_only_one_kind_of_call_can_use_is_refused_before_sending(server: Server) -> None:
    """An awaited hook and a transport of the other kind send nothing."""

    async def hook(_: object) -> None: ...

    hooked = AuthenticatedClient(base_url=server.url, token="t", httpx_args={"event_hooks": {"request": [hook]}})
    blocking = AuthenticatedClient(base_url=server.url, token="t", httpx_args={"transport": httpx.HTTPTransport()})
    awaited = AuthenticatedClient(base_url=server.url, token="t", httpx_args={"transport": httpx.AsyncHTTPTransport()})

    with pytest.raises(TypeError, match=r"event hook .*hook is awaited"):
        list_crm_integrations.sync(client=hooked)
    with pytest.raises(TypeError, match="HTTPTransport is no transport for awaited calls"):
        asyncio.run(list_crm_integrations.asyncio(client=blocking))
    with pytest.raises(TypeError, match="AsyncHTTPTransport is no transport for blocking calls"):
        list_crm_integrations.sync(client=awaited)
    assert [] == server.requests


@pytest.mark.parametrize("name", ["base_url", "cookies", "headers", "timeout", "verify", "follow_redirects"])
def test_argument_that_the_client_has_itself_is_refused(name: str) -> None:
    """It is said once, to the client."""
    with pytest.raises(TypeError, match=f"httpx_args must not hold {name}: say "):
        Client(httpx_args={name: None})


@pytest.mark.parametrize(
    "arguments",
    [
        {"event_hooks": [print]},
        {"event_hooks": {"response": print}},
        {"event_hooks": {"respond": [print]}},
        {"event_hooks": {"request": [5]}},
        {"mounts": [None]},
    ],
    ids=str,
)
def test_argument_of_another_shape_is_refused(arguments: dict[str, Any]) -> None:
    """Hooks that httpx would skip or crash on after sending are met when the client is made."""
    with pytest.raises(TypeError, match=r"httpx_args holds (event_hooks|mounts) "):
        Client(httpx_args=arguments)


def test_no_hooks_are_none(server: Server) -> None:
    """None says that there are none, to both kinds of calls."""
    client = AuthenticatedClient(base_url=server.url, token="t", httpx_args={"event_hooks": None, "mounts": None})
    server.answer(200, EMPTY)
    server.answer(200, EMPTY)

    assert 200 == list_crm_integrations.sync_detailed(client=client).status_code
    assert 200 == asyncio.run(list_crm_integrations.asyncio_detailed(client=client)).status_code


@pytest.mark.parametrize(
    "settings",
    [
        {"max_answer_bytes": "5"},
        {"max_answer_bytes": None},
        {"deadline": "5"},
        {"headers": [("X-A", "b")]},
        {"headers": None},
        {"cookies": "a=b"},
        {"httpx_args": None},
    ],
    ids=str,
)
def test_setting_of_another_type_is_refused(settings: dict[str, Any]) -> None:
    """What would fail at the answer, after a file was sent, or with a word of Python's, is a sentence at once."""
    with pytest.raises(TypeError, match=f"^{next(iter(settings))} is a "):
        Client(**settings)


def test_argument_that_httpx_does_not_know_is_refused() -> None:
    """A slip is met where it is made, not at the first call."""
    with pytest.raises(TypeError, match="httpx_args holds 'prox', which httpx does not know"):
        Client(httpx_args={"prox": None})
