// On a wide screen a chosen push opens beside the list; on a narrow one, and with Enter, it opens as its own page.
const WIDE = 1100;

function open(row) {
  const pane = document.getElementById("preview");
  const link = row && row.querySelector("[data-open]");
  if (!pane || !link || window.innerWidth < WIDE || !window.htmx) return false;
  window.htmx.ajax("GET", link.href, { target: "#preview", swap: "innerHTML" });
  document.querySelectorAll("tr.ld-cur").forEach((one) => one.classList.toggle("ld-cur", one === row));
  row.classList.add("ld-cur");
  return true;
}

export function watchPreview() {
  let waiting = 0;
  document.addEventListener("ld:current", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => open(event.target), 150);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-keys] [data-open]");
    if (!link || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (open(link.closest("tr"))) event.preventDefault();
  });
}
