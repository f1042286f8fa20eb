"""OAuth: consent without a page, and the exchange of codes and refresh tokens."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.auth import credentials
from gong_crm_emulator.store.tables import grants
from tests.gong_crm_emulator.caller import http

if TYPE_CHECKING:
    import httpx

    from gong_crm_emulator import RunningEmulator

CLIENT = ("client-emulator", "secret-client-emulator")
TOKEN = "/oauth2/generate-customer-token"
BACK = "http://127.0.0.1:9/back?x=1"


def code(emulator: RunningEmulator, scope: str = "api:crm:integrations:read api:crm:upload") -> str:
    """Consent and take the code from the address that the browser is sent to."""
    params = {"client_id": CLIENT[0], "redirect_uri": BACK, "scope": scope, "state": "s"}
    answer = http.get(emulator.url + "/oauth2/authorize", params=params)
    assert 302 == answer.status_code
    target = urlsplit(answer.headers["location"])
    query = parse_qs(target.query)
    assert ("127.0.0.1:9", ["1"], ["s"]) == (target.netloc, query["x"], query["state"])
    return query["code"][0]


def exchange(emulator: RunningEmulator, **sent: str) -> httpx.Response:
    """Exchange something for tokens."""
    return http.post(emulator.url + TOKEN, auth=CLIENT, data={"redirect_uri": BACK, **sent})


def tokens(emulator: RunningEmulator, **more: str) -> dict[str, Any]:
    """Consent and exchange the code."""
    answer: dict[str, Any] = exchange(emulator, grant_type="authorization_code", code=code(emulator), **more).json()
    return answer


def listed(emulator: RunningEmulator, token: str) -> int:
    """List integrations with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return http.get(emulator.url + "/v2/crm/integrations", headers=headers).status_code


def test_a_code_becomes_tokens(emulator: RunningEmulator) -> None:
    """The token answer has the six members that clients read, and its token works on the API within its scopes."""
    pair = tokens(emulator)
    assert ("bearer", 86_400, emulator.url) == (
        pair["token_type"],
        pair["expires_in"],
        pair["api_base_url_for_customer"],
    )
    assert "api:crm:integrations:read api:crm:upload" == pair["scope"]
    assert 200 == listed(emulator, pair["access_token"])
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    refused = http.get(emulator.url + "/v2/crm/entity-schema", headers=headers)
    assert ["You don't have permission to use 'api:crm:schema' in your app."] == refused.json()["errors"]


def test_parameters_may_come_in_the_query(emulator: RunningEmulator) -> None:
    """The exchange reads the query as well as a form."""
    params = {"grant_type": "authorization_code", "code": code(emulator), "redirect_uri": BACK}
    assert 200 == http.post(emulator.url + TOKEN, auth=CLIENT, params=params).status_code


def test_codes_and_refresh_tokens_work_once(emulator: RunningEmulator) -> None:
    """A code or a refresh token that was exchanged is refused the second time, and leaves new tokens working."""
    one = code(emulator)
    pair = exchange(emulator, grant_type="authorization_code", code=one).json()
    assert "invalid_grant" == exchange(emulator, grant_type="authorization_code", code=one).json()["error"]
    fresh = exchange(emulator, grant_type="refresh_token", refresh_token=pair["refresh_token"]).json()
    again = exchange(emulator, grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert (400, "invalid_grant") == (again.status_code, again.json()["error"])
    assert 200 == listed(emulator, fresh["access_token"])


def test_tokens_expire(emulator: RunningEmulator) -> None:
    """A code lives 10 minutes, an access token a day or what validity_duration says; a refresh token lives on."""
    late = code(emulator)
    emulator.clock.step(601)
    assert 400 == exchange(emulator, grant_type="authorization_code", code=late).status_code
    pair = tokens(emulator, validity_duration="60")
    assert 60 == pair["expires_in"]
    emulator.clock.step(61)
    assert 401 == listed(emulator, pair["access_token"])
    fresh = exchange(emulator, grant_type="refresh_token", refresh_token=pair["refresh_token"]).json()
    assert 200 == listed(emulator, fresh["access_token"])
    emulator.clock.step(86_401)
    assert 401 == listed(emulator, fresh["access_token"])


@pytest.mark.parametrize(
    ("auth", "sent", "status", "error"),
    [
        (("client-emulator", "wrong"), {"grant_type": "refresh_token"}, 401, "invalid_client"),
        (None, {"grant_type": "refresh_token"}, 401, "invalid_client"),
        (CLIENT, {}, 400, "unsupported_grant_type"),
        (CLIENT, {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (CLIENT, {"grant_type": "refresh_token"}, 400, "invalid_grant"),
        (CLIENT, {"grant_type": "refresh_token", "validity_duration": "soon"}, 400, "invalid_request"),
        (CLIENT, {"grant_type": "refresh_token", "validity_duration": "9" * 9_000}, 400, "invalid_request"),
        (CLIENT, {"grant_type": "refresh_token", "validity_duration": "0"}, 400, "invalid_request"),
    ],
)
def test_wrong_exchanges(
    emulator: RunningEmulator, auth: tuple[str, str] | None, sent: dict[str, str], status: int, error: str
) -> None:
    """Each wrong exchange is refused with OAuth's own error."""
    answer = http.post(emulator.url + TOKEN, auth=auth, data=sent)
    assert (status, error) == (answer.status_code, answer.json()["error"])


def test_consent_needs_the_registered_app(emulator: RunningEmulator) -> None:
    """Consent is refused to an app that is not registered."""
    assert 400 == http.get(emulator.url + "/oauth2/authorize", params={"client_id": "other"}).status_code


@pytest.mark.parametrize(
    ("target", "welcome"),
    [
        ("http://localhost:3000/back", True),
        ("http://127.0.0.7/back", True),
        ("http://[::1]:3000/back", True),
        ("https://app.example.com/back", True),
        ("https://app.example.com/other", False),
        ("https://evil.example.com/", False),
        ("http://localhost.evil.example.com/", False),
        ("http://localhost@evil.example.com/", False),
        ("http://evil@localhost/", False),
        ("javascript://localhost/%0aalert(1)", False),
        ("http://[::1", False),
        ("/back", False),
        ("", False),
    ],
)
def test_codes_go_to_registered_or_loopback_addresses(target: str, *, welcome: bool) -> None:
    """A code is sent to this machine or to a registered address, and nowhere else."""
    settings = EmulatorSettings(oauth_redirects=frozenset({"https://app.example.com/back"}))
    with running_emulator(settings=settings) as emulator:
        params = {"client_id": CLIENT[0], "redirect_uri": target}
        assert (302 if welcome else 400) == http.get(emulator.url + "/oauth2/authorize", params=params).status_code


def test_a_code_is_bound_to_its_address(emulator: RunningEmulator) -> None:
    """A code is of no use with another redirect address than the one it was sent to, or without one."""
    for other in ("http://127.0.0.1:9/other", ""):
        sent = {"grant_type": "authorization_code", "code": code(emulator), "redirect_uri": other}
        assert "invalid_grant" == exchange(emulator, **sent).json()["error"]


def test_a_long_form_is_read_to_a_bound(emulator: RunningEmulator) -> None:
    """A form of megabytes is not held in memory; what its beginning asks for is answered."""
    answer = exchange(emulator, grant_type="nonsense", padding="x" * 2_000_000)
    assert 400 == answer.status_code


def test_codes_that_nobody_exchanges_do_not_pile_up(emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can ask for a code: the oldest beyond a number are forgotten, and overlong addresses get none."""
    monkeypatch.setattr(credentials, "_OPEN_CODES", 3)
    codes = [code(emulator) for _ in range(5)]
    assert [400, 400, 200, 200, 200] == [
        exchange(emulator, grant_type="authorization_code", code=one, redirect_uri=BACK).status_code for one in codes
    ]
    params = {"client_id": CLIENT[0], "redirect_uri": BACK + "?" + "a" * 2_000}
    assert 400 == http.get(emulator.url + "/oauth2/authorize", params=params).status_code
    assert (
        400 == http.get(emulator.url + "/oauth2/authorize", params={**params, "redirect_uri": BACK + "#x"}).status_code
    )


FULL = sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    ("problem", "status", "error"), [(FULL, 503, "temporarily_unavailable"), (ZeroDivisionError(), 500, "server_error")]
)
def test_whatever_fails_is_said_in_the_words_of_oauth(
    emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, error: str
) -> None:
    """When the state cannot be written consent and exchange say so, and the code is good afterwards."""

    def broken(*_: object, **__: object) -> None:
        raise problem

    one = code(emulator)
    monkeypatch.setattr(grants, "add", broken)
    consent = http.get(emulator.url + "/oauth2/authorize", params={"client_id": CLIENT[0], "redirect_uri": BACK})
    sent = {"grant_type": "authorization_code", "code": one}
    for answer in (consent, exchange(emulator, **sent)):
        assert (status, error) == (answer.status_code, answer.json()["error"])
    monkeypatch.undo()
    assert 200 == exchange(emulator, **sent).status_code
