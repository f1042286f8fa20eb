"""Hosts that are wrong or not there, credentials and scopes that lack, and integrations that are not ours."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest

from gong_crm.errors import AuthenticationError, CallError, IntegrationError, UnreachableError
from tests.gong_crm.faults.harness.checker import Look, complaints
from tests.gong_crm.faults.harness.pushing import NAME, result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_WRONG: Final[dict[str, dict[str, Any]]] = {
    "secret": {"access_key_secret": "wrong-secret"},
    "key": {"access_key": "wrong-key"},
    "token": {"access_key": None, "access_key_secret": None, "access_token": "wrong-token"},
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pusher give up after two tries in place of those of ten seconds."""
    monkeypatch.setattr("gong_crm.wire.retry._FIRST", 6.0)
    monkeypatch.setattr("gong_crm.wire.steps.time.sleep", lambda _: None)


def test_without_an_integration_there_is_none_and_one_of_another_is_left_alone(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs
) -> None:
    """No integration yet is None; another CRM's integration is reported, and never touched without being named."""
    assert opening.use(partial(_look, names=())) is None
    emulator.control("POST", "seed", {"integration": {"name": "Another CRM", "ownerEmail": "x@example.com"}})
    for names in ((), (NAME,), (12,)):
        with pytest.raises(IntegrationError, match="Another CRM"):
            opening.use(partial(_look, names=names))
    with pytest.raises(IntegrationError, match="Another CRM"):
        opening.push(inputs)
    assert [] == Look(emulator.url).uploads()
    assert opening.use(partial(_look, names=("Another CRM",))) is not None


async def _look(gong: Any, names: tuple[object, ...]) -> object:  # noqa: ANN401  (either door)
    return await result(gong.integration(*names))


@pytest.mark.parametrize("wrong", _WRONG)
def test_wrong_credentials_are_reported(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, wrong: str
) -> None:
    """Wrong credentials are an AuthenticationError at once, with status and request id, without the secret."""
    with pytest.raises(AuthenticationError, match="access key") as caught:
        opening.but(**_WRONG[wrong]).push(inputs)
    problem = caught.value
    assert (401, "listCrmIntegrations", False) == (problem.status, problem.operation, problem.retryable)
    [call] = emulator.journal()
    assert call["responseHeaders"]["x-traceid"] == problem.request_id
    assert "wrong-" not in repr(problem) + str(problem)


@pytest.mark.parametrize(
    "scope", ["api:crm:integration:register", "api:crm:integrations:read", "api:crm:schema", "api:crm:upload"]
)
def test_a_scope_that_lacks_is_named_and_the_push_goes_on_once_it_is_there(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, scope: str
) -> None:
    """A key without one scope gets an error that names the scope; with the scope all records arrive once."""
    poor = emulator.principals[f"without-{scope}"]
    with pytest.raises(AuthenticationError, match=scope):
        opening.but(access_key=poor.access_key, access_key_secret=poor.access_key_secret).push(inputs)
    said = opening.resume_or_push(inputs)
    assert [] == complaints(emulator.url, inputs, said=said)


@pytest.mark.usefixtures("_impatient")
def test_a_server_that_is_not_there_is_reported(opening: Opening, inputs: Inputs) -> None:
    """A port that nobody listens on, and a name that nobody has, are UnreachableErrors with the address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for url in (port, "http://gong.invalid"):
            with pytest.raises(UnreachableError, match=url):
                replace(opening, url=url).push(inputs)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("status", [200, 301, 403, 404])
def test_a_host_that_is_not_gong_is_reported(opening: Opening, inputs: Inputs, status: int) -> None:
    """A web server that is not Gong is a CallError that says what it answered."""
    with _web_server(status) as url, pytest.raises(CallError, match=url) as caught:
        replace(opening, url=url).push(inputs)
    assert (status, True) == (caught.value.status, "Welcome" in caught.value.excerpt)


@contextmanager
def _web_server(status: int) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<html>Welcome to nginx</html>"
            self.send_response(status)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.send_header("location", "https://elsewhere.example/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
