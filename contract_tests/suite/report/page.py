"""The report as one page that needs no other file, on a wide screen and on a phone."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from string import Template
from typing import Any, Final

from contract_tests.suite.report.outcomes import STATES, Finding, Outcome, breaches_of

_PAGE: Final = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Contract of Gong's CRM API</title>
<style>
:root{color-scheme:light dark;--text:#1c1c1e;--back:#fff;--soft:#f2f2f5;--line:#d4d4da;
--broken:#c62828;--differs:#a15c00;--holds:#2e7d32;--not-judged:#6b6b74}
@media(prefers-color-scheme:dark){:root{--text:#e8e8ec;--back:#17171a;--soft:#232328;--line:#3b3b43;
--broken:#ff8a80;--differs:#ffb74d;--holds:#81c784;--not-judged:#a0a0aa}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:60rem;
margin:0 auto;padding:1rem}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
code,pre{font:.85rem/1.45 ui-monospace,monospace}code,pre,dd,p{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;font-size:.9rem;margin:.5rem 0}dd{margin:0}
pre{white-space:pre-wrap;background:var(--soft);border-left:4px solid var(--c);padding:.7rem;margin:.5rem 0;
max-height:24rem;overflow:auto}
.controls{position:sticky;top:0;background:var(--back);padding:.5rem 0;border-bottom:1px solid var(--line);z-index:1}
.controls input{width:100%;font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);
border-radius:.4rem;padding:.5rem .7rem;margin-bottom:.5rem}
.states{display:flex;flex-wrap:wrap;gap:.4rem}
.states button{font:inherit;font-size:.9rem;color:var(--c);background:none;border:1px solid var(--c);border-radius:2rem;
padding:.2rem .8rem;min-height:2.4rem;cursor:pointer}
.states button[aria-pressed=true]{background:var(--c);color:var(--back)}
summary{cursor:pointer;padding:.5rem 0;min-height:2.4rem}summary b{margin-right:.5rem}
summary span{color:var(--c);font-size:.85rem;margin-right:.6rem;white-space:nowrap}
details{border-top:1px solid var(--line)}
.clause{border-left:4px solid var(--c);padding:.2rem .7rem;margin:.5rem 0}.clause p{margin:.1rem 0;font-size:.92rem}
.clause .state{color:var(--c);font-weight:600}.clause small{color:var(--not-judged)}
.broken{--c:var(--broken)}.differs{--c:var(--differs)}.holds{--c:var(--holds)}.not-judged{--c:var(--not-judged)}
</style></head><body>
<h1>Contract of Gong's CRM API</h1>
<dl>$facts</dl>
<div class="controls">
<input id="search" type="search" placeholder="Search clauses and breaches" aria-label="Search clauses and breaches">
<div class="states">$buttons</div></div>
<main>$breaches$unanswered$remarks<h2>Clauses</h2>$chapters</main>
<script>
const search=document.getElementById("search"),buttons=[...document.querySelectorAll("[data-filter]")];
function show(){
 const words=search.value.toLowerCase(),wanted=buttons.filter(b=>b.ariaPressed==="true").map(b=>b.dataset.filter);
 const narrow=words||wanted.length;
 for(const one of document.querySelectorAll("[data-state]"))
  one.hidden=!((!wanted.length||wanted.includes(one.dataset.state))&&one.textContent.toLowerCase().includes(words));
 for(const chapter of document.querySelectorAll("details.chapter")){
  const found=[...chapter.querySelectorAll("[data-state]")].some(one=>!one.hidden);
  chapter.hidden=!found;chapter.open=Boolean(narrow&&found)}
}
search.addEventListener("input",show);
for(const b of buttons)b.addEventListener("click",()=>{b.ariaPressed=String(b.ariaPressed!=="true");show()});
</script></body></html>
""")


def html_report(
    findings: Sequence[Finding], outcomes: Sequence[Outcome], *, facts: Mapping[str, Any], remarks: Mapping[str, str]
) -> str:
    """Write what a run has found as a page: breaches first, clauses folded by chapter, with search and filters."""
    found = [one.state for one in findings]
    breaches = [_box("broken", group.text()) for group in breaches_of(outcomes)]
    breaches += [_box("broken", one.message) for one in outcomes if one.result == "failed" and not one.breach]
    unanswered = [_box("not judged", one.message) for one in _distinct(outcomes)]
    return _PAGE.substitute(
        facts="".join(f"<dt>{escape(str(name))}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items()),
        buttons="".join(
            f'<button class="{_css(state)}" data-filter="{state}" aria-pressed="false">'
            f"{found.count(state)} {state}</button>"
            for state in STATES
        ),
        breaches=_section("Breaches", breaches),
        unanswered=_section("Not judged, because no answer came", unanswered),
        remarks=_section("Differences that break no text", [_box("differs", text) for text in remarks.values()]),
        chapters="".join(
            _chapter(name, list(group))
            for name, group in groupby(findings, key=lambda one: one.clause.id.partition(".")[0])
        ),
    )


def _distinct(outcomes: Sequence[Outcome]) -> list[Outcome]:
    by_message = {one.message: one for one in reversed(outcomes) if one.result == "not judged"}
    return list(reversed(by_message.values()))


def _section(title: str, boxes: list[str]) -> str:
    return f"<h2>{title}</h2>{''.join(boxes)}" if boxes else ""


def _box(state: str, text: str) -> str:
    return f'<pre class="{_css(state)}" data-state="{state}" tabindex="0">{escape(text)}</pre>'


def _chapter(name: str, findings: list[Finding]) -> str:
    states = [one.state for one in findings]
    counts = "".join(
        f'<span class="{_css(state)}">{states.count(state)} {state}</span>' for state in STATES if state in states
    )
    rows = "".join(_row(one) for one in findings)
    return f'<details class="chapter"><summary><b>{escape(name)}</b>{counts}</summary>{rows}</details>'


def _row(finding: Finding) -> str:
    clause = finding.clause
    reason = f"<p><small>{escape(finding.reason)}</small></p>" if finding.reason else ""
    seen = f"; seen live by others: {escape(clause.observed)}" if clause.observed else ""
    return (
        f'<div class="clause {_css(finding.state)}" data-state="{finding.state}">'
        f'<p><code>{escape(clause.id)}</code> <span class="state">{finding.state}</span></p>'
        f"<p>{escape(clause.rule)}</p>{reason}<p><small>{escape(clause.strength)}{seen}</small></p></div>"
    )


def _css(state: str) -> str:
    return state.replace(" ", "-")
