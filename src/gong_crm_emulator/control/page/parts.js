// The pieces that the page is put together from; whatever comes from outside becomes text, never HTML.

export const $ = id => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}

// Marks that turn the direction of text, or that cannot be seen, are written out, so that nothing hides behind them.
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// An object is not asked for its text, since a member of it may be called toString.
const written = value => typeof value === "object" ? JSON.stringify(value) : String(value);
export const visible = value => written(value).replace(hidden, mark => "\\u" + mark.charCodeAt(0).toString(16).padStart(4, "0"));

const LONG = 160;
export function text(value, most = LONG) {
  const letters = visible(value);
  return make("bdi", letters.length > most ? { title: letters.slice(0, 2000) } : {},
    letters.length > most ? letters.slice(0, most) + "…" : letters);
}
export const code = value => make("code", {}, text(value));

const PAGE_OF_TEXT = 6000;
export function block(value) {
  const letters = visible(value);
  const node = make("pre", { tabindex: "0" }, letters.slice(0, PAGE_OF_TEXT));
  if (letters.length <= PAGE_OF_TEXT) return node;
  const all = make("button", { class: "small", onclick: () => { node.textContent = letters; all.remove(); } },
    `Show all ${letters.length.toLocaleString("en")} letters`);
  return make("div", {}, node, all);
}

// Numbers of 64 bits are more than a number here can hold: they are read as marked texts, and written without the mark.
const MARK = "\\u0000";
const numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
export const parse = json => JSON.parse(json.replace(numbers,
  token => /^-?\d{16,}$/.test(token) ? `"${MARK}${token}"` : token));
export const pretty = value => JSON.stringify(value, null, 2).replace(/"\\u0000(-?\d{16,})"/g, "$1");
export function prettyIfJson(body) {
  try { return pretty(parse(body)); } catch { return body; }
}

// Details stay open while the list around them is drawn anew, and are built only when somebody opens them.
const open = new Set();
export function more(key, title, build) {
  const node = make("details", { open: open.has(key), ontoggle: event => {
    if (!event.target.open) { open.delete(key); return; }
    open.add(key);
    fill();
  } }, make("summary", { "data-key": key }, title));
  function fill() { if (node.children.length === 1) node.append(make("div", {}, build())); }
  if (open.has(key)) fill();
  return node;
}

export function table(columns, rows, empty) {
  if (!rows.length) return make("p", { class: "soft" }, empty);
  const parts = columns.map(column => column.split(":"));
  const cell = (content, index) => make("td", { "data-label": parts[index][0], class: parts[index][1] }, make("div", {}, content));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": parts.map(([name]) => name).join(", ") },
    make("table", {},
      make("thead", {}, make("tr", {}, parts.map(([name]) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.map(row => make("tr", { id: row.id }, row.map(cell))))));
}

export const moment = seconds => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

export function pager(list, size, shown, hasMore, turn) {
  return make("p", { class: "row" },
    make("button", { disabled: list.offset === 0, onclick: () => turn(-size) }, `Previous ${size}`),
    make("button", { disabled: !hasMore, onclick: () => turn(size) }, `Next ${size}`),
    make("span", { class: "soft" }, shown ? `${list.offset + 1} to ${list.offset + shown}${hasMore ? ", and more" : ""}` : ""));
}

export function select(id, label, options, chosen, change) {
  return [make("label", { for: id }, label), make("select", { id, onchange: event => change(event.target.value) },
    options.map(([value, name]) => make("option", { value, selected: value === chosen }, name)))];
}

export function search(list, change) {
  return [make("label", { for: "search" }, "Search"), make("input", { id: "search", type: "search", value: list.search,
    oninput: event => change(event.target.value) })];
}
