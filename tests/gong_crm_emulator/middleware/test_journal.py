"""What the journal shows of a call, and what it hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.gong_crm_emulator.auth.test_oauth import BACK, CLIENT, TOKEN, code
from tests.gong_crm_emulator.caller import http, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller

SECRET = "s3cr3t-that-nobody-may-see"


def journal(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    """List the calls, newest first."""
    calls: list[dict[str, Any]] = caller.emulator.control("GET", f"journal?limit=1000{query}")["calls"]
    return calls


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": SECRET},
        {"Authorization": f"Basic {SECRET}"},
        {"Authorization": f"bEaReR {SECRET}"},
        {"Authorization": f"Token {SECRET}"},
        {"Authorization": f"{SECRET} x"},
        {"Cookie": f"session={SECRET}"},
        {"Cookie2": SECRET},
        {"X-Api-Key": SECRET},
        {"Proxy-Authorization": SECRET},
        {"X-Amz-Security-Token": SECRET},
        {"Apikey": SECRET},
    ],
)
def test_no_secret_is_shown(caller: Caller, headers: dict[str, str]) -> None:
    """Whatever name a secret comes under, the journal does not show it; harmless headers stay."""
    http.get(caller.emulator.url + "/v2/crm/integrations", headers={**headers, "User-Agent": "mine/1"})
    http.get(caller.emulator.url + "/v2/crm/integrations", params={"access_token": SECRET, "objectType": "DEAL"})
    shown = journal(caller)
    assert SECRET not in str(shown)
    assert "mine/1" == shown[1]["requestHeaders"]["user-agent"]
    assert "access_token=(hidden)&objectType=DEAL" == shown[0]["query"]


@pytest.mark.parametrize(
    "content",
    [
        [f"grant_type=x&refresh_token={SECRET[:9]}".encode(), SECRET[9:].encode()],
        [f"grant_type=x&{SECRET}".encode()],
        [f"grant_type=x&{SECRET}==".encode()],
        [f'{{"grant_type": "x", "refresh_token": "{SECRET}"}}'.encode()],
    ],
)
def test_a_secret_in_a_form_is_hidden_however_it_comes(caller: Caller, content: list[bytes]) -> None:
    """A secret in pieces, without a name, as Base64, or in JSON is not shown of a call of OAuth."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    http.post(caller.emulator.url + TOKEN, auth=CLIENT, content=iter(content), headers=headers)
    http.get(caller.emulator.url + "/v2/crm/integrations?objectType=DEAL&" + SECRET)
    shown, exchange = journal(caller)[:2]
    assert "objectType=DEAL&(hidden)" == shown["query"]
    assert [] == [piece for piece in (SECRET, SECRET[9:]) if piece in str(exchange)]


def test_other_parts_are_hidden(caller: Caller) -> None:
    """Of a form the journal shows the data file, and of other parts the names alone."""
    path, params = "/v2/crm/entities", caller.params(objectType="ACCOUNT", clientRequestId="r1")
    parts = {"dataFile": ldjson(line("a1")), "access_token": SECRET.encode()}
    assert 201 == caller.http.post(path, params=params, files=parts).status_code
    shown = journal(caller)[0]["requestBody"]
    assert (True, True, False) == ('"a1"' in shown, 'name="access_token"' in shown, SECRET in shown)


def test_what_the_journal_holds_is_bounded(caller: Caller) -> None:
    """Of long headers, known and unknown ones, the beginnings are kept."""
    headers = {f"{number}-{'h' * 1_000}": "v" for number in range(20)} | {"User-Agent": "u" * 5_000}
    http.get(caller.emulator.url + "/v2/crm/integrations", headers=headers)
    assert len(str(journal(caller)[0])) < 8_000


def test_calls_of_oauth_are_there_without_their_secrets(caller: Caller) -> None:
    """Consent and exchange are in the journal, without code, tokens or the client's secret."""
    one = code(caller.emulator)
    sent = {"grant_type": "authorization_code", "code": one, "redirect_uri": BACK, "client_secret": SECRET}
    tokens = http.post(caller.emulator.url + TOKEN, auth=CLIENT, data=sent).json()
    exchange, consent = journal(caller)[:2]
    assert ("/oauth2/authorize", 302) == (consent["path"], consent["status"])
    assert (TOKEN, 200, "(hidden)") == (exchange["path"], exchange["status"], exchange["responseBody"])
    assert "grant_type=authorization_code" in exchange["requestBody"]
    text = str([exchange, consent])
    for secret in (one, SECRET, CLIENT[1], tokens["access_token"], tokens["refresh_token"]):
        assert secret not in text
    refused = http.post(caller.emulator.url + TOKEN, auth=CLIENT, data={"grant_type": "password"})
    assert (400, "unsupported_grant_type") == (refused.status_code, refused.json()["error"])
    assert "unsupported_grant_type" in journal(caller)[0]["responseBody"]


def test_a_refused_upload_shows_what_was_read_of_it(caller: Caller) -> None:
    """A call that was refused before its body was read says that nothing was read, and how much was announced."""
    content = ldjson(line("a1", name="n" * 50_000))
    anonymous = {"files": {"dataFile": content}, "params": caller.params(objectType="ACCOUNT", clientRequestId="r")}
    http.post(caller.emulator.url + "/v2/crm/entities", **anonymous)
    refused = journal(caller)[0]
    assert (401, 0, "", False) == (
        refused["status"],
        refused["requestBytes"],
        refused["requestBody"],
        refused["requestComplete"],
    )
    assert len(content) < refused["requestAnnounced"]
    caller.upload("ACCOUNT", content)
    taken = journal(caller)[0]
    assert taken["requestComplete"]
    assert taken["requestAnnounced"] == taken["requestBytes"]


def test_an_upload_says_which_members_will_not_show(caller: Caller) -> None:
    """Members that no schema describes are named, with their first line and with similar names, until one does."""
    records = [line(f"a{number}") for number in range(300)]
    records[120] |= {"domain": "x.example.com"}
    records[250] |= {"domain": "y.example.com", "colour": "red"}
    caller.outcome("ACCOUNT", ldjson(*records))
    missing = [
        {"member": "domain", "firstLine": 121, "similar": ["domains"]},
        {"member": "colour", "firstLine": 251, "similar": []},
    ]
    assert missing == caller.emulator.control("GET", "requests")["requests"][0]["notShown"]
    upload = next(call for call in journal(caller) if call["operation"] == "uploadCrmEntities")
    assert missing == upload["notShown"]
    caller.describe("ACCOUNT", {"uniqueName": "colour", "label": "Colour", "type": "STRING"})
    assert missing[:1] == caller.emulator.control("GET", "requests/1")["request"]["notShown"]


def test_calls_are_filtered_searched_and_paged(caller: Caller) -> None:
    """The journal is filtered by answer, searched in all texts, and comes in pages."""
    for number in range(5):
        caller.upload("ACCOUNT", ldjson(line(f"a{number}")), name=f"find-me-{number}")
    caller.upload("ACCOUNT", b"", name="find-me-0")
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "close-before-reading"})
    with pytest.raises(Exception, match=r"disconnected|reset|peer"):
        caller.http.get("/v2/crm/integrations")
    assert [409] == [call["status"] for call in journal(caller, "&status=refused")]
    assert [None] == [call["status"] for call in journal(caller, "&status=none")]
    assert 2 == len(journal(caller, "&search=FIND-ME-0"))
    first = caller.emulator.control("GET", "journal?limit=2&offset=1&status=ok")
    assert (["find-me-3", "find-me-2"], True) == (
        [call["query"].rpartition("=")[2] for call in first["calls"]],
        first["more"],
    )


def test_a_long_answer_is_shown_in_its_beginning(caller: Caller) -> None:
    """Of an answer that comes in many pieces the first 4,096 bytes are kept, and all are counted."""
    caller.outcome("LEAD", ldjson(line("l1", title="t" * 20_000)))
    caller.emulator.faults.add("getCrmEntities", {"kind": "slow", "bytesPerSecond": 100_000})
    assert 20_000 == len(caller.objects("LEAD", "l1")["l1"]["title"])
    entry = journal(caller)[0]
    assert (True, True) == (entry["responseBytes"] > 20_000, 4_096 <= len(entry["responseBody"]) < 10_000)
