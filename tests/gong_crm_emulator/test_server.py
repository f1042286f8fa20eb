"""A running emulator on a real socket, and the command that starts one."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, StartError, create_app, running_emulator
from gong_crm_emulator.__main__ import main
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
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603  (our own command)
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
