// The page: its tabs, its clock, and when it is drawn anew.

import { $, make, moment, parse } from "./parts.js";
import { lists, views } from "./views.js";

const TABS = [["overview", "Overview"], ["objects", "Objects"], ["fields", "Fields"], ["requests", "Requests"],
  ["calls", "Calls"], ["people", "Users and waiting deals"], ["faults", "Faults"], ["snapshots", "Snapshots"]];
const EVERY = 1000;
const view = { tab: "overview", frozen: false, drawn: "", troubled: false, wanted: null };

async function api(method, path, body) {
  const response = await fetch("api/" + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const answer = parse(await response.text());
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

function say(text, trouble = false) {
  view.troubled = trouble;
  $("said").textContent = text;
  $("said").className = trouble ? "bad" : "";
}

const complain = problem => say(problem instanceof TypeError ? "The emulator does not answer; it is asked again." : problem.message, true);
const redraw = () => refresh(true).catch(complain);
const { draw, tools } = views({ api, act, redraw, go });

let turn = 0;
async function refresh(always = false) {
  const mine = ++turn;
  const state = await api("GET", "state");
  const [found, build] = await draw[view.tab]();
  if (mine !== turn) return;
  if (view.troubled && !always) say("");
  head(state);
  // Draw only what changed, so that focus and selection stay where they are.
  const drawn = view.tab + JSON.stringify(found, (key, value) => (key === "clock" ? undefined : value));
  if (!always && drawn === view.drawn) return;
  view.drawn = drawn;
  const panel = $("panel"), list = $("list") || make("div", { id: "list" });
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const focused = held && (held.dataset.key || held.innerText);
  list.replaceChildren(...[build()].flat(Infinity).filter(one => one));
  if (panel.dataset.tab !== view.tab || !$("list"))
    panel.replaceChildren(...(tools[view.tab] ? [make("div", { class: "row tools" }, tools[view.tab]())] : []), list);
  panel.dataset.tab = view.tab;
  if (focused) [...list.querySelectorAll("summary, button")].find(one => (one.dataset.key || one.innerText) === focused)?.focus();
  if (view.wanted && $(view.wanted)) { $(view.wanted).scrollIntoView(); view.wanted = null; }
}

function head(state) {
  const one = state.integrations[0];
  $("integration").textContent = one ? `${one.name.slice(0, 200)} (${one.ownerEmail.slice(0, 200)}), integration ${one.integrationId}`
    : "No integration is registered.";
  $("now").textContent = moment(state.clock.now) + " UTC";
  $("frozen").textContent = state.clock.frozen ? "frozen" : "";
  view.frozen = state.clock.frozen;
  $("freeze").textContent = view.frozen ? "Let it run" : "Freeze";
}

async function act(said, work) {
  try { await work(); say(said()); await refresh(true); } catch (problem) { complain(problem); }
}

function choose(tab, focus = true) {
  view.tab = tab;
  history.replaceState(null, "", "#" + tab);
  for (const [name] of TABS) {
    const node = $("tab-" + name);
    node.setAttribute("aria-selected", String(name === tab));
    node.tabIndex = name === tab ? 0 : -1;
    if (name === tab && focus) node.focus();
  }
  $("panel").setAttribute("aria-labelledby", "tab-" + tab);
  redraw();
}

function go(tab, wanted) {
  view.wanted = wanted;
  Object.assign(lists[tab], { search: "", status: "", offset: 0 });
  setTimeout(() => choose(tab, false), 0);
}

for (const [name, title] of TABS) $("tabs").append(make("button", { role: "tab", id: "tab-" + name,
  "aria-controls": "panel", onclick: () => choose(name) }, title));
$("tabs").addEventListener("keydown", event => {
  const names = TABS.map(([name]) => name), here = names.indexOf(view.tab);
  const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: names.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choose(names[(next + names.length) % names.length]);
});
const step = () => act(() => `The clock stepped ${$("step").value} seconds.`,
  () => api("POST", "clock", { step: Number($("step").value) }));
$("do-step").addEventListener("click", step);
$("step").addEventListener("keydown", event => { if (event.key === "Enter") step(); });
$("freeze").addEventListener("click", () => act(() => view.frozen ? "The clock runs." : "The clock stands.",
  () => api("POST", "clock", { frozen: !view.frozen })));
$("reset").addEventListener("click", () => {
  if (confirm("Forget the integration and everything in it?")) act(() => "Everything is forgotten.", () => api("POST", "reset"));
});
const asked = location.hash.slice(1);
choose(TABS.some(([name]) => name === asked) ? asked : "overview", false);
addEventListener("hashchange", () => { const tab = location.hash.slice(1); if (draw[tab] && tab !== view.tab) choose(tab, false); });
setInterval(() => { if (!document.hidden) refresh().catch(complain); }, EVERY);
