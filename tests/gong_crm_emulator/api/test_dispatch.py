"""The checks that every call passes, in Gong's order, over a real socket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from gong_crm_emulator import SCOPES
from gong_crm_emulator.api.routes import OPERATIONS
from tests.gong_crm_emulator.caller import TRUST, http

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator
    from gong_crm_emulator.api.routes import Operation
    from tests.gong_crm_emulator.caller import Caller

REFUSED = "Validate credentials failed. Please check your credentials and try again."
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def call(emulator: RunningEmulator, operation: Operation, **more: object) -> httpx.Response:
    """Call an operation without parameters."""
    headers = {"Content-Type": operation.media_type} if operation.media_type else {}
    return http.request(operation.method, emulator.url + operation.path, headers=headers, **more)


def test_all_operations_are_there() -> None:
    """The route table has the eight current and the nine legacy operations, each with a name of its own."""
    assert (17, 17) == (len(OPERATIONS), len({operation.operation_id for operation in OPERATIONS}))
    assert "uploadCrmEntitiesLegacy" in {operation.operation_id for operation in OPERATIONS}


@every_operation
@pytest.mark.parametrize(
    "auth", [None, ("key-admin", "wrong"), ("wrong", "secret-admin"), ("", "")], ids=["none", "secret", "key", "empty"]
)
def test_nobody_gets_in_without_credentials(
    emulator: RunningEmulator, operation: Operation, auth: tuple[str, str] | None
) -> None:
    """No or wrong credentials get the 401 seen live, pretty-printed, with WWW-Authenticate."""
    response = call(emulator, operation, auth=auth)
    assert (401, [REFUSED]) == (response.status_code, response.json()["errors"])
    assert 'Basic realm="Gong.io API"' == response.headers["www-authenticate"]
    assert '"requestId" : "' in response.text


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer", "Basic !!!", "Basic a2V5", "Digest x", "token-admin"])
def test_strange_authorization_headers_are_refused(emulator: RunningEmulator, value: str) -> None:
    """An Authorization header that cannot be read is as good as none."""
    response = http.get(emulator.url + "/v2/crm/integrations", headers={"Authorization": value})
    assert 401 == response.status_code


def test_credentials_come_before_the_route(emulator: RunningEmulator) -> None:
    """An unknown path is 401 for an unknown caller and 404 for a caller."""
    who = emulator.principals["nobody"]
    assert 401 == http.get(emulator.url + "/v2/nope").status_code
    assert 404 == http.get(emulator.url + "/v2/nope", auth=(who.access_key, who.access_key_secret)).status_code
    assert 404 == http.get(emulator.url + "/v2/crm/integrations/", auth=(who.access_key, "secret-nobody")).status_code


@every_operation
def test_the_scope_comes_before_the_parameters(emulator: RunningEmulator, operation: Operation) -> None:
    """A caller without the scope gets the 401 seen live, by key and by token, whatever the parameters."""
    who = emulator.principals[f"without-{operation.scope}"]
    sentence = f"You don't have permission to use '{operation.scope}' in your app."
    for response in (
        call(emulator, operation, auth=(who.access_key, who.access_key_secret)),
        http.request(
            operation.method,
            emulator.url + operation.path,
            headers={
                "Authorization": f"Bearer {who.access_token}",
                "Content-Type": operation.media_type or "text/plain",
            },
        ),
    ):
        assert (401, [sentence]) == (response.status_code, response.json()["errors"])
        assert "www-authenticate" not in response.headers


@every_operation
def test_undeclared_methods_are_told_the_allowed_ones(emulator: RunningEmulator, operation: Operation) -> None:
    """Any method that a path does not have gets 405 with Allow, HEAD and OPTIONS and QUERY included."""
    allowed = sorted(other.method for other in OPERATIONS if other.path == operation.path)
    for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"} - set(allowed):
        response = http.request(method, emulator.url + operation.path, auth=("key-nobody", "secret-nobody"))
        assert (405, ", ".join(allowed)) == (response.status_code, response.headers["allow"])


@every_operation
def test_the_media_type_comes_before_the_scope(emulator: RunningEmulator, operation: Operation) -> None:
    """A body of another media type, or of none, gets 415 on every operation that takes a body."""
    expected = 415 if operation.media_type else 401
    for media_type in ("text/plain", ""):
        response = http.request(
            operation.method,
            emulator.url + operation.path,
            headers={"Content-Type": media_type} if media_type else {},
            auth=("key-nobody", "secret-nobody"),
        )
        assert expected == response.status_code


def test_every_answer_carries_the_envelope(emulator: RunningEmulator) -> None:
    """Request ids are 18 or 19 lower-case letters and digits and equal the trace id (C-20)."""
    who = emulator.principals["admin"]
    lengths = set()
    with httpx.Client(verify=TRUST, base_url=emulator.url, auth=(who.access_key, who.access_key_secret)) as client:
        for _ in range(100):
            response = client.get("/v2/crm/integrations")
            request_id = response.json()["requestId"]
            assert re.fullmatch(r"[a-z0-9]{18,19}", request_id)
            assert request_id == response.headers["x-traceid"]
            lengths.add(len(request_id))
    assert "application/json;charset=UTF-8" == response.headers["content-type"]
    assert response.headers["x-gong-service-version"].startswith("PublicApiServer:17.main.")
    assert "17" == response.headers["x-ratelimit-remaining"]
    assert {18, 19} == lengths


def test_principals_are_seeded(emulator: RunningEmulator) -> None:
    """There is a principal with all scopes, one with some, one with none, and one without each scope."""
    scopes = {name: set(one.scopes) for name, one in emulator.principals.items()}
    assert (set(SCOPES), set()) == (scopes["admin"], scopes["nobody"])
    assert 0 < len(scopes["reader"]) < len(SCOPES)
    assert [{scope} for scope in SCOPES] == [set(SCOPES) - scopes[f"without-{scope}"] for scope in SCOPES]


def test_the_legacy_deletion_is_followed_like_the_current_one(caller: Caller) -> None:
    """A deletion on the legacy path is accepted with 201 and ends DONE (C-3)."""
    path = "/v2/crm/integration/delete"
    assert 201 == caller.http.delete(path, params=caller.params(clientRequestId="gone")).status_code
    assert "DONE" == caller.end("gone")["status"]
