"""Who may call from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.middleware.visitors import api_refused_because, control_refused_because
from tests.gong_crm_emulator.auth.test_oauth import BACK, CLIENT, TOKEN
from tests.gong_crm_emulator.caller import http

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller

ADMIN = ("key-admin", "secret-admin")
EVIL = "http://evil.example.com"
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({}, True),
        ({"Host": "localhost"}, True),
        ({"Host": "LocalHost.:80"}, True),
        ({"Host": "[::1]:80"}, True),
        ({"Host": "192.168.1.9:8080"}, True),
        ({"Host": "gong.internal:8080"}, True),
        ({"Host": "GONG.internal"}, True),
        ({"Host": "[2001:db8::0:9]:8080"}, True),
        ({"Host": "evil.example.com"}, False),
        ({"Host": "127.0.0.1.evil.example.com"}, False),
        ({"Host": "localhost.evil.example.com:80"}, False),
        ({"Host": "[::1].evil.example.com"}, False),
        ({"Host": "[gong.internal]"}, False),
        ({"Host": "127.0.0.1%.evil.example.com"}, False),
        ({"Host": "[fe80::1%25eth0]:80"}, True),
        ({"Origin": EVIL}, False),
        ({"Origin": "null"}, False),
        ({"Host": "localhost", "Origin": "http://localhost"}, True),
        ({"Host": "localhost", "Origin": "http://localhost:3000"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        (LINK, False),
    ],
)
def test_foreign_names_and_sites_stay_out_of_the_api(headers: dict[str, str], *, welcome: bool) -> None:
    """The API and OAuth answer names of this machine and allowed ones, and no page of another site."""
    with running_emulator(settings=EmulatorSettings(allow_hosts=frozenset({"gong.internal"}))) as emulator:
        listed = http.get(emulator.url + "/v2/crm/integrations", auth=ADMIN, headers=headers)
        assert (200 if welcome else 403) == listed.status_code
        assert (not welcome) == ("errors" in listed.json())
        assert listed.json()["requestId"] == listed.headers["x-traceid"]
        token = http.post(emulator.url + TOKEN, auth=CLIENT, data={"grant_type": "refresh_token"}, headers=headers)
        assert ("invalid_grant" if welcome else "access_denied") == token.json()["error"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Host", "localhost"), ("Host", "evil.example.com")),
        (("Origin", "http://localhost"), ("Origin", EVIL)),
    ],
)
def test_of_two_hosts_or_origins_neither_is_believed(first: tuple[str, str], second: tuple[str, str]) -> None:
    """A call that names two hosts, or two origins, is refused by the API and the control API."""
    host = [] if first[0] == "Host" else [("Host", "localhost")]
    for refused_because in (api_refused_because, control_refused_because):
        for headers, welcome in (([*host, first], True), ([*host, first, second], False)):
            raw = [(name.lower().encode(), value.encode()) for name, value in headers]
            scope = {"type": "http", "method": "GET", "headers": raw, "client": ("127.0.0.1", 9)}
            assert welcome == (refused_because(scope, EmulatorSettings()) is None)


@pytest.mark.parametrize(
    ("headers", "welcome"), [({}, True), (LINK, True), ({**LINK, "Host": "evil.example.com"}, False)]
)
def test_consent_is_reached_by_a_link(caller: Caller, headers: dict[str, str], *, welcome: bool) -> None:
    """An app's site leads its user to consent by a link, under a name of this machine."""
    params = {"client_id": CLIENT[0], "redirect_uri": BACK}
    answer = http.get(caller.emulator.url + "/oauth2/authorize", params=params, headers=headers)
    assert (302 if welcome else 403) == answer.status_code


def test_a_link_leads_to_the_page_and_no_further(caller: Caller) -> None:
    """A link of another site opens the page, and neither reads nor changes anything through the control API."""
    url = caller.emulator.url + "/_emulator/"
    assert 200 == http.get(url, headers=LINK).status_code
    assert 403 == http.get(url + "api/state", headers=LINK).status_code
    assert 403 == http.post(url + "api/reset", headers=LINK).status_code
    assert 403 == http.get(url, headers={**LINK, "Host": "evil.example.com"}).status_code
    assert "frame-ancestors 'none'" in http.get(url).headers["content-security-policy"]


def test_health_is_open_to_probes(caller: Caller) -> None:
    """A probe under any host name learns that the emulator answers, and nothing else does."""
    url = caller.emulator.url + "/_emulator/api/"
    foreign = {"Host": "10-0-0-7.cluster.example.com"}
    assert "ok" == http.get(url + "health", headers=foreign).json()["status"]
    assert 403 == http.get(url + "state", headers=foreign).status_code


@pytest.mark.parametrize("path", ["/", "/_emulator"])
def test_a_browser_is_led_to_the_page(caller: Caller, path: str) -> None:
    """A browser at the root or without the last slash is led to the page; a program gets what Gong answers."""
    seen = http.get(caller.emulator.url + path, headers={"Accept": "text/html,*/*"}, follow_redirects=True)
    assert (200, "/_emulator/") == (seen.status_code, seen.url.path)
    assert 401 == http.get(caller.emulator.url + "/").status_code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "", 404),
        ("POST", "requests/99999999999999999999999/advance", 409),
        ("GET", "requests/99999999999999999999999", 404),
        ("GET", "faults/99999999999999999999999", 404),
        ("GET", "requests/" + "9" * 5_000, 404),
        ("DELETE", "faults/" + "9" * 5_000, 404),
        ("GET", "requests/%D9%A1.5", 404),
        ("GET", "objects?search=" + "a" * 50_001, 400),
        ("GET", "requests?search=" + "a" * 1_001, 400),
        ("GET", "journal?search=" + "%25" * 1_001, 400),
        ("PATCH", "state", 405),
        ("GET", "reset", 405),
        ("GET", "requests?status=SOON", 400),
        ("GET", "requests?limit=-1", 400),
        ("GET", "requests?offset=99999999999999999999", 400),
        ("GET", "journal?status=SOON", 400),
        ("GET", "objects?objectType=%00", 400),
        ("POST", "snapshots/%2e%2e/restore", 400),
        ("PUT", "snapshots/" + "x" * 65, 400),
    ],
)
def test_a_wrong_control_call_is_answered_in_the_same_shape(
    caller: Caller, method: str, path: str, status: int
) -> None:
    """Unknown paths, methods, numbers and words are refused with JSON of the versioned shape and a sentence."""
    answer = http.request(method, caller.emulator.url + "/_emulator/api/" + path)
    assert (status, 1) == (answer.status_code, answer.json()["version"])
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["clock", "seed", "faults"])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"null", b"5", b'"x"', b"[]", b"\xff", b"[" * 100_000, b'{"step": 1e308}', b'{"frozen": []}'),
        b'{"integration": {"name": "n", "ownerEmail": "o"}, "objects": {"LEAD": [' + b"[" * 300 + b"]" * 300 + b"]}}",
        b'{"operation": "*", "faults": [{"kind": "answer", "body": ' + b"[" * 300 + b"]" * 300 + b"}]}",
    ],
)
def test_a_senseless_body_is_refused(newcomer: Caller, path: str, body: bytes) -> None:
    """Whatever a control call carries, it is refused with 400 and a sentence."""
    answer = http.post(f"{newcomer.emulator.url}/_emulator/api/{path}", content=body)
    assert (400, 1) == (answer.status_code, answer.json()["version"])
