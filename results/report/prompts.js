
"use strict";
// The prompts: a list that is drawn as far as it is scrolled, each with the pictures of all rows when opened.
(() => {
  const kBatch = 60;
  const parsed = new Map();

  function data(id) {
    if (!parsed.has(id)) parsed.set(id, JSON.parse(document.getElementById(id).textContent));
    return parsed.get(id);
  }

  // Evidence with the places where each prompt's pictures and each picture's boxes begin.
  function evidence(id, numPrompts) {
    const columns = data(id);
    if (!columns.start) {
      columns.start = [0];
      for (let i = 0; i < numPrompts; ++i)
        columns.start.push(columns.start[i] + (Array.isArray(columns.count) ? columns.count[i] : columns.count));
      let at = 0;
      columns.firstBox = columns.found.map((found) => (at += found) - found);
      at = 0;
      columns.firstReply = columns.said?.map((said) => (at += said) - said);
    }
    return columns;
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function svg(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  const share = (thousandths) => (thousandths === null ? "\u2013" : (thousandths / 1000).toFixed(2).replace(/^0/, ""));

  function pathOf(columns, set, prompt, index, picture) {
    const path = columns.path;
    if (!Array.isArray(path)) return path.all[picture];
    const [before, between, digits, behind] = path;
    return before + set.id[prompt] + between + String(index).padStart(digits, "0") + behind;
  }

  function boxesOf(columns, set, picture) {
    const boxes = [];
    for (let i = 0; i < columns.found[picture]; ++i) {
      const at = (columns.firstBox[picture] + i) * 6, [label, percent, ...sides] = columns.boxes.slice(at, at + 6);
      boxes.push({ label: set.labels[label], percent, sides });
    }
    return boxes;
  }

  function overlay(boxes, columns, hasPicture) {
    const most = (k) => Math.max(1, ...boxes.map((box) => Math.max(box.sides[k], box.sides[k + 2])));
    const [width, height] = columns.size || [most(0), most(1)];
    const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true" });
    for (const { label, percent, sides: [left, top, right, bottom] } of boxes) {
      const box = svg("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) });
      if (!hasPicture) box.setAttribute("class", "bare");
      const title = svg("title", {});
      title.textContent = `${label} ${percent / 100}`;
      box.append(title);
      drawn.append(box);
    }
    return drawn;
  }

  function seenText(boxes, more) {
    const texts = boxes.map(({ label, percent }) => `${label}\u00a0${(percent / 100).toFixed(2).replace(/^0/, "")}`);
    if (more) texts.push(`and ${more} more`);
    return texts.join(", ");
  }

  // Of a picture with a score the last try gave it: a judge is asked again until one does.
  function repliesOf(columns, set, picture) {
    if (!columns.said?.[picture]) return [];
    const { heads, texts } = data(set.replies), replies = [];
    for (let i = 0; i < columns.said[picture]; ++i) {
      const at = (columns.firstReply[picture] + i) * 2;
      replies.push({ head: heads[columns.replies[at]], text: texts[columns.replies[at + 1]] });
    }
    const last = Math.max(...replies.map(({ head }) => head.attempt ?? 0));
    for (const reply of replies) reply.last = (reply.head.attempt ?? 0) === last;
    for (const reply of replies) reply.alone = replies.filter((other) => other.last).length === 1;
    return replies;
  }

  function replyElement({ head, text, last, alone }, score) {
    const said = element("div", "reply"), shown = element("blockquote", "", text);
    const parts = [head.role, head.status, head.status === "answered" && !last ? "no score in it" : "", head.finish,
      head.http ? `HTTP ${head.http}` : "", head.attempt || (head.status && !last) ? `try ${(head.attempt ?? 0) + 1}` : "",
      head.model, head.date].filter(Boolean);
    if (parts.length > 0) said.append(element("p", "seen", parts.join(" \u00b7 ")));
    if (head.status && last && score !== null)
      said.append(element("p", "seen", `gave ${score}${alone ? "" : ", with the others"}`));
    shown.tabIndex = 0;
    said.append(shown);
    return said;
  }

  function picture(address, said, columns, instead) {
    const image = element("img", columns.size && Math.max(...columns.size) <= 64 ? "tiny" : "");
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = said;
    image.src = address;
    image.addEventListener("error", () => {
      if (instead) image.src = instead; else image.remove();
      instead = null;
    });
    return image;
  }

  function shot(set, row, run, prompt, place) {
    const columns = evidence(row.evidence[run], set.id.length), at = columns.start[prompt] + place;
    const index = columns.number?.[at] ?? place;
    const status = columns.status?.[at], score = status ? null : Number(columns.score[at]);
    const boxes = boxesOf(columns, set, at), figure = element("figure", "shot");
    const full = columns.there?.[at] === "1"
      ? set.pictures + pathOf(columns, set, prompt, index, at).split("/").map(encodeURIComponent).join("/") : null;
    const said = `${row.label}, seed ${row.seeds[run]}, picture ${index + 1}`;
    const frame = element(full ? "button" : "div", "frame"), small = columns.small[at] || full;
    if (small) frame.append(picture(small, said, columns));
    if (boxes.length > 0) frame.append(overlay(boxes, columns, Boolean(small)));
    if (full) {
      frame.type = "button";
      frame.setAttribute("aria-label", "Enlarge " + said);
      frame.addEventListener("click", () => enlarge(said, full, boxes, columns, columns.small[at]));
    }
    const caption = element("figcaption"), right = set.marks && score === 1, wrong = set.marks && score === 0;
    const sign = status ? `no score: ${status}` : (right ? "\u2713 " : wrong ? "\u2717 " : "") + score;
    caption.append(element("span", right ? "right" : wrong || status ? "wrong" : "", sign),
      ` seed ${row.seeds[run]}, #${index + 1}`);
    const reason = set.reasons[columns.reason[at]];
    if (reason) caption.append(element("p", "", reason));
    const seen = seenText(boxes, columns.more?.[at]);
    if (seen) caption.append(element("p", "seen", seen));
    for (const reply of repliesOf(columns, set, at)) caption.append(replyElement(reply, score));
    figure.append(frame, caption);
    return figure;
  }

  function enlarge(said, address, boxes, columns, instead) {
    const dialog = element("dialog"), close = element("button", "close", "Close"), frame = element("div", "frame");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    frame.append(picture(address, said, columns, instead));
    if (boxes.length > 0) frame.append(overlay(boxes, columns, true));
    dialog.append(close, element("p", "", said), frame, element("p", "fine", seenText(boxes, 0)));
    dialog.setAttribute("aria-label", said);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function set_up(place) {
    const set = data(place.dataset.prompts), form = place.querySelector("form"), list = place.querySelector(".list");
    const rows = place.querySelector(".pick.rows"), found = place.querySelector(".found");
    const shown = set.rows.map(() => true), opened = new Set();
    let order = [], drawn = 0;

    set.tags.forEach((tag, i) => form.tag.append(new Option(tag.replaceAll("_", " "), i)));
    set.rows.forEach((row, i) => {
      form.a.append(new Option(row.label, i));
      form.b.append(new Option(row.label, i));
      const label = element("label", row.class), box = element("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => { shown[i] = box.checked; draw(); });
      label.append(box, row.label);
      rows.append(label);
    });
    form.a.value = String(set.rows.length - 1);
    form.b.value = "0";
    form.hidden = rows.hidden = false;

    const visible = () => set.rows.filter((row, i) => shown[i]);
    const means = (prompt) => visible().map((row) => row.means[prompt]).filter((mean) => mean !== null);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const keys = {
      asked: () => 0,
      worst: (prompt) => sum(means(prompt)) / (means(prompt).length || 1),
      best: (prompt) => -sum(means(prompt)) / (means(prompt).length || 1),
      spread: (prompt) => Math.min(...means(prompt), 1e9) - Math.max(...means(prompt), -1e9),
      gain: (prompt) => (set.rows[form.b.value].means[prompt] ?? 0) - (set.rows[form.a.value].means[prompt] ?? 0),
    };

    function content(prompt) {
      const columns = element("div", "columns");
      for (const row of visible()) {
        const column = element("div", "column " + row.class), head = element("h4", "", row.label);
        const shots = element("div", set.replies ? "shots told" : "shots");
        head.append(element("span", "", share(row.means[prompt])));
        const runs = form.seeds.value === "all" ? row.evidence.length : 1;
        for (let run = 0; run < runs; ++run) {
          const of_run = evidence(row.evidence[run], set.id.length);
          for (let i = 0; i < of_run.start[prompt + 1] - of_run.start[prompt]; ++i) shots.append(shot(set, row, run, prompt, i));
        }
        column.append(head, shots);
        columns.append(column);
      }
      return columns;
    }

    function entry(prompt) {
      const details = element("details", "prompt"), summary = element("summary"), text = element("span");
      text.append(element("span", "said", set.prompt[prompt]),
        element("span", "meta", `${set.tags[set.tag[prompt]].replaceAll("_", " ")} \u00b7 ${set.id[prompt]}`));
      const strip = element("span", "strip");
      for (const row of visible()) {
        const mean = row.means[prompt], one = element("span", row.class + (mean === 0 ? " low" : ""), share(mean));
        one.title = row.label;
        strip.append(one);
      }
      summary.append(text, strip);
      details.append(summary);
      details.addEventListener("toggle", () => {
        if (details.open && details.children.length === 1) details.append(content(prompt));
        if (details.open) opened.add(prompt); else opened.delete(prompt);
      });
      if (opened.has(prompt)) {
        details.append(content(prompt));
        details.open = true;
      }
      return details;
    }

    const end = element("div");
    const watch = new IntersectionObserver((seen) => { if (seen.at(-1).isIntersecting && drawn < order.length) more(); },
      { rootMargin: "800px" });
    function more(count = kBatch) {
      list.append(...order.slice(drawn, drawn + count).map(entry), end);
      drawn = Math.min(order.length, drawn + count);
      watch.unobserve(end);  // and again, which tells at once whether the end is still near
      watch.observe(end);
    }

    function draw() {
      const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean), tag = form.tag.value;
      place.querySelectorAll(".pair").forEach((label) => { label.hidden = form.order.value !== "gain"; });
      place.classList.toggle("no-boxes", !form.boxes.checked);
      order = set.id.map((id, i) => i).filter((i) => (tag === "" || set.tag[i] === Number(tag)) &&
        words.every((word) => set.prompt[i].toLowerCase().includes(word) || set.id[i].toLowerCase().includes(word)));
      const key = keys[form.order.value], values = new Map(order.map((i) => [i, key(i)]));
      order.sort((a, b) => values.get(a) - values.get(b) || a - b);
      found.textContent = order.length === set.id.length ? `${order.length} prompts` : `${order.length} of ${set.id.length} prompts`;
      list.replaceChildren();
      drawn = 0;
      more();
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", draw);
    place.umm = {
      state: () => ({ opened: [...opened], drawn, shown: [...shown] }),
      restore: (state) => {
        if (!state) return;
        state.opened.forEach((prompt) => opened.add(prompt));
        rows.querySelectorAll("input").forEach((box, i) => { box.checked = shown[i] = state.shown[i] ?? true; });
        draw();
        more(state.drawn - drawn);
      },
    };
    draw();
  }

  for (const place of document.querySelectorAll(".prompts")) set_up(place);
})();
