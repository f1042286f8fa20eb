"""The control API: clock, journal, snapshots, seed, and who is let in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.middleware.visitors import control_refused_because
from gong_crm_emulator.remote import ControlError
from tests.gong_crm_emulator.caller import connect, http, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller

SEED = {
    "integration": {"name": "Seeded", "ownerEmail": "seed@example.com"},
    "schema": {"ACCOUNT": [{"uniqueName": "size", "label": "Size", "type": "NUMBER"}]},
    "objects": {"ACCOUNT": [line("a1", size=3)], "STAGE": [{"objectId": "s", "name": "S"}], "LEAD": []},
}


# The clock


def test_time_can_be_frozen_and_stepped() -> None:
    """In mode time a frozen clock holds every state until it is stepped, and no test has to sleep."""
    settings = EmulatorSettings(
        processing="time", pending_seconds=60, in_progress_seconds=600, main_seconds=1800, frozen=True
    )
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        seen = []
        for seconds in (0, 59.5, 0.5, 599, 1, 1799):
            emulator.clock.step(seconds)
            seen.append((caller.status()["status"], caller.objects("ACCOUNT", "a1")["a1"] is not None))
        emulator.clock.step(1)
        assert [
            (state, False) for state in ("PENDING", "PENDING", "IN_PROGRESS", "IN_PROGRESS", "DONE", "DONE")
        ] == seen
        assert caller.objects("ACCOUNT", "a1")["a1"] is not None


def test_objects_come_in_time_without_any_poll() -> None:
    """In mode time objects become readable and integrations go although nobody asked for a status."""
    settings = EmulatorSettings(processing="time", main_seconds=10, frozen=True)
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        _until_read(caller)
        emulator.clock.step(12)
        assert caller.objects("ACCOUNT", "a1")["a1"] is not None
        caller.http.delete("/v2/crm/integrations", params=caller.params(clientRequestId="d"))
        emulator.clock.step(2)
        assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]


@pytest.mark.parametrize("asked", [True, False])
def test_the_clock_moves_a_request_and_not_its_caller(*, asked: bool) -> None:
    """Whether anybody asks for its status or not, a request ends and its objects come at the same moment."""
    settings = EmulatorSettings(
        processing="time", pending_seconds=1, in_progress_seconds=1, main_seconds=2, frozen=True
    )
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        _until_read(caller)
        emulator.clock.step(3.9)
        if asked:
            assert "DONE" == caller.status()["status"]
        assert {"a1": None} == caller.objects("ACCOUNT", "a1")
        emulator.clock.step(0.2)
        assert caller.objects("ACCOUNT", "a1")["a1"] is not None


def test_at_once_means_at_once() -> None:
    """In mode at-once objects can be read as soon as the upload is answered."""
    with running_emulator(settings=EmulatorSettings(processing="at-once")) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        assert caller.objects("ACCOUNT", "a1")["a1"] is not None
        assert "DONE" == caller.status()["status"]


def _until_read(caller: Caller) -> None:
    for _ in range(1000):
        if caller.emulator.control("GET", "requests")["requests"][0]["lines"]:
            return
        time.sleep(0.005)
    raise AssertionError


def test_the_clock_runs_freezes_and_never_goes_back(caller: Caller) -> None:
    """The clock runs with the machine, stands when frozen, jumps when stepped, and refuses to go back."""
    clock = caller.emulator.clock
    assert abs(clock.now() - time.time()) < 5
    clock.freeze()
    now = clock.now()
    clock.step(100)
    assert (now + 100, now + 100) == (clock.now(), clock.now())
    clock.run()
    assert now + 100 <= clock.now() < now + 110
    for wrong in (-1, "a", True, None):
        with pytest.raises(ControlError, match="400"):
            caller.emulator.control("POST", "clock", {"step": wrong})


def test_requests_move_by_hand() -> None:
    """In mode by-hand a request moves when it is asked to, and polls change nothing."""
    with running_emulator(settings=EmulatorSettings(processing="by-hand")) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        seen = []
        for _ in range(3):
            seen += [caller.status()["status"], caller.status()["status"]]
            emulator.control("POST", "requests/1/advance")
        assert ["PENDING"] * 2 + ["IN_PROGRESS"] * 2 + ["DONE"] * 2 == seen
        with pytest.raises(ControlError, match="404"):
            emulator.control("POST", "requests/9/advance")


def test_requests_do_not_move_by_hand_in_other_modes(caller: Caller) -> None:
    """Moving by hand is refused where another thing moves requests."""
    with pytest.raises(ControlError, match="--processing by-hand"):
        caller.emulator.control("POST", "requests/1/advance")


# Looking in


def test_the_journal_tells_what_was_sent_and_answered(caller: Caller) -> None:
    """Each call is written down with both bodies, the caller's name and no secret."""
    caller.upload("ACCOUNT", ldjson(line("a1")))
    call = caller.emulator.journal()[0]
    assert ("POST", "uploadCrmEntities", "admin", 201) == (
        call["method"],
        call["operation"],
        call["caller"],
        call["status"],
    )
    assert '"objectId": "a1"' in call["requestBody"]
    assert '"clientRequestId":"r1"' in call["responseBody"]
    assert "Basic (hidden)" == call["requestHeaders"]["authorization"]
    assert 2 == len(caller.emulator.journal())
    caller.emulator.control("DELETE", "journal")
    assert [] == caller.emulator.journal()


def test_the_state_is_summed_up(caller: Caller) -> None:
    """The overview counts objects by type, raw lines and requests, and carries the version of its shape."""
    caller.outcome("ACCOUNT", ldjson(line("a1"), line("a2"), line("a2", isDeleted=True)))
    state = caller.emulator.control("GET", "state")
    assert (1, 1, 3, 1) == (state["version"], state["objects"]["ACCOUNT"], state["rawLines"], state["requests"])
    assert str(caller.integration_id) == state["integrations"][0]["integrationId"]


def test_objects_can_be_searched_and_paged(caller: Caller) -> None:
    """Objects are listed by type, found by any text in them, and come in pages."""
    caller.outcome("ACCOUNT", ldjson(*[line(f"a{number}", name=f"Acme_{number}%") for number in range(9)]))

    def ids(query: str) -> list[str]:
        found = caller.emulator.control("GET", f"objects?objectType=ACCOUNT&{query}")
        return [one["objectId"] for one in found["objects"]]

    assert ["a3"] == ids("search=ACME_3%25")
    assert ["a3"] == ids("search=a3")
    assert [] == ids("search=A_me")
    assert ["a7", "a8"] == ids("offset=7&limit=5")
    assert caller.emulator.control("GET", "objects?objectType=ACCOUNT&limit=5")["more"]
    lines = caller.emulator.control("GET", "objects/ACCOUNT/a3")["lines"]
    assert [("r1", 4)] == [(one["clientRequestId"], one["line"]) for one in lines]
    for wrong in ("objectType=account", "objectType=LEAD&limit=x"):
        with pytest.raises(ControlError, match="400"):
            caller.emulator.control("GET", f"objects?{wrong}")


def test_requests_are_listed_with_their_errors(caller: Caller) -> None:
    """Asynchronous requests are listed newest first with line errors and counts."""
    caller.outcome("ACCOUNT", b"bad\n")
    caller.upload("LEAD", b"", name="r2")
    newest, oldest = caller.emulator.control("GET", "requests")["requests"]
    assert ("r2", "PENDING", "LEAD") == (newest["clientRequestId"], newest["status"], newest["objectType"])
    assert ("FAILED", 1, 1) == (oldest["status"], oldest["totalErrorCount"], oldest["errors"][0]["line"])


def test_requests_are_filtered_searched_and_paged(caller: Caller) -> None:
    """Requests are filtered by what their callers see, searched by name, and come in pages."""
    for number in range(7):
        caller.outcome("ACCOUNT", b"bad\n" if number % 3 == 0 else b"", name=f"r{number}")

    def names(query: str) -> list[str]:
        return [one["clientRequestId"] for one in caller.emulator.control("GET", f"requests?{query}")["requests"]]

    assert ["r6", "r3", "r0"] == names("status=FAILED")
    assert ["r3", "r0"] == names("status=FAILED&offset=1")
    assert ["r5"] == names("search=r5")
    assert ["r4", "r3"] == names("offset=2&limit=2")
    assert caller.emulator.control("GET", "requests?status=FAILED&limit=2")["more"]
    assert not caller.emulator.control("GET", "requests?status=FAILED&limit=3")["more"]
    assert "bad" == caller.emulator.control("GET", "requests/1")["request"]["errors"][0]["text"]
    assert {"line", "description"} == set(caller.status("r0")["errors"][0])


def test_what_waits_is_listed_with_its_reasons(caller: Caller) -> None:
    """A legacy deal whose account is not there and whose owner is not mapped says so, until both have come."""
    deal = line("d1", accountId="a1", ownerId="u1", name="n", createdDate="2026-01-02T03:04:05Z", stage="s", amount=1)
    deal |= {"closeDate": "2026-09-04", "isOpen": True, "isWon": False}
    caller.outcome("DEAL", ldjson(deal), path="/v2/crm/object/entities")
    waits = ["account a1 is not there", "owner u1 is not mapped to a Gong user"]
    expected = {"objectId": "d1", "accountId": "a1", "ownerId": "u1", "waitsFor": waits}
    assert [expected] == caller.emulator.control("GET", "waiting")["deals"]
    caller.outcome("ACCOUNT", ldjson(line("a1")), name="r2")
    assert [{**expected, "waitsFor": waits[1:]}] == caller.emulator.control("GET", "waiting")["deals"]
    caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="u@example.com")), name="r3")
    assert [] == caller.emulator.control("GET", "waiting")["deals"]
    assert [{"crmUserId": "u1", "emailAddress": "u@example.com"}] == caller.emulator.control("GET", "users")["users"]
    assert caller.objects("DEAL", "d1")["d1"] is not None
    caller.outcome(
        "DEAL", ldjson({**deal, "objectId": "d2", "accountId": "a2"}), path="/v2/crm/object/entities", name="r4"
    )
    (waiting,) = caller.emulator.control("GET", "waiting")["deals"]
    assert ["account a2 is not there"] == waiting["waitsFor"]


def test_custom_fields_are_listed(caller: Caller) -> None:
    """The custom fields of all types are listed."""
    caller.describe("DEAL", {"uniqueName": "a", "label": "A", "type": "URL"})
    assert ["a"] == [one["uniqueName"] for one in caller.emulator.control("GET", "fields")["fields"]["DEAL"]]


# Reset, snapshots, seed


def test_a_snapshot_brings_a_state_back(caller: Caller) -> None:
    """A named snapshot keeps integrations, fields, objects and requests, and survives a reset."""
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    assert ["one"] == caller.emulator.control("PUT", "snapshots/one")["snapshots"]
    caller.outcome("ACCOUNT", ldjson(line("a1", isDeleted=True)), name="r2")
    assert {"a1": None} == caller.objects("ACCOUNT", "a1")
    caller.emulator.reset()
    caller.emulator.control("POST", "snapshots/one/restore")
    assert caller.objects("ACCOUNT", "a1")["a1"] is not None
    assert 409 == caller.upload("ACCOUNT", b"").status_code
    assert [] == caller.emulator.control("DELETE", "snapshots/one")["snapshots"]
    for method, path in (("POST", "snapshots/one/restore"), ("DELETE", "snapshots/one")):
        with pytest.raises(ControlError, match="404"):
            caller.emulator.control(method, path)
    with pytest.raises(ControlError, match="400"):
        caller.emulator.control("PUT", "snapshots/a.b")


def test_a_seed_is_planted(newcomer: Caller) -> None:
    """A declared state is there at once, under the same rules as uploads."""
    caller = newcomer
    number = int(caller.emulator.control("POST", "seed", SEED)["integrationId"])
    params: dict[str, Any] = {"integrationId": number, "objectType": "ACCOUNT"}
    answer = caller.http.request("GET", "/v2/crm/entities", params=params, json=["a1"]).json()
    assert 3 == answer["crmObjectsMap"]["a1"]["size"]
    with pytest.raises(ControlError, match="409"):
        caller.emulator.control("POST", "seed", SEED)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"integration": {}}, "needs name and ownerEmail"),
        ({"extra": 1}, "A seed is a JSON object"),
        ({"schema": {"STAGE": []}}, "schema cannot have STAGE"),
        ({"objects": {"ACCOUNT": {}}}, "objects must be an object of arrays"),
        ({"schema": {"ACCOUNT": [{}]}}, "The seed is refused"),
        ({"objects": {"ACCOUNT": [{"objectId": "a"}]}}, "Line 1 of the seed's ACCOUNT is refused"),
    ],
)
def test_a_wrong_seed_leaves_nothing(newcomer: Caller, change: dict[str, Any], sentence: str) -> None:
    """A seed that a rule forbids is refused with a sentence and leaves the tenant empty."""
    with pytest.raises(ControlError, match=sentence):
        newcomer.emulator.control("POST", "seed", {**SEED, **change})
    assert [] == newcomer.http.get("/v2/crm/integrations").json()["integrations"]


# Who is let in


def scope(host: str = "127.0.0.1:80", client: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    """Make what ASGI knows of a call."""
    named = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": "http", "method": "POST", "headers": raw, "client": (client, 1)}


@pytest.mark.parametrize(
    ("call", "welcome"),
    [
        (scope(), True),
        (scope("localhost:8080", origin="http://localhost:8080"), True),
        (scope("[::1]:8080", client="::1"), True),
        (scope("[::ffff:127.0.0.1]:8080", client="::ffff:127.0.0.1"), True),
        (scope("LOCALHOST.:8080"), True),
        (scope("Gong:8080", client="10.0.0.7"), True),
        (scope("127.0.0.1:80", client="::ffff:10.0.0.7"), False),
        (scope("evil.example.com"), False),
        (scope("127.0.0.1:80", client="10.0.0.7"), False),
        (scope(origin="http://evil.example.com"), False),
        (scope(origin="null"), False),
        (scope(origin="http://127.0.0.1:81"), False),
        (scope(sec_fetch_site="cross-site"), False),
        (scope(sec_fetch_site="same-site"), False),
        (scope(sec_fetch_site="same-origin"), True),
        (scope("gong:8080", client="10.0.0.7"), True),
        (scope("gong:8080", client="10.0.0.7", origin="http://evil.example.com"), False),
    ],
)
def test_other_machines_and_other_sites_stay_out(call: dict[str, Any], *, welcome: bool) -> None:
    """Only this machine, or a host name that was allowed, and only pages of the emulator itself are let in."""
    settings = EmulatorSettings(control_hosts=frozenset({"gong"}))
    assert welcome == (control_refused_because(call, settings) is None)


def test_a_cross_origin_call_changes_nothing(caller: Caller) -> None:
    """A call from another site is 403 over the wire too, with a sentence, and resets nothing."""
    answer = http.post(caller.emulator.url + "/_emulator/api/reset", headers={"Origin": "http://evil.example.com"})
    assert (403, "The emulator does not answer calls from pages of other sites.") == (
        answer.status_code,
        answer.json()["error"],
    )
    assert 1 == len(caller.http.get("/v2/crm/integrations").json()["integrations"])


def test_the_control_api_can_be_left_out() -> None:
    """Without the control API its paths are Gong's business."""
    with running_emulator(settings=EmulatorSettings(control=False)) as emulator:
        assert 401 == http.get(emulator.url + "/_emulator/api/health").status_code


def test_health_and_page(caller: Caller) -> None:
    """Health says what the emulator can do; the page is one HTML document with a strict policy."""
    health = caller.emulator.control("GET", "health")
    assert ("ok", 1) == (health["status"], health["version"])
    page = http.get(caller.emulator.url + "/_emulator/")
    assert (200, "text/html; charset=utf-8") == (page.status_code, page.headers["content-type"])
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for wrong, status in (("/_emulator/nope", 404), ("/_emulator/api/state", 405)):
        assert status == http.post(caller.emulator.url + wrong).status_code
