"""The page of the emulator, in a headless Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import WHEN, connect, ldjson, line
from tests.gong_crm_emulator.control.chromium import PROGRAM, Browser, browser
from tests.gong_crm_emulator.control.picture import play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gong_crm_emulator.caller import Caller

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is missing: install Debian's package chromium."),
]
JSON = {"Content-Type": "application/json"}
TABS = ("overview", "objects", "fields", "requests", "calls", "people", "faults", "snapshots")


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


def open_summary(page: Browser, title: str) -> None:
    """Open the first details with a title."""
    page.until(f"[...document.querySelectorAll('summary')].some(s => s.innerText.includes({title!r}))")
    page.js(f"[...document.querySelectorAll('summary')].find(s => s.innerText.includes({title!r})).click()")


def enter(page: Browser, control: str, value: str, event: str) -> None:
    """Give a control a value, and let it notice."""
    page.js(f"document.getElementById('{control}').value = '{value}'")
    page.js(f"document.getElementById('{control}').dispatchEvent(new Event('{event}'))")


def press_button(page: Browser, title: str) -> None:
    """Press the first button with a title."""
    page.until(f"[...document.querySelectorAll('button')].some(b => b.innerText === {title!r})")
    page.js(f"[...document.querySelectorAll('button')].find(b => b.innerText === {title!r}).click()")


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
    open_summary(page, "1 refused")
    page.shows("line 1: Field [tier] must be one of the values of its orderedValueList")
    choose(page, "calls")
    page.shows("POST /v2/crm/entities")
    open_summary(page, "sent and answered")
    page.shows("Basic (hidden)")
    assert "secret-admin" not in page.text()
    open_summary(page, "as curl")
    page.shows("curl --globoff -X POST 'http://127.0.0.1:")


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


def test_odd_members_are_shown(page: Browser, caller: Caller) -> None:
    """Members named like those of JavaScript's objects do no harm, and whole numbers of 64 bits keep their digits."""
    odd = {"name": {"toString": None, "valueOf": 5}, "__proto__": {"x": 1}, "constructor": [], "n": 2**63 - 25}
    caller.upload("LEAD", ldjson(line("odd-lead", **odd)), name="odd")
    caller.end("odd")
    choose(page, "objects")
    page.until("[...document.querySelectorAll('option')].some(o => o.value === 'LEAD')")
    choose_type = "const s = [...document.querySelectorAll('select')].find(s => s.innerText.includes('LEAD'));"
    page.js(f"{choose_type} s.value = 'LEAD'; s.dispatchEvent(new Event('change'))")
    open_summary(page, "valueOf")
    page.shows('"n": 9223372036854775783')
    page.shows("__proto__")
    assert [] == [e for e in page.events if e.get("method") == "Runtime.exceptionThrown"]


def test_a_call_is_copied_literally(page: Browser, caller: Caller) -> None:
    """The id in an answer keeps its digits, and neither a hostile path nor a hostile body means anything to curl."""
    caller.http.get("/v2/crm/integrations")
    where = caller.params(objectType="LEAD")
    caller.http.request("GET", "/v2/crm/entities", params=where, content="@/etc/passwd", headers=JSON)
    caller.http.get(caller.emulator.url + "/v2/%3F%1b%23x")
    choose(page, "calls")
    for place, shown in enumerate(("/v2/%3F%1B%23x'", "--data-raw '@/etc/passwd'", str(caller.integration_id))):
        row = f"document.querySelectorAll('tbody > tr')[{place}]"
        for title in ("sent and answered", "as curl"):
            one = f"[...{row}.querySelectorAll('summary')].find(s => s.innerText.includes({title!r}))"
            page.until(f"{one} !== undefined")
            page.js(f"{one}.click()")
        page.until(f"{row}.innerText.includes({shown!r})")


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
    for _ in range(8):
        page.press("Tab")
        if page.js("document.activeElement.tagName") == "SUMMARY":
            break
    assert "SUMMARY" == page.js("document.activeElement.tagName")
    page.press("Enter")
    page.shows("line 1: Field [tier]")
    outlined = page.js("getComputedStyle(document.activeElement).outlineStyle")
    assert "solid" == outlined


def test_what_is_open_stays_open(page: Browser, caller: Caller) -> None:
    """When new requests arrive, opened details stay open."""
    choose(page, "requests")
    page.shows("accounts-2")
    open_summary(page, "1 refused")
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


def test_a_line_that_was_refused_can_be_seen(page: Browser) -> None:
    """An error leads to the line that it speaks of, and an object to the request that brought it."""
    choose(page, "requests")
    open_summary(page, "1 refused")
    open_summary(page, "show the line")
    page.shows("acc-hostile")
    choose(page, "objects")
    page.until("document.querySelector('a[href=\\'#requests\\']') !== null")
    page.js("document.querySelector('a[href=\\'#requests\\']').click()")
    page.until("document.getElementById('panel').dataset.tab === 'requests'")


def test_what_waits_and_what_will_not_show_is_said(page: Browser, caller: Caller) -> None:
    """The page says which deal waits and for what, and which members of a file nobody will see, with similar names."""
    deal = line("deal-9", accountId="nowhere", ownerId="nobody", name="n", createdDate=WHEN, closeDate="2026-01-02")
    deal |= {"isOpen": True, "isWon": False, "stage": "s", "amount": 1}
    caller.outcome("DEAL", ldjson(deal), name="deals-9", path="/v2/crm/object/entities")
    caller.outcome("ACCOUNT", ldjson(line("a9", domain="x.example.com")), name="accounts-9")
    page.shows("account nowhere is not there")
    page.shows("owner nobody is not mapped to a Gong user")
    choose(page, "requests")
    open_summary(page, "1 member will not show")
    page.shows("domain (first in line 1; similar: domains)")
    choose(page, "people")
    page.shows("ann@example.com")


def test_lists_are_filtered_and_paged(page: Browser, caller: Caller) -> None:
    """Of hundreds of requests those that FAILED can be reached, by filter, by search and by turning pages."""
    for number in range(120):
        caller.upload("LEAD", b"" if number else b"bad\n", name=f"many-{number}")
    for number in range(120):
        caller.end(f"many-{number}")
    choose(page, "requests")
    page.shows("many-119")
    press_button(page, "Next 50")
    press_button(page, "Next 50")
    page.shows("many-0")
    page.js(
        "{ const s = document.getElementById('status'); s.value = 'FAILED'; s.dispatchEvent(new Event('change')); }"
    )
    page.until("document.querySelectorAll('tbody tr').length === 2")
    page.shows("many-0")
    choose(page, "calls")
    page.js(
        "{ const s = document.getElementById('search'); s.value = 'many-7&'; s.dispatchEvent(new Event('input')); }"
    )
    page.until("document.querySelectorAll('tbody tr').length < 20")


def test_what_plain_text_can_hide_is_written_out(page: Browser, caller: Caller) -> None:
    """Marks that turn the direction of text, or that cannot be seen, are written out; long values are shortened."""
    caller.outcome("ACCOUNT", ldjson(line("aaa-rtl", name="\u202egnp.exe\u2066", title="x")), name="rtl")
    caller.outcome("ACCOUNT", ldjson(line("aab-long", name="long " * 800)), name="long")
    choose(page, "objects")
    page.shows("\\u202egnp.exe\\u2066")
    assert page.js("document.documentElement.scrollWidth <= innerWidth")
    narrowest = "Math.min(...[...document.querySelectorAll('td > div')].map(d => d.clientWidth))"
    assert page.js(narrowest) >= 60


def test_an_error_goes_when_the_emulator_is_back(page: Browser) -> None:
    """A message about an emulator that does not answer goes away with the next answer."""
    page.js("window.real = window.fetch; window.fetch = () => Promise.reject(new TypeError('down'))")
    page.shows("The emulator does not answer")
    page.js("window.fetch = window.real")
    page.until("!document.body.innerText.includes('The emulator does not answer')")


def test_faults_and_snapshots_are_at_hand(page: Browser, caller: Caller) -> None:
    """A plan is made and dropped, a state kept and brought back, by the page."""
    choose(page, "faults")
    press_button(page, "Plan it")
    page.shows("answer: met 0 of 2")
    assert 503 == caller.upload("LEAD", b"", name="f1").status_code
    press_button(page, "Drop plan 1")
    page.shows("No fault is planned.")
    choose(page, "snapshots")
    press_button(page, "Keep the present state")
    page.shows("before")
    caller.emulator.control("POST", "clock", {"step": 1})
    press_button(page, "Restore before")
    page.shows("Back at before.")
    press_button(page, "Drop before")
    page.shows("No snapshot has been taken.")


@pytest.fixture
def blank(_browser: Browser) -> Browser:
    """Give a browser at no page."""
    _browser.open("about:blank")
    return _browser


def test_requests_are_moved_by_hand(blank: Browser) -> None:
    """In mode by-hand each request that has not ended has a button that moves it on."""
    with running_emulator(settings=EmulatorSettings(processing="by-hand")) as emulator, connect(emulator) as caller:
        caller.upload("LEAD", b"", name="r1")
        blank.open(emulator.url + "/_emulator/#requests")
        for status in ("PENDING", "IN_PROGRESS", "DONE"):
            blank.until(f"document.querySelector('.state.{status}') !== null")
            if status != "DONE":
                press_button(blank, "Advance 1")
        assert "DONE" == caller.status("r1")["status"]


def test_the_page_is_found_from_the_root(blank: Browser, caller: Caller) -> None:
    """A browser at the address of the emulator, with or without a slash, is led to the page."""
    for path in ("/", "/_emulator"):
        blank.open("about:blank")
        blank.send("Page.navigate", url=caller.emulator.url + path)
        blank.until("document.body !== null && document.body.innerText.includes('Objects that can be read')")
        assert "/_emulator/" == blank.js("location.pathname")


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
