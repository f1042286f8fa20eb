"""The page of the emulator, in a headless Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gong_crm_emulator.control.chromium import PROGRAM, Browser, browser
from tests.gong_crm_emulator.control.picture import play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gong_crm_emulator.caller import Caller

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is missing: install Debian's package chromium."),
]
TABS = ("overview", "objects", "fields", "requests", "calls")


@pytest.fixture(scope="module")
def _browser() -> Iterator[Browser]:
    with browser() as page:
        yield page


@pytest.fixture
def page(_browser: Browser, caller: Caller) -> Browser:
    """Give a browser at the page of an emulator with some life in it."""
    play(caller)
    _browser.events.clear()
    _browser.open("about:blank")
    _browser.open(caller.emulator.url + "/_emulator/")
    _browser.shows("Objects that can be read")
    return _browser


def choose(page: Browser, tab: str) -> None:
    """Choose a tab and wait until it is drawn."""
    page.js(f"document.getElementById('tab-{tab}').click()")
    page.until(f"document.getElementById('panel').dataset.tab === '{tab}'")


def test_the_page_shows_everything(page: Browser, caller: Caller) -> None:
    """Each tab shows its part: counts, objects, fields, requests with line errors, calls with what was sent."""
    page.shows(f"integration {caller.integration_id}")
    choose(page, "objects")
    page.shows("Company 42")
    page.shows("1 to 50")
    choose(page, "fields")
    page.shows("tier")
    page.shows("A, B")
    choose(page, "requests")
    page.shows("accounts-2")
    page.js("[...document.querySelectorAll('summary')].find(s => s.innerText.includes('1 refused')).click()")
    page.shows("line 1: Field [tier] must be one of the values of its orderedValueList")
    choose(page, "calls")
    page.shows("POST /v2/crm/entities")
    page.js("document.querySelectorAll('summary')[0].click()")
    page.shows("Basic (hidden)")
    assert "secret-admin" not in page.text()


def test_objects_are_searched_and_paged(page: Browser) -> None:
    """Typing into the search shows the objects that hold the text; the buttons turn the page."""
    choose(page, "objects")
    page.shows("1 to 50")
    page.js("[...document.querySelectorAll('button')].find(b => b.innerText === 'Next 50').click()")
    page.shows("51 to 61")
    page.js("document.getElementById('search').focus()")
    for letter in "company 42":
        page.press(letter)
    page.until("document.querySelectorAll('tbody tr').length === 1")
    assert "acc-42" in page.text()
    assert "company 42" == page.js("document.getElementById('search').value")


def test_hostile_text_stays_text(page: Browser) -> None:
    """A name that is HTML is shown as text and runs nothing."""
    choose(page, "objects")
    page.until("document.getElementById('search') !== null")
    page.js("document.getElementById('search').focus()")
    for letter in "onerror":
        page.press(letter)
    page.shows("<img src=x onerror")
    assert (0, "Gong CRM emulator") == (page.js("document.images.length"), page.js("document.title"))


def test_the_page_keeps_to_itself(page: Browser, caller: Caller) -> None:
    """The page asks only the emulator, and neither throws nor logs an error."""
    for tab in TABS:
        choose(page, tab)
    asked = {e["params"]["request"]["url"] for e in page.events if e.get("method") == "Network.requestWillBeSent"}
    assert [] == [url for url in asked if not url.startswith((caller.emulator.url, "data:", "about:"))]
    assert [] == [e for e in page.events if e.get("method") in {"Runtime.exceptionThrown", "Log.entryAdded"}]


def test_the_keyboard_is_enough(page: Browser, caller: Caller) -> None:
    """Everything can be reached and done with the keyboard: clock, tabs, details."""
    caller.emulator.clock.freeze()
    before = caller.emulator.clock.now()
    page.press("Tab")
    assert "step" == page.js("document.activeElement.id")
    page.press("Tab")
    assert "do-step" == page.js("document.activeElement.id")
    page.press("Enter")
    page.shows("The clock stepped 60 seconds.")
    assert before + 60 == caller.emulator.clock.now()
    page.press("Tab", times=3)
    assert "tab-overview" == page.js("document.activeElement.id")
    page.press("ArrowRight", times=3)
    assert "tab-requests" == page.js("document.activeElement.id")
    page.shows("accounts-2")
    page.press("Tab")
    assert "panel" == page.js("document.activeElement.id")
    page.until("document.querySelector('summary') !== null")
    page.press("Tab")
    assert "SUMMARY" == page.js("document.activeElement.tagName")
    page.press("Enter")
    page.shows("line 1: Field [tier]")
    outlined = page.js("getComputedStyle(document.activeElement).outlineStyle")
    assert "solid" == outlined


def test_what_is_open_stays_open(page: Browser, caller: Caller) -> None:
    """When new requests arrive, opened details stay open."""
    choose(page, "requests")
    page.shows("accounts-2")
    page.js("document.querySelector('summary').click()")
    page.shows("line 1: Field [tier]")
    caller.upload("LEAD", b"", name="later-1")
    page.shows("later-1")
    page.shows("line 1: Field [tier]")


def test_reset_asks_and_forgets(page: Browser, caller: Caller) -> None:
    """The reset button asks first and then forgets everything."""
    page.js("setTimeout(() => document.getElementById('reset').click(), 0)")
    page.shows("Everything is forgotten.")
    page.shows("No integration is registered.")
    assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]


@pytest.mark.parametrize("tab", TABS)
def test_a_narrow_window_needs_no_sideways_scrolling(page: Browser, caller: Caller, tab: str) -> None:
    """At 320 pixels every tab fits, the table cells with their names beside them."""
    page.open("about:blank")
    page.open(f"{caller.emulator.url}/_emulator/#{tab}", width=320, height=700)
    page.until(f"document.getElementById('panel').dataset.tab === '{tab}'")
    assert page.js("document.documentElement.scrollWidth") <= 320


def test_the_page_can_be_read(page: Browser) -> None:
    """Every control has a name, the language is set, and text stands out from its ground at least 4.5 to 1."""
    nameless = """[...document.querySelectorAll('button, input, select')].filter(
        one => !(one.innerText || one.labels?.length || one.getAttribute('aria-label'))).length"""
    assert (0, "en") == (page.js(nameless), page.js("document.documentElement.lang"))
    contrast = """(() => { const s = getComputedStyle(document.documentElement);
        const lum = hex => { const [r, g, b] = hex.match(/[a-f0-9]{2}/gi).map(v => parseInt(v, 16) / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126*r + 0.7152*g + 0.0722*b; };
        const full = v => { v = v.trim(); return v.length === 4 ? '#' + [...v.slice(1)].map(c => c + c).join('') : v; };
        const get = n => lum(full(s.getPropertyValue(n)));
        return Math.min(...['--ink', '--soft', '--good', '--bad', '--wait', '--accent'].map(n => {
            const [a, b] = [get(n), get('--ground')].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); })); })()"""
    assert page.js(contrast) >= 4.5
