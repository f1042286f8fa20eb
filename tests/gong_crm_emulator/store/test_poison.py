"""Whatever a line holds, it ends in a line error or is stored and shown, and the next request goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.lines.rules import DEEPEST, LineRules
from gong_crm_emulator.store.tables import waiting
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
