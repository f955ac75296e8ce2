// Shows requests as they come. What it shows of them, anybody may have sent: all of it is written as text.
"use strict";

/** So many requests are shown; older ones are in the journal. */
const MOST_SHOWN = 1000;

/** So often, at most, the coverage is asked for, in milliseconds. */
const PACE = 1000;

const at = (id) => document.getElementById(id);

/** An element with a text and others in it. */
function make(name, className, text, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = String(text);
  element.append(...children);
  return element;
}

/** When the journal began whose requests are shown. */
let began = null;

const difference = (own) => `${own.at}: expected ${own.expected}, got ${own.actual}`;

function kindOf(request) {
  const all = [request, ...(request.within ?? [])];
  if (all.some((own) => own.refusal)) return "refused";
  if (all.some((own) => own.notes?.length || own.unapplied?.length)) return "noted";
  if (all.some((own) => own.denial)) return "failed";
  return request.status >= 400 || request.status === 0 ? "failed" : "answered";
}

/** Why a request was refused that a contract is about. */
const WHY = { "invalid-body": "the body is not what is declared by", "wrong-method": "the method is not that of the action of" };

/** What is to say of a request, or of one within a batch. */
function account(own) {
  const lines = [];
  for (const note of own.notes ?? []) lines.push(`${difference(note)} (${note.kind})`);
  lines.push(...(own.unapplied ?? []));
  const parts = [];
  if (own.contract) parts.push(make("div", "contract", `answered by ${own.contract}${own.source ? ` (${own.source})` : ""}`));
  if (own.refusal) {
    const { nearest, source, differences, omitted, reason } = own.refusal;
    const why = WHY[reason] ?? "fits no contract; the nearest is";
    parts.push(make("div", "nearest", nearest ? `${why} ${nearest} (${source})` : "fits no contract, and none has a path like it"));
    lines.push(...differences.map(difference));
    if (omitted) lines.push(`… and ${omitted} more`);
  }
  if (own.denial) parts.push(make("div", "denial", own.denial));
  if (lines.length) parts.push(make("ul", "differences", null, ...lines.map((line) => make("li", "", line))));
  return parts;
}

function row(request) {
  const time = make("time", "", new Date(request.at).toLocaleTimeString());
  time.dateTime = request.at;
  const named = request.contract ?? (request.refusal?.nearest ? `nearest: ${request.refusal.nearest}` : "");
  const source = request.source ?? request.refusal?.source ?? "";
  const summary = make("summary", "", null, time, make("span", "method", request.method), make("span", "url", request.url),
    make("span", "status", request.status || "broken"), make("span", "contract", [named, source].filter(Boolean).join(" · ")));
  const detail = make("div", "detail", null, ...account(request));
  for (const own of request.within ?? []) {
    detail.append(make("div", "within", `request ${own.id} of the batch`), ...account(own));
  }
  detail.append(make("div", "took", `${request.milliseconds.toFixed(1)} ms`));
  const item = make("li", kindOf(request), null, make("details", "", null, summary, detail));
  item.dataset.text = [request.method, request.url, request.status, named, source].join(" ").toLowerCase();
  return item;
}

function isShown(item) {
  const text = at("filter-text").value.trim().toLowerCase();
  const kind = at("filter-kind").value;
  const isKind = !kind || item.className === kind || (kind === "answered" && item.className === "noted");
  return isKind && (!text || item.dataset.text.includes(text));
}

function count() {
  const items = [...at("requests").children];
  const shown = items.filter((item) => !item.hidden).length;
  at("shown").textContent = items.length ? `${shown} of ${items.length} shown, the newest first` : "no requests yet";
}

function filter() {
  for (const item of at("requests").children) item.hidden = !isShown(item);
  count();
}

/** Adds what an event has. */
function receive(event) {
  const { began: own, summary, requests } = JSON.parse(event.data);
  const list = at("requests");
  if (own !== began) list.replaceChildren();
  began = own;
  for (const [name, value] of Object.entries(summary)) {
    const place = at(`count-${name}`);
    if (place) place.textContent = value;
  }
  for (const request of requests) {
    const item = row(request);
    item.hidden = !isShown(item);
    list.prepend(item);
  }
  while (list.childElementCount > MOST_SHOWN) list.lastElementChild.remove();
  count();
  refreshSoon();
}

let refreshing = null;

/** Asks for coverage and faults, and not for each request. */
function refreshSoon() {
  refreshing ??= setTimeout(() => {
    // What comes while it is asked for is asked for again.
    refreshing = null;
    refresh().catch(() => {});
  }, PACE);
}

const ask = async (address) => (await fetch(address, { cache: "no-store" })).json();

async function refresh() {
  const [coverage, faults] = await Promise.all([ask("coverage"), ask("faults")]);
  at("coverage-total").textContent = `${coverage.used} of ${coverage.contracts} contracts have answered`;
  const areas = Object.entries(coverage.areas).sort((one, other) => other[1].calls - one[1].calls || (one[0] < other[0] ? -1 : 1));
  at("coverage").replaceChildren(...areas.map(([area, own]) => {
    const name = make("th", "", area);
    name.scope = "row";
    return make("tr", "", null, name, make("td", "", own.used), make("td", "", own.contracts), make("td", "", own.calls));
  }));
  at("contracts").replaceChildren(...Object.keys(coverage.calls).map((id) => {
    const option = make("option");
    option.value = id;
    return option;
  }));
  at("faults").replaceChildren(...faults.planned.map((own) =>
    make("li", "", `${own.fault}, ${own.times} times, ${own.contract ?? "any contract"}`)));
}

async function plan(event) {
  event.preventDefault();
  const contract = at("fault-contract").value.trim();
  const planned = { fault: at("fault-name").value.trim(), times: Number(at("fault-times").value) };
  if (contract) planned.contract = contract;
  const answer = await fetch("faults", { method: "POST", body: JSON.stringify(planned) });
  at("fault-error").textContent = answer.ok ? "" : (await answer.json()).error;
  await refresh();
}

async function reset() {
  await fetch("reset", { method: "POST" });
  await refresh();
}

function listen() {
  const events = new EventSource("events");
  events.onopen = () => { at("connection").textContent = `listens at ${location.host}`; };
  events.onmessage = receive;
  events.onerror = () => { at("connection").textContent = "the server does not answer; trying again"; };
}

at("filter").addEventListener("submit", (event) => event.preventDefault());
at("filter-text").addEventListener("input", filter);
at("filter-kind").addEventListener("change", filter);
at("fault").addEventListener("submit", plan);
at("reset").addEventListener("click", reset);
refresh().catch(() => {});
listen();
