// The reason behind a date: beside it where there is room, above or to the left where there is not; one at a time.
function place(slot) {
  const box = slot.querySelector(".ld-why");
  if (!box) return;
  slot.classList.remove("ld-why-above", "ld-why-left");
  const where = box.getBoundingClientRect();
  slot.classList.toggle("ld-why-above", where.bottom > window.innerHeight && where.height < slot.getBoundingClientRect().top);
  slot.classList.toggle("ld-why-left", where.right > window.innerWidth);
}

export function closePopovers(except) {
  let closed = false;
  document.querySelectorAll(".ld-why-slot").forEach((slot) => {
    if (slot === except || !slot.firstChild) return;
    slot.replaceChildren();
    closed = true;
  });
  return closed;
}

export function watchPopovers() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const slot = event.target;
    if (!slot.classList || !slot.classList.contains("ld-why-slot")) return;
    closePopovers(slot);
    place(slot);
    const box = slot.querySelector(".ld-why");
    if (box) {
      box.tabIndex = -1;
      box.focus({ preventScroll: true });
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".ld-why, a.ld-due")) closePopovers();
  });
}
