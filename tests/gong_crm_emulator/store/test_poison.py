"""Whatever a line holds, it ends in a line error or is stored and shown, and the next request goes on."""

from __future__ import annotations

import gc
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.lines.rules import DEEPEST, LineRules
from gong_crm_emulator.store.tables import waiting
from gong_crm_emulator.store.tenant import Tenant
from tests.gong_crm_emulator.caller import WHEN, connect, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller


def nested(levels: int, *, objects: bool = False) -> str:
    """Write JSON of some levels."""
    return '{"a":' * levels + "1" + "}" * levels if objects else "[" * levels + "]" * levels


def poisonous(member: str, value: str) -> bytes:
    """Write a line with one odd member."""
    return f'{{"objectId": "p", "modifiedDate": "{WHEN}", "{member}": {value}}}\n'.encode()


ODD = [
    nested(DEEPEST - 1),
    nested(DEEPEST - 1, objects=True),
    nested(DEEPEST),
    nested(253),
    nested(300),
    nested(300, objects=True),
    nested(1_023),
    nested(100_000),
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\u202eright to left"',
    "123456789012345678901234567890",
    "1e999",
    "-1e999",
    "-0.0",
    json.dumps("x" * 3_000_000),
    json.dumps([0] * 300_000),
    json.dumps({str(number): number for number in range(50_000)}),
    '{"": {"": ""}}',
]


@pytest.mark.parametrize("update", ["replace", "merge"])
def test_any_value_ends_somewhere(update: Any) -> None:  # noqa: ANN401  (one of two words)
    """Each odd value, in members with and without rules, ends in an error or is read, listed and searched."""
    with running_emulator(settings=EmulatorSettings(update=update)) as emulator, connect(emulator) as caller:
        caller.describe("ACCOUNT", {"uniqueName": "free", "label": "Free", "type": "STRING"})
        for number, value in enumerate(ODD):
            for member in ("name", "domains", "free", "unknown", "objectId", "isDeleted"):
                name = f"{member}-{number}"
                end = caller.outcome("ACCOUNT", poisonous(member, value), name=name)
                assert 1 == end["totalErrorCount"] + end["totalSuccessCount"], (name, end)
                caller.objects("ACCOUNT", "p")
            listed = emulator.control("GET", "objects?objectType=ACCOUNT&search=p")["objects"]
            assert len(listed) <= 2
        end = caller.outcome("ACCOUNT", ldjson(line("after", name="After")), name="after")
        assert ("DONE", "After") == (end["status"], (caller.objects("ACCOUNT", "after")["after"] or {})["name"])
        assert {None} == {one["trouble"] for one in emulator.control("GET", "requests?limit=500")["requests"]}


@pytest.mark.parametrize("objects", [False, True])
def test_nesting_has_a_limit(*, objects: bool) -> None:
    """A line of 200 levels is taken, alone and among others; one level more is a line error that says so."""
    rules = LineRules("ACCOUNT", family=Family.CURRENT)
    good = poisonous("x", nested(DEEPEST - 1, objects=objects))
    bad = poisonous("x", nested(DEEPEST, objects=objects))
    assert isinstance(rules.judge(good), tuple)
    assert f"Line is nested deeper than {DEEPEST} levels" == rules.judge(bad)
    assert rules.judge_all([bad]) is None
    broad = poisonous("x", json.dumps([[]] * 1_000))
    assert isinstance(rules.judge(broad), tuple)


def test_a_reader_that_fails_says_so_and_the_next_one_goes_on(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw becomes one general error of its request, and later requests end as ever."""
    judge = LineRules.judge_all

    def fragile(rules: LineRules, lines: list[bytes]) -> Any:  # noqa: ANN401  (passed on)
        if b"fragile" in lines[0]:
            raise ZeroDivisionError("division by zero")
        return judge(rules, lines)

    monkeypatch.setattr(LineRules, "judge_all", fragile)
    end = caller.outcome("ACCOUNT", ldjson(line("a1", name="fragile")))
    assert ("FAILED", 0, 1) == (end["status"], end["errors"][0]["line"], end["totalErrorCount"])
    assert "The file could not be processed: ZeroDivisionError: division by zero" == end["errors"][0]["description"]
    assert "DONE" == caller.outcome("ACCOUNT", ldjson(line("a2")), name="r2")["status"]


def test_a_request_that_cannot_be_moved_is_in_nobodys_way(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose lines cannot be brought into the main database says why, and later ones get there."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(waiting, "release", broken)
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    assert {"a1": None} == caller.objects("ACCOUNT", "a1")
    monkeypatch.undo()
    caller.outcome("ACCOUNT", ldjson(line("a2")), name="r2")
    assert caller.objects("ACCOUNT", "a2")["a2"] is not None
    troubles = [one["trouble"] for one in caller.emulator.control("GET", "requests")["requests"]]
    assert [None, "ZeroDivisionError: division by zero"] == troubles


def test_a_failure_in_the_background_is_logged_once(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Work that dies in its thread is logged by the emulator, and not by asyncio once more when it is forgotten."""

    def broken(*_: object, **__: object) -> None:
        time.sleep(0.2)  # so that a caller waits for it
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(Tenant, "read_file", broken)
    assert 201 == caller.upload("ACCOUNT", ldjson(line("a1"))).status_code
    caller.status()
    monkeypatch.undo()
    caller.emulator.reset()
    gc.collect()
    assert ["Work in the background failed"] == [record.getMessage() for record in caplog.records]


def test_long_names_make_no_long_sentences(caller: Caller) -> None:
    """Names and words of a schema that are as long as a book stand shortened in the errors of lines and schemas."""
    book = "n" * 100_000
    words = [f"{number}{book}" for number in range(10)]
    fields: list[dict[str, Any]] = [
        {"uniqueName": book, "label": "L", "type": "NUMBER"},
        {"uniqueName": "word", "label": "L", "type": "PICKLIST", "orderedValueList": words},
    ]
    assert 200 == caller.describe("ACCOUNT", *fields).status_code
    end = caller.outcome("ACCOUNT", ldjson(line("a1", word="x"), line("a2", **{book: "x"})))
    assert 2 == end["totalErrorCount"]
    assert all(len(error["description"]) < 2_000 for error in end["errors"])
    for answer in (caller.describe("ACCOUNT"), caller.describe("ACCOUNT", *fields, *fields)):
        assert (400, True) == (answer.status_code, len(answer.content) < 2_000)


def test_members_with_long_names_are_stored_and_not_listed(caller: Caller) -> None:
    """A member whose name is as long as a book is kept in its line, and named in no list."""
    records = [line(f"a{number}", **{f"{number}" + "n" * 10_000: 1}) for number in range(50)]
    assert "DONE" == caller.outcome("ACCOUNT", ldjson(*records, line("b", short=1)))["status"]
    listed = caller.emulator.control("GET", "requests/1")["request"]["notShown"]
    assert [{"member": "short", "firstLine": 51, "similar": []}] == listed


def test_lines_with_names_of_their_own_are_judged_one_by_one() -> None:
    """Where each line has other names than the next, to judge them together would take longer than one by one."""
    rules = LineRules("ACCOUNT", family=Family.CURRENT)
    odd = [
        json.dumps(line(f"a{number}", **{f"m{number}-{one}": 1 for one in range(20)})).encode() for number in range(100)
    ]
    assert rules.judge_all(odd) is None
    assert all(isinstance(rules.judge(one), tuple) for one in odd)


def test_similar_names_are_looked_for_among_few(caller: Caller) -> None:
    """With tens of thousands of fields the list of requests comes as soon as ever, and names what will not show."""
    fields = [{"uniqueName": f"field{number}", "label": "L", "type": "STRING"} for number in range(30_000)]
    assert 200 == caller.describe("ACCOUNT", *fields).status_code
    members = {f"fields{number}": 1 for number in range(100)} | {"field29999": "known"}
    caller.outcome("ACCOUNT", ldjson(line("a1", **members)))
    caller.http.timeout = 5
    listed = caller.http.get("/_emulator/api/requests").json()["requests"][0]["notShown"]
    assert (99, 3) == (len(listed), len(listed[0]["similar"]))
