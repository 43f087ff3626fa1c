// Pointing at a piece or an article lights up the other; without a script the links lead from one to the other.
"use strict";
const all = [...document.querySelectorAll("[data-a]")];
const light = (number) => {
  for (const one of all) one.classList.toggle("lit", one.dataset.a === number);
};
for (const one of all) {
  for (const event of ["mouseenter", "focusin"]) one.addEventListener(event, () => light(one.dataset.a));
  for (const event of ["mouseleave", "focusout"]) one.addEventListener(event, () => light(null));
}
for (const row of document.querySelectorAll(".row")) {
  row.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    document.querySelector(`.outline[data-a="${row.dataset.a}"], .piece[data-a="${row.dataset.a}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  });
}

// What was started tells how far it has come, until it is over; forms that somebody is filling in are left alone.
const live = async () => {
  const there = document.querySelector("[data-live]");
  if (!there || document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.querySelector("main > [role=status]");
  if (!now || ("live" in now.dataset && now.textContent === there.textContent)) return;  // nothing new to be read out
  if ("live" in now.dataset || isBusy()) return there.replaceWith(now);
  const open = new Set([...document.querySelectorAll("main details[open] > summary")].map((s) => s.textContent));
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  for (const one of document.querySelectorAll("main summary")) if (open.has(one.textContent)) one.parentElement.open = true;
};
const isBusy = () => document.querySelector("main form :focus") || [...document.querySelectorAll("main form :is(input, select, textarea)")].some(isChanged);
const isChanged = (field) => {
  if (field.options) return field.selectedIndex !== Math.max([...field.options].findIndex((o) => o.defaultSelected), 0);
  return field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
};
if (document.querySelector("[data-live]")) setInterval(live, 2000);
