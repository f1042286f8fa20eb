"""Each kind of fault at each kind of call, before, during and after the work is done, blocking and awaited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from gong_crm.errors import AuthenticationError
from tests.gong_crm.faults.harness.checker import Look, complaints
from tests.gong_crm.faults.harness.lives import end, live
from tests.gong_crm.faults.harness.tables import DELETE, FAULTS, OPERATIONS, STATUS, UPLOAD, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gong_crm_emulator import RunningEmulator
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening

_WAYS: Final = ("blocking", "awaited")
_REVOKED: Final = {
    "kind": "answer",
    "status": 401,
    "body": {"requestId": "x1", "errors": ["Validate credentials failed."]},
}


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """A call: the so many-th of an operation."""

    operation: str
    number: int

    def __str__(self) -> str:
        return f"{self.operation}-{self.number}"

    def meet(self, emulator: RunningEmulator, fault: dict[str, Any]) -> None:
        """Let the call meet a fault."""
        before = [{"kind": "pass", "times": self.number - 1}] if self.number > 1 else []
        emulator.faults.add(self.operation, *before, fault)


_MOMENTS: Final = [
    _Moment(operation=operation, number=number)
    for operation in OPERATIONS
    for number in ((1, 2, 3) if operation in {UPLOAD, STATUS} else (1,))
]


def _cases() -> Iterator[Any]:
    """Give every case; quick ones are each fault at an upload and at one other call, by turns."""
    uploads = [one for one in _MOMENTS if one.operation == UPLOAD]
    others = [one for one in _MOMENTS if one.operation != UPLOAD]
    for place, fault in enumerate(FAULTS):
        quick = {(uploads[place % 3], _WAYS[place % 2]), (others[place % len(others)], _WAYS[(place + 1) % 2])}
        for moment in _MOMENTS:
            for way in _WAYS:
                marks = [] if (moment, way) in quick else [pytest.mark.slow]
                yield pytest.param(moment, fault, way, id=f"{moment}-{fault}-{way}", marks=marks)


@pytest.mark.parametrize(("moment", "fault", "opening"), [*_cases()], indirect=["opening"])
def test_a_fault_loses_and_doubles_nothing(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, moment: _Moment, fault: Fault
) -> None:
    """A fault at one call: what may pass is got over in silence, and in the end each record is there once."""
    moment.meet(emulator, fault.step(moment.operation))
    life = live(opening, inputs, read=["account-0", "nobody"])
    assert [] == complaints(emulator.url, inputs, said=life.said)
    assert (True, None) == (life.read["account-0"] is not None, life.read["nobody"])
    last = end(opening)
    assert emulator.faults.consumed()
    state = Look(emulator.url).state()
    assert ([], 0) == (state["integrations"], state["rawLines"])
    assert 1 == len([one for one in emulator.control("GET", "requests")["requests"] if one["kind"] == "delete"])
    failures = [*life.failures, *last.failures]
    assert len(failures) <= (0 if fault.passes else 1), failures


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(one, id=str(one), marks=[] if place % 2 == 0 else [pytest.mark.slow])
        for place, one in enumerate(_MOMENTS)
        if one.operation != DELETE
    ],
)
def test_revoked_credentials_stop_a_push_that_goes_on_later(
    emulator: RunningEmulator, opening: Opening, inputs: Inputs, moment: _Moment
) -> None:
    """Credentials revoked in the middle: a typed error at once, and all is there after they work again."""
    moment.meet(emulator, {**_REVOKED, "times": 1000})
    stopped = live(opening, inputs, read=["account-0"])
    assert {AuthenticationError} == {type(problem) for problem in stopped.failures}
    emulator.faults.clear()
    life = live(opening, inputs, read=["account-0"])
    assert [] == life.failures
    assert [] == complaints(emulator.url, inputs, said=life.said or stopped.said)
