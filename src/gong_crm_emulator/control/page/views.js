// One view for each tab: what it asks for, what stands above the list, and how the list is drawn.

import { block, code, make, moment, more, pager, pretty, prettyIfJson, search, select, table, text, visible } from "./parts.js";

const TYPES = ["ACCOUNT", "CONTACT", "DEAL", "LEAD", "BUSINESS_USER", "STAGE"];
const SIZE = 50;
const list = () => ({ offset: 0, search: "", status: "" });
export const lists = { objects: { ...list(), type: "ACCOUNT" }, requests: list(), calls: list(), people: list() };

function query(where, more = {}) {
  return new URLSearchParams({ search: where.search, offset: where.offset, limit: SIZE, ...more });
}

export function views({ api, act, redraw, go }) {
  const change = (where, name) => value => { where[name] = value; where.offset = 0; redraw(); };
  const turn = where => by => { where.offset = Math.max(0, where.offset + by); redraw(); };

  function unseen(members, key) {
    if (!members.length) return null;
    const name = one => `${one.member} (first in line ${one.firstLine}${one.similar.length ? `; similar: ${one.similar.join(", ")}` : ""})`;
    return more(key, make("span", { class: "wait" }, `${members.length} member${members.length > 1 ? "s" : ""} will not show`), () => [
      make("p", { class: "soft" }, "No schema describes them, so Gong keeps them in raw storage and shows them nowhere:"),
      make("ul", {}, members.map(one => make("li", {}, text(name(one), 400))))]);
  }

  function problems(one) {
    return one.errors.map(error => make("div", {},
      make("p", {}, make("b", {}, error.line ? `line ${error.line}: ` : "the whole file: "), text(error.description, 600)),
      error.text ? more(`line ${one.seq} ${error.line}`, "show the line", () => block(prettyIfJson(error.text))) : null));
  }

  function requestTable(requests, byHand) {
    return table(["Number", "Client request id:mid", "What:mid", "Received:mid", "Status", "Lines:mid", "Errors:wide"], requests.map(one => Object.assign([
      String(one.seq), code(one.clientRequestId),
      one.kind + (one.objectType ? " " + one.objectType : "") + " (" + one.family + ")",
      moment(one.received),
      [make("span", { class: "state " + one.status }, one.status),
        byHand && !["DONE", "FAILED"].includes(one.status) ? make("p", {}, make("button", { class: "small",
          onclick: () => act(() => `Request ${one.seq} was moved on.`, () => api("POST", `requests/${one.seq}/advance`)) },
          `Advance ${one.seq}`)) : null],
      one.kind === "delete" ? "–" : [`${one.totalSuccessCount} good, ${one.totalErrorCount} refused`, unseen(one.notShown, "unseen " + one.seq)],
      [one.errors.length ? more("request " + one.seq, one.totalErrorCount + " refused", () => [problems(one),
        one.totalErrorCount > one.errors.length ? make("p", {}, `… and ${one.totalErrorCount - one.errors.length} more`) : null]) : "none",
        one.trouble ? make("p", { class: "bad" }, "Not brought into the main database: ", text(one.trouble, 400)) : null],
    ], { id: "request-" + one.seq })), "No request.");
  }

  async function overview() {
    const state = await api("GET", "state");
    const { requests } = await api("GET", "requests?limit=5");
    const { deals } = await api("GET", "waiting?limit=5");
    const card = (title, value) => make("div", { class: "card" }, make("b", {}, value.toLocaleString("en")), title);
    return [[state, requests, deals], () => [
      make("h2", {}, "Objects that can be read"),
      make("div", { class: "cards" }, TYPES.map(type => card(type, state.objects[type]))),
      make("h2", {}, "Behind them"),
      make("div", { class: "cards" }, card("lines in raw storage", state.rawLines),
        card("deals that wait", state.waitingDeals), card("mapped users", state.mappedUsers),
        card("requests", state.requests)),
      make("p", { class: "soft" }, "Requests move by: " + state.processing + "."),
      deals.length ? [make("h2", {}, "Deals that wait in raw storage"), waiting(deals)] : null,
      make("h2", {}, "Latest requests"), requestTable(requests, state.processing === "by-hand")]];
  }

  function waiting(deals) {
    return table(["Deal:mid", "Waits for:wide"], deals.map(one => [code(one.objectId),
      make("ul", {}, one.waitsFor.map(reason => make("li", {}, text(reason, 300))))]), "No deal waits.");
  }

  async function objects() {
    const where = lists.objects;
    const found = await api("GET", "objects?" + query(where, { objectType: where.type }));
    return [found, () => [table(["Id:mid", "Shown", "Members:wide", "From:mid", "History:mid"], found.objects.map(one => [
      code(one.objectId),
      make("span", { class: one.deleted ? "bad" : "good" }, one.deleted ? "deleted" : "yes"),
      more("object " + where.type + one.objectId, text(one.members.name || one.members.emailAddress || "members", 80),
        () => block(pretty(one.members))),
      one.request ? make("a", { href: "#requests", onclick: () => go("requests", "request-" + one.request) },
        `request ${one.request}, line ${one.line}`) : "one call",
      more("history " + where.type + one.objectId, "every line", () => history(where.type, one.objectId))]),
      "No object of this type" + (where.search ? " with that text." : ".")),
      pager(where, SIZE, found.objects.length, found.more, turn(where))]];
  }

  function history(type, id) {
    const place = make("div", {}, "Loading…");
    api("GET", `objects/${type}/${encodeURIComponent(id)}`).then(({ lines }) => place.replaceChildren(...lines.map(line =>
      make("div", {}, make("p", {}, text(`${line.clientRequestId}, line ${line.line}${line.deleted ? ", deletes" : ""}`)), block(pretty(line.members))))))
      .catch(problem => place.replaceChildren(problem.message));
    return place;
  }

  async function fields() {
    const { fields: found } = await api("GET", "fields");
    const rows = Object.entries(found).flatMap(([type, some]) => some.map(field => [type, code(field.uniqueName),
      text(field.label), field.type, text(field.referenceTo || (field.orderedValueList || []).join(", ") || "–")]));
    return [found, () => [table(["Object type:mid", "Unique name:mid", "Label:mid", "Type", "Values or target:wide"], rows,
      "No custom field has been uploaded.")]];
  }

  async function requests() {
    const where = lists.requests;
    const found = await api("GET", "requests?" + query(where, { status: where.status }));
    const { processing } = await api("GET", "state");
    return [found, () => [requestTable(found.requests, processing === "by-hand"),
      pager(where, SIZE, found.requests.length, found.more, turn(where))]];
  }

  async function people() {
    const where = lists.people;
    const found = await api("GET", "users?" + query(where));
    const held = await api("GET", "waiting?" + query(where));
    return [[found, held], () => [
      make("h2", {}, "Mapped users"),
      table(["CRM user:mid", "Gong user:wide"], found.users.map(one => [code(one.crmUserId), text(one.emailAddress)]), "No user is mapped."),
      make("h2", {}, "Deals that wait in raw storage"), waiting(held.deals),
      pager(where, SIZE, Math.max(found.users.length, held.deals.length), found.more || held.more, turn(where))]];
  }

  function curl(call) {
    const quoted = value => "'" + String(value).replaceAll("'", "'\\''") + "'";
    const path = encodeURI(call.path).replaceAll("?", "%3F").replaceAll("#", "%23");
    const address = location.origin + path + (call.query ? "?" + call.query : "");
    // Taken literally: neither brackets in the address nor a body that begins with @ mean anything.
    const parts = ["curl", "--globoff", "-X", call.method, quoted(address), "-u", "key-admin:secret-admin"];
    const kind = call.requestHeaders["content-type"];
    if (kind && !kind.startsWith("multipart/")) parts.push("-H", quoted("Content-Type: " + kind));
    if (kind && kind.startsWith("multipart/")) parts.push("-F", quoted("dataFile=@lines.ldjson"));
    else if (call.requestBody) parts.push("--data-raw", quoted(call.requestBody));
    return visible(parts.join(" "));
  }

  function exchange(call) {
    const headers = some => Object.entries(some).map(([name, value]) => name + ": " + value).join("\n");
    const read = call.requestComplete || !call.requestAnnounced ? `${call.requestBytes} bytes`
      : `${call.requestBytes} of ${call.requestAnnounced} bytes were read`;
    return [
      // Only pages under a loopback name or HTTPS may write to the clipboard.
      make("p", { class: "row" }, navigator.clipboard ? make("button", { class: "small", onclick: () => act(() => "The call was copied.",
        () => navigator.clipboard.writeText(curl(call))) }, "Copy as curl") : null),
      more("curl " + call.number, "as curl", () => [block(curl(call)),
        call.requestBytes > call.requestBody.length ? make("p", { class: "soft" }, "The journal keeps the beginning of a long body only.") : null]),
      make("p", { class: "soft" }, text("Sent" + (call.query ? " to ?" + call.query : "") + ", " + read, 1000)),
      block(headers(call.requestHeaders)), call.requestBody ? block(prettyIfJson(call.requestBody)) : null,
      make("p", { class: "soft" }, `Answered, ${call.responseBytes} bytes`),
      block(headers(call.responseHeaders)), call.responseBody ? block(prettyIfJson(call.responseBody)) : null];
  }

  async function calls() {
    const where = lists.calls;
    const found = await api("GET", "journal?" + query(where, { status: where.status }));
    return [found.calls.map(call => [call.number, call.status, call.notShown.length]), () => [table(
      ["Number", "At:mid", "Call:wide", "Answer:mid", "Caller", "Took", "Details:wide"], found.calls.map(call => [
        String(call.number), moment(call.at),
        [code(call.method + " " + call.path), call.query ? make("div", { class: "soft" }, text("?" + call.query)) : null,
          make("div", { class: "soft" }, call.operation || "no operation")],
        make("span", { class: "state " + (call.status && call.status < 400 ? "good" : "bad") },
          call.status === null ? "no answer" : String(call.status), call.injected ? ` (injected: ${call.injected})` : ""),
        text(call.caller || "–"), call.milliseconds.toFixed(1) + " ms",
        [more("call " + call.number, "sent and answered", () => exchange(call)), unseen(call.notShown, "unseen call " + call.number)]]),
      where.search || where.status ? "No such call." : "No call yet: point a client at this address."),
      pager(where, SIZE, found.calls.length, found.more, turn(where))]];
  }

  async function faults() {
    const { plans, kinds } = await api("GET", "faults");
    return [plans, () => [
      table(["Plan", "Operation:mid", "Steps:wide", "Left", "Drop"], plans.map(plan => [String(plan.id), code(plan.operation),
        make("ul", {}, plan.faults.map(step => make("li", {}, `${step.kind}: met ${step.met} of ${step.times}`))),
        plan.consumed ? "all met" : String(plan.left),
        make("button", { class: "small", onclick: () => act(() => `Plan ${plan.id} is dropped.`, () => api("DELETE", "faults/" + plan.id)) },
          "Drop plan " + plan.id)]), "No fault is planned."),
      make("h2", {}, "Kinds"),
      table(["Kind:mid", "What happens to the call:wide", "Members:wide"], kinds.map(kind => [code(kind.kind), kind.what,
        kind.members.map(member => `${member.name}: ${member.rule}`).join("; ") || "none"]), "")]];
  }

  async function snapshots() {
    const { snapshots: names } = await api("GET", "snapshots");
    const button = (name, title, said, method, path) => make("button", { class: "small",
      onclick: () => act(() => said, () => api(method, path)) }, `${title} ${name}`);
    return [names, () => [table(["Name:mid", "Do:wide"], names.map(name => [code(name), make("p", { class: "row" },
      button(name, "Restore", `Back at ${name}.`, "POST", `snapshots/${name}/restore`),
      button(name, "Drop", `${name} is dropped.`, "DELETE", `snapshots/${name}`))]), "No snapshot has been taken.")]];
  }

  const statuses = ["PENDING", "IN_PROGRESS", "DONE", "FAILED"].map(one => [one, one]);
  const example = '{"operation": "uploadCrmEntities", "faults": [{"kind": "answer", "status": 503, "times": 2}]}';
  const tools = {
    objects: () => [select("type", "Object type", TYPES.map(one => [one, one]), lists.objects.type, change(lists.objects, "type")),
      search(lists.objects, change(lists.objects, "search"))],
    requests: () => [select("status", "Status", [["", "all"], ...statuses], lists.requests.status, change(lists.requests, "status")),
      search(lists.requests, change(lists.requests, "search"))],
    calls: () => [select("status", "Answer", [["", "all"], ["ok", "below 400"], ["refused", "400 and above"], ["none", "no answer"]],
      lists.calls.status, change(lists.calls, "status")), search(lists.calls, change(lists.calls, "search")),
      make("button", { onclick: () => act(() => "The calls are forgotten.", () => api("DELETE", "journal")) }, "Forget the calls")],
    faults: () => [make("label", { for: "plan" }, "A plan, as JSON"), make("textarea", { id: "plan" }, example),
      make("button", { onclick: () => act(() => "The plan is in force.", () => api("POST", "faults", JSON.parse(document.getElementById("plan").value))) }, "Plan it")],
    snapshots: () => [make("label", { for: "name" }, "Name"), make("input", { id: "name", value: "before" }),
      make("button", { onclick: () => act(() => "The state is kept.", () => api("PUT", "snapshots/" + encodeURIComponent(document.getElementById("name").value))) }, "Keep the present state")],
  };
  return { draw: { overview, objects, fields, requests, calls, people, faults, snapshots }, tools };
}
