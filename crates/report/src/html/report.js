"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const { ids, rows } = JSON.parse(get("rows").textContent);
  const packs = document.querySelectorAll("script.pack");
  const together = Number(get("rows").dataset.together);
  const byId = new Map(ids.map((id, index) => [id, index]));
  const signs = { passed: "✓", failed: "✗", errored: "!", skipped: "–" };
  const order = { failed: 0, errored: 1, skipped: 2, passed: 3 };
  const PAGE = 200;
  const filters = [...document.querySelectorAll("#filters select")].map((select) => select.id);
  const columns = [...document.querySelectorAll("[data-sort]")].map((button) => [button.dataset.sort, button.textContent]);
  let sort = { by: "", down: false };
  let limit = PAGE;
  let matching = [];

  for (const row of rows) {
    const line = row.line ? row.line.join("") : (row.sides ?? []).join("\n");
    row.all = [row.id, row.title, row.source, row.area, row.outcome, row.text, row.code, row.message, line].join("\n").toLowerCase();
  }
  for (const name of filters) {
    const values = new Set(rows.flatMap((row) => (name === "methods" ? row.methods.split(" ") : [row[name]])));
    for (const value of [...values].filter((value) => value !== "").sort()) {
      get(name).append(new Option(value, value));
    }
  }

  const value = (row) => {
    switch (sort.by) {
      case "outcome": return order[row.status] + row.outcome;
      case "asserted": return row.asserted[2] * 1e12 + row.asserted[1] * 1e6 + row.asserted[0];
      case "place": {
        const [line, column] = row.at.split(":").map(Number);
        return [row.id, line, column ?? 0];
      }
      case "item": return row.id;
      case "milliseconds": return row.milliseconds === null ? -1 : row.milliseconds;
      default: return row[sort.by];
    }
  };
  const compare = (a, b) => {
    const [x, y] = [value(a), value(b)];
    const differing = Array.isArray(x) ? x.findIndex((part, index) => part !== y[index]) : -1;
    const [one, other] = Array.isArray(x) ? [x[differing], y[differing]] : [x, y];
    return (one < other ? -1 : one > other ? 1 : 0) * (sort.down ? -1 : 1);
  };
  const element = (name, style, ...content) => {
    const made = document.createElement(name);
    if (style !== "") made.className = style;
    made.append(...content);
    return made;
  };
  // Names stand between backticks.
  const coded = (text) => {
    const parts = text.split("`");
    return parts.length % 2 === 0 ? [text] : parts.map((part, index) => (index % 2 === 0 ? part : element("code", "", part)));
  };
  const address = (id) => "#" + encodeURIComponent(id).replaceAll("%2F", "/");
  const link = (text, href) => {
    const a = element("a", "", text);
    a.href = href;
    return a;
  };

  // What stands in a column.
  const cells = {
    outcome: (row) => [element("span", "badge " + row.status, signs[row.status] + " " + row.outcome)],
    id: (row) => [link(row.id, address(row.id)), ...(row.title === "" ? [] : [element("div", "dim", row.title)])],
    code: (row) => [element("code", "", row.code)],
    item: (row) => [link(row.id, `${address(row.id)}:${row.at}`)],
    place: (row) => [link(`${row.id}:${row.at}`, `${address(row.id)}:${row.at}`)],
    message: (row) => {
      const [before, at, behind] = row.line ?? [];
      const sides = row.sides ? [element("code", "msg-line del", "- " + row.sides[0]), element("code", "msg-line add", "+ " + row.sides[1])] : [];
      const line = row.line ? [element("code", "msg-line", before, element("mark", "caret", at), behind)] : [];
      return [...coded(row.message), ...(row.fix ? [element("span", "dim", " (lint --fix corrects it)")] : []), ...line, ...sides];
    },
    asserted: (row) => (row.asserted.some((count) => count > 0) ? [row.asserted.join(" / ")] : []),
    milliseconds: (row) => (row.milliseconds === null ? [] : [String(row.milliseconds)]),
  };

  function rendered(row) {
    return element("tr", "", ...columns.map(([name, label]) => {
      const content = cells[name] ? cells[name](row) : [row[name]].filter((text) => text !== "");
      const td = element("td", name === "milliseconds" ? "num" : "", ...content);
      td.dataset.label = label;
      if (name === "asserted") td.title = "exactly / by shape / not at all";
      return td;
    }));
  }

  function show() {
    get("table").tBodies[0].replaceChildren(...matching.slice(0, limit).map(rendered));
    get("shown").textContent = `${Math.min(limit, matching.length)} of ${matching.length} shown, ${rows.length} in all`;
    get("more").hidden = get("all").hidden = matching.length <= limit;
  }

  function filter() {
    const words = get("text").value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const wanted = filters.map((name) => [name, get(name).value]).filter(([, value]) => value !== "");
    const page = get("id") === null ? "" : get("id").value.toLowerCase();
    matching = rows.filter((row) =>
      row.id.toLowerCase().includes(page) &&
      words.every((word) => row.all.includes(word)) &&
      wanted.every(([name, value]) => (name === "methods" ? row.methods.split(" ").includes(value) : row[name] === value)));
    if (sort.by !== "") matching.sort(compare);
    limit = PAGE;
    show();
  }

  async function unpacked(index) {
    const bytes = Uint8Array.from(atob(packs[index].textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  async function open() {
    let id = "";
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      // No address of this file.
    }
    // A defect has its line behind the page's name.
    const place = byId.has(id) ? "" : (/:(\d+(?::\d+)?)$/.exec(id) ?? ["", ""])[1];
    if (place !== "") id = id.slice(0, -place.length - 1);
    const index = byId.get(id);
    if (location.hash === "#list") get("fold").open = true;
    const asked = location.hash;
    const wasOpen = !get("detail").hidden;
    get("detail").hidden = index === undefined;
    get("overview").hidden = index !== undefined;
    if (index === undefined) {
      if (wasOpen) get("list").focus();
      return;
    }
    // The text is HTML that was written with this file; what comes from contracts is escaped in it.
    const page = get("page");
    try {
      const texts = await unpacked(Math.floor(index / together));
      // Meanwhile, another page may have been asked for.
      if (location.hash !== asked) return;
      page.innerHTML = texts[index % together];
    } catch (error) {
      page.textContent = `This browser cannot open the page of ${id}: ${error.message}`;
      return;
    }
    const defect = place === "" ? null : page.querySelector(`[data-at="${place}"]`);
    window.scrollTo(0, 0);
    (defect ?? page.querySelector("h2")).focus();
  }

  get("filters").addEventListener("input", filter);
  get("filters").addEventListener("submit", (event) => event.preventDefault());
  get("filters").addEventListener("reset", () => setTimeout(filter));
  get("more").addEventListener("click", () => { limit += PAGE; show(); });
  get("all").addEventListener("click", () => { limit = Infinity; show(); });
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.addEventListener("click", () => {
      const by = button.dataset.sort;
      sort = { by, down: sort.by === by && !sort.down };
      for (const th of document.querySelectorAll("#table th")) th.setAttribute("aria-sort", "none");
      button.parentElement.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      filter();
    });
  }
  for (const name of ["area", "code"]) {
    for (const button of document.querySelectorAll(`[data-${name}]`)) {
      button.addEventListener("click", () => {
        get(name).value = button.dataset[name];
        filter();
        get("fold").open = true;
        get("list").focus();
        get("list").scrollIntoView();
      });
    }
  }
  window.addEventListener("hashchange", open);
  filter();
  open();
})();
