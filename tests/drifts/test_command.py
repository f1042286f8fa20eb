"""The command that lists and serves drifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.drifts import DRIFTS, TO_THE_LETTER, VARIATIONS
from contract_tests.drifts.__main__ import main

if TYPE_CHECKING:
    import pytest


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Each drift and variation has a line: id, class, clause or fact, change."""
    code = main(["list"])

    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert 0 == code
    assert [*DRIFTS, *TO_THE_LETTER, *VARIATIONS] == [row[0] for row in rows]
    assert {4} == {len(row) for row in rows}


def test_serve_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that nobody has is told in one sentence."""
    code = main(["serve", "no-such-drift"])

    assert 2 == code
    assert "No drift or variation is called no-such-drift" in capsys.readouterr().err
