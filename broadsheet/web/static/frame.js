// Inside Airflow's frame: its theme, its language, and links that its sandbox would swallow. Runs before the page shows.
"use strict";
const framed = (() => {
  try {
    return window.parent !== window && Boolean(window.parent.document);
  } catch {
    return false; // somebody else's frame
  }
})();

// Airflow 3.3 keeps both in the browser's storage, which pages of one address share.
const airflow = (name) => {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
};

const follow = () => {
  const root = document.documentElement;
  const theme = airflow("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  else delete root.dataset.theme;
  const spoken = airflow("i18nextLng");
  if (!framed || !spoken) return;
  root.dataset.framed = "";
  const wanted = spoken.startsWith("zh") ? "zh" : "en";
  const cookie = `desk_lang=${wanted}`;
  if (root.lang.slice(0, 2) === wanted || document.cookie.split("; ").includes(cookie)) return;
  document.cookie = `${cookie}; path=/desk; max-age=31536000; samesite=lax`;
  const here = new URL(location.href);
  here.searchParams.delete("lang");
  location.replace(here);
};

follow();
window.addEventListener("storage", follow);

// The sandbox forbids the frame to leave for another page or window. Airflow's own page may, so the link is followed
// there: the click that came here counts for it too.
if (framed) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[target]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    const outside = window.parent.document.createElement("a");
    outside.href = link.href;
    outside.target = link.target === "_top" ? "_self" : link.target;
    outside.rel = "noreferrer";
    outside.click();
  });
}
