// Mending a page: gestures and keys become the form that is sent anyway. All that the page becomes, the server says.
const MARKS = { h: "headline", k: "kicker", s: "subhead", b: "byline", c: "crosshead", p: "opens", t: "text", n: "notice", f: "furniture" };
const form = () => document.querySelector("form.editor");
const boxes = () => [...form().querySelectorAll("input[name=line]")];
const box = (line) => document.getElementById(`l${line}`);
const chosen = () => boxes().filter((one) => one.checked);
let anchor = null; // where a range begins
let sending = false;

const light = () => {
  for (const one of form().querySelectorAll(".src")) one.classList.toggle("lit", box(one.dataset.line).checked);
};

const choose = (lines) => {
  for (const one of boxes()) one.checked = lines.includes(one.value);
  light();
};

// The page after the act comes back whole; what is seen and where the reader stands stays.
const send = async (act, fields = {}) => {
  if (sending) return;
  sending = true;
  const old = form();
  const focused = document.activeElement?.name === "line" ? document.activeElement.value : null;
  const top = focused && box(focused).getBoundingClientRect().top;
  const pane = old.querySelector(".source").scrollTop;
  const data = new URLSearchParams(new FormData(old));
  data.set("act", act);
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  try {
    const answer = await fetch(old.action, { method: "POST", body: data });
    if (answer.redirected) {
      location.assign(answer.url);
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.editor");
    if (!fresh) {
      location.reload();
      return;
    }
    for (const one of fresh.querySelectorAll("details.shown")) {
      const before = old.querySelector(`details.shown[data-key="${CSS.escape(one.dataset.key)}"]`);
      if (before) one.open = before.open || one.open;
    }
    fresh.querySelector(".keys").open = old.querySelector(".keys").open;
    const seen = old.querySelector(".seen");
    if (seen) {
      fresh.querySelector(".seen").open = seen.open;
      fresh.querySelector(".seen img").replaceWith(seen.querySelector("img")); // it is loaded already
    }
    old.replaceWith(fresh);
    fresh.querySelector(".source").scrollTop = pane;
    if (focused) {
      box(focused).focus({ preventScroll: true });
      scrollBy(0, box(focused).getBoundingClientRect().top - top);
    }
    anchor = focused;
    ready();
  } finally {
    sending = false;
  }
};

// An act on the chosen lines, or on the one that has the focus.
const onLines = (act, line, fields) => {
  if (!chosen().length) choose([line]);
  return send(act, fields);
};

const range = (from, to, values) => {
  const [a, b] = [values.indexOf(from), values.indexOf(to)].sort((x, y) => x - y);
  return a < 0 ? [to] : values.slice(a, b + 1);
};

const cardOf = (element) => element.closest("[data-card]")?.dataset.card;

// One line up or down within its article, with all that are chosen.
const shift = (line, down) => {
  if (!chosen().length) choose([line]);
  const list = [...box(line).closest("ol").querySelectorAll("input[name=line]")];
  const at = list.map((one, n) => (one.checked ? n : -1)).filter((n) => n >= 0);
  const target = down ? list[at.at(-1) + 2] : list[at[0] - 1];
  if (target) return send("before", { before: target.value });
  return down ? send(`put:${cardOf(box(line))}`) : undefined;
};

// To the first line of the next article, or of the one before.
const leap = (line, down) => {
  const cards = [...form().querySelectorAll("[data-card]")].filter((one) => one.querySelector("input[name=line]"));
  const next = cards[cards.indexOf(box(line).closest("[data-card]")) + (down ? 1 : -1)];
  const first = next?.querySelector("input[name=line]");
  first?.focus();
  if (first) anchor = first.value;
};

// Keys that work wherever the reader is on the page.
const everywhere = (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    if (!form().querySelector(".go").disabled) send("save");
  } else if (event.key === "ArrowDown" && document.activeElement === document.body && boxes().length) {
    event.preventDefault();
    boxes()[0].focus();
  }
};

const keys = (event) => {
  if (event.target.name !== "line" || event.ctrlKey || event.metaKey) return;
  const line = event.target.value;
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && event.altKey) {
    event.preventDefault();
    shift(line, arrow > 0);
  } else if (arrow) {
    event.preventDefault();
    const all = boxes();
    const next = all[all.indexOf(event.target) + arrow];
    if (!next) return;
    next.focus();
    if (event.shiftKey) choose(range((anchor ??= line), next.value, all.map((one) => one.value)));
    else anchor = next.value;
  } else if (/^Page(Down|Up)$/.test(event.key)) {
    event.preventDefault();
    leap(line, event.key === "PageDown");
  } else if (event.key === "Enter") event.preventDefault();
  else act(event.key.toLowerCase(), line);
};

const act = (key, line) => {
  const card = cardOf(box(line));
  if (MARKS[key]) onLines(`mark:${MARKS[key]}`, line);
  else if (/^[1-9]$/.test(key)) onLines(`put:${key}`, line);
  else if (key === "0") onLines("put:out", line);
  else if (key === "x") onLines("split", line);
  else if (key === "v" && chosen().length) send("before", { before: line });
  else if (key === "j" && card > 1) send(`merge:${card}`);
  else if (key === "u") send("undo");
};

const clicks = (event) => {
  const button = event.target.closest("button[name=act]");
  if (button) {
    event.preventDefault();
    send(button.value);
    return;
  }
  const row = event.target.closest("[data-line]");
  if (!row) return;
  if (event.shiftKey && anchor !== null) {
    event.preventDefault();
    const around = [...row.parentElement.closest(".lines, form").querySelectorAll(row.matches(".src") ? ".src" : "input[name=line]")];
    choose(range(anchor, row.dataset.line, around.map((one) => one.dataset.line ?? one.value)));
    getSelection().removeAllRanges();
    return;
  }
  anchor = row.dataset.line;
  if (row.matches("rect")) { // on the picture; elsewhere a line is a label
    box(anchor).checked = !box(anchor).checked;
    light();
  }
};

// A drop above the middle of a line goes before it, below it after it; elsewhere on an article at its end.
const dropped = (event) => {
  const over = event.target.closest(".line");
  if (!over) return [`put:${cardOf(event.target)}`, {}];
  const { top, height } = over.getBoundingClientRect();
  const at = event.clientY < top + height / 2 ? over : over.nextElementSibling;
  return at ? ["before", { before: at.dataset.line }] : [`put:${cardOf(over)}`, {}];
};

const mark = (event) => {
  for (const one of form().querySelectorAll(".over")) one.classList.remove("over");
  if (event) (event.target.closest(".line") ?? event.target.closest("[data-card]"))?.classList.add("over");
};

const ready = () => {
  const page = form();
  light();
  for (const row of page.querySelectorAll("[data-line]")) row.draggable = true;
  page.addEventListener("change", light);
  page.addEventListener("keydown", keys);
  page.addEventListener("click", clicks);
  page.addEventListener("submit", (event) => event.preventDefault());
  page.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.("[data-line]");
    if (!row) return;
    if (!box(row.dataset.line).checked) choose([row.dataset.line]);
    event.dataTransfer.setData("text/plain", chosen().map((one) => one.value).join(" "));
    event.dataTransfer.effectAllowed = "move";
  });
  page.addEventListener("dragover", (event) => {
    if (!event.target.closest("[data-card]")) return;
    event.preventDefault();
    mark(event);
  });
  page.addEventListener("dragend", () => mark());
  page.addEventListener("drop", (event) => {
    if (!event.target.closest("[data-card]")) return;
    event.preventDefault();
    const [what, where] = dropped(event);
    mark();
    send(what, where);
  });
};
ready();
document.addEventListener("keydown", everywhere);
if (matchMedia("(min-width: 1000px)").matches) for (const one of form().querySelectorAll("details.shown, details.seen")) one.open = true;
