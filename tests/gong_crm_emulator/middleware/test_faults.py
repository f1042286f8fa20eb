"""Faults that a plan lets a caller meet."""

from __future__ import annotations

import asyncio
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gong_crm_emulator.app import create_app
from gong_crm_emulator.middleware.fault_kinds import BY_NAME
from gong_crm_emulator.remote import ControlError
from tests.gong_crm_emulator.caller import ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller

AUTH = ("key-admin", "secret-admin")
LIST = "/v2/crm/integrations"
DEEP: Any = json.loads("[" * 300 + "]" * 300)


def test_planned_answers_come_in_order_and_then_end(caller: Caller) -> None:
    """The first calls of an operation get the planned answers, HTML too, and later ones the true answer."""
    html = {"kind": "answer", "status": 502, "headers": {"Content-Type": "text/html"}, "body": "<h1>Bad gateway</h1>"}
    busy = {"kind": "answer", "status": 429, "headers": {"Retry-After": "7"}, "body": {"errors": ["slow"]}, "times": 2}
    caller.emulator.faults.add("listCrmIntegrations", html, busy)
    assert not caller.emulator.faults.consumed()
    answers = [caller.http.get(LIST) for _ in range(4)]
    assert [502, 429, 429, 200] == [answer.status_code for answer in answers]
    assert ("<h1>Bad gateway</h1>", "text/html") == (answers[0].text, answers[0].headers["content-type"])
    assert ("7", ["slow"]) == (answers[1].headers["retry-after"], answers[1].json()["errors"])
    assert caller.emulator.faults.consumed()


def test_a_plan_meets_its_operation_only(caller: Caller) -> None:
    """Other operations do not meet the faults of one; a plan for * meets all; pass lets a call through."""
    caller.emulator.faults.add("uploadCrmEntities", {"kind": "answer", "status": 500})
    assert 200 == caller.http.get(LIST).status_code
    caller.emulator.faults.clear()
    caller.emulator.faults.add("*", {"kind": "pass"}, {"kind": "answer", "status": 503})
    assert [200, 503, 200] == [caller.http.get(LIST).status_code for _ in range(3)]


def test_injected_answers_are_marked_in_the_journal(caller: Caller) -> None:
    """The journal tells which answers a plan made."""
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "answer", "status": 503})
    caller.http.get(LIST)
    caller.http.get(LIST)
    assert [None, "answer"] == [call["injected"] for call in caller.emulator.journal()[:2]]


def test_a_connection_closed_before_reading_loses_the_upload(caller: Caller) -> None:
    """Closed before reading: the caller gets no answer and nothing is stored."""
    caller.emulator.faults.add("uploadCrmEntities", {"kind": "close-before-reading"})
    with pytest.raises(httpx.TransportError):
        caller.upload("ACCOUNT", ldjson(line("a1")))
    assert 201 == caller.upload("ACCOUNT", ldjson(line("a1"))).status_code


def test_a_connection_closed_after_accepting_keeps_the_upload(caller: Caller) -> None:
    """Closed after accepting: the answer is lost, the upload is not, so sending it again is a 409."""
    caller.emulator.faults.add("uploadCrmEntities", {"kind": "close-after-accepting"})
    with pytest.raises(httpx.TransportError):
        caller.upload("ACCOUNT", ldjson(line("a1")))
    assert 409 == caller.upload("ACCOUNT", ldjson(line("a1"))).status_code
    assert "DONE" == caller.end()["status"]
    assert [None, "close-after-accepting"] == [
        call["injected"] for call in caller.emulator.journal() if call["operation"] == "uploadCrmEntities"
    ]


def test_an_answer_after_accepting_hides_that_the_upload_was_taken(caller: Caller) -> None:
    """Another answer after accepting: the caller reads of a failure, and sending again is a 409."""
    gateway = {"kind": "answer-after-accepting", "status": 502, "body": "<h1>Bad gateway</h1>"}
    caller.emulator.faults.add("uploadCrmEntities", gateway)
    assert [502, 409] == [caller.upload("ACCOUNT", ldjson(line("a1"))).status_code for _ in range(2)]
    assert "DONE" == caller.end()["status"]


def test_a_truncated_answer_ends_early(caller: Caller) -> None:
    """A truncated answer announces more bytes than come."""
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "truncate", "keepBytes": 5})
    with pytest.raises(httpx.RemoteProtocolError):
        caller.http.get(LIST)
    assert 200 == caller.http.get(LIST).status_code


def test_stalled_and_slow_answers_arrive_late(caller: Caller) -> None:
    """A stall waits before the answer, a slow body comes in pieces; both end right."""
    caller.emulator.faults.add(
        "listCrmIntegrations", {"kind": "stall", "seconds": 0.2}, {"kind": "slow", "bytesPerSecond": 500}
    )
    for least in (0.2, 0.1):
        started = time.monotonic()
        assert "Test" == caller.http.get(LIST).json()["integrations"][0]["name"]
        assert least <= time.monotonic() - started


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ({"operation": "noSuch", "faults": [{"kind": "answer"}]}, "There is no operation 'noSuch'"),
        ({"operation": "*", "faults": []}, "A plan is"),
        ({"operation": "*"}, "A plan is"),
        ([], "A plan is"),
        ({"operation": "*", "faults": [{"kind": "explode"}]}, "The kind of a fault must be one of"),
        ({"operation": "*", "faults": [{"kind": ["answer"]}]}, "The kind of a fault must be one of"),
        ({"operation": "*", "faults": [{"kind": "answer", "color": 1}]}, "A fault of kind answer has no member color"),
        (
            {"operation": "*", "faults": [{"kind": "answer", "seconds": 1}]},
            "A fault of kind answer has no member sec",
        ),
        ({"operation": "*", "faults": [{"kind": "stall", "second": 1}]}, "no member second: did you mean seconds?"),
        ({"operation": "*", "faults": [{"kind": "pass", "status": 500}]}, "A fault of kind pass has no member status"),
        ({"operation": "*", "faults": [{"kind": "pass"}], "time": 1}, "A plan has no member time"),
        ({"operation": "*", "faults": [{"kind": "answer", "body": 5}]}, "body of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "answer", "body": DEEP}]}, "body of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "slow", "bytesPerSecond": 0}]}, "bytesPerSecond of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "truncate", "keepBytes": 1.5}]}, "keepBytes of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "answer", "status": 99}]}, "status of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "answer", "times": 0}]}, "times of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "answer", "headers": {"a": "b\n"}}]}, "headers of a fault must be"),
        ({"operation": "*", "faults": [{"kind": "stall", "seconds": -1}]}, "seconds of a fault must be"),
    ],
)
def test_plans_that_cannot_be_followed_are_refused(caller: Caller, plan: Any, sentence: str) -> None:  # noqa: ANN401  (any JSON)
    """A plan for an operation or a fault that does not exist is refused with a sentence."""
    with pytest.raises(ControlError, match=re.escape(sentence)):
        caller.emulator.control("POST", "faults", plan)
    assert [] == caller.emulator.control("GET", "faults")["plans"]


def test_plans_are_resources(caller: Caller) -> None:
    """A plan can be asked for and dropped by its number."""
    number = caller.emulator.faults.add("*", {"kind": "answer", "times": 3})
    assert 3 == caller.emulator.control("GET", f"faults/{number}")["plan"]["left"]
    assert [] == caller.emulator.control("DELETE", f"faults/{number}")["plans"]
    for method in ("GET", "DELETE"):
        with pytest.raises(ControlError, match="404"):
            caller.emulator.control(method, f"faults/{number}")
    assert json.dumps(caller.emulator.control("GET", "faults")["consumed"]) == "true"


def test_the_kinds_are_listed_with_their_members(caller: Caller) -> None:
    """The control API lists the kinds from the same table that plans are read by."""
    kinds = {kind["kind"]: kind for kind in caller.emulator.control("GET", "faults")["kinds"]}
    assert set(BY_NAME) == set(kinds)
    assert ["status", "headers", "body"] == [member["name"] for member in kinds["answer"]["members"]]
    for name in kinds:
        caller.emulator.control("POST", "faults", {"operation": "*", "faults": [{"kind": name}]})


def test_the_docs_have_a_row_for_every_kind() -> None:
    """The page of the emulator describes each kind in the words of the table."""
    text = (Path(__file__).resolve().parents[3] / "docs" / "emulator.md").read_text(encoding="utf-8")
    for kind in BY_NAME.values():
        members = ", ".join(f"`{member.name}`" for member in kind.members) or "none"
        assert f"| `{kind.name}` | {kind.what} | {members} |" in text


def test_the_second_plan_is_shown_by_its_number(caller: Caller) -> None:
    """Each plan is found behind those before it."""
    for status in (500, 503):
        caller.emulator.faults.add("listCrmIntegrations", {"kind": "answer", "status": status})
    plans = caller.emulator.control("GET", "faults")["plans"]
    assert plans[1] == caller.emulator.control("GET", f"faults/{plans[1]['id']}")["plan"]


def test_a_connection_is_closed_by_our_own_server_only() -> None:
    """Under another server a plan that closes connections fails loudly, instead of passing as no fault."""
    app = create_app()

    async def call() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", auth=AUTH) as client:
            plan = {"operation": "*", "faults": [{"kind": "close-before-reading"}]}
            assert 201 == (await client.post("/_emulator/api/faults", json=plan)).status_code
            await client.get(LIST)

    with pytest.raises(RuntimeError, match="Only the emulator's own server can close a connection"):
        asyncio.run(call())


def test_the_end_of_a_slow_answer_is_the_end(caller: Caller) -> None:
    """After the last piece of a slow answer the connection serves the next call."""
    caller.emulator.faults.add("listCrmIntegrations", {"kind": "slow", "bytesPerSecond": 2_000})
    assert [200, 200] == [caller.http.get(LIST).status_code for _ in range(2)]


@pytest.mark.parametrize("operation", [[], {}, ["*"], None, 5, True])
def test_an_operation_is_a_text(caller: Caller, operation: object) -> None:
    """A plan whose operation is no text is refused with those that there are."""
    plan = {"operation": operation, "faults": [{"kind": "pass"}]}
    answer = caller.http.post("/_emulator/api/faults", json=plan)
    assert (400, True) == (answer.status_code, answer.json()["error"].startswith("There is no operation"))


@pytest.mark.parametrize("name", ["", "two words", "colon:", "line\nbreak", "n\u00e4me"])
def test_a_header_of_a_fault_has_a_name_that_can_be_sent(caller: Caller, name: str) -> None:
    """A name of which no header can be made is refused."""
    plan = {"operation": "*", "faults": [{"kind": "answer", "headers": {name: "x"}}]}
    assert 400 == caller.http.post("/_emulator/api/faults", json=plan).status_code


def test_a_long_name_in_a_plan_is_answered_shortly(caller: Caller) -> None:
    """A member with a name of a megabyte is refused in a sentence."""
    answer = caller.http.post("/_emulator/api/faults", json={"faults": [{"kind": "pass"}], "n" * 1_000_000: 1})
    assert (400, True) == (answer.status_code, len(answer.content) < 1_000)
