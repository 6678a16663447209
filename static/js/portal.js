/* What pages do beyond plain forms and links. Without this file everything still works. */
import { followKeys } from "./keys.js";
import { watchBatches } from "./batch.js";
import { guardForms } from "./forms.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});
for (const form of document.querySelectorAll("form[data-auto-submit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog).showModal();
  if (event.target.closest("[data-close]")) {
    const dialog = event.target.closest("dialog");
    if (dialog) dialog.close();
    else event.target.closest(".ld-why-slot")?.replaceChildren();
  }
});
followKeys();
watchBatches();
guardForms();
