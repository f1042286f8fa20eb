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


def fill(caller: Caller) -> None:
    """Live a large integration: thousands of objects, hundreds of requests and calls, and texts that try a page."""
    accounts = [
        line(f"big-{number:05d}", name=f"Company {number}", domains=[f"company{number}.example.com"])
        for number in range(4_998)
    ]
    long = line("big-a-long", name="A very long name " * 250, unknown="x" * 4_000)
    turned = line("big-b-rtl", name="\u202efdp.exe \u0634\u0631\u0643\u0629 \u2066 (Ltd.)")
    caller.outcome("ACCOUNT", ldjson(long, turned, *accounts), name="accounts-big")
    for number in range(200):
        content = b"bad\n" if number % 40 == 7 else ldjson(line(f"lead-{number}"))
        caller.upload("LEAD", content, name=f"leads-{number:03d}-of-a-nightly-run-with-a-long-name")
    for number in range(200):
        caller.end(f"leads-{number:03d}-of-a-nightly-run-with-a-long-name")


def look(folder: Path) -> None:
    """Take screenshots of every tab with much data, wide and narrow, light and dark."""
    with running_emulator(settings=EmulatorSettings()) as emulator, connect(emulator) as caller, browser() as page:
        play(caller)
        fill(caller)
        for scheme in ("light", "dark"):
            page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for tab in ("overview", "objects", "fields", "requests", "calls", "people", "faults", "snapshots"):
                for width in (1200, 360):
                    page.open("about:blank")
                    page.open(f"{emulator.url}/_emulator/#{tab}", width=width, height=900)
                    page.until(f"document.getElementById('panel').dataset.tab === '{tab}'")
                    (folder / f"{tab}-{width}-{scheme}.png").write_bytes(page.picture())


def take(target: Path) -> None:
    """Take the screenshot."""
    with running_emulator(settings=EmulatorSettings(frozen=True)) as emulator, connect(emulator) as caller:
        play(caller)
        with browser() as page:
            page.open(emulator.url + "/_emulator/#overview", width=1100, height=760)
            page.shows("accounts-2")
            target.write_bytes(page.picture())


if __name__ == "__main__":
    place = Path(sys.argv[1])
    look(place) if place.is_dir() else take(place)
