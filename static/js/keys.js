// Keys: / searches; in a list ↑ ↓ move, space selects, Enter opens, C claims, T gives back; Esc closes.
import { closePopovers } from "./popovers.js";

const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-keys] tr[data-row]")];

function go(row) {
  rows().forEach((one) => one.classList.toggle("ld-cur", one === row));
  const open = row.querySelector("[data-open]");
  if (!open) return;
  open.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("ld:current", { bubbles: true }));
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("ld-cur"));
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function inRow(selector) {
  const row = document.querySelector("[data-keys] tr.ld-cur");
  return (row && row.querySelector(selector)) || (rows().length ? null : document.querySelector(selector));
}

const ACTS = {
  "/": () => document.querySelector("[data-search]"),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  " ": () => inRow("input[type=checkbox]"),
  c: () => inRow("[data-act=claim]"),
  t: () => inRow("[data-act=return]") || document.querySelector("[data-preview] [data-act=return]"),
};

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closePopovers();
      document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    if (!document.querySelector("[data-keys]") && event.key.startsWith("Arrow")) return;
    if (event.key === " " && !event.target.closest("[data-open], body") ) return;
    if (event.key === " " && event.target.closest("button, summary, a:not([data-open]), input")) return;
    const found = act();
    if (event.key.startsWith("Arrow") && rows().length) event.preventDefault();
    if (!found) return;
    event.preventDefault();
    if (event.key === "/") found.focus();
    else found.click();
  });
}
