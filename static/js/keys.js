/* Keyboard: / searches; in lists ↑ ↓ move, space selects, Enter opens, C claims, T returns, Esc closes. */
const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

function rows() {
  return [...document.querySelectorAll("[data-keys] tr[data-row]")];
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("ld-cur"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("ld-cur", row === next));
  next.querySelector("[data-open]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function onCurrent(selector) {
  const target = document.querySelector(`tr.ld-cur ${selector}`);
  target?.click();
  return Boolean(target);
}

export function followKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      for (const slot of document.querySelectorAll(".ld-why-slot")) slot.replaceChildren();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector(".ld-search input")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!rows().length) return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === " " && event.target.matches("[data-open]")) {
      if (onCurrent("input[type=checkbox]")) event.preventDefault();
    } else if (event.key.toLowerCase() === "c") {
      onCurrent("[data-act=claim]") || document.querySelector("form[data-act=claim] button, main > button[data-act=claim]")?.click();
    } else if (event.key.toLowerCase() === "t") {
      onCurrent("[data-act=return]") || document.querySelector("[data-act=return]")?.click();
    }
  });
}
