"""The switches of the emulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gong_crm_emulator import EmulatorSettings
from gong_crm_emulator.command_line import _parser
from gong_crm_emulator.principals import Principal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "wrong", [{"processing": "soon"}, {"unknown_id_status": 500}, {"update": "patch"}, {"deals_wait": "current"}]
)
def test_unknown_words_are_refused(wrong: dict[str, Any]) -> None:
    """A word that a switch does not know is refused with those that it knows."""
    with pytest.raises(ValueError, match="must be one of"):
        EmulatorSettings(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pending_polls": -1},
        {"in_progress_polls": 1.5},
        {"pending_polls": True},
        {"pending_seconds": -0.5},
        {"in_progress_seconds": float("nan")},
        {"main_seconds": float("inf")},
        {"main_seconds": "5"},
        {"rate_per_second": 0},
        {"rate_per_second": float("nan")},
        {"rate_per_day": 0},
        {"max_file_bytes": 0},
        {"max_line_bytes": -1},
        {"idle_seconds": 0},
        {"principals": {}},
    ],
)
def test_senseless_numbers_are_refused(wrong: dict[str, Any]) -> None:
    """A number that makes no sense is refused by the settings too, with the name of the switch."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EmulatorSettings(**wrong)


def test_every_reading_and_unknown_is_answered() -> None:
    """The page of differences has a row for each conflict C-1 to C-36 and each unknown U-1 to U-22."""
    text = (ROOT / "docs" / "emulator-differences.md").read_text(encoding="utf-8")
    numbers = [f"C-{number}" for number in range(1, 37)] + [f"U-{number}" for number in range(1, 23)]
    assert [] == [number for number in numbers if f"| {number} |" not in text]


def test_every_switch_named_in_the_docs_exists() -> None:
    """Each option that the two pages name is an option of the command."""
    options = {option for action in _parser()._actions for option in action.option_strings}
    for page in ("emulator.md", "emulator-differences.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        named = {
            word.strip("`,.():;").partition("=")[0]
            for word in text.replace("`", " ").split()
            if word.startswith("--") and word != "--" and word != "--"
        }
        assert set() == named - options


def test_names_are_understood_however_they_are_written() -> None:
    """Host names and addresses of Gong users mean the same in the settings as on the command line."""
    settings = EmulatorSettings(
        allow_hosts=frozenset({"Gong:8080", "2001:DB8:0::1"}),
        control_hosts=frozenset({"http://GONG.internal/"}),
        gong_users=frozenset({"Ann@Example.com"}),
    )
    assert frozenset({"gong", "2001:db8::1"}) == settings.allow_hosts
    assert frozenset({"gong.internal"}) == settings.control_hosts
    assert frozenset({"ann@example.com"}) == settings.gong_users


@pytest.mark.parametrize(
    "wrong",
    [
        {"allow_hosts": "gong"},
        {"allow_hosts": None},
        {"control_hosts": [5]},
        {"control_hosts": frozenset({"a b"})},
        {"gong_users": "ann@example.com"},
        {"rate_per_second": 5e-324},
        {
            "principals": {
                "a": Principal(access_key="a\ud800", access_key_secret="b", access_token="c", scopes=frozenset())
            }
        },
        {"principals": {"a\n": Principal(access_key="a", access_key_secret="b", access_token="c", scopes=frozenset())}},
    ],
)
def test_senseless_texts_are_refused(wrong: dict[str, Any]) -> None:
    """Texts of which no set, no host name, no wait and no header can be made are refused with their switch."""
    with pytest.raises(ValueError, match=r"host name|must be|must have"):
        EmulatorSettings(**wrong)
