"""A running emulator on a real socket, and the command that starts one."""

from __future__ import annotations

import gc
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

import gong_crm_emulator
from gong_crm_emulator import EmulatorSettings, Principal, StartError, __main__, create_app, running_emulator, server
from gong_crm_emulator.__main__ import main
from gong_crm_emulator.errors import ExtraMissingError
from gong_crm_emulator.remote import ControlError, RemoteClock
from tests.gong_crm_emulator.caller import connect, http

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    from tests.gong_crm_emulator.caller import Caller


def test_a_reset_forgets_everything(caller: Caller) -> None:
    """After a reset nothing is registered."""
    caller.emulator.reset()
    assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]


def test_a_wrapped_application_can_be_served() -> None:
    """Any ASGI application around create_app can be served in its place, and reset through it."""
    inner = create_app(EmulatorSettings())

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/v2/hello":
            await send({"type": "http.response.start", "status": 299, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await inner(scope, receive, send)

    with running_emulator(app=wrapped) as emulator:
        assert 299 == http.get(emulator.url + "/v2/hello").status_code
        with connect(emulator) as caller:
            assert 0 < caller.integration_id
            emulator.reset()
            assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]


def test_a_taken_port_is_said_in_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    """A port in use is an error that says what to do, for the function and for the command."""
    with running_emulator() as emulator:
        port = emulator.url.rpartition(":")[2]
        with pytest.raises(StartError, match="choose another with --port"), running_emulator(port=int(port)):
            pass
        assert 2 == main(["--port", port])
        assert re.fullmatch(r"gong-crm-emulator: Cannot listen on .* choose another .*\n", capfd.readouterr().err)


def test_the_command_says_when_it_is_ready_and_ends_on_sigterm() -> None:
    """The command prints its URL and credentials, answers at once, and ends with 0 on SIGTERM."""
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("gong-crm-emulator ready at ").strip()
        assert 200 == http.get(url + "/v2/crm/integrations", auth=("key-admin", "secret-admin")).status_code
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert 0 == process.wait(timeout=10)
        assert 5 > time.monotonic() - started
        assert "token token-admin" in process.stdout.read()


@pytest.mark.filterwarnings("error")
def test_an_application_that_is_never_served_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that is made and dropped closes its file and removes its folder by itself."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app = create_app(EmulatorSettings())
    assert 1 == len(list(tmp_path.iterdir()))
    del app
    gc.collect()
    assert [] == list(tmp_path.iterdir())


# The command and what follows --


def emulator_command(*arguments: str) -> list[str]:
    """Write the command as people type it."""
    return [sys.executable, "-m", "gong_crm_emulator", *arguments]


def environment(**more: str) -> dict[str, str]:
    """Give a process what it needs to find the package."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}


PROGRAM = """
import os, sys, urllib.request
request = urllib.request.Request(os.environ["GONG_BASE_URL"] + "/v2/crm/integrations")
import base64
pair = os.environ["GONG_ACCESS_KEY"] + ":" + os.environ["GONG_ACCESS_KEY_SECRET"]
request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
print(urllib.request.urlopen(request).status, "GONG_ACCESS_TOKEN" in os.environ)
sys.exit(int(sys.argv[1]))
"""


def test_a_command_is_run_against_an_emulator_of_its_own() -> None:
    """After -- comes a command that finds address and credentials in its environment; its exit code is handed on."""
    command = emulator_command("--rate", "off", "--", sys.executable, "-c", PROGRAM, "7")
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment(GONG_ACCESS_TOKEN="another", NO_PROXY="127.0.0.1"),
        timeout=60,
        check=False,
    )
    assert (7, "200 False\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("command", "code"),
    [(["no-such-command-at-all"], 127), ([os.devnull], 126), ([sys.executable, "-c", "import os; os.abort()"], 134)],
)
def test_a_command_that_fails_hands_on_what_a_shell_would(
    command: list[str], code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """A command that is not there is 127, one that cannot be run 126, one that was killed 128 and the signal."""
    assert code == main(["--port", "0", "--", *command])
    assert (code < 128) == ("cannot be run" in capfd.readouterr().err)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_signals_reach_the_command(name: str) -> None:
    """Asked to stop, the emulator asks its command to stop, and ends when that has ended."""
    program = (
        f"import signal, sys, time; signal.signal(signal.{name}, lambda *_: sys.exit(9));"
        " print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        emulator_command("--", sys.executable, "-c", program), stdout=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        assert "up\n" == process.stdout.readline()
        process.send_signal(getattr(signal, name))
        assert 9 == process.wait(timeout=10)


@pytest.mark.parametrize("how", ["closed", "nobody reads"])
def test_a_closed_output_is_no_reason_to_stop(how: str, tmp_path: Path) -> None:
    """With stdout closed, or a pipe that nobody reads, the emulator serves, ends with 0, and complains of nothing."""
    port = free_port()
    command = " ".join(shlex.quote(one) for one in emulator_command("--port", str(port)))
    redirect = ">&-" if how == "closed" else f"> {shlex.quote(str(tmp_path / 'pipe'))}"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with subprocess.Popen(  # noqa: S602  (a shell closes a stream)
        f"exec {command} {redirect}", shell=True, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stderr is not None
        if how == "nobody reads":
            wait_for_writer(reader)
        os.close(reader)
        url = f"http://127.0.0.1:{port}/_emulator/api/health"
        for _ in range(500):
            try:
                assert 200 == http.get(url).status_code
                break
            except httpx.TransportError:
                time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert (0, "") == (process.wait(timeout=10), process.stderr.read())


def wait_for_writer(reader: int) -> None:
    """Wait until somebody has opened a pipe for writing: then reading says try again, and not the end."""
    for _ in range(1000):
        try:
            if os.read(reader, 1):
                return
        except BlockingIOError:
            return
        time.sleep(0.002)


def free_port() -> int:
    """Find a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_stopping_during_a_stalled_call_is_quick_and_quiet() -> None:
    """SIGTERM while a call is stalled and another half received ends the process soon, with 0 and without a word."""
    with subprocess.Popen(
        emulator_command("--port", "0", "--rate", "off"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().split()[-1]
        stall = {"operation": "*", "faults": [{"kind": "stall", "seconds": 60}]}
        assert 201 == http.post(url + "/_emulator/api/faults", json=stall).status_code
        caller = threading.Thread(target=call_and_be_cut, args=(url,))
        caller.start()
        for _ in range(500):
            if http.get(url + "/_emulator/api/journal").json()["calls"]:
                break
            time.sleep(0.01)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert (0, "") == (process.wait(timeout=10), process.stderr.read())
        assert 2.5 > time.monotonic() - started
        caller.join()


def call_and_be_cut(url: str) -> None:
    """Call, and expect the connection to be cut."""
    with pytest.raises(httpx.TransportError):
        http.get(url + "/v2/crm/integrations", auth=("key-admin", "secret-admin"), timeout=60)


# Addresses


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        ("127.0.0.1", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),  # noqa: S104  (the fact itself)
        ("", "http://127.0.0.1:"),
        ("localhost", "http://127.0.0.1:"),
        ("::", "http://[::1]:"),
        ("::1", "http://[::1]:"),
    ],
)
def test_an_address_can_be_opened(host: str, opened: str) -> None:
    """Whatever it listens on, the emulator names an address that this machine can open, reset and look in at."""
    try:
        with running_emulator(host=host) as emulator:
            assert emulator.url.startswith(opened)
            emulator.reset()
            assert 200 == http.get(emulator.url + "/_emulator/").status_code
            with connect(emulator) as caller:
                assert 200 == caller.http.get("/v2/crm/integrations").status_code
    except StartError:
        if ":" not in host:
            raise
        pytest.skip("This machine has no IPv6.")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control client speaks to the emulator itself, whatever proxy the environment names."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_emulator() as emulator:
        emulator.reset()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1", "localhost:8080", "http://::1:8080", "http://localhost:x", "", "http://a b/", "file:///"],
)
def test_an_address_where_nobody_answers_is_named(address: str) -> None:
    """Asked for an emulator that is not there, or at what is no address, the control client says so in a sentence."""
    with pytest.raises(ControlError, match="no emulator answers at"):
        RemoteClock(address).now()


def test_an_address_may_end_in_a_slash() -> None:
    """The address of a running emulator means the same with a slash at its end."""
    with running_emulator() as emulator:
        assert 0 < RemoteClock(emulator.url + "/").now()


def test_the_announcement_names_what_there_is(capfd: pytest.CaptureFixture[str]) -> None:
    """Without the control API no page is named, and without principals for single scopes none are promised."""
    only = {"only": Principal(access_key="k", access_key_secret="s", access_token="t", scopes=frozenset())}
    __main__._announce("http://127.0.0.1:1", EmulatorSettings(control=False, principals=only))
    reported = capfd.readouterr().out
    assert ("key k  secret s  token t" in reported, "without-" in reported, "/_emulator/" in reported) == (
        True,
        False,
        False,
    )


def test_a_server_whose_thread_ends_did_not_start() -> None:
    """Whoever starts an emulator in a thread learns that it ended before it answered."""
    ended = threading.Thread(target=int)
    ended.start()
    ended.join()
    idle = server.EmulatorServer(server.server_config(create_app(), EmulatorSettings()))
    with pytest.raises(StartError, match="did not start"):
        server._await_start(idle, ended)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra a name of the emulator says what to install, and an unknown name is unknown."""
    monkeypatch.setitem(sys.modules, "gong_crm_emulator.server", None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'gong-crm\[emulator\]'"):
        gong_crm_emulator.running_emulator  # noqa: B018  (looking it up imports it)


def test_what_is_public_is_listed() -> None:
    """Completion in a shell or an editor shows the public names, before anything of the server is loaded."""
    assert sorted(gong_crm_emulator.__all__) == dir(gong_crm_emulator)
