"""The page's screenshot, taken by `python -m tests.gong_crm_emulator.control.picture FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import connect, ldjson, line
from tests.gong_crm_emulator.control.chromium import browser

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller


def play(caller: Caller) -> None:
    """Live a small integration, with a refused line, a waiting deal and a hostile name."""
    caller.describe(
        "ACCOUNT", {"uniqueName": "tier", "label": "Tier", "type": "PICKLIST", "orderedValueList": ["A", "B"]}
    )
    caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="ann@example.com")), name="users-1")
    caller.outcome("STAGE", ldjson({"objectId": "won", "name": "Won"}), name="stages-1")
    accounts = [line(f"acc-{number}", name=f"Company {number}", tier="A") for number in range(60)]
    caller.outcome("ACCOUNT", ldjson(*accounts), name="accounts-1")
    hostile = line("acc-hostile", name="<img src=x onerror=document.title='broken'>", tier="C")
    caller.outcome("ACCOUNT", ldjson(hostile, {**hostile, "tier": "B"}), name="accounts-2")
    caller.outcome("DEAL", ldjson(line("deal-1", accountId="acc-1", ownerId="u1", amount=7000)), name="deals-1")
    caller.upload("CONTACT", ldjson(line("con-1", emailAddress="jo@example.com")), name="contacts-1")


def take(target: Path) -> None:
    """Take the screenshot."""
    with running_emulator(settings=EmulatorSettings(frozen=True)) as emulator, connect(emulator) as caller:
        play(caller)
        with browser() as page:
            page.open(emulator.url + "/_emulator/#overview", width=1100, height=760)
            page.shows("accounts-2")
            target.write_bytes(page.picture())


if __name__ == "__main__":
    take(Path(sys.argv[1]))
