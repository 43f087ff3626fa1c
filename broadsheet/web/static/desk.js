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
    document.querySelector(`.piece[data-a="${row.dataset.a}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  });
}
