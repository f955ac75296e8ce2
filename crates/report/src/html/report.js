"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const rows = JSON.parse(get("rows").textContent);
  const packs = document.querySelectorAll("script.pack");
  const together = Number(get("rows").dataset.together);
  const byId = new Map(rows.map((row, index) => [row.id, index]));
  const signs = { passed: "✓", failed: "✗", errored: "!", skipped: "–" };
  const order = { failed: 0, errored: 1, skipped: 2, passed: 3 };
  const PAGE = 200;
  const filters = ["outcome", "version", "area", "methods"];
  let sort = { by: "", down: false };
  let limit = PAGE;
  let matching = [];

  for (const row of rows) {
    row.all = [row.id, row.title, row.source, row.area, row.outcome, row.text].join("\n").toLowerCase();
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
      case "milliseconds": return row.milliseconds === null ? -1 : row.milliseconds;
      default: return row[sort.by];
    }
  };
  const compare = (a, b) => {
    const [x, y] = [value(a), value(b)];
    return (x < y ? -1 : x > y ? 1 : 0) * (sort.down ? -1 : 1);
  };
  const cell = (...content) => {
    const td = document.createElement("td");
    td.append(...content);
    return td;
  };
  const address = (id) => "#" + encodeURIComponent(id).replaceAll("%2F", "/");

  function rendered(row) {
    const tr = document.createElement("tr");
    const badge = document.createElement("span");
    badge.className = "badge " + row.status;
    badge.textContent = signs[row.status] + " " + row.outcome;
    const link = document.createElement("a");
    link.href = address(row.id);
    link.textContent = row.id;
    const name = cell(link);
    if (row.title !== "") {
      const title = document.createElement("div");
      title.className = "dim";
      title.textContent = row.title;
      name.append(title);
    }
    const asserted = row.asserted.some((count) => count > 0) ? row.asserted.join(" / ") : "";
    const time = row.milliseconds === null ? "" : String(row.milliseconds);
    tr.append(cell(badge), name, cell(row.methods), cell(row.area), cell(row.version), cell(row.source), cell(asserted), cell(time));
    tr.children[6].title = "exactly / by shape / not at all";
    tr.lastChild.className = "num";
    return tr;
  }

  function show() {
    get("table").tBodies[0].replaceChildren(...matching.slice(0, limit).map(rendered));
    get("shown").textContent = `${Math.min(limit, matching.length)} of ${matching.length} shown, ${rows.length} in all`;
    get("more").hidden = get("all").hidden = matching.length <= limit;
  }

  function filter() {
    const words = get("text").value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const wanted = filters.map((name) => [name, get(name).value]).filter(([, value]) => value !== "");
    matching = rows.filter((row) =>
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
    const index = byId.get(id);
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
    page.querySelector("h2").focus();
    window.scrollTo(0, 0);
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
  for (const button of document.querySelectorAll("[data-area]")) {
    button.addEventListener("click", () => {
      get("area").value = button.dataset.area;
      filter();
      get("list").focus();
      get("list").scrollIntoView();
    });
  }
  window.addEventListener("hashchange", open);
  filter();
  open();
})();
