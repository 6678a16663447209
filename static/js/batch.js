// Selecting rows: the bar appears with the first one and says how many.
const boxes = (form) => [...form.querySelectorAll("tbody input[type=checkbox]")];

function show(form) {
  const chosen = boxes(form).filter((box) => box.checked);
  boxes(form).forEach((box) => box.closest("tr").setAttribute("aria-selected", String(box.checked)));
  const bar = form.querySelector("[data-batch-bar]");
  if (!bar) return;
  bar.classList.toggle("ld-on", chosen.length > 0);
  bar.querySelector("[data-batch-words]").textContent = `已选 ${chosen.length} 件`;
  const go = bar.querySelector("[data-batch-go]");
  go.textContent = `${go.dataset.batchGo} ${chosen.length} 件`;
  const all = form.querySelector("[data-pick-all]");
  if (all) {
    all.checked = chosen.length > 0 && chosen.length === boxes(form).length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
}

export function watchBatches() {
  document.querySelectorAll("form[data-batch]").forEach(show);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-batch]");
    if (!form) return;
    if (event.target.matches("[data-pick-all]")) boxes(form).forEach((box) => { box.checked = event.target.checked; });
    show(form);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-batch-clear]")) return;
    const form = event.target.closest("form[data-batch]");
    boxes(form).forEach((box) => { box.checked = false; });
    show(form);
  });
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("form[data-batch]").forEach(show));
}
