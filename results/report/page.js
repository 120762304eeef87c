
"use strict";
// Tables sort by their headers, curves are chosen, and a page that a server made keeps itself up to date.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  for (const table of all("table.sortable")) {
    all("th[data-sort]", table).forEach((header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header));
    });
  }

  function sort(table, header) {
    const column = header.cellIndex, body = table.tBodies[0], number = header.classList.contains("n");
    const down = header.getAttribute("aria-sort") ? header.getAttribute("aria-sort") === "ascending" : number;
    const key = (row) => {
      const cell = row.cells[column];
      return number ? Number(cell.dataset.v) : cell.textContent;
    };
    const rows = [...body.rows].sort((a, b) => {
      const x = key(a), y = key(b);
      return (number ? x - y : x.localeCompare(y, undefined, { numeric: true })) * (down ? -1 : 1);
    });
    all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows);
  }

  for (const chooser of all("#curve-rows, #curve-names")) {
    chooser.disabled = false;
    chooser.addEventListener("change", (event) => {
      const { row, curve } = event.target.dataset, hide = !event.target.checked;
      if (row !== undefined) all(`.curves path[data-row="${row}"]`).forEach((path) => path.toggleAttribute("hidden", hide));
      else all(".curves .curve").filter((chart) => chart.dataset.curve === curve).forEach((chart) => { chart.hidden = hide; });
    });
  }

  // From here on: pages of a server.
  const address = document.body.dataset.status;
  if (!address) return;
  const kFields = "select[name], input[name], #curve-rows input, #curve-names input";
  const kEvery = 3000, kMemory = "ummbench " + location.pathname;
  const table = document.querySelector(".live tbody"), line = document.querySelector(".live .line");
  const version = document.querySelector(".live").dataset.version;

  function cell(row, text, name) {
    const td = row.insertCell();
    td.textContent = text;
    if (name) td.className = name;
    return td;
  }

  let shown = null;

  function show(status) {
    shown = status;
    line.textContent = status.line;
    line.classList.remove("stale");
    table.replaceChildren();
    for (const run of status.runs) {
      const row = table.insertRow(), name = document.createElement("th");
      name.scope = "row";
      name.textContent = run.name;
      row.append(name);
      cell(row, run.state);
      cell(row, run.phase || "");
      const bar = cell(row, "");
      if (run.total > 0) {
        const progress = document.createElement("progress");
        progress.max = run.total;
        progress.value = run.done;
        progress.setAttribute("aria-label", "progress of " + run.name);
        bar.append(progress, ` ${run.done}/${run.total} ${run.unit}`);
      }
      cell(row, run.rate || "", "n");
      cell(row, run.left || "", "n");
      cell(row, run.hours, "n");
      cell(row, run.note || "", run.state === "failed" ? "error" : "");
    }
  }

  function remember() {
    const fields = {};
    all(kFields).forEach((field, i) => { fields[i] = field.type === "checkbox" ? field.checked : field.value; });
    const open = all("details:not(.prompt)").filter((one) => one.open).map((one) => one.firstElementChild.textContent);
    const prompts = all(".prompts").map((one) => one.umm?.state?.() || null);
    // The place is kept relative to its section: what stands above may have grown.
    const section = all("section[id]").filter((one) => one.getBoundingClientRect().top <= 0).at(-1);
    const y = section ? -section.getBoundingClientRect().top : scrollY;
    sessionStorage.setItem(kMemory, JSON.stringify({ section: section?.id, y, fields, open, prompts, shown }));
  }

  function recall() {
    const text = sessionStorage.getItem(kMemory);
    if (!text) return;
    sessionStorage.removeItem(kMemory);
    const { section, y, fields, open, prompts, shown: status } = JSON.parse(text);
    all(kFields).forEach((field, i) => {
      if (!(i in fields)) return;
      if (field.type === "checkbox") field.checked = fields[i];
      else field.value = fields[i];
    });
    all("details:not(.prompt)").forEach((one) => { one.open = open.includes(one.firstElementChild.textContent); });
    all("#curve-rows input, #curve-names input").forEach((box) => box.dispatchEvent(new Event("change", { bubbles: true })));
    all(".prompts").forEach((one, i) => one.umm?.restore?.(prompts[i]));
    if (status) show(status);
    const top = section ? document.getElementById(section).getBoundingClientRect().top + scrollY : 0;
    scrollTo(0, top + y);
  }

  async function ask() {
    try {
      const answer = await fetch(address, { cache: "no-store", credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const status = await answer.json();
      if (status.version !== version && !document.querySelector("dialog[open]")) {
        remember();
        location.reload();
        return;
      }
      show(status);
    } catch (error) {
      line.classList.add("stale");
      line.textContent = "The server does not answer; this is how things stood.";
    }
    setTimeout(ask, kEvery);
  }

  history.scrollRestoration = "manual";
  addEventListener("load", () => { recall(); ask(); });
})();
