/* The batch bar appears with the first selection and says how many. */
export function watchBatches() {
  for (const form of document.querySelectorAll("form[data-batch]")) {
    const bar = form.querySelector("[data-batch-bar]");
    if (!bar) continue;
    const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]")];
    const show = () => {
      const chosen = boxes().filter((box) => box.checked);
      bar.hidden = chosen.length === 0;
      for (const place of bar.querySelectorAll("[data-batch-count]")) place.textContent = chosen.length;
      for (const box of boxes()) box.closest("tr").setAttribute("aria-selected", box.checked);
    };
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = event.target.checked;
      show();
    });
    bar.querySelector("[data-batch-clear]")?.addEventListener("click", () => {
      for (const box of boxes()) box.checked = false;
      show();
    });
    show();
  }
}
