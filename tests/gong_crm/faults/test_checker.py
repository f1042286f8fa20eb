"""The judge itself: silent about a right push, and loud about each way to lose, double or misreport a line."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gong_crm.faults.harness.checker import Said, calls_at_once, complaints
from tests.gong_crm.faults.harness.inputs import BAD_LINES, Maker
from tests.gong_crm.faults.harness.judgement import expected
from tests.gong_crm.faults.harness.plain import File, Pushed, handed_back, planned, push, said_otherwise

if TYPE_CHECKING:
    from collections.abc import Callable

    from gong_crm_emulator import RunningEmulator


def test_a_right_push_is_not_complained_of(emulator: RunningEmulator, tmp_path: Path) -> None:
    """All types, waves, bad and repeated lines, CSV and gzip, pushed right: no complaint."""
    inputs = Maker(tmp_path).all_types()
    said = push(emulator, planned(inputs))
    assert [] == complaints(emulator.url, inputs, said=said)


def test_the_judge_shares_no_code_with_the_judged() -> None:
    """The judge loads neither the front door nor the client that it is built on."""
    program = (
        "import sys, tests.gong_crm.faults.harness.checker as judge;"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'gong_crm', 'gong_crm_client'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[3], check=True, capture_output=True, text=True
    )
    assert "[]" == done.stdout.strip()


def test_the_maker_makes_what_it_says(tmp_path: Path) -> None:
    """The judge's own reading finds each bad line, each repetition and each blank line that the maker strewed in."""
    inputs = Maker(tmp_path).all_types(size=8)
    accounts = expected("ACCOUNT", inputs["ACCOUNT"])
    assert sorted(BAD_LINES) == sorted(accounts.refused)
    assert (2, 13, 13 + 2 + len(BAD_LINES)) == (accounts.duplicates, len(accounts.good), accounts.read)
    assert 2 == len(expected("CONTACT", inputs["CONTACT"]).refused)
    assert 8 == len(expected("DEAL", inputs["DEAL"]).good)


def _lose(plan: Pushed) -> None:
    _accounts(plan).records.pop()


def _lose_a_version(plan: Pushed) -> None:
    plan.files[:] = [file for file in plan.files if file is _accounts(plan) or file.object_type != "ACCOUNT"]


def _double_a_file(plan: Pushed) -> None:
    plan.files.append(File("CONTACT", plan.files[-1].records))


def _double_a_line_later(plan: Pushed) -> None:
    plan.files.insert(1, File("ACCOUNT", _accounts(plan).records[:1]))


def _invent(plan: Pushed) -> None:
    plan.files[-1].records.append({"objectId": "zz", "modifiedDate": "2027-01-01T00:00:00Z"})


def _change_a_member(plan: Pushed) -> None:
    _accounts(plan).records[0]["name"] = "Changed"


def _send_a_bad_line(plan: Pushed) -> None:
    _accounts(plan).records.append({"objectId": "bad-2", "name": "no date"})


def _contacts_first(plan: Pushed) -> None:
    plan.files.reverse()


def _an_empty_file_too_many(plan: Pushed) -> None:
    plan.files.append(File("CONTACT", []))


def _forget_to_follow(plan: Pushed) -> None:
    plan.files[-1].follow = False


def _say_more_accepted(plan: Pushed) -> None:
    plan.said = said_otherwise(plan.said, "ACCOUNT", accepted=99)


def _say_a_duplicate_less(plan: Pushed) -> None:
    plan.said = said_otherwise(plan.said, "ACCOUNT", duplicates=0)


def _keep_back_a_reject(plan: Pushed) -> None:
    plan.said = handed_back(plan.said, "ACCOUNT", b"")


def _keep_back_a_row(plan: Pushed) -> None:
    plan.said = handed_back(plan.said, "CONTACT", b"objectId,modifiedDate,emailAddress,lastName\n")


def _write_a_reject_anew(plan: Pushed) -> None:
    plan.said = handed_back(plan.said, "ACCOUNT", plan.said.rejects["ACCOUNT"].replace(b": ", b":"))


def _reject_twice(plan: Pushed) -> None:
    plan.said = handed_back(plan.said, "ACCOUNT", plan.said.rejects["ACCOUNT"] * 2)


def _reject_a_good_line(plan: Pushed) -> None:
    plan.said = handed_back(plan.said, "ACCOUNT", plan.said.rejects["ACCOUNT"] + b'{"objectId": "account-0"}\n')


def _say_nothing(plan: Pushed) -> None:
    plan.said = Said()


def _accounts(plan: Pushed) -> File:
    return next(file for file in plan.files if file.object_type == "ACCOUNT")


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (_lose, "lost: ACCOUNT"),
        (_lose_a_version, "lost: ACCOUNT"),
        (_double_a_file, "doubled: CONTACT"),
        (_double_a_line_later, "doubled: ACCOUNT"),
        (_invent, "invented: CONTACT"),
        (_change_a_member, "invented: ACCOUNT"),
        (_send_a_bad_line, "Gong refused 1 ACCOUNT lines"),
        (_contacts_first, "types out of order"),
        (_an_empty_file_too_many, "1 empty CONTACT files were accepted, 0 expected"),
        (_forget_to_follow, "never followed to the end"),
        (_say_more_accepted, "numbers of ACCOUNT"),
        (_say_a_duplicate_less, "numbers of ACCOUNT"),
        (_keep_back_a_reject, "missing in the rejects of ACCOUNT"),
        (_keep_back_a_row, "missing in the rejects of CONTACT"),
        (_write_a_reject_anew, "missing in the rejects of ACCOUNT"),
        (_reject_twice, "in the rejects of ACCOUNT, but not refused"),
        (_reject_a_good_line, "in the rejects of ACCOUNT, but not refused"),
        (_say_nothing, "numbers of ACCOUNT"),
    ],
)
def test_each_mistake_is_complained_of(
    emulator: RunningEmulator, tmp_path: Path, mistake: Callable[[Pushed], None], sentence: str
) -> None:
    """A push with one mistake is complained of, with the word for that mistake."""
    inputs = Maker(tmp_path).few()
    plan = planned(inputs)
    mistake(plan)
    said = push(emulator, plan)
    found = complaints(emulator.url, inputs, said=said)
    assert any(one.startswith(sentence) for one in found), found


def test_versions_in_the_wrong_order_are_complained_of(emulator: RunningEmulator, tmp_path: Path) -> None:
    """A newer version that is sent in an earlier file than the older one is complained of."""
    maker = Maker(tmp_path)
    old, new = ({"objectId": "a", "modifiedDate": f"2026-01-0{day}T00:00:00Z"} for day in (1, 2))
    inputs = {"ACCOUNT": [maker.lines("a.ldjson", [new, old])]}
    plan = planned(inputs)
    plan.files.reverse()
    said = push(emulator, plan)
    assert ["versions of ACCOUNT a were sent out of order"] == complaints(emulator.url, inputs, said=said)


def test_a_lost_sign_of_life_is_complained_of(emulator: RunningEmulator, tmp_path: Path) -> None:
    """An empty source that was not pushed, or once where two nights were asked for, is complained of."""
    inputs = {"ACCOUNT": [Maker(tmp_path).lines("a.ldjson", [])]}
    plan = planned(inputs)
    said = push(emulator, plan)
    assert [] == complaints(emulator.url, inputs, said=said)
    two = complaints(emulator.url, inputs, said=said, empty_nights=2)
    assert ["1 empty ACCOUNT files were accepted, 2 expected"] == two
    emulator.reset()
    none = push(emulator, replace(plan, files=[]))
    assert ["0 empty ACCOUNT files were accepted, 1 expected"] == complaints(emulator.url, inputs, said=none)


def test_calls_at_once_are_counted_over_any_second() -> None:
    """The most calls within one second are found wherever that second begins."""
    assert 3 == calls_at_once([{"at": 0.0}, {"at": 0.9}, {"at": 1.1}, {"at": 1.8}, {"at": 2.5}])
