// Forms: a filter sends itself, a button pressed once says what it is doing and cannot be pressed twice, print prints.
function busy(form, button) {
  form.dataset.sent = "1";
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.classList.add("ld-busy");
  const words = button.dataset.busy || (button.dataset.act === "claim" ? "正在认领" : "");
  if (words) button.innerHTML = `<i class="ti ti-loader-2" aria-hidden="true"></i>${words}`;
}

function calm(form) {
  delete form.dataset.sent;
}

export function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    // The value of the pressed button is read before this event ends; changing its words afterwards loses nothing.
    setTimeout(() => busy(form, event.submitter), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(calm);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) calm(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto-submit]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
