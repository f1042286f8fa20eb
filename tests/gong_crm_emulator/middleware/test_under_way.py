"""A reset means reset: nothing that was under way in one state is done in another."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from gong_crm_emulator import EmulatorSettings, create_app, running_emulator
from tests.gong_crm_emulator.caller import TRUST, connect, ldjson, line
from tests.gong_crm_emulator.test_robustness import END, GOOD, PART, head, upload_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm_emulator.caller import Caller

AUTH = ("key-admin", "secret-admin")


def to_a_snapshot(emulator: RunningEmulator) -> None:
    """Go back to a state that was kept before the call began."""
    emulator.control("POST", "snapshots/before/restore")


def to_nothing(emulator: RunningEmulator) -> None:
    """Forget everything."""
    emulator.reset()


REPLACED = pytest.mark.parametrize("replace", [to_nothing, to_a_snapshot])


def until_seen(emulator: RunningEmulator, operation: str) -> None:
    """Wait until a call of an operation has arrived."""
    for _ in range(1000):
        if any(call["operation"] == operation for call in emulator.journal()):
            return
        time.sleep(0.005)
    raise AssertionError(operation)


@REPLACED
def test_a_stalled_call_is_cut(caller: Caller, replace: Callable[[RunningEmulator], None]) -> None:
    """A deletion that a fault stalled deletes nothing of the next state, even if the ids are the same."""
    caller.emulator.control("PUT", "snapshots/before")
    caller.emulator.faults.add("deleteCrmIntegration", {"kind": "stall", "seconds": 0.5})
    outcome: list[object] = []

    def late() -> None:
        url = f"{caller.emulator.url}/v2/crm/integrations"
        try:
            outcome.append(
                httpx.delete(url, params=caller.params(clientRequestId="late"), auth=AUTH, verify=TRUST).status_code
            )
        except httpx.TransportError as cut:
            outcome.append(type(cut))

    thread = threading.Thread(target=late)
    thread.start()
    until_seen(caller.emulator, "deleteCrmIntegration")
    replace(caller.emulator)
    thread.join()
    assert outcome in ([httpx.RemoteProtocolError], [httpx.ReadError])
    assert [] == [one for one in requests_of(caller.emulator) if one["clientRequestId"] == "late"]


def requests_of(emulator: RunningEmulator) -> list[dict[str, object]]:
    """List the asynchronous requests."""
    listed: list[dict[str, object]] = emulator.control("GET", "requests")["requests"]
    return listed


@REPLACED
@pytest.mark.parametrize("received", ["head", "half a head", "half a body"])
def test_a_half_received_call_is_cut(caller: Caller, received: str, replace: Callable[[RunningEmulator], None]) -> None:
    """A call whose first byte came before is cut, however much of it had come, and stores nothing."""
    caller.emulator.control("PUT", "snapshots/before")
    body = PART + GOOD + END
    how = ("Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(body)}")
    whole = head("POST", upload_target(caller, "late"), *how) + body
    cut_at = {"head": len(whole) - len(body), "half a head": 40, "half a body": len(whole) - 20}[received]
    parts = urlsplit(caller.emulator.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(whole[:cut_at])
        if received == "half a head":
            time.sleep(0.05)  # nothing shows that part of a head has come
        else:
            until_seen(caller.emulator, "uploadCrmEntities")
        replace(caller.emulator)
        try:
            connection.sendall(whole[cut_at:])
            assert b"" == connection.recv(100)
        except ConnectionError:
            pass
    assert [] == [one for one in requests_of(caller.emulator) if one["clientRequestId"] == "late"]


@REPLACED
def test_files_on_their_way_do_not_arrive(caller: Caller, replace: Callable[[RunningEmulator], None]) -> None:
    """Lines of an upload that was accepted before, and is read or moved in the background, stay out."""
    caller.emulator.control("PUT", "snapshots/before")
    lines = ldjson(*[line(f"l{number}", title="t" * 200) for number in range(20_000)])
    assert 201 == caller.upload("LEAD", lines).status_code
    replace(caller.emulator)
    time.sleep(0.3)
    state = caller.emulator.control("GET", "state")
    assert (0, 0, 0) == (state["rawLines"], state["objects"]["LEAD"], state["requests"])


def test_a_slow_answer_is_cut(caller: Caller) -> None:
    """An answer that trickles out ends with the state that it describes."""
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "slow", "bytesPerSecond": 20})
    with caller.http.stream("GET", "/v2/crm/integrations") as answer:
        pieces = answer.iter_raw()
        next(pieces)
        caller.emulator.reset()
        with pytest.raises(httpx.RemoteProtocolError):
            list(pieces)


def test_calls_after_a_reset_are_answered_on_the_same_connection(caller: Caller) -> None:
    """A reset cuts no connection that merely waits for its next call."""
    with httpx.Client(base_url=caller.emulator.url, auth=AUTH, verify=TRUST) as client:
        for _ in range(3):
            assert 200 == client.get("/v2/crm/integrations").status_code
            caller.emulator.reset()


def test_ids_never_come_twice_unless_a_seed_says_so() -> None:
    """Integration ids and request ids differ at every start and after every reset; a seed makes them repeat."""

    def ids(seed: int | None) -> list[tuple[int, str]]:
        found = []
        with running_emulator(settings=EmulatorSettings(seed=seed)) as emulator:
            for _ in range(2):
                with connect(emulator) as caller:
                    found.append((caller.integration_id, caller.http.get("/v2/crm/integrations").json()["requestId"]))
                emulator.reset()
        return found

    fresh = [*ids(None), *ids(None)]
    assert (4, 4) == (len({number for number, _ in fresh}), len({name for _, name in fresh}))
    first, again = ids(7)
    assert first == again
    assert ids(7) == [first, again]


def test_another_server_drops_a_cut_call_in_its_own_way() -> None:
    """Under a server that is not ours a reset cancels a stalled call, whose connection is that server's affair."""
    app = create_app()

    async def call() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", auth=AUTH) as client:
            plan = {"operation": "*", "faults": [{"kind": "stall", "seconds": 60}]}
            assert 201 == (await client.post("/_emulator/api/faults", json=plan)).status_code
            stalled = asyncio.create_task(client.get("/v2/crm/integrations"))
            await asyncio.sleep(0.05)
            assert 1 == len((await client.get("/_emulator/api/journal")).json()["calls"])
            assert 200 == (await client.post("/_emulator/api/reset")).status_code
            await asyncio.wait_for(stalled, timeout=10)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(call())
